/* The part of the C run-time on bytes and strings that kernel code may use, narrow and wide. */
#pragma once
#include <stddef.h>

void *__cdecl memcpy(_Out_writes_bytes_all_(Size) void *Destination, _In_reads_bytes_(Size) const void *Source,
                     _In_ size_t Size);
void *__cdecl memmove(_Out_writes_bytes_all_opt_(Size) void *Destination, _In_reads_bytes_opt_(Size) const void *Source,
                      _In_ size_t Size);
void *__cdecl memset(_Out_writes_bytes_all_(Size) void *Destination, _In_ int Value, _In_ size_t Size);
int __cdecl memcmp(_In_reads_bytes_(Size) const void *Buffer1, _In_reads_bytes_(Size) const void *Buffer2,
                   _In_ size_t Size);
void *__cdecl memchr(_In_reads_bytes_opt_(Size) const void *Buffer, _In_ int Value, _In_ size_t Size);
errno_t __cdecl memcpy_s(_Out_writes_bytes_to_opt_(DestinationSize, SourceSize) void *Destination,
                         _In_ size_t DestinationSize, _In_reads_bytes_opt_(SourceSize) const void *Source,
                         _In_ size_t SourceSize);
errno_t __cdecl memmove_s(_Out_writes_bytes_to_opt_(DestinationSize, SourceSize) void *Destination,
                          _In_ size_t DestinationSize, _In_reads_bytes_opt_(SourceSize) const void *Source,
                          _In_ size_t SourceSize);

size_t __cdecl strlen(_In_z_ const char *String);
size_t __cdecl strnlen(_In_reads_or_z_(MaxCount) const char *String, _In_ size_t MaxCount);
int __cdecl strcmp(_In_z_ const char *String1, _In_z_ const char *String2);
int __cdecl strncmp(_In_reads_or_z_(MaxCount) const char *String1, _In_reads_or_z_(MaxCount) const char *String2,
                    _In_ size_t MaxCount);
int __cdecl _stricmp(_In_z_ const char *String1, _In_z_ const char *String2);
int __cdecl _strnicmp(_In_reads_or_z_(MaxCount) const char *String1, _In_reads_or_z_(MaxCount) const char *String2,
                      _In_ size_t MaxCount);
char *__cdecl strcpy(_Out_ char *Destination, _In_z_ const char *Source);
char *__cdecl strncpy(_Out_writes_(Count) char *Destination, _In_reads_or_z_(Count) const char *Source, _In_ size_t Count);
char *__cdecl strcat(_Inout_z_ char *Destination, _In_z_ const char *Source);
char *__cdecl strncat(_Inout_z_ char *Destination, _In_reads_or_z_(Count) const char *Source, _In_ size_t Count);
char *__cdecl strchr(_In_z_ const char *String, _In_ int Character);
char *__cdecl strrchr(_In_z_ const char *String, _In_ int Character);
char *__cdecl strstr(_In_z_ const char *String, _In_z_ const char *SubString);
size_t __cdecl strspn(_In_z_ const char *String, _In_z_ const char *Control);
size_t __cdecl strcspn(_In_z_ const char *String, _In_z_ const char *Control);
char *__cdecl strpbrk(_In_z_ const char *String, _In_z_ const char *Control);
char *__cdecl strtok(_Inout_opt_z_ char *String, _In_z_ const char *Delimiter);
char *__cdecl strtok_s(_Inout_opt_z_ char *String, _In_z_ const char *Delimiter, _Inout_ char **Context);
errno_t __cdecl strcpy_s(_Out_writes_z_(Size) char *Destination, _In_ size_t Size, _In_z_ const char *Source);
errno_t __cdecl strncpy_s(_Out_writes_z_(Size) char *Destination, _In_ size_t Size,
                          _In_reads_or_z_(MaxCount) const char *Source, _In_ size_t MaxCount);
errno_t __cdecl strcat_s(_Inout_updates_z_(Size) char *Destination, _In_ size_t Size, _In_z_ const char *Source);
#define _TRUNCATE ((size_t)-1)

size_t __cdecl wcslen(_In_z_ const wchar_t *String);
size_t __cdecl wcsnlen(_In_reads_or_z_(MaxCount) const wchar_t *String, _In_ size_t MaxCount);
int __cdecl wcscmp(_In_z_ const wchar_t *String1, _In_z_ const wchar_t *String2);
int __cdecl wcsncmp(_In_reads_or_z_(MaxCount) const wchar_t *String1, _In_reads_or_z_(MaxCount) const wchar_t *String2,
                    _In_ size_t MaxCount);
int __cdecl _wcsicmp(_In_z_ const wchar_t *String1, _In_z_ const wchar_t *String2);
int __cdecl _wcsnicmp(_In_reads_or_z_(MaxCount) const wchar_t *String1, _In_reads_or_z_(MaxCount) const wchar_t *String2,
                      _In_ size_t MaxCount);
wchar_t *__cdecl wcscpy(_Out_ wchar_t *Destination, _In_z_ const wchar_t *Source);
wchar_t *__cdecl wcsncpy(_Out_writes_(Count) wchar_t *Destination, _In_reads_or_z_(Count) const wchar_t *Source,
                         _In_ size_t Count);
wchar_t *__cdecl wcscat(_Inout_z_ wchar_t *Destination, _In_z_ const wchar_t *Source);
wchar_t *__cdecl wcschr(_In_z_ const wchar_t *String, _In_ wchar_t Character);
wchar_t *__cdecl wcsrchr(_In_z_ const wchar_t *String, _In_ wchar_t Character);
wchar_t *__cdecl wcsstr(_In_z_ const wchar_t *String, _In_z_ const wchar_t *SubString);
errno_t __cdecl wcscpy_s(_Out_writes_z_(Size) wchar_t *Destination, _In_ size_t Size, _In_z_ const wchar_t *Source);
errno_t __cdecl wcscat_s(_Inout_updates_z_(Size) wchar_t *Destination, _In_ size_t Size, _In_z_ const wchar_t *Source);
errno_t __cdecl wcsncpy_s(_Out_writes_z_(Size) wchar_t *Destination, _In_ size_t Size,
                          _In_reads_or_z_(MaxCount) const wchar_t *Source, _In_ size_t MaxCount);
char *__cdecl _strdup(_In_opt_z_ const char *Source);
char *__cdecl strerror(_In_ int ErrorNumber);
int __cdecl strcoll(_In_z_ const char *String1, _In_z_ const char *String2);
#define strdup _strdup
