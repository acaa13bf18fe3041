/* The safe string functions that write counted strings with a limit or with flags, and those between both kinds of strings. */
#pragma once
#include <stdarg.h>
#include <ntstrsafe.h>

_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCopyEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ PCUNICODE_STRING SourceString,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCopyStringEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCopyN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ PCUNICODE_STRING SourceString,
    _In_ size_t cbToCopy);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCopyNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ PCUNICODE_STRING SourceString,
    _In_ size_t cbToCopy,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCopyStringN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cbToCopy);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCopyStringNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cbToCopy,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCopyN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ PCUNICODE_STRING SourceString,
    _In_ size_t cchToCopy);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCopyNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ PCUNICODE_STRING SourceString,
    _In_ size_t cchToCopy,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCopyStringN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cchToCopy);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCopyStringNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cchToCopy,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCatEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ PCUNICODE_STRING SourceString,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCatStringEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCatN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ PCUNICODE_STRING SourceString,
    _In_ size_t cbToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCatNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ PCUNICODE_STRING SourceString,
    _In_ size_t cbToAppend,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCatStringN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cbToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCbCatStringNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cbToAppend,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCatN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ PCUNICODE_STRING SourceString,
    _In_ size_t cchToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCatNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ PCUNICODE_STRING SourceString,
    _In_ size_t cchToAppend,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCatStringN(
    _Inout_ PUNICODE_STRING DestinationString,
    _In_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cchToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringCchCatStringNEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ size_t cchToAppend,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringInitEx(
    _Out_ PUNICODE_STRING DestinationString,
    _In_opt_ NTSTRSAFE_PCWSTR pszSrc,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringValidateEx(
    _In_opt_ PCUNICODE_STRING SourceString,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS __cdecl RtlUnicodeStringPrintfEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags,
    _In_opt_ _Printf_format_string_ NTSTRSAFE_PCWSTR pszFormat,
    ...);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnicodeStringVPrintfEx(
    _Inout_opt_ PUNICODE_STRING DestinationString,
    _Out_opt_ PUNICODE_STRING RemainingString,
    _In_ ULONG dwFlags,
    _In_opt_ _Printf_format_string_ NTSTRSAFE_PCWSTR pszFormat,
    _In_ va_list argList);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlStringCbCopyUnicodeString(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_ PCUNICODE_STRING SourceString);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlStringCbCopyUnicodeStringEx(
    _Out_writes_bytes_opt_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_opt_ PCUNICODE_STRING SourceString,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnalignedStringCbLengthW(
    _In_ const wchar_t UNALIGNED *psz,
    _In_ size_t cbMax,
    _Out_opt_ size_t *pcbLength);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlStringCchCopyUnicodeString(
    _Out_writes_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ PCUNICODE_STRING SourceString);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlStringCchCopyUnicodeStringEx(
    _Out_writes_opt_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_opt_ PCUNICODE_STRING SourceString,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS RtlUnalignedStringCchLengthW(
    _In_ const wchar_t UNALIGNED *psz,
    _In_ size_t cchMax,
    _Out_opt_ size_t *pcchLength);
