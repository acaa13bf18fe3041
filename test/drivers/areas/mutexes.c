/* Mutexes of the dispatcher, fast and guarded mutexes, push locks: recursion, owners, IRQL, APCs, tries. */
#include "check.h"

static KMUTEX Mutex;
static FAST_MUTEX Fast;
static KGUARDED_MUTEX Guarded;
static EX_PUSH_LOCK Push;
static KEVENT Taken, GiveBack;
static LONG Inside;
static NTSTATUS Seen;
static BOOLEAN CouldTake;

static VOID HoldMutex(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
    KeSetEvent(&Taken, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(&GiveBack, Executive, KernelMode, FALSE, NULL);
    KeReleaseMutex(&Mutex, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Regions are told of, the IRQL is not; all APCs are off either way. */
static VOID ApcState(VOID)
{
    KIRQL irql;

    KeRaiseIrql(APC_LEVEL, &irql);
    CHECK(!KeAreApcsDisabled());
    CHECK(KeAreAllApcsDisabled());
    KeLowerIrql(irql);
    KeEnterGuardedRegion();
    CHECK(KeAreApcsDisabled());
    CHECK(KeAreAllApcsDisabled());
    KeLeaveGuardedRegion();
}

static VOID DispatcherMutex(VOID)
{
    LARGE_INTEGER now = { 0 }, tenMs;
    PKTHREAD thread;

    tenMs.QuadPart = -100000;
    RtlFillMemory(&Mutex, sizeof(Mutex), 0x55);
    KeInitializeMutex(&Mutex, 0);
    EQUAL(Mutex.Abandoned, FALSE);
    EQUAL(Mutex.ApcDisable, 1);
    EQUAL(Mutex.Header.Size, sizeof(KMUTEX) / sizeof(ULONG));
    EQUAL(KeReadStateMutex(&Mutex), 1);
    RETURNS(KeWaitForMutexObject(&Mutex, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    EQUAL(KeReadStateMutex(&Mutex), 0);
    CHECK(KeAreApcsDisabled());
    CHECK(!KeAreAllApcsDisabled());
    RETURNS(KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    EQUAL(KeReadStateMutex(&Mutex), -1);
    EQUAL(KeReleaseMutex(&Mutex, FALSE), -1);
    EQUAL(KeReadStateMutex(&Mutex), 0);
    EQUAL(KeReleaseMutex(&Mutex, FALSE), 0);
    EQUAL(KeReadStateMutex(&Mutex), 1);
    CHECK(!KeAreApcsDisabled());

    KeInitializeEvent(&Taken, SynchronizationEvent, FALSE);
    KeInitializeEvent(&GiveBack, SynchronizationEvent, FALSE);
    thread = StartThread(HoldMutex, NULL);
    KeWaitForSingleObject(&Taken, Executive, KernelMode, FALSE, NULL);
    EQUAL(KeReadStateMutex(&Mutex), 0);
    RETURNS(KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    RETURNS(KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, &tenMs), STATUS_TIMEOUT);
    KeSetEvent(&GiveBack, IO_NO_INCREMENT, FALSE);
    RETURNS(KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    EQUAL(KeReleaseMutex(&Mutex, FALSE), 0);
    JoinThread(thread);
}

static VOID TryFast(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    CouldTake = ExTryToAcquireFastMutex(&Fast);
    if (CouldTake) {
        ExReleaseFastMutex(&Fast);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID QueueUpFast(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    ExAcquireFastMutex(&Fast);
    InterlockedIncrement(&Inside);
    ExReleaseFastMutex(&Fast);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID FastMutexes(VOID)
{
    PKTHREAD thread;

    ExInitializeFastMutex(&Fast);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    ExAcquireFastMutex(&Fast);
    EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    EQUAL(Fast.Owner, KeGetCurrentThread());
    CHECK(KeAreAllApcsDisabled());
    ExReleaseFastMutex(&Fast);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(Fast.Owner, NULL);
    thread = StartThread(TryFast, NULL);
    JoinThread(thread);
    CHECK(CouldTake);
    CHECK(ExTryToAcquireFastMutex(&Fast));
    EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    ExReleaseFastMutex(&Fast);

    KeEnterCriticalRegion();
    ExAcquireFastMutexUnsafe(&Fast);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(Fast.Owner, KeGetCurrentThread());
    JoinThread(StartThread(TryFast, NULL));
    CHECK(!CouldTake);
    thread = StartThread(QueueUpFast, NULL);
    Pause(5);
    EQUAL(Inside, 0);
    ExReleaseFastMutexUnsafe(&Fast);
    KeLeaveCriticalRegion();
    JoinThread(thread);
    EQUAL(Inside, 1);
}

static VOID TryGuarded(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    CouldTake = KeTryToAcquireGuardedMutex(&Guarded);
    if (CouldTake) {
        KeReleaseGuardedMutex(&Guarded);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID GuardedMutexes(VOID)
{
    KeInitializeGuardedMutex(&Guarded);
    KeAcquireGuardedMutex(&Guarded);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK(KeAreAllApcsDisabled());
    JoinThread(StartThread(TryGuarded, NULL));
    CHECK(!CouldTake);
    KeReleaseGuardedMutex(&Guarded);
    CHECK(!KeAreAllApcsDisabled());
    JoinThread(StartThread(TryGuarded, NULL));
    CHECK(CouldTake);
    CHECK(KeTryToAcquireGuardedMutex(&Guarded));
    KeReleaseGuardedMutex(&Guarded);

    KeEnterGuardedRegion();
    CHECK(KeAreAllApcsDisabled());
    CHECK(KeAreApcsDisabled());
    KeAcquireGuardedMutexUnsafe(&Guarded);
    KeReleaseGuardedMutexUnsafe(&Guarded);
    KeLeaveGuardedRegion();
    CHECK(!KeAreAllApcsDisabled());
    KeEnterCriticalRegion();
    KeEnterCriticalRegion();
    KeLeaveCriticalRegion();
    CHECK(KeAreApcsDisabled());
    CHECK(!KeAreAllApcsDisabled());
    KeLeaveCriticalRegion();
    CHECK(!KeAreApcsDisabled());
}

static VOID ReadPush(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeEnterCriticalRegion();
    ExAcquirePushLockShared(&Push);
    InterlockedIncrement(&Inside);
    ExReleasePushLockShared(&Push);
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID WritePush(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusive(&Push);
    InterlockedIncrement(&Inside);
    ExReleasePushLockExclusive(&Push);
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID PushLocks(VOID)
{
    PKTHREAD reader, writer;

    ExInitializePushLock(&Push);
    Inside = 0;
    KeEnterCriticalRegion();
    ExAcquirePushLockShared(&Push);
    reader = StartThread(ReadPush, NULL);
    JoinThread(reader);
    EQUAL(Inside, 1);
    writer = StartThread(WritePush, NULL);
    Pause(5);
    EQUAL(Inside, 1);
    ExReleasePushLockShared(&Push);
    JoinThread(writer);
    EQUAL(Inside, 2);
    ExAcquirePushLockExclusive(&Push);
    reader = StartThread(ReadPush, NULL);
    Pause(5);
    EQUAL(Inside, 2);
    ExReleasePushLockExclusive(&Push);
    JoinThread(reader);
    EQUAL(Inside, 3);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    KeLeaveCriticalRegion();
    Seen = STATUS_SUCCESS;
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    ApcState();
    DispatcherMutex();
    FastMutexes();
    GuardedMutexes();
    PushLocks();
}
