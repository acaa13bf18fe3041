/* Interlocked operations of every width, what each returns; sequenced lists and lookaside lists. */
#include "check.h"

typedef struct _ITEM {
    SLIST_ENTRY Link;
    ULONG Value;
} ITEM, *PITEM;

static VOID Longs(VOID)
{
    LONG value = 5;
    LONG volatile bits = 0;
    PVOID pointer = NULL;
    int a, b;

    EQUAL(InterlockedIncrement(&value), 6);
    EQUAL(InterlockedDecrement(&value), 5);
    EQUAL(InterlockedAdd(&value, 10), 15);
    EQUAL(InterlockedExchange(&value, 7), 15);
    EQUAL(InterlockedExchangeAdd(&value, 3), 7);
    EQUAL(value, 10);
    EQUAL(InterlockedCompareExchange(&value, 20, 11), 10);
    EQUAL(value, 10);
    EQUAL(InterlockedCompareExchange(&value, 20, 10), 10);
    EQUAL(value, 20);
    EQUAL(InterlockedOr(&value, 1), 20);
    EQUAL(InterlockedAnd(&value, ~4), 21);
    EQUAL(InterlockedXor(&value, 0xFF), 17);
    EQUAL(value, 0xEE);
    EQUAL(InterlockedBitTestAndSet(&bits, 3), 0);
    EQUAL(InterlockedBitTestAndSet(&bits, 3), 1);
    EQUAL(bits, 8);
    EQUAL(InterlockedBitTestAndReset(&bits, 3), 1);
    EQUAL(bits, 0);
    value = MAXLONG;
    EQUAL(InterlockedIncrement(&value), (LONG)MINLONG);
    EQUAL(InterlockedExchangePointer(&pointer, &a), NULL);
    EQUAL(InterlockedCompareExchangePointer(&pointer, &b, NULL), &a);
    EQUAL(pointer, &a);
    EQUAL(InterlockedCompareExchangePointer(&pointer, &b, &a), &a);
    EQUAL(pointer, &b);
    value = 0;
    EQUAL(InterlockedIncrementAcquire(&value), 1);
    EQUAL(InterlockedDecrementRelease(&value), 0);
    EQUAL(InterlockedIncrementNoFence(&value), 1);
    EQUAL(ReadNoFence(&value), 1);
    WriteRelease(&value, 9);
    EQUAL(ReadAcquire(&value), 9);
}

static VOID OtherWidths(VOID)
{
    LONG64 wide = 0x100000000LL;
    SHORT narrow = 1;
    CHAR tiny = 1;
    LONG64 pair[2] = { 1, 2 }, expected[2] = { 1, 2 };

    EQUAL(InterlockedIncrement64(&wide), 0x100000001LL);
    EQUAL(InterlockedDecrement64(&wide), 0x100000000LL);
    EQUAL(InterlockedExchangeAdd64(&wide, -1), 0x100000000LL);
    EQUAL(wide, 0xFFFFFFFFLL);
    EQUAL(InterlockedAdd64(&wide, 1), 0x100000000LL);
    EQUAL(InterlockedExchange64(&wide, 4), 0x100000000LL);
    EQUAL(InterlockedCompareExchange64(&wide, 5, 4), 4);
    EQUAL(InterlockedOr64(&wide, 0x10), 5);
    EQUAL(InterlockedAnd64(&wide, 0x10), 0x15);
    EQUAL(InterlockedXor64(&wide, 0x11), 0x10);
    EQUAL(wide, 1);
    EQUAL(InterlockedIncrement16(&narrow), 2);
    EQUAL(InterlockedDecrement16(&narrow), 1);
    EQUAL(InterlockedCompareExchange16(&narrow, 9, 1), 1);
    EQUAL(narrow, 9);
    EQUAL(InterlockedExchange8(&tiny, 3), 1);
    EQUAL(tiny, 3);
    EQUAL(InterlockedCompareExchange128(pair, 20, 10, expected), 1);
    EQUAL(pair[0], 10);
    EQUAL(pair[1], 20);
    EQUAL(InterlockedCompareExchange128(pair, 0, 0, expected), 0);
    EQUAL(expected[0], 10);
    EQUAL(expected[1], 20);
}

