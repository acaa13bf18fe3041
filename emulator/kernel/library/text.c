/*
 * Conversions of text in the system's code page, whose characters are those of Unicode below 256, as in a Western
 * Windows; and of times in seconds.
 */
#include <ntddk.h>
#include "ki.h"

#define TICKS_PER_SECOND 10000000LL
#define SECONDS_1601_TO_1970 11644473600LL
#define SECONDS_1601_TO_1980 11960006400LL

CHAR RtlUpperChar(CHAR Character) {
  KiCheckCaller(__func__);
  UCHAR C = (UCHAR)Character;
  if (C >= 'a' && C <= 'z') return (CHAR)(C - 32);
  if (C >= 0xE0 && C <= 0xFE && C != 0xF7) return (CHAR)(C - 32);
  return Character;
}

VOID RtlUpperString(PSTRING DestinationString, const STRING *SourceString) {
  KiCheckCaller(__func__);
  USHORT I, Length = SourceString->Length;
  if (Length > DestinationString->MaximumLength) Length = DestinationString->MaximumLength;
  for (I = 0; I < Length; I++) DestinationString->Buffer[I] = RtlUpperChar(SourceString->Buffer[I]);
  DestinationString->Length = Length;
}

/* Latin, Greek and Cyrillic capitals, which are what names of devices and files have. */
WCHAR RtlDowncaseUnicodeChar(WCHAR SourceCharacter) {
  KiCheckCaller(__func__);
  WCHAR C = SourceCharacter;
  if (C < 0x80) return C >= 'A' && C <= 'Z' ? C + 0x20 : C;
  if (C >= 0xC0 && C <= 0xDE && C != 0xD7) return C + 0x20;
  if (C >= 0x391 && C <= 0x3A9) return C + 0x20;
  if (C >= 0x410 && C <= 0x42F) return C + 0x20;
  if (C >= 0x400 && C <= 0x40F) return C + 0x50;
  if (C >= 0x100 && C <= 0x137 && (C & 1) == 0) return C + 1;
  return C;
}

NTSTATUS RtlDowncaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
                                  BOOLEAN AllocateDestinationString) {
  KiCheckCaller(__func__);
  USHORT I, Count = SourceString->Length / sizeof(WCHAR);
  NTSTATUS Status;
  if (AllocateDestinationString) {
    Status = RtlUpcaseUnicodeString(DestinationString, SourceString, TRUE);
    if (!NT_SUCCESS(Status)) return Status;
  } else if (SourceString->Length > DestinationString->MaximumLength) {
    return STATUS_BUFFER_OVERFLOW;
  }
  for (I = 0; I < Count; I++) DestinationString->Buffer[I] = RtlDowncaseUnicodeChar(SourceString->Buffer[I]);
  DestinationString->Length = SourceString->Length;
  return STATUS_SUCCESS;
}

NTSTATUS RtlMultiByteToUnicodeN(PWCH UnicodeString, ULONG MaxBytesInUnicodeString, PULONG BytesInUnicodeString,
                                const CHAR *MultiByteString, ULONG BytesInMultiByteString) {
  KiCheckCaller(__func__);
  ULONG I, Count = MaxBytesInUnicodeString / sizeof(WCHAR);
  if (Count > BytesInMultiByteString) Count = BytesInMultiByteString;
  for (I = 0; I < Count; I++) UnicodeString[I] = (UCHAR)MultiByteString[I];
  if (BytesInUnicodeString != NULL) *BytesInUnicodeString = Count * sizeof(WCHAR);
  return STATUS_SUCCESS;
}

NTSTATUS RtlMultiByteToUnicodeSize(PULONG BytesInUnicodeString, const CHAR *MultiByteString,
                                   ULONG BytesInMultiByteString) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(MultiByteString);
  *BytesInUnicodeString = BytesInMultiByteString * sizeof(WCHAR);
  return STATUS_SUCCESS;
}

NTSTATUS RtlUnicodeToMultiByteN(PCHAR MultiByteString, ULONG MaxBytesInMultiByteString, PULONG BytesInMultiByteString,
                                PCWCH UnicodeString, ULONG BytesInUnicodeString) {
  KiCheckCaller(__func__);
  ULONG I, Count = BytesInUnicodeString / sizeof(WCHAR);
  if (Count > MaxBytesInMultiByteString) Count = MaxBytesInMultiByteString;
  for (I = 0; I < Count; I++) MultiByteString[I] = UnicodeString[I] < 256 ? (CHAR)UnicodeString[I] : '?';
  if (BytesInMultiByteString != NULL) *BytesInMultiByteString = Count;
  return STATUS_SUCCESS;
}

NTSTATUS RtlUnicodeToMultiByteSize(PULONG BytesInMultiByteString, PCWCH UnicodeString, ULONG BytesInUnicodeString) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(UnicodeString);
  *BytesInMultiByteString = BytesInUnicodeString / sizeof(WCHAR);
  return STATUS_SUCCESS;
}

static BOOLEAN SecondsSince(PLARGE_INTEGER Time, LONGLONG Origin, PULONG Seconds) {
  LONGLONG Elapsed = Time->QuadPart / TICKS_PER_SECOND - Origin;
  if (Elapsed < 0 || Elapsed > MAXULONG) return FALSE;
  *Seconds = (ULONG)Elapsed;
  return TRUE;
}

BOOLEAN RtlTimeToSecondsSince1970(PLARGE_INTEGER Time, PULONG ElapsedSeconds) {
  KiCheckCaller(__func__);
  return SecondsSince(Time, SECONDS_1601_TO_1970, ElapsedSeconds);
}

VOID RtlSecondsSince1970ToTime(ULONG ElapsedSeconds, PLARGE_INTEGER Time) {
  KiCheckCaller(__func__);
  Time->QuadPart = (ElapsedSeconds + SECONDS_1601_TO_1970) * TICKS_PER_SECOND;
}

BOOLEAN RtlTimeToSecondsSince1980(PLARGE_INTEGER Time, PULONG ElapsedSeconds) {
  KiCheckCaller(__func__);
  return SecondsSince(Time, SECONDS_1601_TO_1980, ElapsedSeconds);
}

VOID RtlSecondsSince1980ToTime(ULONG ElapsedSeconds, PLARGE_INTEGER Time) {
  KiCheckCaller(__func__);
  Time->QuadPart = (ElapsedSeconds + SECONDS_1601_TO_1980) * TICKS_PER_SECOND;
}

VOID RtlFillMemoryUlong(PVOID Destination, SIZE_T Length, ULONG Pattern) {
  PULONG At = Destination;
  SIZE_T I;
  for (I = 0; I < Length / sizeof(ULONG); I++) At[I] = Pattern;
}

VOID RtlFillMemoryUlonglong(PVOID Destination, SIZE_T Length, ULONGLONG Pattern) {
  PULONGLONG At = Destination;
  SIZE_T I;
  for (I = 0; I < Length / sizeof(ULONGLONG); I++) At[I] = Pattern;
}
