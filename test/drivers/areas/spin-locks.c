/* Spin locks: plain, at DPC level, in-stack queued, reader-writer, with interrupts' levels; IRQL before, in and after. */
#include "check.h"

static KSPIN_LOCK Lock;
static EX_SPIN_LOCK Shared;
static LIST_ENTRY List;
static SINGLE_LIST_ENTRY Single;

static VOID Plain(VOID)
{
    KIRQL old, older;

    KeInitializeSpinLock(&Lock);
    EQUAL(Lock, 0);
    KeAcquireSpinLock(&Lock, &old);
    EQUAL(old, PASSIVE_LEVEL);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    CHECK(!KeTestSpinLock(&Lock));
    KeReleaseSpinLock(&Lock, old);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK(KeTestSpinLock(&Lock));
    old = KeAcquireSpinLockRaiseToDpc(&Lock);
    EQUAL(old, PASSIVE_LEVEL);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseSpinLock(&Lock, old);
    KeRaiseIrql(APC_LEVEL, &older);
    KeAcquireSpinLock(&Lock, &old);
    EQUAL(old, APC_LEVEL);
    KeReleaseSpinLock(&Lock, old);
    EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    KeLowerIrql(older);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID AtDpcLevel(VOID)
{
    KIRQL old = KeRaiseIrqlToDpcLevel();

    EQUAL(old, PASSIVE_LEVEL);
    KeAcquireSpinLockAtDpcLevel(&Lock);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseSpinLockFromDpcLevel(&Lock);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    CHECK(KeTryToAcquireSpinLockAtDpcLevel(&Lock));
    CHECK(!KeTestSpinLock(&Lock));
    KeReleaseSpinLockFromDpcLevel(&Lock);
    KeLowerIrql(old);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID InStack(VOID)
{
    KLOCK_QUEUE_HANDLE handle, inner;
    KSPIN_LOCK second;
    KIRQL old;

    KeInitializeSpinLock(&second);
    KeAcquireInStackQueuedSpinLock(&Lock, &handle);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EQUAL(handle.OldIrql, PASSIVE_LEVEL);
    KeAcquireInStackQueuedSpinLockAtDpcLevel(&second, &inner);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseInStackQueuedSpinLockFromDpcLevel(&inner);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseInStackQueuedSpinLock(&handle);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    KeRaiseIrql(APC_LEVEL, &old);
    KeAcquireInStackQueuedSpinLock(&Lock, &handle);
    EQUAL(handle.OldIrql, APC_LEVEL);
    KeReleaseInStackQueuedSpinLock(&handle);
    EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    KeLowerIrql(old);
    old = KeAcquireSpinLockForDpc(&Lock);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseSpinLockForDpc(&Lock, old);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    KeAcquireInStackQueuedSpinLockForDpc(&Lock, &handle);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseInStackQueuedSpinLockForDpc(&handle);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID ReaderWriter(VOID)
{
    KIRQL old, again;

    Shared = 0;
    old = ExAcquireSpinLockShared(&Shared);
    EQUAL(old, PASSIVE_LEVEL);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    CHECK(Shared != 0);
    ExReleaseSpinLockShared(&Shared, old);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EQUAL(Shared, 0);
    old = ExAcquireSpinLockExclusive(&Shared);
    EQUAL(old, PASSIVE_LEVEL);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    ExReleaseSpinLockExclusive(&Shared, old);
    EQUAL(Shared, 0);
    again = KeRaiseIrqlToDpcLevel();
    ExAcquireSpinLockExclusiveAtDpcLevel(&Shared);
    ExReleaseSpinLockExclusiveFromDpcLevel(&Shared);
    ExAcquireSpinLockSharedAtDpcLevel(&Shared);
    CHECK(ExTryConvertSharedSpinLockExclusive(&Shared));
    ExReleaseSpinLockExclusiveFromDpcLevel(&Shared);
    KeLowerIrql(again);
    EQUAL(Shared, 0);
}

static VOID InterlockedLists(VOID)
{
    LIST_ENTRY a, b, c;
    SINGLE_LIST_ENTRY x, y;

    InitializeListHead(&List);
    EQUAL(ExInterlockedInsertTailList(&List, &a, &Lock), NULL);
    EQUAL(ExInterlockedInsertTailList(&List, &b, &Lock), &a);
    EQUAL(ExInterlockedInsertHeadList(&List, &c, &Lock), &a);
    EQUAL(List.Flink, &c);
    EQUAL(List.Blink, &b);
    EQUAL(ExInterlockedRemoveHeadList(&List, &Lock), &c);
    EQUAL(ExInterlockedRemoveHeadList(&List, &Lock), &a);
    EQUAL(ExInterlockedRemoveHeadList(&List, &Lock), &b);
    EQUAL(ExInterlockedRemoveHeadList(&List, &Lock), NULL);
    Single.Next = NULL;
    EQUAL(ExInterlockedPushEntryList(&Single, &x, &Lock), NULL);
    EQUAL(ExInterlockedPushEntryList(&Single, &y, &Lock), &x);
    EQUAL(ExInterlockedPopEntryList(&Single, &Lock), &y);
    EQUAL(ExInterlockedPopEntryList(&Single, &Lock), &x);
    EQUAL(ExInterlockedPopEntryList(&Single, &Lock), NULL);
}

static VOID Levels(VOID)
{
    KIRQL old, older;

    KeRaiseIrql(APC_LEVEL, &old);
    EQUAL(old, PASSIVE_LEVEL);
    KeRaiseIrql(DISPATCH_LEVEL, &older);
    EQUAL(older, APC_LEVEL);
    EQUAL(KfRaiseIrql(DISPATCH_LEVEL), DISPATCH_LEVEL);
    KeLowerIrql(older);
    EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    KeLowerIrql(old);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Plain();
    AtDpcLevel();
    InStack();
    ReaderWriter();
    InterlockedLists();
    Levels();
}