static VOID SequencedLists(VOID)
{
    PSLIST_HEADER head = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*head), CHECK_TAG);
    PITEM items = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * sizeof(ITEM), CHECK_TAG);
    PSLIST_ENTRY entry;

    if (head == NULL || items == NULL) {
        return;
    }
    CHECK(((ULONG_PTR)head & (MEMORY_ALLOCATION_ALIGNMENT - 1)) == 0);
    InitializeSListHead(head);
    EQUAL(QueryDepthSList(head), 0);
    EQUAL(InterlockedPopEntrySList(head), NULL);
    EQUAL(InterlockedPushEntrySList(head, &items[0].Link), NULL);
    EQUAL(InterlockedPushEntrySList(head, &items[1].Link), &items[0].Link);
    EQUAL(ExInterlockedPushEntrySList(head, &items[2].Link, NULL), &items[1].Link);
    EQUAL(ExQueryDepthSList(head), 3);
    EQUAL(InterlockedPopEntrySList(head), &items[2].Link);
    EQUAL(ExInterlockedPopEntrySList(head, NULL), &items[1].Link);
    EQUAL(QueryDepthSList(head), 1);
    InterlockedPushEntrySList(head, &items[1].Link);
    entry = ExInterlockedFlushSList(head);
    EQUAL(entry, &items[1].Link);
    EQUAL(entry->Next, &items[0].Link);
    EQUAL(entry->Next->Next, NULL);
    EQUAL(QueryDepthSList(head), 0);
    EQUAL(InterlockedFlushSList(head), NULL);
    EQUAL(FirstEntrySList(head), NULL);
    ExFreePoolWithTag(items, CHECK_TAG);
    ExFreePoolWithTag(head, CHECK_TAG);
}

static LONG Allocations;

static PVOID AllocateEx(POOL_TYPE Type, SIZE_T Size, ULONG Tag, PLOOKASIDE_LIST_EX List)
{
    UNREFERENCED_PARAMETER(Type);
    UNREFERENCED_PARAMETER(List);
    InterlockedIncrement(&Allocations);
    return ExAllocatePoolZero(NonPagedPoolNx, Size, Tag);
}

static VOID FreeEx(PVOID Block, PLOOKASIDE_LIST_EX List)
{
    UNREFERENCED_PARAMETER(List);
    InterlockedDecrement(&Allocations);
    ExFreePoolWithTag(Block, CHECK_TAG);
}

static VOID LookasideLists(VOID)
{
    static NPAGED_LOOKASIDE_LIST nonpaged;
    static PAGED_LOOKASIDE_LIST paged;
    static LOOKASIDE_LIST_EX own;
    PVOID first, second;

    ExInitializeNPagedLookasideList(&nonpaged, NULL, NULL, POOL_NX_ALLOCATION, 64, CHECK_TAG, 0);
    EQUAL(nonpaged.L.Type, NonPagedPoolNx);
    ExDeleteNPagedLookasideList(&nonpaged);
    ExInitializeNPagedLookasideList(&nonpaged, NULL, NULL, 0, 64, CHECK_TAG, 0);
    EQUAL(nonpaged.L.Type, NonPagedPool);
    EQUAL(nonpaged.L.Depth, 4);
    EQUAL(nonpaged.L.MaximumDepth, 256);
    first = ExAllocateFromNPagedLookasideList(&nonpaged);
    second = ExAllocateFromNPagedLookasideList(&nonpaged);
    CHECK(first != NULL && second != NULL && first != second);
    RtlFillMemory(first, 64, 1);
    ExFreeToNPagedLookasideList(&nonpaged, first);
    ExFreeToNPagedLookasideList(&nonpaged, second);
    ExDeleteNPagedLookasideList(&nonpaged);
    ExInitializePagedLookasideList(&paged, NULL, NULL, 0, 32, CHECK_TAG, 0);
    first = ExAllocateFromPagedLookasideList(&paged);
    CHECK(first != NULL);
    ExFreeToPagedLookasideList(&paged, first);
    ExDeletePagedLookasideList(&paged);
    RETURNS(ExInitializeLookasideListEx(&own, AllocateEx, FreeEx, NonPagedPoolNx, 0, 48, CHECK_TAG, 0), STATUS_SUCCESS);
    first = ExAllocateFromLookasideListEx(&own);
    CHECK(first != NULL);
    EQUAL(Allocations, 1);
    ExFreeToLookasideListEx(&own, first);
    ExFlushLookasideListEx(&own);
    EQUAL(Allocations, 0);
    ExDeleteLookasideListEx(&own);
    RETURNS(ExInitializeLookasideListEx(&own, NULL, NULL, NonPagedPoolNx,
                                        8,
                                        48, CHECK_TAG, 0),
            STATUS_INVALID_PARAMETER_5);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Longs();
    OtherWidths();
    SequencedLists();
    LookasideLists();
}
