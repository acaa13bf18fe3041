/*
 * The safe string functions that write counted strings, and those that copy counted strings into terminated ones. What
 * is put where is decided in one place; Cb functions come with bytes, which are turned into characters at the door.
 */
#include <ntddk.h>
#include <ntstrsafe.h>
#include "ki.h"

enum { KNOWN_FLAGS = 0x1FFF };

#define FILL_BYTE(Flags) ((int)((Flags) & 0xFF))
#define EVERYTHING NTSTRSAFE_UNICODE_STRING_MAX_CCH

/* Characters to be written; Count is NOT_ALLOWED for a source that no function takes. */
typedef struct _TEXT_RUN {
  const wchar_t *Characters;
  size_t Count;
} TEXT_RUN;

#define NOT_ALLOWED ((size_t)-1)

static TEXT_RUN CountedText(PCUNICODE_STRING Source, size_t Most) {
  TEXT_RUN Text = {NULL, 0};
  if (Most > NTSTRSAFE_UNICODE_STRING_MAX_CCH || (Source != NULL && !NT_SUCCESS(RtlUnicodeStringValidate(Source)))) {
    Text.Count = NOT_ALLOWED;
  } else if (Source != NULL) {
    Text.Characters = Source->Buffer == NULL ? L"" : Source->Buffer;
    Text.Count = min(Source->Length / sizeof(wchar_t), Most);
  }
  return Text;
}

static TEXT_RUN TerminatedText(const wchar_t *Source, size_t Most) {
  TEXT_RUN Text = {Source, 0};
  if (Most > NTSTRSAFE_UNICODE_STRING_MAX_CCH) Text.Count = NOT_ALLOWED;
  else
    while (Source != NULL && Text.Count < Most && Source[Text.Count] != 0) Text.Count++;
  return Text;
}

static USHORT LengthOf(PCUNICODE_STRING String) { return String == NULL ? 0 : String->Length; }

