/*
 * RTL_DYNAMIC_HASH_TABLE: buckets of chained entries. Entries of one signature stand together in their chain, so that
 * RtlGetNextEntryHashTable goes on from the one before.
 *
 * The number of buckets is a power of two that stays as it was made: Windows grows and shrinks a table only when a
 * driver asks for it, and says with FALSE where it does not. An enumerator stands in the chain itself, with the reserved
 * signature, so that entries may be removed and inserted meanwhile.
 */
#include <ntddk.h>
#include "ki.h"

#define HASH_TAG 'HbTR'
#define BASE_SIZE 128
#define SIZE_MAX_LOG2 20

static PLIST_ENTRY ChainOf(PRTL_DYNAMIC_HASH_TABLE Table, ULONG_PTR Signature) {
  PLIST_ENTRY Buckets = Table->Directory;
  return &Buckets[(Signature >> Table->Shift) & Table->DivisorMask];
}

static PRTL_DYNAMIC_HASH_TABLE_ENTRY EntryOf(PLIST_ENTRY Linkage) {
  return CONTAINING_RECORD(Linkage, RTL_DYNAMIC_HASH_TABLE_ENTRY, Linkage);
}

static BOOLEAN HasEntries(PLIST_ENTRY Chain) {
  PLIST_ENTRY Link;
  for (Link = Chain->Flink; Link != Chain; Link = Link->Flink)
    if (EntryOf(Link)->Signature != RTL_HASH_RESERVED_SIGNATURE) return TRUE;
  return FALSE;
}

/* Lets a context stand before the first entry of the signature, or where one would be. */
static VOID FillContext(PRTL_DYNAMIC_HASH_TABLE Table, ULONG_PTR Signature, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  PLIST_ENTRY Link;
  Context->ChainHead = ChainOf(Table, Signature);
  Context->Signature = Signature;
  Context->PrevLinkage = Context->ChainHead;
  for (Link = Context->ChainHead->Flink; Link != Context->ChainHead; Link = Link->Flink) {
    ULONG_PTR Here = EntryOf(Link)->Signature;
    if (Here != RTL_HASH_RESERVED_SIGNATURE && Here >= Signature) return;
    if (Here != RTL_HASH_RESERVED_SIGNATURE) Context->PrevLinkage = Link;
  }
}

static ULONG_PTR Usable(ULONG_PTR Signature) { return Signature == RTL_HASH_RESERVED_SIGNATURE ? 1 : Signature; }

BOOLEAN RtlCreateHashTableEx(PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG InitialSize, ULONG Shift, ULONG Flags) {
  KiCheckCaller(__func__);
  PRTL_DYNAMIC_HASH_TABLE Table = *HashTable;
  ULONG Size = BASE_SIZE, Made = 0, I;
  PLIST_ENTRY Buckets;
  if (Flags != 0 || Shift >= sizeof(ULONG) * 8) return FALSE;
  while (Size < InitialSize && Size < (1UL << SIZE_MAX_LOG2)) Size *= 2;
  if (Table == NULL) {
    Table = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*Table), HASH_TAG);
    if (Table == NULL) return FALSE;
    Made = RTL_HASH_ALLOCATED_HEADER;
  }
  Buckets = ExAllocatePool2(POOL_FLAG_NON_PAGED, Size * sizeof(LIST_ENTRY), HASH_TAG);
  if (Buckets == NULL) {
    if (Made) ExFreePoolWithTag(Table, HASH_TAG);
    return FALSE;
  }
  for (I = 0; I < Size; I++) InitializeListHead(&Buckets[I]);
  RtlZeroMemory(Table, sizeof(*Table));
  Table->Flags = Made;
  Table->Shift = Shift;
  Table->TableSize = Size;
  Table->DivisorMask = Size - 1;
  Table->Directory = Buckets;
  *HashTable = Table;
  return TRUE;
}

BOOLEAN RtlCreateHashTable(PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG Shift, ULONG Flags) {
  KiCheckCaller(__func__);
  return RtlCreateHashTableEx(HashTable, BASE_SIZE, Shift, Flags);
}

VOID RtlDeleteHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable) {
  KiCheckCaller(__func__);
  ULONG Made = HashTable->Flags & RTL_HASH_ALLOCATED_HEADER;
  ExFreePoolWithTag(HashTable->Directory, HASH_TAG);
  HashTable->Directory = NULL;
  if (Made) ExFreePoolWithTag(HashTable, HASH_TAG);
}

BOOLEAN RtlInsertEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry,
                                ULONG_PTR Signature, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  KiCheckCaller(__func__);
  RTL_DYNAMIC_HASH_TABLE_CONTEXT Own;
  PRTL_DYNAMIC_HASH_TABLE_CONTEXT Place = Context == NULL ? &Own : Context;
  Entry->Signature = Usable(Signature);
  if (Context == NULL || Context->ChainHead == NULL) FillContext(HashTable, Entry->Signature, Place);
  if (!HasEntries(Place->ChainHead)) HashTable->NonEmptyBuckets++;
  InsertHeadList(Place->PrevLinkage, &Entry->Linkage);
  HashTable->NumEntries++;
  return TRUE;
}

