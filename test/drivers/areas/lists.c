/* Lists, bitmaps, AVL, splay and hash tables: order, counts, what is found, what is not. */
#include "check.h"

typedef struct _ITEM {
    LIST_ENTRY Link;
    RTL_DYNAMIC_HASH_TABLE_ENTRY Hash;
    ULONG Key;
} ITEM, *PITEM;

static VOID DoublyLinked(VOID)
{
    LIST_ENTRY head, other;
    ITEM items[4];
    ULONG i;

    InitializeListHead(&head);
    CHECK(IsListEmpty(&head));
    for (i = 0; i < 4; i++) {
        items[i].Key = i;
    }
    InsertTailList(&head, &items[0].Link);
    InsertTailList(&head, &items[1].Link);
    InsertHeadList(&head, &items[2].Link);
    CHECK(!IsListEmpty(&head));
    EQUAL(head.Flink, &items[2].Link);
    EQUAL(head.Blink, &items[1].Link);
    EQUAL(CONTAINING_RECORD(head.Flink, ITEM, Link)->Key, 2);
    CHECK(!RemoveEntryList(&items[0].Link));
    EQUAL(RemoveHeadList(&head), &items[2].Link);
    EQUAL(RemoveTailList(&head), &items[1].Link);
    CHECK(IsListEmpty(&head));
    InsertTailList(&head, &items[3].Link);
    CHECK(RemoveEntryList(&items[3].Link));
    InitializeListHead(&other);
    InsertTailList(&head, &items[0].Link);
    InsertTailList(&other, &items[1].Link);
    InsertTailList(&other, &items[2].Link);
    AppendTailList(&head, &other);
    EQUAL(items[0].Link.Flink, &other);
    RemoveEntryList(&other);
    EQUAL(head.Blink, &items[2].Link);
    EQUAL(items[0].Link.Flink, &items[1].Link);
}

static VOID SinglyLinked(VOID)
{
    SINGLE_LIST_ENTRY head = { NULL }, a, b;

    PushEntryList(&head, &a);
    PushEntryList(&head, &b);
    EQUAL(PopEntryList(&head), &b);
    EQUAL(PopEntryList(&head), &a);
    EQUAL(PopEntryList(&head), NULL);
}

static VOID Bitmaps(VOID)
{
    ULONG words[3], start;
    RTL_BITMAP map;
    RTL_BITMAP_RUN runs[3];

    RtlInitializeBitMap(&map, words, 80);
    RtlClearAllBits(&map);
    EQUAL(RtlNumberOfSetBits(&map), 0);
    EQUAL(RtlNumberOfClearBits(&map), 80);
    RtlSetBits(&map, 10, 5);
    RtlSetBit(&map, 30);
    EQUAL(RtlNumberOfSetBits(&map), 6);
    CHECK(RtlTestBit(&map, 12));
    CHECK(!RtlTestBit(&map, 15));
    CHECK(RtlCheckBit(&map, 30));
    CHECK(RtlAreBitsSet(&map, 10, 5));
    CHECK(!RtlAreBitsSet(&map, 10, 6));
    CHECK(RtlAreBitsClear(&map, 15, 15));
    CHECK(!RtlAreBitsClear(&map, 15, 16));
    CHECK(!RtlAreBitsClear(&map, 79, 2));
    EQUAL(RtlFindClearBits(&map, 12, 0), 15);
    EQUAL(RtlFindClearBits(&map, 3, 0), 0);
    EQUAL(RtlFindSetBits(&map, 2, 0), 10);
    EQUAL(RtlFindSetBits(&map, 6, 0), 0xFFFFFFFF);
    EQUAL(RtlFindClearBitsAndSet(&map, 4, 16), 16);
    CHECK(RtlAreBitsSet(&map, 16, 4));
    EQUAL(RtlFindSetBitsAndClear(&map, 4, 16), 16);
    CHECK(RtlAreBitsClear(&map, 16, 4));
    EQUAL(RtlFindLongestRunClear(&map, &start), 49);
    EQUAL(start, 31);
    EQUAL(RtlFindFirstRunClear(&map, &start), 10);
    EQUAL(start, 0);
    EQUAL(RtlFindNextForwardRunClear(&map, 12, &start), 15);
    EQUAL(start, 15);
    EQUAL(RtlFindLastBackwardRunClear(&map, 29, &start), 15);
    EQUAL(start, 15);
    EQUAL(RtlFindClearRuns(&map, runs, 3, TRUE), 3);
    EQUAL(runs[0].NumberOfBits, 49);
    EQUAL(runs[1].NumberOfBits, 15);
    EQUAL(runs[2].StartingIndex, 0);
    EQUAL(RtlFindClearRuns(&map, runs, 2, FALSE), 2);
    EQUAL(runs[1].StartingIndex, 15);
    RtlClearBits(&map, 0, 80);
    EQUAL(RtlNumberOfSetBits(&map), 0);
    RtlSetAllBits(&map);
    EQUAL(RtlNumberOfClearBits(&map), 0);
    RtlClearBit(&map, 79);
    EQUAL(RtlFindClearBits(&map, 1, 0), 79);
    EQUAL(RtlFindLeastSignificantBit(0x50), 4);
    EQUAL(RtlFindMostSignificantBit(0x50), 6);
    EQUAL((LONG)RtlFindLeastSignificantBit(0), -1);
    EQUAL(RtlNumberOfSetBitsUlongPtr(0xF0F0), 8);
}

