/* C library for programs that `wsk run --entry main` runs: formatted text to standard output and to strings. */
#pragma once
#include <stddef.h>
#include <stdarg.h>

typedef struct _iobuf {
  void *_Placeholder;
} FILE;
FILE *__cdecl __wsk_standard_stream(int Number);
#define stdin (__wsk_standard_stream(0))
#define stdout (__wsk_standard_stream(1))
#define stderr (__wsk_standard_stream(2))
#define EOF (-1)
#define BUFSIZ 512
#define FILENAME_MAX 260
#define FOPEN_MAX 64
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

int __cdecl printf(_In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl fprintf(_Inout_ FILE *Stream, _In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl vprintf(_In_z_ const char *Format, va_list Arguments);
int __cdecl vfprintf(_Inout_ FILE *Stream, _In_z_ const char *Format, va_list Arguments);
int __cdecl sprintf(_Out_ char *Buffer, _In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl vsprintf(_Out_ char *Buffer, _In_z_ const char *Format, va_list Arguments);
int __cdecl snprintf(_Out_writes_opt_z_(Count) char *Buffer, _In_ size_t Count,
                     _In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl vsnprintf(_Out_writes_opt_z_(Count) char *Buffer, _In_ size_t Count, _In_z_ const char *Format,
                      va_list Arguments);
int __cdecl _snprintf(_Out_writes_opt_(Count) char *Buffer, _In_ size_t Count,
                      _In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl _vsnprintf(_Out_writes_opt_(Count) char *Buffer, _In_ size_t Count, _In_z_ const char *Format,
                       va_list Arguments);
int __cdecl sprintf_s(_Out_writes_z_(Count) char *Buffer, _In_ size_t Count,
                      _In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl vsprintf_s(_Out_writes_z_(Count) char *Buffer, _In_ size_t Count, _In_z_ const char *Format,
                       va_list Arguments);
int __cdecl _snprintf_s(_Out_writes_z_(Size) char *Buffer, _In_ size_t Size, _In_ size_t MaxCount,
                        _In_z_ _Printf_format_string_ const char *Format, ...);
int __cdecl swprintf(_Out_writes_opt_z_(Count) wchar_t *Buffer, _In_ size_t Count,
                     _In_z_ _Printf_format_string_ const wchar_t *Format, ...);
int __cdecl _swprintf(_Pre_notnull_ _Post_z_ wchar_t *Buffer, _In_z_ _Printf_format_string_ const wchar_t *Format, ...);
/* Without a size, as kits before Windows 8 and C++ have it, a format comes second. */
#define swprintf(Buffer, Second, ...) \
  _Generic((Second), wchar_t *: _swprintf, const wchar_t *: _swprintf, default: swprintf)(Buffer, Second, ##__VA_ARGS__)
int __cdecl _snwprintf(_Out_writes_opt_(Count) wchar_t *Buffer, _In_ size_t Count,
                       _In_z_ _Printf_format_string_ const wchar_t *Format, ...);
int __cdecl swprintf_s(_Out_writes_z_(Count) wchar_t *Buffer, _In_ size_t Count,
                       _In_z_ _Printf_format_string_ const wchar_t *Format, ...);
int __cdecl sscanf(_In_z_ const char *Buffer, _In_z_ _Scanf_format_string_ const char *Format, ...);
int __cdecl puts(_In_z_ const char *String);
int __cdecl putchar(_In_ int Character);
int __cdecl putc(_In_ int Character, _Inout_ FILE *Stream);
int __cdecl fputc(_In_ int Character, _Inout_ FILE *Stream);
int __cdecl fputs(_In_z_ const char *String, _Inout_ FILE *Stream);
FILE *__cdecl fopen(_In_z_ const char *FileName, _In_z_ const char *Mode);
FILE *__cdecl freopen(_In_z_ const char *FileName, _In_z_ const char *Mode, _Inout_ FILE *Stream);
int __cdecl fclose(_Inout_ FILE *Stream);
int __cdecl fgetc(_Inout_ FILE *Stream);
int __cdecl getc(_Inout_ FILE *Stream);
int __cdecl ungetc(_In_ int Character, _Inout_ FILE *Stream);
char *__cdecl fgets(_Out_writes_z_(Count) char *Buffer, _In_ int Count, _Inout_ FILE *Stream);
size_t __cdecl fread(_Out_ void *Buffer, _In_ size_t Size, _In_ size_t Count, _Inout_ FILE *Stream);
int __cdecl fscanf(_Inout_ FILE *Stream, _In_z_ _Scanf_format_string_ const char *Format, ...);
int __cdecl feof(_In_ FILE *Stream);
int __cdecl ferror(_In_ FILE *Stream);
void __cdecl clearerr(_Inout_ FILE *Stream);
int __cdecl fseek(_Inout_ FILE *Stream, _In_ long Offset, _In_ int Origin);
long __cdecl ftell(_Inout_ FILE *Stream);
void __cdecl rewind(_Inout_ FILE *Stream);
int __cdecl remove(_In_z_ const char *FileName);
int __cdecl rename(_In_z_ const char *OldName, _In_z_ const char *NewName);
void __cdecl perror(_In_opt_z_ const char *Message);
size_t __cdecl fwrite(_In_ const void *Buffer, _In_ size_t Size, _In_ size_t Count, _Inout_ FILE *Stream);
int __cdecl fflush(_Inout_opt_ FILE *Stream);
int __cdecl getchar(void);
