/*
 * Spin locks for routines that run as ordinary or as threaded DPCs, which don't know their IRQL beforehand; and rundown
 * protection with a count for each processor: with one processor, one count.
 */
#include <ntddk.h>

#define RUNDOWN_REF(RunRef) ((PEX_RUNDOWN_REF)(RunRef))

KIRQL KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock) { return KeAcquireSpinLockRaiseToDpc(SpinLock); }

VOID KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql) { KeReleaseSpinLock(SpinLock, OldIrql); }

VOID KeAcquireInStackQueuedSpinLockForDpc(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
  KeAcquireInStackQueuedSpinLock(SpinLock, LockHandle);
}

VOID KeReleaseInStackQueuedSpinLockForDpc(PKLOCK_QUEUE_HANDLE LockHandle) {
  KeReleaseInStackQueuedSpinLock(LockHandle);
}

PEX_RUNDOWN_REF_CACHE_AWARE ExAllocateCacheAwareRundownProtection(POOL_TYPE PoolType, ULONG PoolTag) {
  PEX_RUNDOWN_REF Rundown = ExAllocatePoolZero(PoolType, sizeof(EX_RUNDOWN_REF), PoolTag);
  if (Rundown != NULL) ExInitializeRundownProtection(Rundown);
  return (PEX_RUNDOWN_REF_CACHE_AWARE)Rundown;
}

VOID ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) { ExFreePool(RunRefCacheAware); }

BOOLEAN ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  return ExAcquireRundownProtection(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  ExReleaseRundownProtection(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  ExWaitForRundownProtectionRelease(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExReInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  ExReInitializeRundownProtection(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  ExRundownCompleted(RUNDOWN_REF(RunRefCacheAware));
}
