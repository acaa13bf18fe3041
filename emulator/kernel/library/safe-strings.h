/*
 * The safe string functions for one size of CHARACTER; OF_CHARACTER gives a name its A or W. Characters are counted in
 * all of them; Cb functions come with bytes, which are turned into characters at the door. Every result is terminated;
 * what had to be cut says so. Of a call with wrong parameters only the status tells.
 */

/* Does what the flags ask for with a text of At characters, of which those from Start on are new. */
static NTSTATUS OF_CHARACTER(Finish)(CHARACTER *Target, size_t Room, size_t Start, size_t At, NTSTATUS Status,
                                     CHARACTER **End, size_t *Left, ULONG Flags) {
  if (NT_SUCCESS(Status)) {
    if ((Flags & STRSAFE_FILL_BEHIND_NULL) != 0)
      RtlFillMemory(&Target[At + 1], (Room - At - 1) * sizeof(CHARACTER), FILL_BYTE(Flags));
  } else {
    if ((Flags & STRSAFE_NO_TRUNCATION) != 0) At = Start;
    if ((Flags & STRSAFE_NULL_ON_FAILURE) != 0) At = 0;
    if ((Flags & STRSAFE_FILL_ON_FAILURE) != 0) {
      RtlFillMemory(Target, Room * sizeof(CHARACTER), FILL_BYTE(Flags));
      At = FILL_BYTE(Flags) == 0 ? 0 : Room - 1;
    }
    Target[At] = 0;
  }
  if (End != NULL) *End = &Target[At];
  if (Left != NULL) *Left = Room - At;
  return Status;
}

/* Appends at most Most characters of a source at Start. */
static NTSTATUS OF_CHARACTER(Put)(CHARACTER *Target, size_t Room, size_t Start, const CHARACTER *Source, size_t Most,
                                  CHARACTER **End, size_t *Left, ULONG Flags) {
  NTSTATUS Status = STATUS_SUCCESS;
  size_t At = Start, I;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH || (Flags & ~KNOWN_FLAGS) != 0) return STATUS_INVALID_PARAMETER;
  if (Start >= Room || (Source == NULL && (Flags & STRSAFE_IGNORE_NULLS) == 0)) return STATUS_INVALID_PARAMETER;
  for (I = 0; Source != NULL && I < Most && Source[I] != 0; I++) {
    if (At + 1 >= Room) {
      Status = STATUS_BUFFER_OVERFLOW;
      break;
    }
    Target[At++] = Source[I];
  }
  Target[At] = 0;
  return OF_CHARACTER(Finish)(Target, Room, Start, At, Status, End, Left, Flags);
}

static size_t OF_CHARACTER(Length)(const CHARACTER *Text, size_t Room) {
  size_t Length = 0;
  while (Length < Room && Text[Length] != 0) Length++;
  return Length;
}

static NTSTATUS OF_CHARACTER(Print)(CHARACTER *Target, size_t Room, CHARACTER **End, size_t *Left, ULONG Flags,
                                    const CHARACTER *Format, va_list List) {
  NTSTATUS Status;
  if (Room == 0 || Room > NTSTRSAFE_MAX_CCH || (Flags & ~KNOWN_FLAGS) != 0) return STATUS_INVALID_PARAMETER;
  Status = OF_CHARACTER(RtlStringCchVPrintf)(Target, Room, Format, List);
  return OF_CHARACTER(Finish)(Target, Room, 0, OF_CHARACTER(Length)(Target, Room), Status, End, Left, Flags);
}

/* What is left of Room bytes, in bytes, where anything was written. */
static NTSTATUS OF_CHARACTER(InBytes)(NTSTATUS Status, size_t Left, size_t Room, size_t *Remaining) {
  if (Remaining != NULL && Status != STATUS_INVALID_PARAMETER)
    *Remaining = Left * sizeof(CHARACTER) + Room % sizeof(CHARACTER);
  return Status;
}

