/* Requests and the routines that see them off. */

//=== a completion routine that fills its context and sets no event
typedef struct {
    KEVENT Done;
    IO_STATUS_BLOCK Result;
} WAIT;

static NTSTATUS Store(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    WAIT *wait = context;

    wait->Result = Irp->IoStatus;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS Flush(PDEVICE_OBJECT lower)
{
    WAIT wait;
    NTSTATUS status;
    PIRP Irp = IoAllocateIrp(lower->StackSize, FALSE);

    if (Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&wait.Done, NotificationEvent, FALSE);
    IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    IoSetCompletionRoutine(Irp, Store, &wait, TRUE, TRUE, TRUE);
    status = IoCallDriver(lower, Irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&wait.Done, Executive, KernelMode, FALSE, NULL); // error: wait-without-signal
        status = wait.Result.Status;
    }
    IoFreeIrp(Irp);
    return status;
}

//=== one that sets it where the request failed
static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    if (!NT_SUCCESS(Irp->IoStatus.Status)) KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS Send(PWSK_SOCKET s, PWSK_BUF buffer, PIRP Irp)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Irp, Tell, &event, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)s->Dispatch)->WskSend(s, buffer, 0, Irp);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL); // error: wait-without-signal
    return Irp->IoStatus.Status;
}

//=== one that sets the other event
typedef struct {
    KEVENT Sent;
    KEVENT Closed;
} EVENTS;

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    KeSetEvent(&((EVENTS *)context)->Sent, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Arm(PIRP Irp, EVENTS *events)
{
    KeInitializeEvent(&events->Sent, NotificationEvent, FALSE);
    KeInitializeEvent(&events->Closed, NotificationEvent, FALSE);
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Irp, Tell, events, TRUE, TRUE, TRUE);
}

NTSTATUS Wrong(PWSK_SOCKET s, PWSK_BUF buffer, PIRP Irp)
{
    EVENTS events;

    KeInitializeEvent(&events.Closed, NotificationEvent, FALSE);
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Irp, Tell, &events, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)s->Dispatch)->WskSend(s, buffer, 0, Irp);
    KeWaitForSingleObject(&events.Closed, Executive, KernelMode, FALSE, NULL); // error: wait-without-signal
    return Irp->IoStatus.Status;
}

NTSTATUS Right(PWSK_SOCKET s, PWSK_BUF buffer, PIRP Irp)
{
    EVENTS events;

    Arm(Irp, &events);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)s->Dispatch)->WskSend(s, buffer, 0, Irp);
    KeWaitForSingleObject(&events.Sent, Executive, KernelMode, FALSE, NULL);
    return Irp->IoStatus.Status;
}

//=== a request that its completion routine stops
typedef struct {
    PDEVICE_OBJECT Lower;
    LONG Count;
} FILTER;

static NTSTATUS Count(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    InterlockedIncrement(&((FILTER *)context)->Count);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

DRIVER_DISPATCH Pass;
NTSTATUS Pass(PDEVICE_OBJECT device, PIRP Irp)
{
    FILTER *filter = device->DeviceExtension;

    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Count, filter, TRUE, TRUE, TRUE);
    return IoCallDriver(filter->Lower, Irp); // error: request-not-completed
}

//=== an own IRP that came back
static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS Flush(PDEVICE_OBJECT lower)
{
    KEVENT event;
    NTSTATUS status;
    PIRP Irp = IoAllocateIrp(lower->StackSize, FALSE);

    if (Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    IoSetCompletionRoutine(Irp, Tell, &event, TRUE, TRUE, TRUE);
    status = IoCallDriver(lower, Irp);
    if (status == STATUS_PENDING) KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    status = Irp->IoStatus.Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT); // error: own-irp-completed
    return status;
}

//=== an own IRP in a member
typedef struct {
    PIRP Irp;
} CALL;

