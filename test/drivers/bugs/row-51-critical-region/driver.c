/*
 * A resource is held shared inside a critical region, for a look at a table.
 * Wrong: Where the table has no entry, the function returns without having left the region.
 * Right: Both ways out of the function leave the region.
 */
#include "worker-thread.h"

static ERESOURCE Lock;
static ULONG Table[4] = { 1, 2, 0, 4 };
static PETHREAD Worker;

static ULONG LookUp(ULONG Index)
{
    ULONG value;

    KeEnterCriticalRegion();
    ExAcquireResourceSharedLite(&Lock, TRUE);
    value = Table[Index];
    ExReleaseResourceLite(&Lock);
    if (value == 0) {
#ifndef WRONG
        KeLeaveCriticalRegion();
#endif
        return 0;
    }
    KeLeaveCriticalRegion();
    return value;
}

static VOID Work(PVOID Context) /* finding: critical-region-not-left */
{
    ULONG i, sum = 0;

    UNREFERENCED_PARAMETER(Context);
    for (i = 0; i < RTL_NUMBER_OF(Table); i++) {
        sum += LookUp(i);
    }
    DbgPrint("sum: %lu\n", sum);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    WorkerWait(Worker);
    ExDeleteResourceLite(&Lock);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    ExInitializeResourceLite(&Lock);
    return WorkerStart(Work, NULL, &Worker);
}
