/* RTL_DYNAMIC_HASH_TABLE: chained entries that the driver embeds, found by a signature that it computes. */
#pragma once

typedef struct _RTL_DYNAMIC_HASH_TABLE_ENTRY {
  LIST_ENTRY Linkage;
  ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_ENTRY, *PRTL_DYNAMIC_HASH_TABLE_ENTRY;

typedef struct _RTL_DYNAMIC_HASH_TABLE_CONTEXT {
  PLIST_ENTRY ChainHead;
  PLIST_ENTRY PrevLinkage;
  ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_CONTEXT, *PRTL_DYNAMIC_HASH_TABLE_CONTEXT;

typedef struct _RTL_DYNAMIC_HASH_TABLE_ENUMERATOR {
  union {
    RTL_DYNAMIC_HASH_TABLE_ENTRY HashEntry;
    PLIST_ENTRY CurEntry;
  };
  PLIST_ENTRY ChainHead;
  ULONG BucketIndex;
} RTL_DYNAMIC_HASH_TABLE_ENUMERATOR, *PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR;

typedef struct _RTL_DYNAMIC_HASH_TABLE {
  ULONG Flags;
  ULONG Shift;
  ULONG TableSize;
  ULONG Pivot;
  ULONG DivisorMask;
  ULONG NumEntries;
  ULONG NonEmptyBuckets;
  ULONG NumEnumerators;
  PVOID Directory;
} RTL_DYNAMIC_HASH_TABLE, *PRTL_DYNAMIC_HASH_TABLE;

#define RTL_HASH_ALLOCATED_HEADER 0x00000001
#define RTL_HASH_RESERVED_SIGNATURE 0
#define HASH_ENTRY_KEY(Entry) ((Entry)->Signature)

_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSYSAPI BOOLEAN NTAPI RtlCreateHashTable(_Inout_ PRTL_DYNAMIC_HASH_TABLE *HashTable, _In_ ULONG Shift,
                                          _Reserved_ ULONG Flags);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSYSAPI BOOLEAN NTAPI RtlCreateHashTableEx(_Inout_ PRTL_DYNAMIC_HASH_TABLE *HashTable, _In_ ULONG InitialSize,
                                            _In_ ULONG Shift, _Reserved_ ULONG Flags);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI VOID NTAPI RtlDeleteHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlInsertEntryHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable,
                                               _In_ __drv_aliasesMem PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry,
                                               _In_ ULONG_PTR Signature,
                                               _Inout_opt_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlRemoveEntryHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable,
                                               _In_ PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry,
                                               _Inout_opt_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSYSAPI PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlLookupEntryHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                                     _In_ ULONG_PTR Signature,
                                                                     _Out_opt_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSYSAPI PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlGetNextEntryHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                                      _In_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlInitEnumerationHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                   _Out_ PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSYSAPI PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI
RtlEnumerateEntryHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable, _Inout_ PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI VOID NTAPI RtlEndEnumerationHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable,
                                               _Inout_ PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlExpandHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSYSAPI BOOLEAN NTAPI RtlContractHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable);

FORCEINLINE VOID RtlInitHashTableContext(_Inout_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  Context->ChainHead = NULL;
  Context->PrevLinkage = NULL;
}
FORCEINLINE VOID RtlInitHashTableContextFromEnumerator(_Inout_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context,
                                                       _In_ PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator) {
  Context->ChainHead = Enumerator->ChainHead;
  Context->PrevLinkage = Enumerator->HashEntry.Linkage.Blink;
}
FORCEINLINE VOID RtlReleaseHashTableContext(_Inout_ PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context) {
  UNREFERENCED_PARAMETER(Context);
}
FORCEINLINE ULONG RtlTotalBucketsHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable) { return HashTable->TableSize; }
FORCEINLINE ULONG RtlNonEmptyBucketsHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable) {
  return HashTable->NonEmptyBuckets;
}
FORCEINLINE ULONG RtlEmptyBucketsHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable) {
  return HashTable->TableSize - HashTable->NonEmptyBuckets;
}
FORCEINLINE ULONG RtlTotalEntriesHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable) { return HashTable->NumEntries; }
FORCEINLINE ULONG RtlActiveEnumeratorsHashTable(_In_ PRTL_DYNAMIC_HASH_TABLE HashTable) {
  return HashTable->NumEnumerators;
}
