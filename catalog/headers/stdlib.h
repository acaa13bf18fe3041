/* C library for programs that `wsk run --entry main` runs, and what of it kernel code has: numbers, memory, sorting. */
#pragma once
#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7fff
#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256
#define _countof(Array) (sizeof(Array) / sizeof((Array)[0]))
#ifndef __min
#define __min(a, b) (((a) < (b)) ? (a) : (b))
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#endif

typedef struct _div_t {
  int quot;
  int rem;
} div_t;
typedef struct _ldiv_t {
  long quot;
  long rem;
} ldiv_t;
typedef struct _lldiv_t {
  long long quot;
  long long rem;
} lldiv_t;

_Ret_maybenull_ void *__cdecl malloc(_In_ size_t Size);
_Ret_maybenull_ void *__cdecl calloc(_In_ size_t Count, _In_ size_t Size);
_Ret_maybenull_ void *__cdecl realloc(_In_opt_ void *Block, _In_ size_t Size);
void __cdecl free(_In_opt_ void *Block);
_Ret_maybenull_ void *__cdecl _aligned_malloc(_In_ size_t Size, _In_ size_t Alignment);
void __cdecl _aligned_free(_In_opt_ void *Block);
size_t __cdecl _msize(_In_ void *Block);
__declspec(noreturn) void __cdecl exit(_In_ int Code);
__declspec(noreturn) void __cdecl _Exit(_In_ int Code);
__declspec(noreturn) void __cdecl abort(void);
int __cdecl atexit(void(__cdecl *Function)(void));
int __cdecl atoi(_In_z_ const char *String);
__int64 __cdecl _atoi64(_In_z_ const char *String);
long __cdecl atol(_In_z_ const char *String);
long long __cdecl atoll(_In_z_ const char *String);
double __cdecl atof(_In_z_ const char *String);
long __cdecl strtol(_In_z_ const char *String, _Out_opt_ char **EndPointer, _In_ int Radix);
unsigned long __cdecl strtoul(_In_z_ const char *String, _Out_opt_ char **EndPointer, _In_ int Radix);
long long __cdecl strtoll(_In_z_ const char *String, _Out_opt_ char **EndPointer, _In_ int Radix);
unsigned long long __cdecl strtoull(_In_z_ const char *String, _Out_opt_ char **EndPointer, _In_ int Radix);
float __cdecl strtof(_In_z_ const char *String, _Out_opt_ char **EndPointer);
double __cdecl strtod(_In_z_ const char *String, _Out_opt_ char **EndPointer);
int __cdecl abs(_In_ int Number);
long __cdecl labs(_In_ long Number);
long long __cdecl llabs(_In_ long long Number);
div_t __cdecl div(_In_ int Numerator, _In_ int Denominator);
ldiv_t __cdecl ldiv(_In_ long Numerator, _In_ long Denominator);
lldiv_t __cdecl lldiv(_In_ long long Numerator, _In_ long long Denominator);
void __cdecl qsort(_Inout_ void *Base, _In_ size_t Count, _In_ size_t Size,
                   _In_ int(__cdecl *Compare)(const void *, const void *));
void *__cdecl bsearch(_In_ const void *Key, _In_ const void *Base, _In_ size_t Count, _In_ size_t Size,
                      _In_ int(__cdecl *Compare)(const void *, const void *));
int __cdecl rand(void);
void __cdecl srand(_In_ unsigned int Seed);
char *__cdecl getenv(_In_z_ const char *Name);
unsigned short __cdecl _byteswap_ushort(unsigned short Number);
unsigned long __cdecl _byteswap_ulong(unsigned long Number);
unsigned __int64 __cdecl _byteswap_uint64(unsigned __int64 Number);
unsigned int __cdecl _rotl(unsigned int Value, int Shift);
unsigned int __cdecl _rotr(unsigned int Value, int Shift);
