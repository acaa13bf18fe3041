/* Requests: how a driver gets at what one asks for, sends it on, and completes it. */
#pragma once

typedef enum _WDF_REQUEST_TYPE {
  WdfRequestTypeCreate,
  WdfRequestTypeCreateNamedPipe,
  WdfRequestTypeClose,
  WdfRequestTypeRead,
  WdfRequestTypeWrite,
  WdfRequestTypeQueryInformation,
  WdfRequestTypeSetInformation,
  WdfRequestTypeQueryEA,
  WdfRequestTypeSetEA,
  WdfRequestTypeFlushBuffers,
  WdfRequestTypeQueryVolumeInformation,
  WdfRequestTypeSetVolumeInformation,
  WdfRequestTypeDirectoryControl,
  WdfRequestTypeFileSystemControl,
  WdfRequestTypeDeviceControl,
  WdfRequestTypeDeviceControlInternal,
  WdfRequestTypeShutdown,
  WdfRequestTypeLockControl,
  WdfRequestTypeCleanup,
  WdfRequestTypeCreateMailSlot,
  WdfRequestTypeQuerySecurity,
  WdfRequestTypeSetSecurity,
  WdfRequestTypePower,
  WdfRequestTypeSystemControl,
  WdfRequestTypeDeviceChange,
  WdfRequestTypeQueryQuota,
  WdfRequestTypeSetQuota,
  WdfRequestTypePnp,
  WdfRequestTypeOther,
  WdfRequestTypeUsb = 0x40,
  WdfRequestTypeNoFormat = 0xFF,
  WdfRequestTypeMax
} WDF_REQUEST_TYPE;

typedef enum _WDF_REQUEST_REUSE_FLAGS {
  WDF_REQUEST_REUSE_NO_FLAGS,
  WDF_REQUEST_REUSE_SET_NEW_IRP
} WDF_REQUEST_REUSE_FLAGS;

typedef enum _WDF_REQUEST_STOP_ACTION_FLAGS {
  WdfRequestStopActionInvalid,
  WdfRequestStopActionSuspend,
  WdfRequestStopActionPurge,
  WdfRequestStopRequestCancelable = 0x10000000
} WDF_REQUEST_STOP_ACTION_FLAGS;

typedef enum _WDF_REQUEST_SEND_OPTIONS_FLAGS {
  WDF_REQUEST_SEND_OPTION_TIMEOUT = 0x00000001,
  WDF_REQUEST_SEND_OPTION_SYNCHRONOUS,
  WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE = 0x00000004,
  WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET = 0x00000008,
  WDF_REQUEST_SEND_OPTION_IMPERSONATE_CLIENT = 0x00010000,
  WDF_REQUEST_SEND_OPTION_IMPERSONATION_IGNORE_FAILURE = 0x00020000
} WDF_REQUEST_SEND_OPTIONS_FLAGS;

_IRQL_requires_same_ _IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID EVT_WDF_REQUEST_CANCEL(_In_ WDFREQUEST Request);
typedef EVT_WDF_REQUEST_CANCEL *PFN_WDF_REQUEST_CANCEL;

typedef struct _WDF_REQUEST_PARAMETERS {
  USHORT Size;
  UCHAR MinorFunction;
  WDF_REQUEST_TYPE Type;
  union {
    struct {
      PIO_SECURITY_CONTEXT SecurityContext;
      ULONG Options;
      USHORT POINTER_ALIGNMENT FileAttributes;
      USHORT ShareAccess;
      ULONG POINTER_ALIGNMENT EaLength;
    } Create;
    struct {
      size_t Length;
      ULONG POINTER_ALIGNMENT Key;
      LONGLONG DeviceOffset;
    } Read;
    struct {
      size_t Length;
      ULONG POINTER_ALIGNMENT Key;
      LONGLONG DeviceOffset;
    } Write;
    struct {
      size_t OutputBufferLength;
      size_t POINTER_ALIGNMENT InputBufferLength;
      ULONG POINTER_ALIGNMENT IoControlCode;
      PVOID Type3InputBuffer;
    } DeviceIoControl;
    struct {
      PVOID Arg1;
      PVOID Arg2;
      ULONG POINTER_ALIGNMENT IoControlCode;
      PVOID Arg4;
    } Others;
  } Parameters;
} WDF_REQUEST_PARAMETERS, *PWDF_REQUEST_PARAMETERS;

VOID WDF_REQUEST_PARAMETERS_INIT(_Out_ PWDF_REQUEST_PARAMETERS Parameters);
typedef struct _WDF_USB_REQUEST_COMPLETION_PARAMS *PWDF_USB_REQUEST_COMPLETION_PARAMS;

