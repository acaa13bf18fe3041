/* Requests that a dispatch routine answers, keeps or passes on. */

//=== the remove lock of a request that is completed, while others keep theirs in a queue
typedef struct {
    IO_REMOVE_LOCK Lock;
    KSPIN_LOCK QueueLock;
    LIST_ENTRY Queue;
    PDEVICE_OBJECT Lower;
    BOOLEAN IsAsleep;
    ULONG Sent;
} HOLD, *PHOLD;

static NTSTATUS Finish(PIRP irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

DRIVER_CANCEL Cancel;
VOID Cancel(PDEVICE_OBJECT device, PIRP irp)
{
    PHOLD hold = device->DeviceExtension;
    KIRQL irql;

    IoReleaseCancelSpinLock(irp->CancelIrql);
    KeAcquireSpinLock(&hold->QueueLock, &irql);
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&hold->QueueLock, irql);
    Finish(irp, STATUS_CANCELLED);
    IoReleaseRemoveLock(&hold->Lock, irp);
}

_Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH Right;
NTSTATUS Right(PDEVICE_OBJECT device, PIRP irp)
{
    PHOLD hold = device->DeviceExtension;
    KIRQL irql;
    NTSTATUS status = IoAcquireRemoveLock(&hold->Lock, irp);

    if (!NT_SUCCESS(status)) return Finish(irp, status);
    KeAcquireSpinLock(&hold->QueueLock, &irql);
    IoSetCancelRoutine(irp, Cancel);
    if (irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL) {
        KeReleaseSpinLock(&hold->QueueLock, irql);
        status = Finish(irp, STATUS_CANCELLED);
        IoReleaseRemoveLock(&hold->Lock, irp);
        return status;
    }
    IoMarkIrpPending(irp);
    InsertTailList(&hold->Queue, &irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&hold->QueueLock, irql);
    return STATUS_PENDING;
}

_Dispatch_type_(IRP_MJ_SET_EA) DRIVER_DISPATCH Wrong;
NTSTATUS Wrong(PDEVICE_OBJECT device, PIRP irp)
{
    PHOLD hold = device->DeviceExtension;
    KIRQL irql;
    NTSTATUS status = IoAcquireRemoveLock(&hold->Lock, irp);

    if (!NT_SUCCESS(status)) return Finish(irp, status);
    KeAcquireSpinLock(&hold->QueueLock, &irql);
    IoSetCancelRoutine(irp, Cancel);
    if (irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL) {
        KeReleaseSpinLock(&hold->QueueLock, irql);
        status = Finish(irp, STATUS_CANCELLED);
        return status; // error: remove-lock-held
    }
    IoMarkIrpPending(irp);
    InsertTailList(&hold->Queue, &irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&hold->QueueLock, irql);
    return STATUS_PENDING;
}

_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH Passed;
NTSTATUS Passed(PDEVICE_OBJECT device, PIRP irp)
{
    PHOLD hold = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&hold->Lock, irp);

    if (!NT_SUCCESS(status)) return Finish(irp, status);
    IoSkipCurrentIrpStackLocation(irp);
    status = IoCallDriver(hold->Lower, irp);
    IoReleaseRemoveLock(&hold->Lock, irp);
    if (NT_SUCCESS(status)) hold->Sent++; // warning: remove-lock-held
    return status;
}

_Dispatch_type_(IRP_MJ_FLUSH_BUFFERS) DRIVER_DISPATCH Twice;
NTSTATUS Twice(PDEVICE_OBJECT device, PIRP irp)
{
    PHOLD hold = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&hold->Lock, irp);

    if (!NT_SUCCESS(status)) return Finish(irp, status);
    hold->Sent++;
    IoSkipCurrentIrpStackLocation(irp);
    status = IoCallDriver(hold->Lower, irp);
    IoReleaseRemoveLock(&hold->Lock, irp);
    return status;
}

_Dispatch_type_(IRP_MJ_PNP) DRIVER_DISPATCH Remove;
NTSTATUS Remove(PDEVICE_OBJECT device, PIRP irp)
{
    PHOLD hold = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&hold->Lock, irp);

    if (!NT_SUCCESS(status)) return Finish(irp, status);
    IoReleaseRemoveLockAndWait(&hold->Lock, irp);
    IoSkipCurrentIrpStackLocation(irp);
    status = IoCallDriver(hold->Lower, irp);
    IoDetachDevice(hold->Lower);
    IoDeleteDevice(device);
    if (hold->IsAsleep) return STATUS_SUCCESS; // error: use-after-free
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    driver->MajorFunction[IRP_MJ_WRITE] = Right;
    driver->MajorFunction[IRP_MJ_SET_EA] = Wrong;
    driver->MajorFunction[IRP_MJ_READ] = Passed;
    driver->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = Twice;
    driver->MajorFunction[IRP_MJ_PNP] = Remove;
    return STATUS_SUCCESS;
}