static NTSTATUS Finish(PUNICODE_STRING Target, USHORT Start, NTSTATUS Status, PUNICODE_STRING Remaining, ULONG Flags) {
  if (NT_SUCCESS(Status)) {
    if ((Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
      RtlFillMemory((PUCHAR)Target->Buffer + Target->Length, Target->MaximumLength - Target->Length, FILL_BYTE(Flags));
  } else {
    if ((Flags & STRSAFE_NO_TRUNCATION) != 0) Target->Length = Start;
    if ((Flags & STRSAFE_FILL_ON_FAILURE) != 0) RtlFillMemory(Target->Buffer, Target->MaximumLength, FILL_BYTE(Flags));
    if ((Flags & STRSAFE_ZERO_LENGTH_ON_FAILURE) != 0) Target->Length = 0;
  }
  if (Remaining != NULL) {
    Remaining->Length = 0;
    Remaining->MaximumLength = Target->MaximumLength - Target->Length;
    Remaining->Buffer = (PWCH)((PUCHAR)Target->Buffer + Target->Length);
  }
  return Status;
}

/* Whether the target and the flags are such that something can be written at all; a missing target takes nothing. */
static BOOLEAN IsUsable(PUNICODE_STRING Target, BOOLEAN HasText, ULONG Flags) {
  if ((Flags & ~KNOWN_FLAGS) != 0) return FALSE;
  if (Target == NULL) return (Flags & STRSAFE_IGNORE_NULLS) != 0 && !HasText;
  return NT_SUCCESS(RtlUnicodeStringValidate(Target)) && (Target->Buffer != NULL || !HasText);
}

/* Writes a text at Start, in bytes, as far as it fits. */
static NTSTATUS Put(PUNICODE_STRING Target, USHORT Start, TEXT_RUN Text, PUNICODE_STRING Remaining, ULONG Flags) {
  size_t Room, Count;
  if (Text.Count == NOT_ALLOWED || !IsUsable(Target, Text.Count > 0, Flags)) return STATUS_INVALID_PARAMETER;
  if (Text.Characters == NULL && (Flags & STRSAFE_IGNORE_NULLS) == 0) return STATUS_INVALID_PARAMETER;
  if (Target == NULL) return STATUS_SUCCESS;
  Room = (Target->MaximumLength - Start) / sizeof(wchar_t);
  Count = min(Text.Count, Room);
  if (Count > 0) RtlMoveMemory((PUCHAR)Target->Buffer + Start, Text.Characters, Count * sizeof(wchar_t));
  Target->Length = Start + (USHORT)(Count * sizeof(wchar_t));
  return Finish(Target, Start, Count < Text.Count ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS, Remaining, Flags);
}

static NTSTATUS Print(PUNICODE_STRING Target, PUNICODE_STRING Remaining, ULONG Flags, const wchar_t *Format, va_list List) {
  if (Format == NULL) return Put(Target, 0, TerminatedText(NULL, EVERYTHING), Remaining, Flags);
  if (!IsUsable(Target, Format[0] != 0, Flags)) return STATUS_INVALID_PARAMETER;
  if (Target == NULL) return STATUS_SUCCESS;
  return Finish(Target, 0, RtlUnicodeStringVPrintf(Target, Format, List), Remaining, Flags);
}

NTSTATUS RtlUnicodeStringVPrintfEx(PUNICODE_STRING DestinationString, PUNICODE_STRING RemainingString, ULONG dwFlags, const wchar_t *pszFormat, va_list argList) {
  KiCheckCaller(__func__);
  return Print(DestinationString, RemainingString, dwFlags, pszFormat, argList);
}

NTSTATUS RtlUnicodeStringPrintfEx(PUNICODE_STRING DestinationString, PUNICODE_STRING RemainingString, ULONG dwFlags, const wchar_t *pszFormat, ...) {
  NTSTATUS Status;
  va_list List;
  KiCheckCaller(__func__);
  va_start(List, pszFormat);
  Status = Print(DestinationString, RemainingString, dwFlags, pszFormat, List);
  va_end(List);
  return Status;
}

NTSTATUS RtlUnicodeStringInitEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, ULONG dwFlags) {
  KiCheckCaller(__func__);
  if ((dwFlags & ~STRSAFE_IGNORE_NULLS) != 0) return STATUS_INVALID_PARAMETER;
  if (pszSrc == NULL && dwFlags == 0) return STATUS_INVALID_PARAMETER;
  return RtlUnicodeStringInit(DestinationString, pszSrc);
}

NTSTATUS RtlUnicodeStringValidateEx(PCUNICODE_STRING SourceString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  if ((dwFlags & ~STRSAFE_IGNORE_NULLS) != 0) return STATUS_INVALID_PARAMETER;
  if (SourceString == NULL && dwFlags != 0) return STATUS_SUCCESS;
  return RtlUnicodeStringValidate(SourceString);
}

NTSTATUS RtlUnalignedStringCchLengthW(const wchar_t UNALIGNED *psz, size_t cchMax, size_t *pcchLength) {
  KiCheckCaller(__func__);
  return RtlStringCchLengthW((const wchar_t *)psz, cchMax, pcchLength);
}

NTSTATUS RtlUnalignedStringCbLengthW(const wchar_t UNALIGNED *psz, size_t cbMax, size_t *pcbLength) {
  KiCheckCaller(__func__);
  return RtlStringCbLengthW((const wchar_t *)psz, cbMax, pcbLength);
}

/* A counted string into a terminated one: the room for the zero is kept apart. */
static NTSTATUS PutTerminated(wchar_t *Target, size_t Room, PCUNICODE_STRING Source, wchar_t **End, size_t *Left, ULONG Flags) {
  UNICODE_STRING String;
  NTSTATUS Status;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH) {
    BOOLEAN IsNothing = Room == 0 && Target == NULL && LengthOf(Source) == 0 && (Flags & STRSAFE_IGNORE_NULLS) != 0;
    return IsNothing ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
  }
  String.Buffer = Target;
  String.Length = 0;
  String.MaximumLength = (USHORT)(min(Room - 1, NTSTRSAFE_UNICODE_STRING_MAX_CCH - 1) * sizeof(wchar_t));
  Status = Put(&String, 0, CountedText(Source, EVERYTHING), NULL, Flags & ~(STRSAFE_FILL_BEHIND_NULL | STRSAFE_FILL_ON_FAILURE));
  if (Status == STATUS_INVALID_PARAMETER) return Status;
  if (NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
    RtlFillMemory((PUCHAR)Target + String.Length, Room * sizeof(wchar_t) - String.Length, FILL_BYTE(Flags));
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_ON_FAILURE) != 0) {
    RtlFillMemory(Target, Room * sizeof(wchar_t), FILL_BYTE(Flags));
    String.Length = String.MaximumLength;
  }
  Target[String.Length / sizeof(wchar_t)] = 0;
  if (End != NULL) *End = &Target[String.Length / sizeof(wchar_t)];
  if (Left != NULL) *Left = Room - String.Length / sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlStringCchCopyUnicodeString(NTSTRSAFE_PWSTR pszDest, size_t cchDest, PCUNICODE_STRING SourceString) {
  KiCheckCaller(__func__);
  return PutTerminated(pszDest, cchDest, SourceString, NULL, NULL, 0);
}