static RTL_AVL_COMPARE_ROUTINE CompareAvl;
static RTL_AVL_ALLOCATE_ROUTINE AllocateAvl;
static RTL_AVL_FREE_ROUTINE FreeAvl;
static RTL_GENERIC_COMPARE_ROUTINE CompareGeneric;
static RTL_GENERIC_ALLOCATE_ROUTINE AllocateGeneric;
static RTL_GENERIC_FREE_ROUTINE FreeGeneric;

static RTL_GENERIC_COMPARE_RESULTS Order(PVOID First, PVOID Second)
{
    ULONG a = *(PULONG)First, b = *(PULONG)Second;

    return a < b ? GenericLessThan : a > b ? GenericGreaterThan : GenericEqual;
}

static RTL_GENERIC_COMPARE_RESULTS CompareAvl(PRTL_AVL_TABLE Table, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Table);
    return Order(First, Second);
}

static PVOID AllocateAvl(PRTL_AVL_TABLE Table, CLONG Size)
{
    UNREFERENCED_PARAMETER(Table);
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, Size, CHECK_TAG);
}

static VOID FreeAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
    UNREFERENCED_PARAMETER(Table);
    ExFreePoolWithTag(Buffer, CHECK_TAG);
}

static RTL_GENERIC_COMPARE_RESULTS CompareGeneric(PRTL_GENERIC_TABLE Table, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Table);
    return Order(First, Second);
}

static PVOID AllocateGeneric(PRTL_GENERIC_TABLE Table, CLONG Size)
{
    UNREFERENCED_PARAMETER(Table);
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, Size, CHECK_TAG);
}

static VOID FreeGeneric(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
    UNREFERENCED_PARAMETER(Table);
    ExFreePoolWithTag(Buffer, CHECK_TAG);
}

static VOID Avl(VOID)
{
    static const ULONG keys[] = { 50, 20, 80, 10, 30, 70, 90 };
    RTL_AVL_TABLE table;
    BOOLEAN isNew;
    PULONG found, previous;
    PVOID restart = NULL;
    ULONG i, key, count = 0, sorted = 1, last = 0;

    RtlInitializeGenericTableAvl(&table, CompareAvl, AllocateAvl, FreeAvl, NULL);
    CHECK(RtlIsGenericTableEmptyAvl(&table));
    for (i = 0; i < ARRAYSIZE(keys); i++) {
        key = keys[i];
        previous = RtlInsertElementGenericTableAvl(&table, &key, sizeof(key), &isNew);
        if (previous == NULL || !isNew) {
            sorted = 0;
        }
    }
    EQUAL(RtlNumberGenericTableElementsAvl(&table), 7);
    key = 30;
    previous = RtlInsertElementGenericTableAvl(&table, &key, sizeof(key), &isNew);
    CHECK(!isNew);
    found = RtlLookupElementGenericTableAvl(&table, &key);
    EQUAL(found, previous);
    EQUAL(*found, 30);
    key = 31;
    EQUAL(RtlLookupElementGenericTableAvl(&table, &key), NULL);
    for (found = RtlEnumerateGenericTableAvl(&table, TRUE); found != NULL; found = RtlEnumerateGenericTableAvl(&table, FALSE)) {
        sorted &= *found > last;
        last = *found;
        count++;
    }
    EQUAL(count, 7);
    EQUAL(sorted, 1);
    found = RtlEnumerateGenericTableWithoutSplayingAvl(&table, &restart);
    EQUAL(*found, 10);
    found = RtlEnumerateGenericTableWithoutSplayingAvl(&table, &restart);
    EQUAL(*found, 20);
    found = RtlGetElementGenericTableAvl(&table, 2);
    EQUAL(*found, 30);
    EQUAL(RtlGetElementGenericTableAvl(&table, 7), NULL);
    key = 31;
    CHECK(!RtlDeleteElementGenericTableAvl(&table, &key));
    for (i = 0; i < ARRAYSIZE(keys); i++) {
        key = keys[i];
        CHECK(RtlDeleteElementGenericTableAvl(&table, &key));
    }
    CHECK(RtlIsGenericTableEmptyAvl(&table));
}