NTSTATUS OF_CHARACTER(RtlStringCchCopyN)(CHARACTER *pszDest, size_t cchDest, const CHARACTER *pszSrc,
                                         size_t cchToCopy) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Put)(pszDest, cchDest, 0, pszSrc, cchToCopy, NULL, NULL, 0);
}

NTSTATUS OF_CHARACTER(RtlStringCchCatN)(CHARACTER *pszDest, size_t cchDest, const CHARACTER *pszSrc,
                                        size_t cchToAppend) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Put)(pszDest, cchDest, OF_CHARACTER(Length)(pszDest, cchDest), pszSrc, cchToAppend, NULL, NULL,
                           0);
}

NTSTATUS OF_CHARACTER(RtlStringCchCopyEx)(CHARACTER *pszDest, size_t cchDest, const CHARACTER *pszSrc,
                                          CHARACTER **ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Put)(pszDest, cchDest, 0, pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, pcchRemaining, dwFlags);
}

NTSTATUS OF_CHARACTER(RtlStringCchCatEx)(CHARACTER *pszDest, size_t cchDest, const CHARACTER *pszSrc,
                                         CHARACTER **ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Put)(pszDest, cchDest, OF_CHARACTER(Length)(pszDest, cchDest), pszSrc, NTSTRSAFE_MAX_CCH,
                           ppszDestEnd, pcchRemaining, dwFlags);
}

NTSTATUS OF_CHARACTER(RtlStringCchCopyNEx)(CHARACTER *pszDest, size_t cchDest, const CHARACTER *pszSrc,
                                           size_t cchToCopy, CHARACTER **ppszDestEnd, size_t *pcchRemaining,
                                           ULONG dwFlags) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Put)(pszDest, cchDest, 0, pszSrc, cchToCopy, ppszDestEnd, pcchRemaining, dwFlags);
}

NTSTATUS OF_CHARACTER(RtlStringCchCatNEx)(CHARACTER *pszDest, size_t cchDest, const CHARACTER *pszSrc,
                                          size_t cchToAppend, CHARACTER **ppszDestEnd, size_t *pcchRemaining,
                                          ULONG dwFlags) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Put)(pszDest, cchDest, OF_CHARACTER(Length)(pszDest, cchDest), pszSrc, cchToAppend, ppszDestEnd,
                           pcchRemaining, dwFlags);
}

NTSTATUS OF_CHARACTER(RtlStringCchVPrintfEx)(CHARACTER *pszDest, size_t cchDest, CHARACTER **ppszDestEnd,
                                             size_t *pcchRemaining, ULONG dwFlags, const CHARACTER *pszFormat,
                                             va_list argList) {
  KiCheckCaller(__func__);
  return OF_CHARACTER(Print)(pszDest, cchDest, ppszDestEnd, pcchRemaining, dwFlags, pszFormat, argList);
}

NTSTATUS OF_CHARACTER(RtlStringCchPrintfEx)(CHARACTER *pszDest, size_t cchDest, CHARACTER **ppszDestEnd,
                                            size_t *pcchRemaining, ULONG dwFlags, const CHARACTER *pszFormat, ...) {
  KiCheckCaller(__func__);
  NTSTATUS Status;
  va_list List;
  va_start(List, pszFormat);
  Status = OF_CHARACTER(Print)(pszDest, cchDest, ppszDestEnd, pcchRemaining, dwFlags, pszFormat, List);
  va_end(List);
  return Status;
}

NTSTATUS OF_CHARACTER(RtlStringCbCatN)(CHARACTER *pszDest, size_t cbDest, const CHARACTER *pszSrc, size_t cbToAppend) {
  KiCheckCaller(__func__);
  size_t Room = cbDest / sizeof(CHARACTER);
  return OF_CHARACTER(Put)(pszDest, Room, OF_CHARACTER(Length)(pszDest, Room), pszSrc, cbToAppend / sizeof(CHARACTER),
                           NULL, NULL, 0);
}

