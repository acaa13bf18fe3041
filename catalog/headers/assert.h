/* assert. Has no guard: each inclusion looks at NDEBUG anew. */
void __cdecl __wsk_assert_failed(_In_z_ const char *Expression, _In_z_ const char *File, _In_ int Line);
#undef assert
#ifdef NDEBUG
#define assert(expression) ((void)0)
#else
#define assert(expression) ((expression) ? (void)0 : __wsk_assert_failed(#expression, __FILE__, __LINE__))
#endif
#ifndef __cplusplus
#undef static_assert
#define static_assert _Static_assert
#endif
