/* ERESOURCE: exclusive, shared, recursion, conversion, tries, waiters; and what each says about who holds it. */
#include "check.h"

static ERESOURCE Resource;
static BOOLEAN Got;
static ULONG Held;
static LONG Passed;

static VOID TryShared(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeEnterCriticalRegion();
    Got = ExAcquireResourceSharedLite(&Resource, FALSE);
    Held = ExIsResourceAcquiredSharedLite(&Resource);
    if (Got) {
        ExReleaseResourceLite(&Resource);
    }
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID TryExclusive(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeEnterCriticalRegion();
    Got = ExAcquireResourceExclusiveLite(&Resource, FALSE);
    if (Got) {
        ExReleaseResourceLite(&Resource);
    }
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID WaitExclusive(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeEnterCriticalRegion();
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    InterlockedIncrement(&Passed);
    ExReleaseResourceLite(&Resource);
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID TryStarveExclusive(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeEnterCriticalRegion();
    Got = ExAcquireSharedStarveExclusive(&Resource, FALSE);
    if (Got) {
        ExReleaseResourceLite(&Resource);
    }
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Do(PKSTART_ROUTINE Routine)
{
    Got = 0xEE;
    JoinThread(StartThread(Routine, NULL));
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PKTHREAD waiter;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    RETURNS(ExInitializeResourceLite(&Resource), STATUS_SUCCESS);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 0);
    KeEnterCriticalRegion();
    CHECK(ExAcquireResourceExclusiveLite(&Resource, TRUE));
    CHECK(ExIsResourceAcquiredExclusiveLite(&Resource));
    CHECK(ExIsResourceAcquiredSharedLite(&Resource) >= 1);
    CHECK(ExAcquireResourceExclusiveLite(&Resource, FALSE));
    CHECK(ExAcquireResourceSharedLite(&Resource, FALSE));
    ExReleaseResourceLite(&Resource);
    ExReleaseResourceLite(&Resource);
    CHECK(ExIsResourceAcquiredExclusiveLite(&Resource));
    Do(TryShared);
    CHECK(!Got);
    EQUAL(Held, 0);
    Do(TryExclusive);
    CHECK(!Got);
    EQUAL(ExGetExclusiveWaiterCount(&Resource), 0);
    waiter = StartThread(WaitExclusive, NULL);
    Pause(5);
    EQUAL(ExGetExclusiveWaiterCount(&Resource), 1);
    EQUAL(ExGetSharedWaiterCount(&Resource), 0);
    EQUAL(Passed, 0);
    ExReleaseResourceLite(&Resource);
    JoinThread(waiter);
    EQUAL(Passed, 1);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));

    CHECK(ExAcquireResourceSharedLite(&Resource, TRUE));
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 1);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
    CHECK(ExAcquireResourceSharedLite(&Resource, TRUE));
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 2);
    ExReleaseResourceLite(&Resource);
    Do(TryShared);
    CHECK(Got);
    EQUAL(Held, 1);
    Do(TryExclusive);
    CHECK(!Got);
    CHECK(!ExAcquireResourceExclusiveLite(&Resource, FALSE));
    /* A waiting writer comes before new readers, unless these may starve it. */
    waiter = StartThread(WaitExclusive, NULL);
    Pause(5);
    EQUAL(ExGetExclusiveWaiterCount(&Resource), 1);
    Do(TryShared);
    CHECK(!Got);
    Do(TryStarveExclusive);
    CHECK(Got);
    /* Who reads already need not wait for the writer, unless it says so. */
    CHECK(!ExAcquireSharedWaitForExclusive(&Resource, FALSE));
    CHECK(ExAcquireResourceSharedLite(&Resource, FALSE));
    ExReleaseResourceLite(&Resource);
    ExReleaseResourceLite(&Resource);
    JoinThread(waiter);
    EQUAL(Passed, 2);

    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    ExConvertExclusiveToSharedLite(&Resource);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 1);
    Do(TryShared);
    CHECK(Got);
    ExReleaseResourceForThreadLite(&Resource, ExGetCurrentResourceThread());
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 0);
    /* However often it was taken, all of it is shared then. */
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    ExConvertExclusiveToSharedLite(&Resource);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 2);
    Do(TryShared);
    CHECK(Got);
    ExReleaseResourceLite(&Resource);
    ExReleaseResourceLite(&Resource);
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 0);
    KeLeaveCriticalRegion();
    CHECK(ExEnterCriticalRegionAndAcquireResourceExclusive(&Resource) != NULL);
    CHECK(KeAreApcsDisabled());
    CHECK(ExIsResourceAcquiredExclusiveLite(&Resource));
    ExReleaseResourceAndLeaveCriticalRegion(&Resource);
    CHECK(!KeAreApcsDisabled());
    CHECK(ExEnterCriticalRegionAndAcquireResourceShared(&Resource) != NULL);
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 1);
    ExReleaseResourceAndLeaveCriticalRegion(&Resource);
    CHECK(ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(&Resource) != NULL);
    CHECK(KeAreApcsDisabled());
    EQUAL(ExIsResourceAcquiredSharedLite(&Resource), 1);
    ExReleaseResourceAndLeaveCriticalRegion(&Resource);
    RETURNS(ExReinitializeResourceLite(&Resource), STATUS_SUCCESS);
    RETURNS(ExDeleteResourceLite(&Resource), STATUS_SUCCESS);
}
