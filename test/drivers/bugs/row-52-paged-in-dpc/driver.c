/*
 * A timer's DPC keeps samples in blocks that it allocates.
 * Wrong: The blocks are of paged pool, which must not be allocated, and not be touched, at DISPATCH_LEVEL.
 * Right: The blocks are of non-paged pool.
 */
#include <ntddk.h>

typedef struct _SAMPLE {
    LIST_ENTRY Link;
    LARGE_INTEGER Time;
} SAMPLE, *PSAMPLE;

static KSPIN_LOCK Lock;
static LIST_ENTRY Samples;
static KTIMER Timer;
static KDPC Dpc;

static VOID Take(PKDPC Timed, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PSAMPLE sample;

    UNREFERENCED_PARAMETER(Timed);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
#ifdef WRONG
    sample = (PSAMPLE)ExAllocatePool2(POOL_FLAG_PAGED, sizeof(SAMPLE), 'lpmS'); /* finding: irql-too-high 0xC4/0x1 */
#else
    sample = (PSAMPLE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SAMPLE), 'lpmS');
#endif
    if (sample != NULL) {
        KeQuerySystemTime(&sample->Time);
        ExInterlockedInsertTailList(&Samples, &sample->Link, &Lock);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    PLIST_ENTRY entry;

    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    while ((entry = ExInterlockedRemoveHeadList(&Samples, &Lock)) != NULL) {
        ExFreePoolWithTag(CONTAINING_RECORD(entry, SAMPLE, Link), 'lpmS');
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    InitializeListHead(&Samples);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Take, NULL);
    due.QuadPart = -10 * 1000;
    KeSetTimerEx(&Timer, due, 100, &Dpc);
    return STATUS_SUCCESS;
}
