/* Drivers on KMDF: contexts that framework objects carry, and requests that go from hand to hand. */

//=== contexts of a request: asked for late, and kept for longer than the request
#include <wdf.h>
typedef struct { ULONG Bytes; } REQUEST;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST, RequestOf)
static EVT_WDF_IO_QUEUE_IO_READ Late, Kept, ByType, InTime;

VOID Late(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    (void)queue;
    WdfRequestComplete(request, STATUS_SUCCESS);
    RequestOf(request)->Bytes = (ULONG)length; // error: wdf-request-after-completion
}

VOID Kept(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    REQUEST *own = RequestOf(request);

    (void)queue;
    WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, length);
    own->Bytes = (ULONG)length; // error: wdf-request-after-completion
}

VOID ByType(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    REQUEST *own = WdfObjectGetTypedContext(request, REQUEST);

    (void)queue;
    own->Bytes = (ULONG)length;
    WdfRequestComplete(request, STATUS_SUCCESS);
    DbgPrint("%u\n", own->Bytes); // error: wdf-request-after-completion
}

VOID InTime(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    (void)queue;
    RequestOf(request)->Bytes = (ULONG)length;
    WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, RequestOf(request)->Bytes);
}

//=== whoever asks for the context of a request gets no more than that: the request is to be completed still
#include <wdf.h>
typedef struct { ULONG Bytes; } REQUEST;
WDF_DECLARE_CONTEXT_TYPE(REQUEST)
static EVT_WDF_IO_QUEUE_IO_READ Forgets, Answers;

VOID Forgets(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    REQUEST *own = WdfObjectGet_REQUEST(request);

    (void)queue;
    own->Bytes = (ULONG)length;
    if (length > 512)
        return; // error: request-not-completed
    WdfRequestComplete(request, STATUS_SUCCESS);
}

VOID Answers(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    REQUEST *own = WdfObjectGet_REQUEST(request);

    (void)queue;
    own->Bytes = (ULONG)length;
    WdfRequestComplete(request, length > 512 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS);
}

//=== the context is the same one each time, and each type is another's
#include <wdf.h>
typedef struct { WDFSPINLOCK Lock; ULONG Count; } ONE;
typedef struct { WDFSPINLOCK Lock; } OTHER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ONE, OneOf)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(OTHER, OtherOf)
static EVT_WDF_TIMER Right, Forgets, Mixes;

static VOID Add(WDFDEVICE device)
{
    OneOf(device)->Count++;
    WdfSpinLockRelease(OneOf(device)->Lock);
}

VOID Right(WDFTIMER timer)
{
    WDFDEVICE device = WdfTimerGetParentObject(timer);

    WdfSpinLockAcquire(OneOf(device)->Lock);
    DbgPrint("%u\n", OneOf(device)->Count);
    Add(device);
}

VOID Forgets(WDFTIMER timer)
{
    WDFDEVICE device = WdfTimerGetParentObject(timer);

    WdfSpinLockAcquire(OneOf(device)->Lock);
    OneOf(device)->Count++;
} // error: spin-lock-held-at-return

VOID Mixes(WDFTIMER timer)
{
    WDFDEVICE device = WdfTimerGetParentObject(timer);

    WdfSpinLockAcquire(OneOf(device)->Lock);
    OneOf(device)->Count++;
    WdfSpinLockAcquire(OtherOf(device)->Lock);
    WdfSpinLockRelease(OtherOf(device)->Lock);
    WdfSpinLockRelease(OneOf(device)->Lock);
}

//=== requests that are sent or queued, and come back where nobody takes them
#include <wdf.h>
typedef struct { WDFIOTARGET Below; WDFQUEUE Later; KEVENT Done; ULONG Lost; } DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE, DeviceOf)
static EVT_WDF_IO_QUEUE_IO_WRITE Sends, Queues, Loses, LosesQueued, SendsRight, QueuesRight, Waits, Asks;

VOID Sends(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    (void)length;
    WdfRequestSend(request, DeviceOf(WdfIoQueueGetDevice(queue))->Below, WDF_NO_SEND_OPTIONS);
    WdfRequestComplete(request, WdfRequestGetStatus(request)); // error: wdf-request-after-completion
}

