/*
 * Spin locks for routines that run as ordinary or as threaded DPCs, which don't know their IRQL beforehand; and rundown
 * protection with a count for each processor: with one processor, one count.
 */
#include <ntddk.h>
#include "ki.h"

#define RUNDOWN_REF(RunRef) ((PEX_RUNDOWN_REF)(RunRef))

KIRQL KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock) {
  KiCheckCaller(__func__);
  return KeAcquireSpinLockRaiseToDpc(SpinLock);
}

VOID KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql) {
  KiCheckCaller(__func__);
  KeReleaseSpinLock(SpinLock, OldIrql);
}

VOID KeAcquireInStackQueuedSpinLockForDpc(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
  KiCheckCaller(__func__);
  KeAcquireInStackQueuedSpinLock(SpinLock, LockHandle);
}

VOID KeReleaseInStackQueuedSpinLockForDpc(PKLOCK_QUEUE_HANDLE LockHandle) {
  KiCheckCaller(__func__);
  KeReleaseInStackQueuedSpinLock(LockHandle);
}

PEX_RUNDOWN_REF_CACHE_AWARE ExAllocateCacheAwareRundownProtection(POOL_TYPE PoolType, ULONG PoolTag) {
  KiCheckCaller(__func__);
  PEX_RUNDOWN_REF Rundown = ExAllocatePoolZero(PoolType, sizeof(EX_RUNDOWN_REF), PoolTag);
  if (Rundown != NULL) ExInitializeRundownProtection(Rundown);
  return (PEX_RUNDOWN_REF_CACHE_AWARE)Rundown;
}

VOID ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  KiCheckCaller(__func__);
  ExFreePool(RunRefCacheAware);
}

BOOLEAN ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  KiCheckCaller(__func__);
  return ExAcquireRundownProtection(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  KiCheckCaller(__func__);
  ExReleaseRundownProtection(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  KiCheckCaller(__func__);
  ExWaitForRundownProtectionRelease(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExReInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  KiCheckCaller(__func__);
  ExReInitializeRundownProtection(RUNDOWN_REF(RunRefCacheAware));
}

VOID ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
  KiCheckCaller(__func__);
  ExRundownCompleted(RUNDOWN_REF(RunRefCacheAware));
}
