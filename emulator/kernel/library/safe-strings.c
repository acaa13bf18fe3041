/*
 * The safe string functions of the N and Ex families. Characters are counted in all of them; Cb functions come with
 * bytes, which are turned into characters at the door. Every result is terminated; what had to be cut says so.
 */
#include <ntddk.h>
#include <ntstrsafe.h>

/* Ours: holds the IRQL of the driver's call against the prototype of that function. */
void KiCheckCaller(const char *Function);

enum { KNOWN_FLAGS = 0x1FFF };

#define FILL_BYTE(Flags) ((int)((Flags) & 0xFF))

/* Appends at most Most characters of a source at Start, and does what the flags ask for. */
static NTSTATUS PutA(char *Target, size_t Room, size_t Start, const char *Source, size_t Most, char **End, size_t *Left,
                     ULONG Flags) {
  NTSTATUS Status = STATUS_SUCCESS;
  size_t At = Start, I;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH || Start >= Room || (Flags & ~KNOWN_FLAGS) != 0) return STATUS_INVALID_PARAMETER;
  if (Source == NULL && (Flags & STRSAFE_IGNORE_NULLS) == 0) return STATUS_INVALID_PARAMETER;
  for (I = 0; Source != NULL && I < Most && Source[I] != 0; I++) {
    if (At + 1 >= Room) {
      Status = STATUS_BUFFER_OVERFLOW;
      break;
    }
    Target[At++] = Source[I];
  }
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_NO_TRUNCATION) != 0) At = Start;
  Target[At] = 0;
  if (NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
    RtlFillMemory(&Target[At + 1], (Room - At - 1) * sizeof(char), FILL_BYTE(Flags));
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_NULL_ON_FAILURE) != 0) Target[At = 0] = 0;
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_ON_FAILURE) != 0) {
    RtlFillMemory(Target, Room * sizeof(char), FILL_BYTE(Flags));
    Target[Room - 1] = 0;
    At = Room - 1;
  }
  if (End != NULL) *End = &Target[At];
  if (Left != NULL) *Left = Room - At;
  return Status;
}

static size_t LengthA(const char *Text, size_t Room) {
  size_t Length = 0;
  while (Length < Room && Text[Length] != 0) Length++;
  return Length;
}

static NTSTATUS PrintA(char *Target, size_t Room, char **End, size_t *Left, ULONG Flags, const char *Format, va_list List) {
  NTSTATUS Status;
  size_t Length;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH || (Flags & ~KNOWN_FLAGS) != 0) return STATUS_INVALID_PARAMETER;
  Status = RtlStringCchVPrintfA(Target, Room, Format, List);
  if (!NT_SUCCESS(Status) && (Flags & (STRSAFE_NULL_ON_FAILURE | STRSAFE_NO_TRUNCATION)) != 0) Target[0] = 0;
  Length = LengthA(Target, Room);
  if (NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
    RtlFillMemory(&Target[Length + 1], (Room - Length - 1) * sizeof(char), FILL_BYTE(Flags));
  if (End != NULL) *End = &Target[Length];
  if (Left != NULL) *Left = Room - Length;
  return Status;
}

NTSTATUS RtlStringCchCopyNA(NTSTRSAFE_PSTR pszDest, size_t cchDest, const char *pszSrc, size_t cchToCopy) {
  KiCheckCaller(__func__);
  return PutA(pszDest, cchDest, 0, pszSrc, cchToCopy, NULL, NULL, 0);
}

NTSTATUS RtlStringCchCatNA(NTSTRSAFE_PSTR pszDest, size_t cchDest, const char *pszSrc, size_t cchToAppend) {
  KiCheckCaller(__func__);
  return PutA(pszDest, cchDest, LengthA(pszDest, cchDest), pszSrc, cchToAppend, NULL, NULL, 0);
}

