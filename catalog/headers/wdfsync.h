/* Locks of KMDF: wait locks, spin locks, and the lock of an object whose callbacks are serialised. */
#pragma once

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectAcquireLock(_In_ _Requires_lock_not_held_(_Curr_) _Acquires_lock_(_Curr_) WDFOBJECT Object);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectReleaseLock(_In_ _Requires_lock_held_(_Curr_) _Releases_lock_(_Curr_) WDFOBJECT Object);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfWaitLockCreate(_In_opt_ PWDF_OBJECT_ATTRIBUTES LockAttributes, _Out_ WDFWAITLOCK *Lock);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfWaitLockRelease(_In_ _Requires_lock_held_(_Curr_) _Releases_lock_(_Curr_) WDFWAITLOCK Lock);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfSpinLockCreate(_In_opt_ PWDF_OBJECT_ATTRIBUTES SpinLockAttributes, _Out_ WDFSPINLOCK *SpinLock);
_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL)
VOID WdfSpinLockAcquire(
    _In_ _Requires_lock_not_held_(_Curr_) _Acquires_lock_(_Curr_) _IRQL_saves_ WDFSPINLOCK SpinLock);
_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_requires_min_(DISPATCH_LEVEL)
VOID WdfSpinLockRelease(_In_ _Requires_lock_held_(_Curr_) _Releases_lock_(_Curr_) _IRQL_restores_ WDFSPINLOCK SpinLock);

_When_((Timeout == NULL || *Timeout != 0), _IRQL_requires_max_(PASSIVE_LEVEL))
_When_((Timeout != NULL && *Timeout == 0), _IRQL_requires_max_(DISPATCH_LEVEL))
_When_(Timeout == NULL, _Acquires_lock_(Lock)) _When_(Timeout != NULL && return == 0, _Acquires_lock_(Lock))
_When_(Timeout != NULL, _Must_inspect_result_)
NTSTATUS WdfWaitLockAcquire(_In_ _Requires_lock_not_held_(_Curr_) WDFWAITLOCK Lock, _In_opt_ PLONGLONG Timeout);