static VOID Finish(PIRP Irp, NTSTATUS status)
{
    Irp->IoStatus.Status = status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

NTSTATUS Make(CALL *call)
{
    call->Irp = IoAllocateIrp(1, FALSE);
    if (call->Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    if (KeGetCurrentIrql() > APC_LEVEL) {
        Finish(call->Irp, STATUS_CANCELLED); // error: own-irp-completed
        return STATUS_CANCELLED;
    }
    return STATUS_SUCCESS;
}

//=== an own IRP in a member, sent as it is
typedef struct {
    PIRP Irp;
    PDEVICE_OBJECT Target;
} CALL;

NTSTATUS Shut(CALL *call)
{
    call->Irp = IoAllocateIrp(call->Target->StackSize, FALSE);
    if (call->Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    IoGetNextIrpStackLocation(call->Irp)->MajorFunction = IRP_MJ_SHUTDOWN;
    return IoCallDriver(call->Target, call->Irp); // error: completion-routine-missing
}

//=== the buffer of a request that is completed while a call has it
static NTSTATUS Drop(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    IoFreeIrp(Irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

DRIVER_DISPATCH Write;
NTSTATUS Write(PDEVICE_OBJECT device, PIRP Irp)
{
    PWSK_SOCKET s = *(PWSK_SOCKET *)device->DeviceExtension;
    PIRP own = IoAllocateIrp(1, FALSE);
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    WSK_BUF buffer;

    if (own != NULL) {
        buffer.Mdl = Irp->MdlAddress;
        buffer.Offset = 0;
        buffer.Length = MmGetMdlByteCount(Irp->MdlAddress);
        IoSetCompletionRoutine(own, Drop, NULL, TRUE, TRUE, TRUE);
        ((PWSK_PROVIDER_CONNECTION_DISPATCH)s->Dispatch)->WskSend(s, &buffer, 0, own);
        status = STATUS_SUCCESS;
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT); // error: stack-buffer-outlives-call
    return status;
}

//=== a request whose cancellation was looked for too early
static DRIVER_CANCEL Cancel;
static VOID Cancel(PDEVICE_OBJECT device, PIRP Irp)
{
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

DRIVER_DISPATCH Read;
NTSTATUS Read(PDEVICE_OBJECT device, PIRP Irp)
{
    if (Irp->Cancel) {
        Irp->IoStatus.Status = STATUS_CANCELLED;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return STATUS_CANCELLED;
    }
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, Cancel); // warning: cancel-not-checked
    return STATUS_PENDING;
}

//=== the extension of a device that was deleted
typedef struct {
    PDEVICE_OBJECT Lower;
} FILTER;

VOID Remove(PDEVICE_OBJECT device)
{
    FILTER *filter = device->DeviceExtension;

    IoDeleteDevice(device);
    IoDetachDevice(filter->Lower); // error: use-after-free
}

//=== a time-out that NT_SUCCESS takes for a success
NTSTATUS Wrong(PKEVENT event, PIRP Irp)
{
    LARGE_INTEGER limit;
    NTSTATUS status;

    limit.QuadPart = -10000;
    status = KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &limit);
    if (NT_SUCCESS(status)) // warning: status-confused
        return Irp->IoStatus.Status;
    return status;
}

NTSTATUS Right(PKEVENT event, PIRP Irp)
{
    LARGE_INTEGER limit;
    NTSTATUS status;

    limit.QuadPart = -10000;
    status = KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &limit);
    if (status == STATUS_TIMEOUT)
        return STATUS_IO_TIMEOUT;
    if (NT_SUCCESS(status))
        return Irp->IoStatus.Status;
    return status;
}

//=== a driver that attaches its devices deletes them without detaching
typedef struct { PDEVICE_OBJECT Lower; } EXT;
static DRIVER_ADD_DEVICE Add;

static NTSTATUS Plug(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    NTSTATUS status;

    IoSkipCurrentIrpStackLocation(irp);
    if (IoGetCurrentIrpStackLocation(irp)->MinorFunction != IRP_MN_REMOVE_DEVICE) return IoCallDriver(ext->Lower, irp);
    irp->IoStatus.Status = STATUS_SUCCESS;
    status = IoCallDriver(ext->Lower, irp);
    IoDeleteDevice(device); // error: device-deleted-while-attached
    return status;
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT below)
{
    PDEVICE_OBJECT device;
    EXT *ext;
    NTSTATUS status = IoCreateDevice(driver, sizeof(EXT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    if (!NT_SUCCESS(status)) return status;
    ext = device->DeviceExtension;
    ext->Lower = IoAttachDeviceToDeviceStack(device, below);
    if (!ext->Lower) {
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    driver->DriverExtension->AddDevice = Add;
    driver->MajorFunction[IRP_MJ_PNP] = Plug;
    return STATUS_SUCCESS;
}

//=== an IRP that a structure keeps, for which nothing in the driver sets a routine; one has it by a helper
typedef struct { PWSK_SOCKET Socket; PIRP Irp; PIRP CloseIrp; PIRP OtherIrp; KEVENT Done; } LINK;
static LINK Link;

static IO_COMPLETION_ROUTINE Done;
static NTSTATUS Done(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device;
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Done, context, TRUE, TRUE, TRUE);
    KeSetEvent(&((LINK *)context)->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP NewIrp(VOID)
{
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp != NULL)
        IoSetCompletionRoutine(irp, Done, &Link, TRUE, TRUE, TRUE);
    return irp;
}

static VOID Close(VOID)
{
    const WSK_PROVIDER_CONNECTION_DISPATCH *calls = Link.Socket->Dispatch;

    calls->WskDisconnect(Link.Socket, NULL, 0, Link.Irp);
    KeWaitForSingleObject(&Link.Done, Executive, KernelMode, FALSE, NULL);
    calls->WskGetRemoteAddress(Link.Socket, NULL, Link.OtherIrp); // error: completion-routine-missing
    calls->Basic.WskCloseSocket(Link.Socket, Link.CloseIrp); // error: completion-routine-missing
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    Close();
    IoFreeIrp(Link.Irp);
    IoFreeIrp(Link.CloseIrp);
    IoFreeIrp(Link.OtherIrp);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    KeInitializeEvent(&Link.Done, SynchronizationEvent, FALSE);
    Link.Socket = (PWSK_SOCKET)driver->FastIoDispatch;
    Link.Irp = NewIrp();
    Link.CloseIrp = IoAllocateIrp(1, FALSE);
    Link.OtherIrp = IoAllocateIrp(1, FALSE);
    if (Link.Irp == NULL || Link.CloseIrp == NULL || Link.OtherIrp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