NTSTATUS RtlStringCchCopyExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, const char *pszSrc, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cchDest, 0, pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchCatExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, const char *pszSrc, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cchDest, LengthA(pszDest, cchDest), pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchCopyNExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, const char *pszSrc, size_t cchToCopy, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cchDest, 0, pszSrc, cchToCopy, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchCatNExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, const char *pszSrc, size_t cchToAppend, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cchDest, LengthA(pszDest, cchDest), pszSrc, cchToAppend, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchVPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags, const char *pszFormat, va_list argList) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  Status = PrintA(pszDest, cchDest, ppszDestEnd, &Left, dwFlags, pszFormat, argList);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags, const char *pszFormat, ...) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  va_list List;
  va_start(List, pszFormat);
  Status = PrintA(pszDest, cchDest, ppszDestEnd, &Left, dwFlags, pszFormat, List);
  va_end(List);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCbCatNA(NTSTRSAFE_PSTR pszDest, size_t cbDest, const char *pszSrc, size_t cbToAppend) {
  KiCheckCaller(__func__);
  return PutA(pszDest, cbDest, LengthA(pszDest, cbDest), pszSrc, cbToAppend, NULL, NULL, 0);
}

NTSTATUS RtlStringCbCopyExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, const char *pszSrc, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cbDest, 0, pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCbCatExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, const char *pszSrc, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cbDest, LengthA(pszDest, cbDest), pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCbCopyNExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, const char *pszSrc, size_t cbToCopy, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cbDest, 0, pszSrc, cbToCopy, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCbCatNExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, const char *pszSrc, size_t cbToAppend, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutA(pszDest, cbDest, LengthA(pszDest, cbDest), pszSrc, cbToAppend, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCbVPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags, const char *pszFormat, va_list argList) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  Status = PrintA(pszDest, cbDest, ppszDestEnd, &Left, dwFlags, pszFormat, argList);
  if (pcbRemaining != NULL) *pcbRemaining = Left;
  return Status;
}

/* Appends at most Most characters of a source at Start, and does what the flags ask for. */
static NTSTATUS PutW(wchar_t *Target, size_t Room, size_t Start, const wchar_t *Source, size_t Most, wchar_t **End, size_t *Left,
                     ULONG Flags) {
  NTSTATUS Status = STATUS_SUCCESS;
  size_t At = Start, I;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH || Start >= Room || (Flags & ~KNOWN_FLAGS) != 0) return STATUS_INVALID_PARAMETER;
  if (Source == NULL && (Flags & STRSAFE_IGNORE_NULLS) == 0) return STATUS_INVALID_PARAMETER;
  for (I = 0; Source != NULL && I < Most && Source[I] != 0; I++) {
    if (At + 1 >= Room) {
      Status = STATUS_BUFFER_OVERFLOW;
      break;
    }
    Target[At++] = Source[I];
  }
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_NO_TRUNCATION) != 0) At = Start;
  Target[At] = 0;
  if (NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
    RtlFillMemory(&Target[At + 1], (Room - At - 1) * sizeof(wchar_t), FILL_BYTE(Flags));
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_NULL_ON_FAILURE) != 0) Target[At = 0] = 0;
  if (!NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_ON_FAILURE) != 0) {
    RtlFillMemory(Target, Room * sizeof(wchar_t), FILL_BYTE(Flags));
    Target[Room - 1] = 0;
    At = Room - 1;
  }
  if (End != NULL) *End = &Target[At];
  if (Left != NULL) *Left = Room - At;
  return Status;
}

static size_t LengthW(const wchar_t *Text, size_t Room) {
  size_t Length = 0;
  while (Length < Room && Text[Length] != 0) Length++;
  return Length;
}