typedef struct _WDF_REQUEST_COMPLETION_PARAMS {
  ULONG Size;
  WDF_REQUEST_TYPE Type;
  IO_STATUS_BLOCK IoStatus;
  union {
    struct {
      WDFMEMORY Buffer;
      size_t Length;
      size_t Offset;
    } Write;
    struct {
      WDFMEMORY Buffer;
      size_t Length;
      size_t Offset;
    } Read;
    struct {
      ULONG IoControlCode;
      struct {
        WDFMEMORY Buffer;
        size_t Offset;
      } Input;
      struct {
        WDFMEMORY Buffer;
        size_t Offset;
        size_t Length;
      } Output;
    } Ioctl;
    struct {
      union {
        PVOID Ptr;
        ULONG_PTR Value;
      } Argument1;
      union {
        PVOID Ptr;
        ULONG_PTR Value;
      } Argument2;
      union {
        PVOID Ptr;
        ULONG_PTR Value;
      } Argument3;
      union {
        PVOID Ptr;
        ULONG_PTR Value;
      } Argument4;
    } Others;
    struct {
      PWDF_USB_REQUEST_COMPLETION_PARAMS Completion;
    } Usb;
  } Parameters;
} WDF_REQUEST_COMPLETION_PARAMS, *PWDF_REQUEST_COMPLETION_PARAMS;

VOID WDF_REQUEST_COMPLETION_PARAMS_INIT(_Out_ PWDF_REQUEST_COMPLETION_PARAMS Params);
_IRQL_requires_same_
typedef VOID EVT_WDF_REQUEST_COMPLETION_ROUTINE(
    _In_ WDFREQUEST Request, _In_ WDFIOTARGET Target, _In_ PWDF_REQUEST_COMPLETION_PARAMS Params,
    _In_ WDFCONTEXT Context);
typedef EVT_WDF_REQUEST_COMPLETION_ROUTINE *PFN_WDF_REQUEST_COMPLETION_ROUTINE;

typedef struct _WDF_REQUEST_REUSE_PARAMS {
  ULONG Size;
  ULONG Flags;
  NTSTATUS Status;
  PIRP NewIrp;
} WDF_REQUEST_REUSE_PARAMS, *PWDF_REQUEST_REUSE_PARAMS;

VOID WDF_REQUEST_REUSE_PARAMS_INIT(_Out_ PWDF_REQUEST_REUSE_PARAMS Params, _In_ ULONG Flags, _In_ NTSTATUS Status);
VOID WDF_REQUEST_REUSE_PARAMS_SET_NEW_IRP(_Inout_ PWDF_REQUEST_REUSE_PARAMS Params, _In_ PIRP NewIrp);

typedef struct _WDF_REQUEST_SEND_OPTIONS {
  ULONG Size;
  ULONG Flags;
  LONGLONG Timeout;
} WDF_REQUEST_SEND_OPTIONS, *PWDF_REQUEST_SEND_OPTIONS;

VOID WDF_REQUEST_SEND_OPTIONS_INIT(_Out_ PWDF_REQUEST_SEND_OPTIONS Options, _In_ ULONG Flags);
VOID WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(_Inout_ PWDF_REQUEST_SEND_OPTIONS Options, _In_ LONGLONG Timeout);

typedef enum _WDF_REQUEST_FORWARD_OPTIONS_FLAGS {
  WDF_REQUEST_FORWARD_OPTION_SEND_AND_FORGET = 0x00000001
} WDF_REQUEST_FORWARD_OPTIONS_FLAGS;

typedef struct _WDF_REQUEST_FORWARD_OPTIONS {
  ULONG Size;
  ULONG Flags;
} WDF_REQUEST_FORWARD_OPTIONS, *PWDF_REQUEST_FORWARD_OPTIONS;