NTSTATUS OF_CHARACTER(RtlStringCbCopyEx)(CHARACTER *pszDest, size_t cbDest, const CHARACTER *pszSrc,
                                         CHARACTER **ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0, Room = cbDest / sizeof(CHARACTER);
  NTSTATUS Status = OF_CHARACTER(Put)(pszDest, Room, 0, pszSrc, NTSTRSAFE_MAX_CCH, ppszDestEnd, &Left, dwFlags);
  return OF_CHARACTER(InBytes)(Status, Left, cbDest, pcbRemaining);
}

NTSTATUS OF_CHARACTER(RtlStringCbCatEx)(CHARACTER *pszDest, size_t cbDest, const CHARACTER *pszSrc,
                                        CHARACTER **ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0, Room = cbDest / sizeof(CHARACTER);
  NTSTATUS Status = OF_CHARACTER(Put)(pszDest, Room, OF_CHARACTER(Length)(pszDest, Room), pszSrc, NTSTRSAFE_MAX_CCH,
                                      ppszDestEnd, &Left, dwFlags);
  return OF_CHARACTER(InBytes)(Status, Left, cbDest, pcbRemaining);
}

NTSTATUS OF_CHARACTER(RtlStringCbCopyNEx)(CHARACTER *pszDest, size_t cbDest, const CHARACTER *pszSrc, size_t cbToCopy,
                                          CHARACTER **ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0, Room = cbDest / sizeof(CHARACTER);
  NTSTATUS Status = OF_CHARACTER(Put)(pszDest, Room, 0, pszSrc, cbToCopy / sizeof(CHARACTER), ppszDestEnd, &Left,
                                      dwFlags);
  return OF_CHARACTER(InBytes)(Status, Left, cbDest, pcbRemaining);
}

NTSTATUS OF_CHARACTER(RtlStringCbCatNEx)(CHARACTER *pszDest, size_t cbDest, const CHARACTER *pszSrc, size_t cbToAppend,
                                         CHARACTER **ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags) {
  KiCheckCaller(__func__);
  size_t Left = 0, Room = cbDest / sizeof(CHARACTER);
  NTSTATUS Status = OF_CHARACTER(Put)(pszDest, Room, OF_CHARACTER(Length)(pszDest, Room), pszSrc,
                                      cbToAppend / sizeof(CHARACTER), ppszDestEnd, &Left, dwFlags);
  return OF_CHARACTER(InBytes)(Status, Left, cbDest, pcbRemaining);
}

NTSTATUS OF_CHARACTER(RtlStringCbVPrintfEx)(CHARACTER *pszDest, size_t cbDest, CHARACTER **ppszDestEnd,
                                            size_t *pcbRemaining, ULONG dwFlags, const CHARACTER *pszFormat,
                                            va_list argList) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status = OF_CHARACTER(Print)(pszDest, cbDest / sizeof(CHARACTER), ppszDestEnd, &Left, dwFlags, pszFormat,
                                        argList);
  return OF_CHARACTER(InBytes)(Status, Left, cbDest, pcbRemaining);
}

NTSTATUS OF_CHARACTER(RtlStringCbPrintfEx)(CHARACTER *pszDest, size_t cbDest, CHARACTER **ppszDestEnd,
                                           size_t *pcbRemaining, ULONG dwFlags, const CHARACTER *pszFormat, ...) {
  KiCheckCaller(__func__);
  size_t Left = 0;
  NTSTATUS Status;
  va_list List;
  va_start(List, pszFormat);
  Status = OF_CHARACTER(Print)(pszDest, cbDest / sizeof(CHARACTER), ppszDestEnd, &Left, dwFlags, pszFormat, List);
  va_end(List);
  return OF_CHARACTER(InBytes)(Status, Left, cbDest, pcbRemaining);
}