static VOID Generic(VOID)
{
    RTL_GENERIC_TABLE table;
    BOOLEAN isNew;
    PULONG found;
    ULONG key;

    RtlInitializeGenericTable(&table, CompareGeneric, AllocateGeneric, FreeGeneric, NULL);
    CHECK(RtlIsGenericTableEmpty(&table));
    key = 3;
    RtlInsertElementGenericTable(&table, &key, sizeof(key), &isNew);
    CHECK(isNew);
    key = 1;
    RtlInsertElementGenericTable(&table, &key, sizeof(key), &isNew);
    key = 2;
    RtlInsertElementGenericTable(&table, &key, sizeof(key), &isNew);
    EQUAL(RtlNumberGenericTableElements(&table), 3);
    found = RtlEnumerateGenericTable(&table, TRUE);
    EQUAL(*found, 1);
    found = RtlGetElementGenericTable(&table, 0);
    EQUAL(*found, 3);
    key = 2;
    found = RtlLookupElementGenericTable(&table, &key);
    EQUAL(*found, 2);
    CHECK(RtlDeleteElementGenericTable(&table, &key));
    CHECK(!RtlDeleteElementGenericTable(&table, &key));
    key = 1;
    RtlDeleteElementGenericTable(&table, &key);
    key = 3;
    RtlDeleteElementGenericTable(&table, &key);
    CHECK(RtlIsGenericTableEmpty(&table));
}

static VOID HashTables(VOID)
{
    PRTL_DYNAMIC_HASH_TABLE table = NULL;
    RTL_DYNAMIC_HASH_TABLE_CONTEXT context;
    RTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator;
    PRTL_DYNAMIC_HASH_TABLE_ENTRY entry;
    ITEM items[5];
    ULONG i, count = 0, keys = 0;

    CHECK(RtlCreateHashTable(&table, 0, 0));
    CHECK(table != NULL);
    for (i = 0; i < 5; i++) {
        items[i].Key = 1UL << i;
    }
    CHECK(RtlInsertEntryHashTable(table, &items[0].Hash, 7, NULL));
    CHECK(RtlInsertEntryHashTable(table, &items[1].Hash, 8, NULL));
    CHECK(RtlInsertEntryHashTable(table, &items[2].Hash, 7, NULL));
    CHECK(RtlInsertEntryHashTable(table, &items[3].Hash, 7 + 128, NULL));
    EQUAL(RtlTotalEntriesHashTable(table), 4);
    EQUAL(RtlNonEmptyBucketsHashTable(table), 2);
    RtlInitHashTableContext(&context);
    entry = RtlLookupEntryHashTable(table, 7, &context);
    CHECK(entry == &items[0].Hash || entry == &items[2].Hash);
    entry = RtlGetNextEntryHashTable(table, &context);
    CHECK(entry == &items[0].Hash || entry == &items[2].Hash);
    EQUAL(RtlGetNextEntryHashTable(table, &context), NULL);
    RtlReleaseHashTableContext(&context);
    EQUAL(RtlLookupEntryHashTable(table, 8, NULL), &items[1].Hash);
    EQUAL(RtlLookupEntryHashTable(table, 135, NULL), &items[3].Hash);
    EQUAL(RtlLookupEntryHashTable(table, 9, NULL), NULL);
    EQUAL(items[1].Hash.Signature, 8);
    CHECK(RtlInitEnumerationHashTable(table, &enumerator));
    EQUAL(RtlActiveEnumeratorsHashTable(table), 1);
    for (;;) {
        entry = RtlEnumerateEntryHashTable(table, &enumerator);
        if (entry == NULL) {
            break;
        }
        count++;
        keys |= CONTAINING_RECORD(entry, ITEM, Hash)->Key;
    }
    RtlEndEnumerationHashTable(table, &enumerator);
    EQUAL(count, 4);
    EQUAL(keys, 0xF);
    EQUAL(RtlActiveEnumeratorsHashTable(table), 0);
    for (i = 0; i < 4; i++) {
        CHECK(RtlRemoveEntryHashTable(table, &items[i].Hash, NULL));
    }
    EQUAL(RtlTotalEntriesHashTable(table), 0);
    EQUAL(RtlNonEmptyBucketsHashTable(table), 0);
    EQUAL(RtlEmptyBucketsHashTable(table), RtlTotalBucketsHashTable(table));
    RtlDeleteHashTable(table);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    DoublyLinked();
    SinglyLinked();
    Bitmaps();
    Avl();
    Generic();
    HashTables();
}
