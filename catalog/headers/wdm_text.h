/* Conversions of text and of times that few drivers need: in one code page each, Windows' default ones. */
#pragma once

_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI CHAR NTAPI RtlUpperChar(_In_ CHAR Character);
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSYSAPI WCHAR NTAPI RtlDowncaseUnicodeChar(_In_ WCHAR SourceCharacter);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI VOID NTAPI RtlUpperString(_Inout_ PSTRING DestinationString, _In_ const STRING *SourceString);
_IRQL_requires_max_(APC_LEVEL) _Must_inspect_result_
NTSYSAPI NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING DestinationString, _In_ PCUNICODE_STRING SourceString,
                                                 _In_ BOOLEAN AllocateDestinationString);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI NTSTATUS NTAPI RtlMultiByteToUnicodeN(_Out_writes_bytes_to_(MaxBytesInUnicodeString, *BytesInUnicodeString)
                                                   PWCH UnicodeString,
                                               _In_ ULONG MaxBytesInUnicodeString,
                                               _Out_opt_ PULONG BytesInUnicodeString,
                                               _In_reads_bytes_(BytesInMultiByteString) const CHAR *MultiByteString,
                                               _In_ ULONG BytesInMultiByteString);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI NTSTATUS NTAPI RtlMultiByteToUnicodeSize(_Out_ PULONG BytesInUnicodeString,
                                                  _In_reads_bytes_(BytesInMultiByteString) const CHAR *MultiByteString,
                                                  _In_ ULONG BytesInMultiByteString);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI NTSTATUS NTAPI RtlUnicodeToMultiByteN(_Out_writes_bytes_to_(MaxBytesInMultiByteString, *BytesInMultiByteString)
                                                   PCHAR MultiByteString,
                                               _In_ ULONG MaxBytesInMultiByteString,
                                               _Out_opt_ PULONG BytesInMultiByteString,
                                               _In_reads_bytes_(BytesInUnicodeString) PCWCH UnicodeString,
                                               _In_ ULONG BytesInUnicodeString);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI NTSTATUS NTAPI RtlUnicodeToMultiByteSize(_Out_ PULONG BytesInMultiByteString,
                                                  _In_reads_bytes_(BytesInUnicodeString) PCWCH UnicodeString,
                                                  _In_ ULONG BytesInUnicodeString);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlTimeToSecondsSince1970(_In_ PLARGE_INTEGER Time, _Out_ PULONG ElapsedSeconds);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI VOID NTAPI RtlSecondsSince1970ToTime(_In_ ULONG ElapsedSeconds, _Out_ PLARGE_INTEGER Time);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlTimeToSecondsSince1980(_In_ PLARGE_INTEGER Time, _Out_ PULONG ElapsedSeconds);
_IRQL_requires_max_(APC_LEVEL)
NTSYSAPI VOID NTAPI RtlSecondsSince1980ToTime(_In_ ULONG ElapsedSeconds, _Out_ PLARGE_INTEGER Time);
NTSYSAPI VOID NTAPI RtlFillMemoryUlong(_Out_writes_bytes_all_(Length) PVOID Destination, _In_ SIZE_T Length,
                                       _In_ ULONG Pattern);
NTSYSAPI VOID NTAPI RtlFillMemoryUlonglong(_Out_writes_bytes_all_(Length) PVOID Destination, _In_ SIZE_T Length,
                                           _In_ ULONGLONG Pattern);
