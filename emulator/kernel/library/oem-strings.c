/*
 * Text in the OEM code page. It is the same page here as that of ANSI strings, so these functions differ from theirs by
 * their names, and the counted ones by the terminator, which they neither write nor ask room for.
 */
#include <ntifs.h>
#include "ki.h"

#define STRING_TAG 'grtS'

ULONG RtlxOemStringToUnicodeSize(PCOEM_STRING OemString) {
  KiCheckCaller(__func__);
  return (OemString->Length + 1) * sizeof(WCHAR);
}

ULONG RtlxUnicodeStringToOemSize(PCUNICODE_STRING UnicodeString) {
  KiCheckCaller(__func__);
  return UnicodeString->Length / sizeof(WCHAR) + 1;
}

NTSTATUS RtlOemStringToUnicodeString(PUNICODE_STRING DestinationString, PCOEM_STRING SourceString,
                                     BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  return RtlAnsiStringToUnicodeString(DestinationString, SourceString, AllocateDestinationString);
}

NTSTATUS RtlUnicodeStringToOemString(POEM_STRING DestinationString, PCUNICODE_STRING SourceString,
                                     BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  return RtlUnicodeStringToAnsiString(DestinationString, SourceString, AllocateDestinationString);
}

NTSTATUS RtlUpcaseUnicodeStringToOemString(POEM_STRING DestinationString, PCUNICODE_STRING SourceString,
                                           BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  UNICODE_STRING Upper;
  NTSTATUS Status = RtlUpcaseUnicodeString(&Upper, SourceString, TRUE);
  if (!NT_SUCCESS(Status)) return Status;
  Status = RtlUnicodeStringToAnsiString(DestinationString, &Upper, AllocateDestinationString);
  RtlFreeUnicodeString(&Upper);
  return Status;
}

/* Room for a counted string: the caller's, or new one. No memory is taken for an empty text. */
static NTSTATUS Prepare(PSTRING String, ULONG Bytes, BOOLEAN Allocate) {
  if (Bytes > MAXUSHORT) return STATUS_INVALID_PARAMETER_2;
  if (Allocate) {
    String->Buffer = Bytes == 0 ? NULL : ExAllocatePoolUninitialized(PagedPool, Bytes, STRING_TAG);
    if (String->Buffer == NULL && Bytes != 0) return STATUS_NO_MEMORY;
    String->MaximumLength = (USHORT)Bytes;
  } else if (Bytes > String->MaximumLength) {
    return STATUS_BUFFER_OVERFLOW;
  }
  String->Length = (USHORT)Bytes;
  return STATUS_SUCCESS;
}

NTSTATUS RtlOemStringToCountedUnicodeString(PUNICODE_STRING DestinationString, PCOEM_STRING SourceString,
                                            BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  ULONG Bytes = SourceString->Length * sizeof(WCHAR);
  NTSTATUS Status = Prepare((PSTRING)DestinationString, Bytes, AllocateDestinationString);
  if (!NT_SUCCESS(Status) || Bytes == 0) return Status;
  return RtlMultiByteToUnicodeN(DestinationString->Buffer, Bytes, NULL, SourceString->Buffer, SourceString->Length);
}

NTSTATUS RtlUnicodeStringToCountedOemString(POEM_STRING DestinationString, PCUNICODE_STRING SourceString,
                                            BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  ULONG Bytes = SourceString->Length / sizeof(WCHAR);
  NTSTATUS Status = Prepare(DestinationString, Bytes, AllocateDestinationString);
  if (!NT_SUCCESS(Status) || Bytes == 0) return Status;
  return RtlUnicodeToMultiByteN(DestinationString->Buffer, Bytes, NULL, SourceString->Buffer, SourceString->Length);
}

NTSTATUS RtlUpcaseUnicodeStringToCountedOemString(POEM_STRING DestinationString, PCUNICODE_STRING SourceString,
                                                  BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  NTSTATUS Status = RtlUnicodeStringToCountedOemString(DestinationString, SourceString, AllocateDestinationString);
  if (!NT_SUCCESS(Status)) return Status;
  for (USHORT I = 0; I < DestinationString->Length; I++)
    DestinationString->Buffer[I] = RtlUpperChar(DestinationString->Buffer[I]);
  return Status;
}

/* As much as fits is translated; that something was left out is a warning. */
NTSTATUS RtlOemToUnicodeN(PWCH UnicodeString, ULONG MaxBytesInUnicodeString, PULONG BytesInUnicodeString,
                          PCCH OemString, ULONG BytesInOemString) {
  KiCheckCaller(__func__);
  RtlMultiByteToUnicodeN(UnicodeString, MaxBytesInUnicodeString, BytesInUnicodeString, OemString, BytesInOemString);
  return BytesInOemString > MaxBytesInUnicodeString / sizeof(WCHAR) ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NTSTATUS RtlUnicodeToOemN(PCHAR OemString, ULONG MaxBytesInOemString, PULONG BytesInOemString, PCWCH UnicodeString,
                          ULONG BytesInUnicodeString) {
  KiCheckCaller(__func__);
  RtlUnicodeToMultiByteN(OemString, MaxBytesInOemString, BytesInOemString, UnicodeString, BytesInUnicodeString);
  return BytesInUnicodeString / sizeof(WCHAR) > MaxBytesInOemString ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NTSTATUS RtlUpcaseUnicodeToOemN(PCHAR OemString, ULONG MaxBytesInOemString, PULONG BytesInOemString,
                                PCWCH UnicodeString, ULONG BytesInUnicodeString) {
  KiCheckCaller(__func__);
  ULONG Bytes = 0;
  NTSTATUS Status = RtlUnicodeToOemN(OemString, MaxBytesInOemString, &Bytes, UnicodeString, BytesInUnicodeString);
  for (ULONG I = 0; I < Bytes; I++) OemString[I] = RtlUpperChar(OemString[I]);
  if (BytesInOemString != NULL) *BytesInOemString = Bytes;
  return Status;
}

VOID RtlFreeOemString(POEM_STRING OemString) {
  KiCheckCaller(__func__);
  RtlFreeAnsiString(OemString);
}
