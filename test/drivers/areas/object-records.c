/*
 * What drivers may see in the kernel's own records: IRPs, events, mutexes, timers and queue handles of spin locks, as they are
 * made and as they change; and what a signal does to the priority of who has waited for it.
 */
#include "check.h"

static VOID IrpFields(VOID)
{
    USHORT size = IoSizeOfIrp(5);
    PIRP irp = (PIRP)ExAllocatePool2(POOL_FLAG_NON_PAGED, size, CHECK_TAG);

    CHECK(irp != NULL);
    if (irp == NULL) {
        return;
    }
    RtlFillMemory(irp, size, 0x55);
    IoInitializeIrp(irp, size, 5);
    EQUAL(irp->Type, IO_TYPE_IRP);
    EQUAL(irp->Size, size);
    EQUAL(size, sizeof(IRP) + 5 * sizeof(IO_STACK_LOCATION));
    EQUAL(irp->StackCount, 5);
    EQUAL(irp->CurrentLocation, 6);
    CHECK(IsListEmpty(&irp->ThreadListEntry));
    EQUAL(irp->Tail.Overlay.CurrentStackLocation, (PIO_STACK_LOCATION)(irp + 1) + 5);
    EQUAL(irp->IoStatus.Status, 0);
    EQUAL(irp->Cancel, FALSE);
    EQUAL(irp->MdlAddress, NULL);
    EQUAL(((PIO_STACK_LOCATION)(irp + 1))->MajorFunction, 0);
    ExFreePoolWithTag(irp, CHECK_TAG);

    irp = IoAllocateIrp(2, FALSE);
    EQUAL(irp->Type, IO_TYPE_IRP);
    CHECK(irp->Size >= IoSizeOfIrp(2));
    EQUAL(irp->StackCount, 2);
    EQUAL(irp->CurrentLocation, 3);
    CHECK(IsListEmpty(&irp->ThreadListEntry));
    EQUAL(irp->Tail.Overlay.CurrentStackLocation, (PIO_STACK_LOCATION)(irp + 1) + 2);
    IoSetNextIrpStackLocation(irp);
    EQUAL(irp->CurrentLocation, 2);
    EQUAL(IoGetCurrentIrpStackLocation(irp), (PIO_STACK_LOCATION)(irp + 1) + 1);
    IoGetCurrentIrpStackLocation(irp)->MajorFunction = IRP_MJ_WRITE;
    irp->IoStatus.Information = 9;
    irp->Cancel = TRUE;
    IoReuseIrp(irp, STATUS_NOT_SUPPORTED);
    EQUAL(irp->IoStatus.Status, STATUS_NOT_SUPPORTED);
    EQUAL(irp->IoStatus.Information, 0);
    EQUAL(irp->Cancel, FALSE);
    EQUAL(irp->CurrentLocation, 3);
    EQUAL(IoGetNextIrpStackLocation(irp)->MajorFunction, 0);
    IoFreeIrp(irp);
}

static VOID EventFields(EVENT_TYPE Type)
{
    KEVENT event;

    RtlFillMemory(&event, sizeof(event), 0x55);
    KeInitializeEvent(&event, Type, FALSE);
    EQUAL(event.Header.Type, Type);
    EQUAL(event.Header.Size, sizeof(KEVENT) / sizeof(ULONG));
    EQUAL(event.Header.SignalState, 0);
    CHECK(IsListEmpty(&event.Header.WaitListHead));
    KeInitializeEvent(&event, Type, TRUE);
    EQUAL(KeReadStateEvent(&event), 1);
    EQUAL(KePulseEvent(&event, IO_NO_INCREMENT, FALSE), 1);
    EQUAL(event.Header.SignalState, 0);
    EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 1);
    EQUAL(event.Header.SignalState, 1);
    EQUAL(KeResetEvent(&event), 1);
    EQUAL(KeResetEvent(&event), 0);
    KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
    KeClearEvent(&event);
    EQUAL(KeReadStateEvent(&event), 0);
}

static VOID TimerFields(TIMER_TYPE Type)
{
    LARGE_INTEGER due = { .QuadPart = -20000 };
    KTIMER timer;

    RtlFillMemory(&timer, sizeof(timer), 0x55);
    KeInitializeTimerEx(&timer, Type);
    EQUAL(timer.Header.Type, 8 + Type);
    EQUAL(timer.Header.SignalState, 0);
    CHECK(IsListEmpty(&timer.Header.WaitListHead));
    CHECK(!KeReadStateTimer(&timer));
    CHECK(!KeSetTimer(&timer, due, NULL));
    CHECK(KeSetTimer(&timer, due, NULL));
    CHECK(!KeReadStateTimer(&timer));
    Pause(5);
    CHECK(KeReadStateTimer(&timer));
    CHECK(!KeCancelTimer(&timer));
    CHECK(KeReadStateTimer(&timer));
    /* Setting it again takes the signal away. */
    CHECK(!KeSetTimer(&timer, due, NULL));
    CHECK(!KeReadStateTimer(&timer));
    RETURNS(KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    EQUAL(KeReadStateTimer(&timer), Type == NotificationTimer);
}

static VOID MutexFields(VOID)
{
    KMUTEX mutex;
    LONG i;

    KeInitializeMutex(&mutex, 0);
    EQUAL(mutex.Header.Type, 2);
    EQUAL(mutex.Header.SignalState, 1);
    EQUAL(mutex.OwnerThread, NULL);
    CHECK(IsListEmpty(&mutex.Header.WaitListHead));
    for (i = 0; i < 4; i++) {
        KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, NULL);
        EQUAL(mutex.Header.SignalState, -i);
        EQUAL(mutex.OwnerThread, KeGetCurrentThread());
        CHECK(KeAreApcsDisabled());
    }
    for (i = -3; i < 0; i++) {
        EQUAL(KeReleaseMutex(&mutex, FALSE), i);
        CHECK(KeAreApcsDisabled());
    }
    EQUAL(KeReleaseMutex(&mutex, FALSE), 0);
    EQUAL(mutex.Header.SignalState, 1);
    EQUAL(mutex.OwnerThread, NULL);
    CHECK(!KeAreApcsDisabled());
}

