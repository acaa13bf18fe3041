/* Runs of bits in an RTL_BITMAP, and where the lowest and highest bit of a number stands. */
#include <ntddk.h>

#define NOT_FOUND 0xFFFFFFFF

static ULONG RunFrom(PRTL_BITMAP BitMap, ULONG From, BOOLEAN IsSet) {
  ULONG End = From;
  while (End < BitMap->SizeOfBitMap && RtlTestBit(BitMap, End) == IsSet) End++;
  return End - From;
}

BOOLEAN RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length) {
  if (Length == 0 || StartingIndex >= BitMapHeader->SizeOfBitMap || Length > BitMapHeader->SizeOfBitMap - StartingIndex)
    return FALSE;
  return RunFrom(BitMapHeader, StartingIndex, TRUE) >= Length;
}

BOOLEAN RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length) {
  if (Length == 0 || StartingIndex >= BitMapHeader->SizeOfBitMap || Length > BitMapHeader->SizeOfBitMap - StartingIndex)
    return FALSE;
  return RunFrom(BitMapHeader, StartingIndex, FALSE) >= Length;
}

ULONG RtlFindNextForwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex, PULONG StartingRunIndex) {
  ULONG At = FromIndex;
  if (At < BitMapHeader->SizeOfBitMap) At += RunFrom(BitMapHeader, At, TRUE);
  *StartingRunIndex = At;
  return At < BitMapHeader->SizeOfBitMap ? RunFrom(BitMapHeader, At, FALSE) : 0;
}

ULONG RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex) {
  return RtlFindNextForwardRunClear(BitMapHeader, 0, StartingIndex);
}

ULONG RtlFindLastBackwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex, PULONG StartingRunIndex) {
  LONG Last = (LONG)FromIndex, First;
  while (Last >= 0 && RtlTestBit(BitMapHeader, Last)) Last--;
  First = Last;
  while (First > 0 && !RtlTestBit(BitMapHeader, First - 1)) First--;
  *StartingRunIndex = First < 0 ? FromIndex : (ULONG)First;
  return First < 0 ? 0 : (ULONG)(Last - First + 1);
}

ULONG RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex) {
  ULONG Longest = 0, At = 0, Start = 0, Length;
  for (;;) {
    Length = RtlFindNextForwardRunClear(BitMapHeader, At, &Start);
    if (Length == 0) return Longest;
    if (Length > Longest) {
      Longest = Length;
      *StartingIndex = Start;
    }
    At = Start + Length;
  }
}

ULONG RtlFindClearRuns(PRTL_BITMAP BitMapHeader, PRTL_BITMAP_RUN RunArray, ULONG SizeOfRunArray,
                       BOOLEAN LocateLongestRuns) {
  ULONG Count = 0, At = 0, Start = 0, Length, I;
  while (SizeOfRunArray != 0 && (Length = RtlFindNextForwardRunClear(BitMapHeader, At, &Start)) != 0) {
    At = Start + Length;
    if (!LocateLongestRuns) {
      RunArray[Count].StartingIndex = Start;
      RunArray[Count].NumberOfBits = Length;
      if (++Count == SizeOfRunArray) return Count;
      continue;
    }
    /* The longest come first; among equals, those found first. */
    for (I = Count; I > 0 && RunArray[I - 1].NumberOfBits < Length; I--)
      if (I < SizeOfRunArray) RunArray[I] = RunArray[I - 1];
    if (I >= SizeOfRunArray) continue;
    RunArray[I].StartingIndex = Start;
    RunArray[I].NumberOfBits = Length;
    if (Count < SizeOfRunArray) Count++;
  }
  return Count;
}

ULONG RtlFindSetBitsAndClear(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex) {
  ULONG At = RtlFindSetBits(BitMapHeader, NumberToFind, HintIndex);
  if (At != NOT_FOUND) RtlClearBits(BitMapHeader, At, NumberToFind);
  return At;
}

CCHAR RtlFindLeastSignificantBit(ULONGLONG Set) {
  CCHAR Bit;
  for (Bit = 0; Bit < 64; Bit++)
    if ((Set >> Bit) & 1) return Bit;
  return -1;
}

CCHAR RtlFindMostSignificantBit(ULONGLONG Set) {
  CCHAR Bit;
  for (Bit = 63; Bit >= 0; Bit--)
    if ((Set >> Bit) & 1) return Bit;
  return -1;
}
