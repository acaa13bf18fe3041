/* The safe string functions that take a length of the source, or say where the result ends and what room is left. */
#pragma once
#include <stdarg.h>
#include <ntstrsafe.h>

_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCopyNA(
    _Out_writes_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _In_ const char *pszSrc,
    _In_ size_t cchToCopy);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCatNA(
    _Inout_updates_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _In_ const char *pszSrc,
    _In_ size_t cchToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCopyExA(
    _Out_writes_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _In_ const char *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCatExA(
    _Inout_updates_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _In_ const char *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCopyNExA(
    _Out_writes_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _In_ const char *pszSrc,
    _In_ size_t cchToCopy,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCatNExA(
    _Inout_updates_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _In_ const char *pszSrc,
    _In_ size_t cchToAppend,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchVPrintfExA(
    _Out_writes_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const char *pszFormat,
    _In_ va_list argList);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchPrintfExA(
    _Out_writes_(cchDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cchDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const char *pszFormat,
    ...);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCatNA(
    _Inout_updates_bytes_(cbDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cbDest,
    _In_ const char *pszSrc,
    _In_ size_t cbToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCopyExA(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cbDest,
    _In_ const char *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCatExA(
    _Inout_updates_bytes_(cbDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cbDest,
    _In_ const char *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCopyNExA(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cbDest,
    _In_ const char *pszSrc,
    _In_ size_t cbToCopy,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCatNExA(
    _Inout_updates_bytes_(cbDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cbDest,
    _In_ const char *pszSrc,
    _In_ size_t cbToAppend,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbVPrintfExA(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PSTR pszDest,
    _In_ size_t cbDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const char *pszFormat,
    _In_ va_list argList);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCopyNW(
    _Out_writes_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cchToCopy);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCatNW(
    _Inout_updates_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cchToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCopyExW(
    _Out_writes_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ const wchar_t *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCatExW(
    _Inout_updates_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ const wchar_t *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCopyNExW(
    _Out_writes_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cchToCopy,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchCatNExW(
    _Inout_updates_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cchToAppend,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchVPrintfExW(
    _Out_writes_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const wchar_t *pszFormat,
    _In_ va_list argList);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCchPrintfExW(
    _Out_writes_(cchDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cchDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcchRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const wchar_t *pszFormat,
    ...);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCatNW(
    _Inout_updates_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cbToAppend);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCopyExW(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_ const wchar_t *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCatExW(
    _Inout_updates_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_ const wchar_t *pszSrc,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCopyNExW(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cbToCopy,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbCatNExW(
    _Inout_updates_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _In_ const wchar_t *pszSrc,
    _In_ size_t cbToAppend,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbVPrintfExW(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const wchar_t *pszFormat,
    _In_ va_list argList);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS RtlStringCbPrintfExW(
    _Out_writes_bytes_(cbDest) NTSTRSAFE_PWSTR pszDest,
    _In_ size_t cbDest,
    _Outptr_opt_result_z_ NTSTRSAFE_PWSTR *ppszDestEnd,
    _Out_opt_ size_t *pcbRemaining,
    _In_ ULONG dwFlags,
    _In_ _Printf_format_string_ const wchar_t *pszFormat,
    ...);