VOID WDF_REQUEST_FORWARD_OPTIONS_INIT(_Out_ PWDF_REQUEST_FORWARD_OPTIONS ForwardOptions);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestCreate(
    _In_opt_ PWDF_OBJECT_ATTRIBUTES RequestAttributes, _In_opt_ WDFIOTARGET IoTarget, _Out_ WDFREQUEST *Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
ULONG WdfRequestGetRequestorProcessId(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestCreateFromIrp(
    _In_opt_ PWDF_OBJECT_ATTRIBUTES RequestAttributes, _In_ PIRP Irp, _In_ BOOLEAN RequestFreesIrp,
    _Out_ WDFREQUEST *Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS WdfRequestReuse(_In_ WDFREQUEST Request, _In_ PWDF_REQUEST_REUSE_PARAMS ReuseParams);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestChangeTarget(_In_ WDFREQUEST Request, _In_ WDFIOTARGET IoTarget);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestFormatRequestUsingCurrentType(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestWdmFormatUsingStackLocation(_In_ WDFREQUEST Request, _In_ PIO_STACK_LOCATION Stack);
_IRQL_requires_max_(DISPATCH_LEVEL)
_When_(Options->Flags & WDF_REQUEST_SEND_OPTION_SYNCHRONOUS == 0, _Must_inspect_result_)
BOOLEAN WdfRequestSend(_In_ WDFREQUEST Request, _In_ WDFIOTARGET Target, _In_opt_ PWDF_REQUEST_SEND_OPTIONS Options);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestGetStatus(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestMarkCancelable(_In_ WDFREQUEST Request, _In_ PFN_WDF_REQUEST_CANCEL EvtRequestCancel);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestMarkCancelableEx(_In_ WDFREQUEST Request, _In_ PFN_WDF_REQUEST_CANCEL EvtRequestCancel);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestUnmarkCancelable(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
BOOLEAN WdfRequestIsCanceled(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
BOOLEAN WdfRequestCancelSentRequest(_In_ WDFREQUEST Request);
_IRQL_requires_max_(APC_LEVEL) _Must_inspect_result_
BOOLEAN WdfRequestIsFrom32BitProcess(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestSetCompletionRoutine(
    _In_ WDFREQUEST Request, _In_opt_ PFN_WDF_REQUEST_COMPLETION_ROUTINE CompletionRoutine,
    _In_opt_ __drv_aliasesMem WDFCONTEXT CompletionContext);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestGetCompletionParams(_In_ WDFREQUEST Request, _Inout_ PWDF_REQUEST_COMPLETION_PARAMS Params);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestAllocateTimer(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestComplete(_In_ WDFREQUEST Request, _In_ NTSTATUS Status);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestCompleteWithPriorityBoost(_In_ WDFREQUEST Request, _In_ NTSTATUS Status, _In_ CCHAR PriorityBoost);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestCompleteWithInformation(_In_ WDFREQUEST Request, _In_ NTSTATUS Status, _In_ ULONG_PTR Information);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestGetParameters(_In_ WDFREQUEST Request, _Inout_ PWDF_REQUEST_PARAMETERS Parameters);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveInputMemory(_In_ WDFREQUEST Request, _Out_ WDFMEMORY *Memory);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveOutputMemory(_In_ WDFREQUEST Request, _Out_ WDFMEMORY *Memory);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveInputBuffer(
    _In_ WDFREQUEST Request, _In_ size_t MinimumRequiredLength, _Outptr_result_bytebuffer_(*Length) PVOID *Buffer,
    _Out_opt_ size_t *Length);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveOutputBuffer(
    _In_ WDFREQUEST Request, _In_ size_t MinimumRequiredSize, _Outptr_result_bytebuffer_(*Length) PVOID *Buffer,
    _Out_opt_ size_t *Length);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveInputWdmMdl(_In_ WDFREQUEST Request, _Outptr_ PMDL *Mdl);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveOutputWdmMdl(_In_ WDFREQUEST Request, _Outptr_ PMDL *Mdl);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveUnsafeUserInputBuffer(
    _In_ WDFREQUEST Request, _In_ size_t MinimumRequiredLength,
    _Outptr_result_bytebuffer_maybenull_(*Length) PVOID *InputBuffer, _Out_opt_ size_t *Length);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRetrieveUnsafeUserOutputBuffer(
    _In_ WDFREQUEST Request, _In_ size_t MinimumRequiredLength,
    _Outptr_result_bytebuffer_maybenull_(*Length) PVOID *OutputBuffer, _Out_opt_ size_t *Length);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestSetInformation(_In_ WDFREQUEST Request, _In_ ULONG_PTR Information);
_IRQL_requires_max_(DISPATCH_LEVEL)
ULONG_PTR WdfRequestGetInformation(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
WDFFILEOBJECT WdfRequestGetFileObject(_In_ WDFREQUEST Request);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestProbeAndLockUserBufferForRead(
    _In_ WDFREQUEST Request, _In_reads_bytes_(Length) PVOID Buffer, _In_ size_t Length, _Out_ WDFMEMORY *MemoryObject);
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestProbeAndLockUserBufferForWrite(
    _In_ WDFREQUEST Request, _In_reads_bytes_(Length) PVOID Buffer, _In_ size_t Length, _Out_ WDFMEMORY *MemoryObject);
_IRQL_requires_max_(DISPATCH_LEVEL)
KPROCESSOR_MODE WdfRequestGetRequestorMode(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestForwardToIoQueue(_In_ WDFREQUEST Request, _In_ WDFQUEUE DestinationQueue);
_IRQL_requires_max_(DISPATCH_LEVEL)
WDFQUEUE WdfRequestGetIoQueue(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestRequeue(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfRequestStopAcknowledge(_In_ WDFREQUEST Request, _In_ BOOLEAN Requeue);
_IRQL_requires_max_(DISPATCH_LEVEL)
PIRP WdfRequestWdmGetIrp(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL)
BOOLEAN WdfRequestIsReserved(_In_ WDFREQUEST Request);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfRequestForwardToParentDeviceIoQueue(
    _In_ WDFREQUEST Request, _In_ WDFQUEUE ParentDeviceQueue, _In_ PWDF_REQUEST_FORWARD_OPTIONS ForwardOptions);