static NTSTATUS PrintW(wchar_t *Target, size_t Room, wchar_t **End, size_t *Left, ULONG Flags, const wchar_t *Format, va_list List) {
  NTSTATUS Status;
  size_t Length;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH || (Flags & ~KNOWN_FLAGS) != 0) return STATUS_INVALID_PARAMETER;
  Status = RtlStringCchVPrintfW(Target, Room, Format, List);
  if (!NT_SUCCESS(Status) && (Flags & (STRSAFE_NULL_ON_FAILURE | STRSAFE_NO_TRUNCATION)) != 0) Target[0] = 0;
  Length = LengthW(Target, Room);
  if (NT_SUCCESS(Status) && (Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
    RtlFillMemory(&Target[Length + 1], (Room - Length - 1) * sizeof(wchar_t), FILL_BYTE(Flags));
  if (End != NULL) *End = &Target[Length];
  if (Left != NULL) *Left = Room - Length;
  return Status;
}

NTSTATUS RtlStringCchCopyNW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, const wchar_t *pszSrc, size_t cchToCopy) {
  KiCheckCaller(__func__);
  return PutW(pszDest, cchDest, 0, pszSrc, cchToCopy, NULL, NULL, 0);
}

NTSTATUS RtlStringCchCatNW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, const wchar_t *pszSrc, size_t cchToAppend) {
  KiCheckCaller(__func__);
  return PutW(pszDest, cchDest, LengthW(pszDest, cchDest), pszSrc, cchToAppend, NULL, NULL, 0);
}

NTSTATUS RtlStringCchCopyExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, const wchar_t *pszSrc, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cchDest, 0, pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchCatExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, const wchar_t *pszSrc, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cchDest, LengthW(pszDest, cchDest), pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchCopyNExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, const wchar_t *pszSrc, size_t cchToCopy, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cchDest, 0, pszSrc, cchToCopy, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchCatNExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, const wchar_t *pszSrc, size_t cchToAppend, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cchDest, LengthW(pszDest, cchDest), pszSrc, cchToAppend, ppszDestEnd, &Left, dwFlags);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchVPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags, const wchar_t *pszFormat, va_list argList) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  Status = PrintW(pszDest, cchDest, ppszDestEnd, &Left, dwFlags, pszFormat, argList);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCchPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags, const wchar_t *pszFormat, ...) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  va_list List;
  va_start(List, pszFormat);
  Status = PrintW(pszDest, cchDest, ppszDestEnd, &Left, dwFlags, pszFormat, List);
  va_end(List);
  if (pcchRemaining != NULL) *pcchRemaining = Left;
  return Status;
}

NTSTATUS RtlStringCbCatNW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, const wchar_t *pszSrc, size_t cbToAppend) {
  KiCheckCaller(__func__);
  return PutW(pszDest, cbDest / sizeof(wchar_t), LengthW(pszDest, cbDest / sizeof(wchar_t)), pszSrc, cbToAppend / sizeof(wchar_t), NULL, NULL, 0);
}

NTSTATUS RtlStringCbCopyExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, const wchar_t *pszSrc, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cbDest / sizeof(wchar_t), 0, pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlStringCbCatExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, const wchar_t *pszSrc, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cbDest / sizeof(wchar_t), LengthW(pszDest, cbDest / sizeof(wchar_t)), pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlStringCbCopyNExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, const wchar_t *pszSrc, size_t cbToCopy, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cbDest / sizeof(wchar_t), 0, pszSrc, cbToCopy / sizeof(wchar_t), ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlStringCbCatNExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, const wchar_t *pszSrc, size_t cbToAppend, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = PutW(pszDest, cbDest / sizeof(wchar_t), LengthW(pszDest, cbDest / sizeof(wchar_t)), pszSrc, cbToAppend / sizeof(wchar_t), ppszDestEnd, &Left, dwFlags);
  if (pcbRemaining != NULL) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlStringCbVPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags, const wchar_t *pszFormat, va_list argList) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  Status = PrintW(pszDest, cbDest / sizeof(wchar_t), ppszDestEnd, &Left, dwFlags, pszFormat, argList);
  if (pcbRemaining != NULL) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}

NTSTATUS RtlStringCbPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags, const wchar_t *pszFormat, ...) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  va_list List;
  va_start(List, pszFormat);
  Status = PrintW(pszDest, cbDest / sizeof(wchar_t), ppszDestEnd, &Left, dwFlags, pszFormat, List);
  va_end(List);
  if (pcbRemaining != NULL) *pcbRemaining = Left * sizeof(wchar_t);
  return Status;
}
