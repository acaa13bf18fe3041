/*
 * Device queues: one that is not busy takes nothing, entries leave in the order in which they came or by their keys, an
 * entry can be taken out wherever it stands, and only an insertion by key writes the key.
 */
#include "check.h"

#define ENTRIES 4

static ULONG KeyOf(PKDEVICE_QUEUE_ENTRY Entry)
{
    return Entry == NULL ? MAXULONG : Entry->SortKey;
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static const ULONG keys[ENTRIES] = { 30, 10, 20, 10 };
    KDEVICE_QUEUE_ENTRY entries[ENTRIES] = { 0 };
    KDEVICE_QUEUE queue;
    KIRQL irql;
    ULONG i;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeDeviceQueue(&queue);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);

    CHECK(!KeInsertDeviceQueue(&queue, &entries[0]));
    CHECK(!entries[0].Inserted);
    for (i = 0; i < ENTRIES; i++) {
        entries[i].SortKey = i + 1;
        CHECK(KeInsertDeviceQueue(&queue, &entries[i]));
        CHECK(entries[i].Inserted);
    }
    CHECK(KeRemoveEntryDeviceQueue(&queue, &entries[2]));
    CHECK(!KeRemoveEntryDeviceQueue(&queue, &entries[2]));
    EQUAL(KeyOf(KeRemoveDeviceQueue(&queue)), 1);
    EQUAL(KeyOf(KeRemoveDeviceQueue(&queue)), 2);
    EQUAL(KeyOf(KeRemoveDeviceQueue(&queue)), 4);
    EQUAL(KeRemoveDeviceQueue(&queue), NULL);

    CHECK(!KeInsertByKeyDeviceQueue(&queue, &entries[0], 5));
    for (i = 0; i < ENTRIES; i++) {
        CHECK(KeInsertByKeyDeviceQueue(&queue, &entries[i], keys[i]));
    }
    /* The first that is not below the key; where all are, the first of all. */
    EQUAL(KeRemoveByKeyDeviceQueue(&queue, 15), &entries[2]);
    EQUAL(KeRemoveByKeyDeviceQueue(&queue, 31), &entries[1]);
    EQUAL(KeRemoveDeviceQueue(&queue), &entries[3]);
    EQUAL(KeRemoveDeviceQueue(&queue), &entries[0]);
    EQUAL(KeRemoveByKeyDeviceQueue(&queue, 0), NULL);
    CHECK(!KeInsertDeviceQueue(&queue, &entries[0]));
    KeLowerIrql(irql);
}