//=== a status that one way does not set
static NTSTATUS Wrong(ULONG code, PULONG value)
{
    NTSTATUS status;

    if (code == 1) status = STATUS_SUCCESS;
    else if (code == 2) *value = 0;
    else status = STATUS_INVALID_PARAMETER;
    return status; // warning: suspicious-status
}

static NTSTATUS Jumps(ULONG code)
{
    NTSTATUS status;
    PVOID memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'pmuJ');

    if (memory == NULL) goto done;
    status = code == 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    ExFreePoolWithTag(memory, 'pmuJ');
done:
    return status; // warning: suspicious-status
}

static NTSTATUS InTurn(ULONG count, PULONG values)
{
    NTSTATUS status;
    ULONG i;

    for (i = 0; i < count; i++) status = values[i] == 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    return status;
}

static NTSTATUS OfAll(ULONG code)
{
    NTSTATUS status;

    switch (code & 1) {
    case 0:
        status = STATUS_SUCCESS;
        break;
    case 1:
        status = STATUS_INVALID_PARAMETER;
        break;
    }
    return status;
}

static NTSTATUS Out(PNTSTATUS to)
{
    *to = STATUS_SUCCESS;
    return STATUS_SUCCESS;
}

static NTSTATUS ByAddress(VOID)
{
    NTSTATUS status;

    Out(&status);
    return status;
}

NTSTATUS All(ULONG code, PULONG value)
{
    NTSTATUS status = Wrong(code, value);

    if (NT_SUCCESS(status)) status = Jumps(code);
    if (NT_SUCCESS(status)) status = InTurn(code, value);
    if (NT_SUCCESS(status)) status = OfAll(code);
    return NT_SUCCESS(status) ? ByAddress() : status;
}

//=== one of two codes asks for the room
#define IOCTL_ONE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_TWO CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH Wrong;
NTSTATUS Wrong(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION at = IoGetCurrentIrpStackLocation(irp);
    ULONG room = at->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG_PTR information = 0;
    NTSTATUS status = STATUS_SUCCESS;

    switch (at->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ONE:
        if (room < 8) { status = STATUS_BUFFER_TOO_SMALL; break; }
        *(PULONGLONG)irp->AssociatedIrp.SystemBuffer = 1;
        information = 8;
        break;
    case IOCTL_TWO:
        *(PULONG)irp->AssociatedIrp.SystemBuffer = 2;
        information = 4;
        break;
    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT); // warning: information-too-large
    return status;
}

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH Right;
NTSTATUS Right(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION at = IoGetCurrentIrpStackLocation(irp);
    ULONG room = at->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG_PTR information = 0;
    NTSTATUS status = STATUS_SUCCESS;

    switch (at->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ONE:
        if (room < 8) { status = STATUS_BUFFER_TOO_SMALL; break; }
        *(PULONGLONG)irp->AssociatedIrp.SystemBuffer = 1;
        information = 8;
        break;
    case IOCTL_TWO:
        if (4 > room) { status = STATUS_BUFFER_TOO_SMALL; break; }
        *(PULONG)irp->AssociatedIrp.SystemBuffer = 2;
        information = 4;
        break;
    }
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

//=== a request in the structure that a work item's routine gets is marked when it may be done
typedef struct { PIRP Irp; PIO_WORKITEM Work; } JOB;

static IO_WORKITEM_ROUTINE Finish;
static VOID Finish(PDEVICE_OBJECT device, PVOID context)
{
    JOB *job = context;

    (void)device;
    job->Irp->IoStatus.Status = STATUS_SUCCESS;
    job->Irp->IoStatus.Information = 0;
    IoCompleteRequest(job->Irp, IO_NO_INCREMENT);
    IoFreeWorkItem(job->Work);
    ExFreePoolWithTag(job, 'boJ ');
}

DRIVER_DISPATCH Read;
NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp)
{
    JOB *job = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(JOB), 'boJ ');

    if (job == NULL) {
        irp->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
        irp->IoStatus.Information = 0;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    job->Work = IoAllocateWorkItem(device);
    if (job->Work == NULL) {
        ExFreePoolWithTag(job, 'boJ ');
        irp->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
        irp->IoStatus.Information = 0;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    job->Irp = irp;
    if (irp->RequestorMode == KernelMode) {
        IoMarkIrpPending(irp);
        IoQueueWorkItem(job->Work, Finish, DelayedWorkQueue, job);
    } else {
        IoQueueWorkItem(job->Work, Finish, DelayedWorkQueue, job);
        IoMarkIrpPending(irp); // error: pending-marked-after-queueing
    }
    return STATUS_PENDING;
}

//=== an IRP that lies in a structure of the driver's own goes with that
typedef struct { LIST_ENTRY Link; IRP Irp; PIRP Other, Third; } SLOT;

VOID PutSlot(PLOOKASIDE_LIST_EX Slots, SLOT *Slot)
{
    IoFreeIrp(Slot->Other);
    IoFreeIrp(&*Slot->Third);
    IoFreeIrp(&Slot->Irp); // error: irp-freed-not-owned
    ExFreeToLookasideListEx(Slots, Slot);
}
