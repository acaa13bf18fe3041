/* Functions on IRPs. The WDK has some as macros or inline functions; here all are calls, so that tools can watch them. */
#pragma once

_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_ _Ret_maybenull_ __drv_allocatesMem(Mem)
NTKERNELAPI PIRP NTAPI IoAllocateIrp(_In_ CCHAR StackSize, _In_ BOOLEAN ChargeQuota);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_ _Ret_maybenull_ __drv_allocatesMem(Mem)
NTKERNELAPI PIRP NTAPI IoAllocateIrpEx(_In_ PDEVICE_OBJECT DeviceObject, _In_ CCHAR StackSize, _In_ BOOLEAN ChargeQuota);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTKERNELAPI VOID NTAPI IoFreeIrp(_In_ __drv_freesMem(Mem) PIRP Irp);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTKERNELAPI VOID NTAPI IoReuseIrp(_Inout_ PIRP Irp, _In_ NTSTATUS Iostatus);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTKERNELAPI VOID NTAPI IoInitializeIrp(_Out_writes_bytes_(PacketSize) PIRP Irp, _In_ USHORT PacketSize, _In_ CCHAR StackSize);
_IRQL_requires_max_(HIGH_LEVEL)
USHORT IoSizeOfIrp(_In_ CCHAR StackSize);
_IRQL_requires_max_(DISPATCH_LEVEL) _Success_(TRUE)
NTSTATUS IoCallDriver(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ __drv_aliasesMem PIRP Irp);
_IRQL_requires_max_(DISPATCH_LEVEL) _Success_(TRUE)
NTKERNELAPI NTSTATUS FASTCALL IofCallDriver(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ __drv_aliasesMem PIRP Irp);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID IoCompleteRequest(_In_ PIRP Irp, _In_ CCHAR PriorityBoost);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTKERNELAPI VOID FASTCALL IofCompleteRequest(_In_ PIRP Irp, _In_ CCHAR PriorityBoost);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTKERNELAPI BOOLEAN NTAPI IoCancelIrp(_In_ PIRP Irp);
_IRQL_requires_max_(HIGH_LEVEL)
PIO_STACK_LOCATION IoGetCurrentIrpStackLocation(_In_ PIRP Irp);
_IRQL_requires_max_(HIGH_LEVEL)
PIO_STACK_LOCATION IoGetNextIrpStackLocation(_In_ PIRP Irp);
_IRQL_requires_max_(HIGH_LEVEL)
VOID IoSetNextIrpStackLocation(_Inout_ PIRP Irp);
_IRQL_requires_max_(HIGH_LEVEL)
VOID IoSkipCurrentIrpStackLocation(_Inout_ PIRP Irp);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID IoCopyCurrentIrpStackLocationToNext(_Inout_ PIRP Irp);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID IoSetCompletionRoutine(_In_ PIRP Irp, _In_opt_ PIO_COMPLETION_ROUTINE CompletionRoutine,
                            _In_opt_ __drv_aliasesMem PVOID Context, _In_ BOOLEAN InvokeOnSuccess,
                            _In_ BOOLEAN InvokeOnError, _In_ BOOLEAN InvokeOnCancel);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTKERNELAPI NTSTATUS NTAPI IoSetCompletionRoutineEx(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp,
                                                    _In_ PIO_COMPLETION_ROUTINE CompletionRoutine,
                                                    _In_opt_ PVOID Context, _In_ BOOLEAN InvokeOnSuccess,
                                                    _In_ BOOLEAN InvokeOnError, _In_ BOOLEAN InvokeOnCancel);
_IRQL_requires_max_(HIGH_LEVEL)
VOID IoMarkIrpPending(_Inout_ PIRP Irp);
_IRQL_requires_max_(DISPATCH_LEVEL)
PDRIVER_CANCEL IoSetCancelRoutine(_Inout_ PIRP Irp, _In_opt_ PDRIVER_CANCEL CancelRoutine);
_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL) _Acquires_lock_(_Global_cancel_spin_lock_)
NTKERNELAPI VOID NTAPI IoAcquireCancelSpinLock(_Out_ _At_(*_Curr_, _IRQL_saves_) PKIRQL Irql);
_IRQL_requires_(DISPATCH_LEVEL) _Releases_lock_(_Global_cancel_spin_lock_)
NTKERNELAPI VOID NTAPI IoReleaseCancelSpinLock(_In_ _IRQL_restores_ _IRQL_uses_cancel_ KIRQL Irql);
_IRQL_requires_max_(APC_LEVEL) _Must_inspect_result_
NTKERNELAPI BOOLEAN NTAPI IoForwardIrpSynchronously(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp);
#define IoForwardAndCatchIrp IoForwardIrpSynchronously
_IRQL_requires_max_(APC_LEVEL) _Must_inspect_result_ _Ret_maybenull_ __drv_aliasesMem
NTKERNELAPI PIRP NTAPI IoBuildDeviceIoControlRequest(
    _In_ ULONG IoControlCode, _In_ PDEVICE_OBJECT DeviceObject, _In_reads_bytes_opt_(InputBufferLength) PVOID InputBuffer,
    _In_ ULONG InputBufferLength, _Out_writes_bytes_opt_(OutputBufferLength) PVOID OutputBuffer,
    _In_ ULONG OutputBufferLength, _In_ BOOLEAN InternalDeviceIoControl, _In_opt_ PKEVENT Event,
    _Out_ PIO_STATUS_BLOCK IoStatusBlock);
_IRQL_requires_max_(APC_LEVEL) _Must_inspect_result_ _Ret_maybenull_ __drv_aliasesMem
NTKERNELAPI PIRP NTAPI IoBuildSynchronousFsdRequest(_In_ ULONG MajorFunction, _In_ PDEVICE_OBJECT DeviceObject,
                                                    _Inout_opt_ PVOID Buffer, _In_opt_ ULONG Length,
                                                    _In_opt_ PLARGE_INTEGER StartingOffset, _In_ PKEVENT Event,
                                                    _Out_ PIO_STATUS_BLOCK IoStatusBlock);
_IRQL_requires_max_(APC_LEVEL) _Must_inspect_result_ _Ret_maybenull_ __drv_aliasesMem
NTKERNELAPI PIRP NTAPI IoBuildAsynchronousFsdRequest(_In_ ULONG MajorFunction, _In_ PDEVICE_OBJECT DeviceObject,
                                                     _Inout_opt_ PVOID Buffer, _In_opt_ ULONG Length,
                                                     _In_opt_ PLARGE_INTEGER StartingOffset,
                                                     _In_opt_ PIO_STATUS_BLOCK IoStatusBlock);