static KGUARDED_MUTEX Guarded;
static KEVENT Inside, GoOn;

static VOID HoldGuarded(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeAcquireGuardedMutex(&Guarded);
    KeSetEvent(&Inside, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(&GoOn, Executive, KernelMode, FALSE, NULL);
    KeReleaseGuardedMutex(&Guarded);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID GuardedFields(VOID)
{
    PKTHREAD first, second;

    RtlFillMemory(&Guarded, sizeof(Guarded), 0x55);
    KeInitializeGuardedMutex(&Guarded);
    KeInitializeEvent(&Inside, SynchronizationEvent, FALSE);
    KeInitializeEvent(&GoOn, SynchronizationEvent, FALSE);
    EQUAL(Guarded.Owner, NULL);
    EQUAL(Guarded.Contention, 0);
    KeAcquireGuardedMutex(&Guarded);
    EQUAL(Guarded.Owner, KeGetCurrentThread());
    CHECK(!KeTryToAcquireGuardedMutex(&Guarded));
    CHECK(KeAreAllApcsDisabled());
    KeReleaseGuardedMutex(&Guarded);
    EQUAL(Guarded.Owner, NULL);
    CHECK(!KeAreAllApcsDisabled());
    first = StartThread(HoldGuarded, NULL);
    KeWaitForSingleObject(&Inside, Executive, KernelMode, FALSE, NULL);
    EQUAL(Guarded.Owner, first);
    second = StartThread(HoldGuarded, NULL);
    Pause(5);
    EQUAL(Guarded.Owner, first);
    EQUAL(Guarded.Contention, 1);
    KeSetEvent(&GoOn, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(&Inside, Executive, KernelMode, FALSE, NULL);
    EQUAL(Guarded.Owner, second);
    KeSetEvent(&GoOn, IO_NO_INCREMENT, FALSE);
    JoinThread(first);
    JoinThread(second);
    EQUAL(Guarded.Owner, NULL);
    EQUAL(Guarded.Contention, 1);
}

static VOID SpinLockRecords(VOID)
{
    KLOCK_QUEUE_HANDLE handle;
    KSPIN_LOCK lock;
    KIRQL old;

    KeInitializeSpinLock(&lock);
    EQUAL(lock, 0);
    CHECK(KeTestSpinLock(&lock));
    KeAcquireInStackQueuedSpinLock(&lock, &handle);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EQUAL(handle.OldIrql, PASSIVE_LEVEL);
    CHECK(lock != 0);
    CHECK(!KeTestSpinLock(&lock));
    KeReleaseInStackQueuedSpinLock(&handle);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(lock, 0);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    KeAcquireInStackQueuedSpinLockAtDpcLevel(&lock, &handle);
    CHECK(lock != 0);
    KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    CHECK(KeTryToAcquireSpinLockAtDpcLevel(&lock));
    CHECK(!KeTryToAcquireSpinLockAtDpcLevel(&lock));
    KeReleaseSpinLockFromDpcLevel(&lock);
    EQUAL(lock, 0);
    KeLowerIrql(old);
}

static LONG Order[3];
static LONG Woken;
static KEVENT Gate;

static VOID WaitInLine(PVOID Context)
{
    KeWaitForSingleObject(&Gate, Executive, KernelMode, FALSE, NULL);
    Order[InterlockedIncrement(&Woken) - 1] = (LONG)(LONG_PTR)Context;
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Who waits first is satisfied first, one at a time by a synchronization event, all at once by a notification event. */
static VOID Lines(EVENT_TYPE Type)
{
    PKTHREAD threads[3];
    LONG i;

    Woken = 0;
    KeInitializeEvent(&Gate, Type, FALSE);
    for (i = 0; i < 3; i++) {
        threads[i] = StartThread(WaitInLine, (PVOID)(LONG_PTR)(i + 1));
        Pause(2);
    }
    EQUAL(Woken, 0);
    for (i = 0; i < 3; i++) {
        KeSetEvent(&Gate, IO_NO_INCREMENT, FALSE);
        Pause(2);
        EQUAL(Woken, Type == SynchronizationEvent ? i + 1 : 3);
        EQUAL(KeReadStateEvent(&Gate), Type == NotificationEvent);
    }
    for (i = 0; i < 3; i++) {
        JoinThread(threads[i]);
    }
    if (Type == SynchronizationEvent) {
        EQUAL(Order[0] * 100 + Order[1] * 10 + Order[2], 123);
    }
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    IrpFields();
    EventFields(NotificationEvent);
    EventFields(SynchronizationEvent);
    TimerFields(NotificationTimer);
    TimerFields(SynchronizationTimer);
    MutexFields();
    GuardedFields();
    SpinLockRecords();
    Lines(NotificationEvent);
    Lines(SynchronizationEvent);
}