BOOLEAN RtlRemoveEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry,
                                PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  KiCheckCaller(__func__);
  PLIST_ENTRY Chain = ChainOf(HashTable, Entry->Signature);
  if (Context != NULL && Context->ChainHead == NULL) {
    Context->ChainHead = Chain;
    Context->Signature = Entry->Signature;
    Context->PrevLinkage = Entry->Linkage.Blink;
  } else if (Context != NULL && Context->PrevLinkage == &Entry->Linkage) {
    Context->PrevLinkage = Entry->Linkage.Blink;
  }
  RemoveEntryList(&Entry->Linkage);
  HashTable->NumEntries--;
  if (!HasEntries(Chain)) HashTable->NonEmptyBuckets--;
  return TRUE;
}

/* The first entry behind a place that is no enumerator, if it has the signature. */
static PRTL_DYNAMIC_HASH_TABLE_ENTRY FoundBehind(PLIST_ENTRY Previous, PLIST_ENTRY Chain, ULONG_PTR Signature) {
  PLIST_ENTRY Link;
  for (Link = Previous->Flink; Link != Chain; Link = Link->Flink)
    if (EntryOf(Link)->Signature != RTL_HASH_RESERVED_SIGNATURE)
      return EntryOf(Link)->Signature == Signature ? EntryOf(Link) : NULL;
  return NULL;
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY RtlLookupEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, ULONG_PTR Signature,
                                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  KiCheckCaller(__func__);
  RTL_DYNAMIC_HASH_TABLE_CONTEXT Own;
  PRTL_DYNAMIC_HASH_TABLE_CONTEXT Place = Context == NULL ? &Own : Context;
  FillContext(HashTable, Usable(Signature), Place);
  return FoundBehind(Place->PrevLinkage, Place->ChainHead, Place->Signature);
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY RtlGetNextEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                       PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  KiCheckCaller(__func__);
  PRTL_DYNAMIC_HASH_TABLE_ENTRY Current = FoundBehind(Context->PrevLinkage, Context->ChainHead, Context->Signature);
  UNREFERENCED_PARAMETER(HashTable);
  if (Current == NULL) return NULL;
  if (FoundBehind(&Current->Linkage, Context->ChainHead, Context->Signature) == NULL) return NULL;
  Context->PrevLinkage = &Current->Linkage;
  return FoundBehind(&Current->Linkage, Context->ChainHead, Context->Signature);
}

BOOLEAN RtlInitEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator) {
  KiCheckCaller(__func__);
  PLIST_ENTRY Buckets = HashTable->Directory;
  Enumerator->BucketIndex = 0;
  Enumerator->ChainHead = &Buckets[0];
  Enumerator->HashEntry.Signature = RTL_HASH_RESERVED_SIGNATURE;
  InsertHeadList(Enumerator->ChainHead, &Enumerator->HashEntry.Linkage);
  HashTable->NumEnumerators++;
  return TRUE;
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY RtlEnumerateEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                         PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator) {
  KiCheckCaller(__func__);
  PLIST_ENTRY Buckets = HashTable->Directory;
  PLIST_ENTRY Link = Enumerator->HashEntry.Linkage.Flink;
  for (;;) {
    while (Link != Enumerator->ChainHead && EntryOf(Link)->Signature == RTL_HASH_RESERVED_SIGNATURE) Link = Link->Flink;
    if (Link != Enumerator->ChainHead) {
      RemoveEntryList(&Enumerator->HashEntry.Linkage);
      InsertHeadList(Link, &Enumerator->HashEntry.Linkage);
      return EntryOf(Link);
    }
    if (Enumerator->BucketIndex + 1 >= HashTable->TableSize) return NULL;
    Enumerator->BucketIndex++;
    RemoveEntryList(&Enumerator->HashEntry.Linkage);
    Enumerator->ChainHead = &Buckets[Enumerator->BucketIndex];
    InsertHeadList(Enumerator->ChainHead, &Enumerator->HashEntry.Linkage);
    Link = Enumerator->HashEntry.Linkage.Flink;
  }
}

VOID RtlEndEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator) {
  KiCheckCaller(__func__);
  RemoveEntryList(&Enumerator->HashEntry.Linkage);
  HashTable->NumEnumerators--;
}

BOOLEAN RtlExpandHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(HashTable);
  return FALSE;
}

BOOLEAN RtlContractHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable) {
  KiCheckCaller(__func__);
  UNREFERENCED_PARAMETER(HashTable);
  return FALSE;
}