NTSTATUS RtlStringCbCopyUnicodeString(NTSTRSAFE_PWSTR pszDest, size_t cbDest, PCUNICODE_STRING SourceString) {
  KiCheckCaller(__func__);
  return PutTerminated(pszDest, cbDest / sizeof(wchar_t), SourceString, NULL, NULL, 0);
}

NTSTATUS RtlStringCchCopyUnicodeStringEx(NTSTRSAFE_PWSTR pszDest, size_t cchDest, PCUNICODE_STRING SourceString, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return PutTerminated(pszDest, cchDest, SourceString, ppszDestEnd, pcchRemaining, dwFlags);
}

NTSTATUS RtlStringCbCopyUnicodeStringEx(NTSTRSAFE_PWSTR pszDest, size_t cbDest, PCUNICODE_STRING SourceString, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  NTSTATUS Status;
  size_t Left = 0;
  KiCheckCaller(__func__);
  Status = PutTerminated(pszDest, cbDest / sizeof(wchar_t), SourceString, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL && Status != STATUS_INVALID_PARAMETER) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlUnicodeStringCopyEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, CountedText(SourceString, EVERYTHING), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCopyStringEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, TerminatedText(pszSrc, EVERYTHING), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCbCopyN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cbToCopy) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, CountedText(SourceString, cbToCopy / sizeof(wchar_t)), NULL, 0);
}

NTSTATUS RtlUnicodeStringCbCopyNEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cbToCopy, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, CountedText(SourceString, cbToCopy / sizeof(wchar_t)), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCbCopyStringN(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cbToCopy) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, TerminatedText(pszSrc, cbToCopy / sizeof(wchar_t)), NULL, 0);
}

NTSTATUS RtlUnicodeStringCbCopyStringNEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cbToCopy, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, TerminatedText(pszSrc, cbToCopy / sizeof(wchar_t)), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCchCopyN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cchToCopy) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, CountedText(SourceString, cchToCopy), NULL, 0);
}

NTSTATUS RtlUnicodeStringCchCopyNEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cchToCopy, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, CountedText(SourceString, cchToCopy), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCchCopyStringN(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cchToCopy) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, TerminatedText(pszSrc, cchToCopy), NULL, 0);
}

NTSTATUS RtlUnicodeStringCchCopyStringNEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cchToCopy, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, 0, TerminatedText(pszSrc, cchToCopy), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCatEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), CountedText(SourceString, EVERYTHING), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCatStringEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), TerminatedText(pszSrc, EVERYTHING), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCbCatN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cbToAppend) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), CountedText(SourceString, cbToAppend / sizeof(wchar_t)), NULL, 0);
}

NTSTATUS RtlUnicodeStringCbCatNEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cbToAppend, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), CountedText(SourceString, cbToAppend / sizeof(wchar_t)), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCbCatStringN(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cbToAppend) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), TerminatedText(pszSrc, cbToAppend / sizeof(wchar_t)), NULL, 0);
}

NTSTATUS RtlUnicodeStringCbCatStringNEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cbToAppend, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), TerminatedText(pszSrc, cbToAppend / sizeof(wchar_t)), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCchCatN(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cchToAppend) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), CountedText(SourceString, cchToAppend), NULL, 0);
}

NTSTATUS RtlUnicodeStringCchCatNEx(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString, size_t cchToAppend, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), CountedText(SourceString, cchToAppend), RemainingString, dwFlags);
}

NTSTATUS RtlUnicodeStringCchCatStringN(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cchToAppend) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), TerminatedText(pszSrc, cchToAppend), NULL, 0);
}

NTSTATUS RtlUnicodeStringCchCatStringNEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cchToAppend, PUNICODE_STRING RemainingString, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return Put(DestinationString, LengthOf(DestinationString), TerminatedText(pszSrc, cchToAppend), RemainingString, dwFlags);
}
