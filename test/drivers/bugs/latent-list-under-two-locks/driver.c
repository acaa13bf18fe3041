/*
 * Programs leave jobs in a list, and a timer takes the oldest out, ten milliseconds after another.
 * Wrong: The DPC guards the list with the lock of its statistics. Each side holds a lock, and neither keeps the other out.
 * Right: Both hold the lock of the jobs.
 */
#define HAS_PREPARE
#include "control-device.h"

typedef struct _JOB {
    LIST_ENTRY Link;
    LONG Amount;
} JOB, *PJOB;

static LIST_ENTRY Jobs;
static KSPIN_LOCK JobLock, StatisticsLock;
static KTIMER Clock;
static KDPC ClockDpc;
static LONG Done;

static VOID OnClock(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    PJOB job = NULL;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
#ifdef WRONG
    KeAcquireSpinLockAtDpcLevel(&StatisticsLock);
    if (!IsListEmpty(&Jobs)) {
        job = CONTAINING_RECORD(RemoveHeadList(&Jobs), JOB, Link); /* finding: list-under-two-locks */
        Done += job->Amount;
    }
    KeReleaseSpinLockFromDpcLevel(&StatisticsLock);
#else
    KeAcquireSpinLockAtDpcLevel(&JobLock);
    if (!IsListEmpty(&Jobs)) {
        job = CONTAINING_RECORD(RemoveHeadList(&Jobs), JOB, Link);
    }
    KeReleaseSpinLockFromDpcLevel(&JobLock);
    if (job != NULL) {
        KeAcquireSpinLockAtDpcLevel(&StatisticsLock);
        Done += job->Amount;
        KeReleaseSpinLockFromDpcLevel(&StatisticsLock);
    }
#endif
    if (job != NULL) {
        ExFreePoolWithTag(job, 'boJ');
    }
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    LARGE_INTEGER soon = { .QuadPart = -100000 };
    PJOB job = (PJOB)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*job), 'boJ');
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (job == NULL) {
        return DeviceComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    job->Amount = *(PLONG)Irp->AssociatedIrp.SystemBuffer;
    KeAcquireSpinLock(&JobLock, &irql);
    InsertTailList(&Jobs, &job->Link);
    KeReleaseSpinLock(&JobLock, irql);
    KeSetTimer(&Clock, soon, &ClockDpc);
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    InitializeListHead(&Jobs);
    KeInitializeSpinLock(&JobLock);
    KeInitializeSpinLock(&StatisticsLock);
    KeInitializeTimer(&Clock);
    KeInitializeDpc(&ClockDpc, OnClock, NULL);
}