VOID Queues(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    NTSTATUS status = WdfRequestForwardToIoQueue(request, DeviceOf(WdfIoQueueGetDevice(queue))->Later);

    (void)length;
    WdfRequestComplete(request, status); // error: wdf-request-after-completion
}

VOID Loses(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    DEVICE *device = DeviceOf(WdfIoQueueGetDevice(queue));

    (void)length;
    if (!WdfRequestSend(request, device->Below, WDF_NO_SEND_OPTIONS))
        device->Lost++;
} // error: request-not-completed

VOID LosesQueued(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    NTSTATUS status;

    (void)length;
    status = WdfRequestForwardToIoQueue(request, DeviceOf(WdfIoQueueGetDevice(queue))->Later);
    if (!NT_SUCCESS(status))
        DbgPrint("%x\n", status);
} // error: request-not-completed

VOID SendsRight(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    (void)length;
    if (WdfRequestSend(request, DeviceOf(WdfIoQueueGetDevice(queue))->Below, WDF_NO_SEND_OPTIONS))
        return;
    WdfRequestComplete(request, WdfRequestGetStatus(request));
}

VOID QueuesRight(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    NTSTATUS status = WdfRequestForwardToIoQueue(request, DeviceOf(WdfIoQueueGetDevice(queue))->Later);

    (void)length;
    if (!NT_SUCCESS(status))
        WdfRequestComplete(request, status);
}

VOID Waits(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    DEVICE *device = DeviceOf(WdfIoQueueGetDevice(queue));

    (void)length;
    if (WdfRequestSend(request, device->Below, WDF_NO_SEND_OPTIONS))
        KeWaitForSingleObject(&device->Done, Executive, KernelMode, FALSE, NULL);
    WdfRequestComplete(request, WdfRequestGetStatus(request));
}

VOID Asks(WDFQUEUE queue, WDFREQUEST request, size_t length)
{
    WDF_REQUEST_SEND_OPTIONS options;

    (void)length;
    WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
    WdfRequestSend(request, DeviceOf(WdfIoQueueGetDevice(queue))->Below, &options);
    WdfRequestComplete(request, WdfRequestGetStatus(request));
}

//=== a driver on KMDF is a whole one
#include <wdf.h>
typedef struct { WDFDEVICE Device; PKEVENT Done; } EXTENSION;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(EXTENSION, ExtensionOf)
static EVT_WDF_DRIVER_DEVICE_ADD Add;
static EVT_WDF_DEVICE_D0_EXIT Exit;

NTSTATUS Exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
    (void)target;
    KeSetEvent(ExtensionOf(device)->Done, IO_NO_INCREMENT, FALSE); // error: uninitialised-variable
    return STATUS_SUCCESS;
}

NTSTATUS Add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
    WDF_PNPPOWER_EVENT_CALLBACKS power;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDFDEVICE device;
    NTSTATUS status;

    (void)driver;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&power);
    power.EvtDeviceD0Exit = Exit;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &power);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, EXTENSION);
    status = WdfDeviceCreate(&init, &attributes, &device);
    if (NT_SUCCESS(status))
        ExtensionOf(device)->Device = device;
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, Add);
    return WdfDriverCreate(object, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}

//=== whoever completes a request in its completion routine has no context of it any more
#include <wdf.h>
typedef struct { WDFMEMORY Command; ULONG Bytes; } REQUEST;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST, RequestOf)
EVT_WDF_REQUEST_COMPLETION_ROUTINE Late, InTime;

VOID Late(WDFREQUEST request, WDFIOTARGET target, PWDF_REQUEST_COMPLETION_PARAMS params, WDFCONTEXT context)
{
    REQUEST *own = RequestOf(request);

    (void)target, (void)context;
    WdfRequestCompleteWithInformation(request, params->IoStatus.Status, own->Bytes);
    WdfObjectDelete(own->Command); // error: wdf-request-after-completion
}

VOID InTime(WDFREQUEST request, WDFIOTARGET target, PWDF_REQUEST_COMPLETION_PARAMS params, WDFCONTEXT context)
{
    REQUEST *own = RequestOf(request);
    WDFMEMORY command = own->Command;

    (void)target, (void)context;
    WdfRequestCompleteWithInformation(request, params->IoStatus.Status, own->Bytes);
    WdfObjectDelete(command);
}
