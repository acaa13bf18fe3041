/*
 * Names of files: compared, cut into components, matched against patterns; and which statuses a file system expects.
 *
 * A pattern is matched with the set of places in it that can have been reached, one bit of a byte each; every character
 * of the name moves the set on, so the work is at most pattern by name.
 */
#include <ntifs.h>
#include "ki.h"

#define NAME_TAG 'mNsF'

static WCHAR Folded(WCHAR Character, BOOLEAN IgnoreCase, PCWCH Table) {
  if (!IgnoreCase) return Character;
  return Table == NULL ? RtlUpcaseUnicodeChar(Character) : Table[Character];
}

BOOLEAN FsRtlDoesNameContainWildCards(PUNICODE_STRING Name) {
  KiCheckCaller(__func__);
  /* A wild card stands in the last component or nowhere. */
  for (ULONG i = Name->Length / sizeof(WCHAR); i > 0 && Name->Buffer[i - 1] != L'\\'; i--) {
    WCHAR Character = Name->Buffer[i - 1];
    if (Character == L'*' || Character == L'?' || Character == DOS_STAR || Character == DOS_QM || Character == DOS_DOT)
      return TRUE;
  }
  return FALSE;
}

BOOLEAN FsRtlAreNamesEqual(PCUNICODE_STRING NameA, PCUNICODE_STRING NameB, BOOLEAN IgnoreCase, PCWCH UpcaseTable) {
  KiCheckCaller(__func__);
  if (NameA->Length != NameB->Length) return FALSE;
  for (ULONG i = 0; i < NameA->Length / sizeof(WCHAR); i++)
    if (Folded(NameA->Buffer[i], IgnoreCase, UpcaseTable) != Folded(NameB->Buffer[i], IgnoreCase, UpcaseTable))
      return FALSE;
  return TRUE;
}

VOID FsRtlDissectName(UNICODE_STRING Path, PUNICODE_STRING FirstName, PUNICODE_STRING RemainingName) {
  KiCheckCaller(__func__);
  ULONG Length = Path.Length / sizeof(WCHAR), Start, End;
  RtlZeroMemory(FirstName, sizeof(*FirstName));
  RtlZeroMemory(RemainingName, sizeof(*RemainingName));
  if (Length == 0) return;
  Start = Path.Buffer[0] == L'\\' ? 1 : 0;
  for (End = Start; End < Length && Path.Buffer[End] != L'\\'; End++)
    ;
  FirstName->Buffer = &Path.Buffer[Start];
  FirstName->Length = FirstName->MaximumLength = (USHORT)((End - Start) * sizeof(WCHAR));
  if (End < Length) {
    RemainingName->Buffer = &Path.Buffer[End + 1];
    RemainingName->Length = RemainingName->MaximumLength = (USHORT)((Length - End - 1) * sizeof(WCHAR));
  }
}

/* Places that can be reached from this one without a character: past stars, and past what may match an end. */
static VOID Reach(PUCHAR Reached, PUNICODE_STRING Pattern, ULONG At, BOOLEAN IsAtEnd, BOOLEAN IsAtDot) {
  for (ULONG Length = Pattern->Length / sizeof(WCHAR); !Reached[At]; At++) {
    Reached[At] = 1;
    if (At == Length) return;
    WCHAR Wanted = Pattern->Buffer[At];
    if (Wanted == L'*' || Wanted == DOS_STAR) continue;
    if (Wanted == DOS_QM && (IsAtEnd || IsAtDot)) continue;
    if (Wanted == DOS_DOT && IsAtEnd) continue;
    return;
  }
}

static BOOLEAN IsLastDot(PUNICODE_STRING Name, ULONG At) {
  for (ULONG i = At + 1; i < Name->Length / sizeof(WCHAR); i++)
    if (Name->Buffer[i] == L'.') return FALSE;
  return Name->Buffer[At] == L'.';
}

static VOID Step(PUCHAR From, PUCHAR To, PUNICODE_STRING Pattern, PUNICODE_STRING Name, ULONG At, BOOLEAN IgnoreCase,
                 PWCH Table) {
  ULONG Length = Pattern->Length / sizeof(WCHAR), Last = Name->Length / sizeof(WCHAR);
  WCHAR Character = Name->Buffer[At];
  BOOLEAN IsEnd = At + 1 == Last, IsDot = !IsEnd && Name->Buffer[At + 1] == L'.';
  for (ULONG i = 0; i < Length; i++) {
    WCHAR Wanted = Pattern->Buffer[i];
    if (!From[i]) continue;
    /* DOS_STAR takes all up to the last dot, and nothing behind it. */
    if (Wanted == L'*' || Wanted == DOS_STAR)
      Reach(To, Pattern, Wanted == DOS_STAR && IsLastDot(Name, At) ? i + 1 : i, IsEnd, IsDot);
    if (Wanted == L'?' || (Wanted == DOS_QM && Character != L'.') || (Wanted == DOS_DOT && Character == L'.') ||
        Folded(Wanted, FALSE, NULL) == Folded(Character, IgnoreCase, Table))
      Reach(To, Pattern, i + 1, IsEnd, IsDot);
  }
}

BOOLEAN FsRtlIsNameInExpression(PUNICODE_STRING Expression, PUNICODE_STRING Name, BOOLEAN IgnoreCase, PWCH UpcaseTable) {
  KiCheckCaller(__func__);
  ULONG Places = Expression->Length / sizeof(WCHAR) + 1, Length = Name->Length / sizeof(WCHAR);
  PUCHAR Reached, Next;
  BOOLEAN IsMatch;
  if (Length == 0 || Places == 1) return Length == 0 && Places == 1;
  Reached = ExAllocatePoolWithTag(PagedPool, Places * 2, NAME_TAG);
  if (Reached == NULL) ExRaiseStatus(STATUS_INSUFFICIENT_RESOURCES);
  Next = Reached + Places;
  RtlZeroMemory(Reached, Places);
  Reach(Reached, Expression, 0, FALSE, Name->Buffer[0] == L'.');
  for (ULONG i = 0; i < Length; i++) {
    RtlZeroMemory(Next, Places);
    Step(Reached, Next, Expression, Name, i, IgnoreCase, UpcaseTable);
    RtlCopyMemory(Reached, Next, Places);
  }
  IsMatch = Reached[Places - 1];
  ExFreePoolWithTag(Reached, NAME_TAG);
  return IsMatch;
}

/* Exceptions that are mistakes of a program's or the driver's own, which no file system may take for an answer. */
BOOLEAN FsRtlIsNtstatusExpected(NTSTATUS Exception) {
  KiCheckCaller(__func__);
  switch (Exception) {
  case STATUS_DATATYPE_MISALIGNMENT:
  case STATUS_ACCESS_VIOLATION:
  case STATUS_ILLEGAL_INSTRUCTION:
  case STATUS_INSTRUCTION_MISALIGNMENT:
    return FALSE;
  default:
    return TRUE;
  }
}

NTSTATUS FsRtlNormalizeNtstatus(NTSTATUS Exception, NTSTATUS GenericException) {
  KiCheckCaller(__func__);
  return FsRtlIsNtstatusExpected(Exception) ? Exception : GenericException;
}

/* Failures with which the whole device is gone, rather than one place on it. */
BOOLEAN FsRtlIsTotalDeviceFailure(NTSTATUS Status) {
  KiCheckCaller(__func__);
  switch (Status) {
  case STATUS_CRC_ERROR:
  case STATUS_DEVICE_DATA_ERROR:
    return FALSE;
  default:
    return !NT_SUCCESS(Status);
  }
}
