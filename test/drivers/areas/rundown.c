/* Rundown protection and remove locks: references, who waits for whom, refusal afterwards, reuse. */
#include "check.h"

static EX_RUNDOWN_REF Rundown;
static IO_REMOVE_LOCK RemoveLock;
static LONG Finished;

static VOID WaitRundown(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    ExWaitForRundownProtectionRelease(&Rundown);
    InterlockedIncrement(&Finished);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID WaitRemove(PVOID Context)
{
    IoAcquireRemoveLock(&RemoveLock, Context);
    IoReleaseRemoveLockAndWait(&RemoveLock, Context);
    InterlockedIncrement(&Finished);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID RundownProtection(VOID)
{
    PKTHREAD thread;

    ExInitializeRundownProtection(&Rundown);
    CHECK(ExAcquireRundownProtection(&Rundown));
    CHECK(ExAcquireRundownProtectionEx(&Rundown, 2));
    thread = StartThread(WaitRundown, NULL);
    Pause(5);
    EQUAL(Finished, 0);
    CHECK(!ExAcquireRundownProtection(&Rundown));
    CHECK(!ExAcquireRundownProtectionEx(&Rundown, 3));
    ExReleaseRundownProtectionEx(&Rundown, 2);
    Pause(5);
    EQUAL(Finished, 0);
    ExReleaseRundownProtection(&Rundown);
    JoinThread(thread);
    EQUAL(Finished, 1);
    CHECK(!ExAcquireRundownProtection(&Rundown));
    ExRundownCompleted(&Rundown);
    CHECK(!ExAcquireRundownProtection(&Rundown));
    ExReInitializeRundownProtection(&Rundown);
    CHECK(ExAcquireRundownProtection(&Rundown));
    ExReleaseRundownProtection(&Rundown);
    ExWaitForRundownProtectionRelease(&Rundown);
    CHECK(!ExAcquireRundownProtection(&Rundown));
}

static VOID CacheAware(VOID)
{
    PEX_RUNDOWN_REF_CACHE_AWARE rundown = ExAllocateCacheAwareRundownProtection(NonPagedPoolNx, CHECK_TAG);

    CHECK(rundown != NULL);
    CHECK(ExAcquireRundownProtectionCacheAware(rundown));
    ExReleaseRundownProtectionCacheAware(rundown);
    ExWaitForRundownProtectionReleaseCacheAware(rundown);
    CHECK(!ExAcquireRundownProtectionCacheAware(rundown));
    ExFreeCacheAwareRundownProtection(rundown);
}

static VOID RemoveLocks(VOID)
{
    PKTHREAD thread;
    int tag;

    Finished = 0;
    IoInitializeRemoveLock(&RemoveLock, CHECK_TAG, 0, 0);
    RETURNS(IoAcquireRemoveLock(&RemoveLock, &tag), STATUS_SUCCESS);
    RETURNS(IoAcquireRemoveLockEx(&RemoveLock, NULL, __FILE__, __LINE__, sizeof(RemoveLock)), STATUS_SUCCESS);
    IoReleaseRemoveLockEx(&RemoveLock, NULL, sizeof(RemoveLock));
    RETURNS(IoAcquireRemoveLock(&RemoveLock, &Finished), STATUS_SUCCESS);
    thread = StartThread(WaitRemove, &thread);
    Pause(5);
    EQUAL(Finished, 0);
    RETURNS(IoAcquireRemoveLock(&RemoveLock, NULL), STATUS_DELETE_PENDING);
    IoReleaseRemoveLock(&RemoveLock, &Finished);
    Pause(5);
    EQUAL(Finished, 0);
    IoReleaseRemoveLock(&RemoveLock, &tag);
    JoinThread(thread);
    EQUAL(Finished, 1);
    RETURNS(IoAcquireRemoveLock(&RemoveLock, NULL), STATUS_DELETE_PENDING);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    RundownProtection();
    CacheAware();
    RemoveLocks();
}
