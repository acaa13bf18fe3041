/*
 * Doubly linked lists and interlocked stacks. The list functions check the links they are about to change, as those
 * of the WDK do: a broken neighbour ends in fast fail 3, bug check 0x139.
 */
#pragma once

FORCEINLINE VOID InitializeListHead(_Out_ PLIST_ENTRY ListHead) {
  ListHead->Flink = ListHead;
  ListHead->Blink = ListHead;
}

FORCEINLINE _Must_inspect_result_ BOOLEAN IsListEmpty(_In_ const LIST_ENTRY *ListHead) {
  return (BOOLEAN)(ListHead->Flink == ListHead);
}

FORCEINLINE BOOLEAN RemoveEntryList(_In_ PLIST_ENTRY Entry) {
  PLIST_ENTRY after = Entry->Flink;
  PLIST_ENTRY before = Entry->Blink;
  if (after->Blink != Entry || before->Flink != Entry) __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
  before->Flink = after;
  after->Blink = before;
  return (BOOLEAN)(before == after);
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(_Inout_ PLIST_ENTRY ListHead) {
  PLIST_ENTRY first = ListHead->Flink;
  PLIST_ENTRY second = first->Flink;
  if (first->Blink != ListHead || second->Blink != first) __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
  ListHead->Flink = second;
  second->Blink = ListHead;
  return first;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(_Inout_ PLIST_ENTRY ListHead) {
  PLIST_ENTRY last = ListHead->Blink;
  PLIST_ENTRY previous = last->Blink;
  if (last->Flink != ListHead || previous->Flink != last) __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
  ListHead->Blink = previous;
  previous->Flink = ListHead;
  return last;
}

FORCEINLINE VOID InsertTailList(_Inout_ PLIST_ENTRY ListHead, _Out_ __drv_aliasesMem PLIST_ENTRY Entry) {
  PLIST_ENTRY last = ListHead->Blink;
  if (last->Flink != ListHead) __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
  Entry->Flink = ListHead;
  Entry->Blink = last;
  last->Flink = Entry;
  ListHead->Blink = Entry;
}

FORCEINLINE VOID InsertHeadList(_Inout_ PLIST_ENTRY ListHead, _Out_ __drv_aliasesMem PLIST_ENTRY Entry) {
  PLIST_ENTRY first = ListHead->Flink;
  if (first->Blink != ListHead) __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
  Entry->Flink = first;
  Entry->Blink = ListHead;
  first->Blink = Entry;
  ListHead->Flink = Entry;
}

FORCEINLINE VOID AppendTailList(_Inout_ PLIST_ENTRY ListHead, _Inout_ PLIST_ENTRY ListToAppend) {
  PLIST_ENTRY last = ListHead->Blink;
  PLIST_ENTRY lastAppended = ListToAppend->Blink;
  if (last->Flink != ListHead || lastAppended->Flink != ListToAppend) __fastfail(FAST_FAIL_CORRUPT_LIST_ENTRY);
  last->Flink = ListToAppend;
  ListHead->Blink = lastAppended;
  lastAppended->Flink = ListHead;
  ListToAppend->Blink = last;
}

FORCEINLINE PSINGLE_LIST_ENTRY PopEntryList(_Inout_ PSINGLE_LIST_ENTRY ListHead) {
  PSINGLE_LIST_ENTRY first = ListHead->Next;
  if (first != NULL) ListHead->Next = first->Next;
  return first;
}

FORCEINLINE VOID PushEntryList(_Inout_ PSINGLE_LIST_ENTRY ListHead, _Inout_ __drv_aliasesMem PSINGLE_LIST_ENTRY Entry) {
  Entry->Next = ListHead->Next;
  ListHead->Next = Entry;
}

typedef struct DECLSPEC_ALIGN(16) _SLIST_ENTRY {
  struct _SLIST_ENTRY *Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

typedef union DECLSPEC_ALIGN(16) _SLIST_HEADER {
  struct {
    ULONGLONG Alignment;
    ULONGLONG Region;
  };
  struct {
    ULONGLONG Depth : 16;
    ULONGLONG Sequence : 48;
    ULONGLONG Reserved : 4;
    ULONGLONG NextEntry : 60;
  } HeaderX64;
} SLIST_HEADER, *PSLIST_HEADER;

_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI VOID InitializeSListHead(_Out_ PSLIST_HEADER SListHead);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PSLIST_ENTRY InterlockedPushEntrySList(_Inout_ PSLIST_HEADER ListHead,
                                                   _Inout_ __drv_aliasesMem PSLIST_ENTRY ListEntry);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PSLIST_ENTRY InterlockedPopEntrySList(_Inout_ PSLIST_HEADER ListHead);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PSLIST_ENTRY InterlockedFlushSList(_Inout_ PSLIST_HEADER ListHead);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PSLIST_ENTRY FirstEntrySList(_In_ const SLIST_HEADER *SListHead);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI USHORT QueryDepthSList(_In_ PSLIST_HEADER SListHead);

#define ExInitializeSListHead InitializeSListHead
#define ExpInterlockedPushEntrySList InterlockedPushEntrySList
#define ExQueryDepthSList QueryDepthSList
#define ExInterlockedPushEntrySList(Head, Entry, Lock) InterlockedPushEntrySList(Head, Entry)
#define ExInterlockedPopEntrySList(Head, Lock) InterlockedPopEntrySList(Head)
#define ExInterlockedFlushSList(Head) InterlockedFlushSList(Head)

_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PLIST_ENTRY FASTCALL ExInterlockedInsertHeadList(_Inout_ PLIST_ENTRY ListHead,
                                                             _Inout_ __drv_aliasesMem PLIST_ENTRY ListEntry,
                                                             _Inout_ _Requires_lock_not_held_(*_Curr_) PKSPIN_LOCK Lock);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PLIST_ENTRY FASTCALL ExInterlockedInsertTailList(_Inout_ PLIST_ENTRY ListHead,
                                                             _Inout_ __drv_aliasesMem PLIST_ENTRY ListEntry,
                                                             _Inout_ _Requires_lock_not_held_(*_Curr_) PKSPIN_LOCK Lock);
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI PSINGLE_LIST_ENTRY FASTCALL ExInterlockedPopEntryList(_Inout_ PSINGLE_LIST_ENTRY ListHead,
                                                                  _Inout_ PKSPIN_LOCK Lock);
NTKERNELAPI PSINGLE_LIST_ENTRY FASTCALL ExInterlockedPushEntryList(_Inout_ PSINGLE_LIST_ENTRY ListHead,
                                                                   _Inout_ __drv_aliasesMem PSINGLE_LIST_ENTRY ListEntry,
                                                                   _Inout_ PKSPIN_LOCK Lock);
NTKERNELAPI PLIST_ENTRY FASTCALL ExInterlockedRemoveHeadList(_Inout_ PLIST_ENTRY ListHead,
                                                             _Inout_ _Requires_lock_not_held_(*_Curr_) PKSPIN_LOCK Lock);
