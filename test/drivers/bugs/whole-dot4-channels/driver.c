/*
 * A Dot4 client above a printer's function device: it is a PnP driver whose device opens two channels when it is started
 * (PRINT by number, STATUS by the name of its service), passes writes of programs to the first, keeps a read pending on the
 * second, and gives everything back when the device is removed.
 */
#include <ntddk.h>
#include <d4drvif.h>
#include <wdmsec.h>

#define D4C_TAG 'c4tD'
#define D4C_STATUS_BYTES 32
#define IOCTL_D4C_LAST_STATUS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_BUFFERED, FILE_READ_DATA)

typedef struct _D4C_DEVICE {
    PDEVICE_OBJECT Self, Below;
    IO_REMOVE_LOCK RemoveLock;
    UNICODE_STRING Link;
    BOOLEAN Started;
    DOT4_DC_OPEN_DATA Print;
    DOT4_DC_CREATE_DATA StatusSocket;
    DOT4_DC_OPEN_DATA Status;
    /* The read that pends on the status channel, again and again. */
    PIRP ReadIrp;
    PMDL ReadMdl;
    DOT4_DRIVER_CMD ReadCommand;
    KEVENT ReadStopped;
    LONG Stopping;
    UCHAR ReadBuffer[D4C_STATUS_BYTES];
    KSPIN_LOCK Lock;            /* guards what is kept of the last status */
    ULONG KeptLength;
    UCHAR Kept[D4C_STATUS_BYTES];
    PIO_WORKITEM Again;
} D4C_DEVICE, *PD4C_DEVICE;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE D4cAddDevice;
DRIVER_UNLOAD D4cUnload;
_Dispatch_type_(IRP_MJ_PNP) DRIVER_DISPATCH D4cPnp;
_Dispatch_type_(IRP_MJ_POWER) DRIVER_DISPATCH D4cPower;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH D4cCreateClose;
_Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH D4cWrite;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH D4cControl;
IO_COMPLETION_ROUTINE D4cReadDone, D4cWriteDone, D4cStarted;
IO_WORKITEM_ROUTINE D4cReadAgain;

static const GUID D4cInterface = { 0x3f5e21c7, 0x9b4d, 0x4f02, { 0xb7, 0x20, 0x11, 0x5a, 0x6e, 0x90, 0x4c, 0x01 } };

/* ---- requests to the Dot4 driver ---- */

static NTSTATUS D4cAsk(PD4C_DEVICE Device, ULONG Code, PVOID Input, ULONG InputLength, PVOID Output, ULONG OutputLength)
{
    IO_STATUS_BLOCK result;
    KEVENT done;
    PIRP irp;
    NTSTATUS status;

    PAGED_CODE();
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(Code, Device->Below, Input, InputLength, Output, OutputLength, FALSE, &done, &result);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(Device->Below, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        status = result.Status;
    }
    return status;
}

static VOID D4cFillDirect(PIRP Irp, ULONG Code, PVOID Command, PMDL Data, ULONG DataLength)
{
    PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(Irp);

    next->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    next->Parameters.DeviceIoControl.IoControlCode = Code;
    next->Parameters.DeviceIoControl.InputBufferLength = sizeof(DOT4_DRIVER_CMD);
    next->Parameters.DeviceIoControl.OutputBufferLength = DataLength;
    Irp->AssociatedIrp.SystemBuffer = Command;
    Irp->MdlAddress = Data;
}

static VOID D4cSendRead(PD4C_DEVICE Device)
{
    IoReuseIrp(Device->ReadIrp, STATUS_NOT_SUPPORTED);
    Device->ReadCommand.hChannelHandle = Device->Status.hChannelHandle;
    Device->ReadCommand.ulSize = D4C_STATUS_BYTES;
    Device->ReadCommand.ulOffset = 0;
    Device->ReadCommand.ulTimeout = NO_TIMEOUT;
    D4cFillDirect(Device->ReadIrp, IOCTL_DOT4_READ, &Device->ReadCommand, Device->ReadMdl, D4C_STATUS_BYTES);
    IoSetCompletionRoutine(Device->ReadIrp, D4cReadDone, Device, TRUE, TRUE, TRUE);
    IoCallDriver(Device->Below, Device->ReadIrp);
}

VOID D4cReadAgain(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PD4C_DEVICE device = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (device->Stopping) {
        KeSetEvent(&device->ReadStopped, IO_NO_INCREMENT, FALSE);
        return;
    }
    D4cSendRead(device);
}

NTSTATUS D4cReadDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PD4C_DEVICE device = Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (!NT_SUCCESS(Irp->IoStatus.Status)) {
        KeSetEvent(&device->ReadStopped, IO_NO_INCREMENT, FALSE);
        return STATUS_MORE_PROCESSING_REQUIRED;
    }
    KeAcquireSpinLock(&device->Lock, &irql);
    device->KeptLength = (ULONG)min(Irp->IoStatus.Information, D4C_STATUS_BYTES);
    RtlCopyMemory(device->Kept, device->ReadBuffer, device->KeptLength);
    KeReleaseSpinLock(&device->Lock, irql);
    IoQueueWorkItem(device->Again, D4cReadAgain, DelayedWorkQueue, device);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* ---- start and stop ---- */

static NTSTATUS D4cOpenChannels(PD4C_DEVICE Device)
{
    NTSTATUS status;

    Device->Print.bHsid = PRINTER_CHANNEL;
    Device->Print.fAddActivity = FALSE;
    status = D4cAsk(Device, IOCTL_DOT4_OPEN_CHANNEL, &Device->Print, sizeof(Device->Print), &Device->Print, sizeof(Device->Print));
    if (!NT_SUCCESS(status)) {
        return status;
    }
    RtlCopyMemory(Device->StatusSocket.pServiceName, "HP-STATUS", sizeof("HP-STATUS"));
    Device->StatusSocket.bType = PACKET_TYPE_CHANNEL;
    Device->StatusSocket.ulBufferSize = 256;
    status = D4cAsk(Device, IOCTL_DOT4_CREATE_SOCKET, &Device->StatusSocket, sizeof(Device->StatusSocket), &Device->StatusSocket,
        sizeof(Device->StatusSocket));
    if (!NT_SUCCESS(status)) {
        goto close_print;
    }
    Device->Status.bHsid = Device->StatusSocket.bHsid;
    status = D4cAsk(Device, IOCTL_DOT4_OPEN_CHANNEL, &Device->Status, sizeof(Device->Status), &Device->Status, sizeof(Device->Status));
    if (!NT_SUCCESS(status)) {
        goto destroy;
    }
    Device->Started = TRUE;
    D4cSendRead(Device);
    return STATUS_SUCCESS;

destroy:
    D4cAsk(Device, IOCTL_DOT4_DESTROY_SOCKET, &Device->StatusSocket.bHsid, sizeof(DOT4_DC_DESTROY_DATA), NULL, 0);
close_print:
    D4cAsk(Device, IOCTL_DOT4_CLOSE_CHANNEL, &Device->Print.hChannelHandle, sizeof(CHANNEL_HANDLE), NULL, 0);
    return status;
}

static VOID D4cCloseChannels(PD4C_DEVICE Device)
{
    LARGE_INTEGER soon = { .QuadPart = -20 * 10000LL };

    if (!Device->Started) {
        return;
    }
    Device->Started = FALSE;
    InterlockedExchange(&Device->Stopping, TRUE);
    do {
        IoCancelIrp(Device->ReadIrp);
    } while (KeWaitForSingleObject(&Device->ReadStopped, Executive, KernelMode, FALSE, &soon) == STATUS_TIMEOUT);
    D4cAsk(Device, IOCTL_DOT4_CLOSE_CHANNEL, &Device->Status.hChannelHandle, sizeof(CHANNEL_HANDLE), NULL, 0);
    D4cAsk(Device, IOCTL_DOT4_DESTROY_SOCKET, &Device->StatusSocket.bHsid, sizeof(DOT4_DC_DESTROY_DATA), NULL, 0);
    D4cAsk(Device, IOCTL_DOT4_CLOSE_CHANNEL, &Device->Print.hChannelHandle, sizeof(CHANNEL_HANDLE), NULL, 0);
}

NTSTATUS D4cStarted(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned) {
        KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    }
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS D4cStart(PD4C_DEVICE Device, PIRP Irp)
{
    KEVENT done;
    NTSTATUS status;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, D4cStarted, &done, TRUE, TRUE, TRUE);
    status = IoCallDriver(Device->Below, Irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        status = Irp->IoStatus.Status;
    }
    if (NT_SUCCESS(status)) {
        status = D4cOpenChannels(Device);
    }
    if (NT_SUCCESS(status)) {
        status = IoSetDeviceInterfaceState(&Device->Link, TRUE);
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static VOID D4cFree(PD4C_DEVICE Device)
{
    if (Device->ReadIrp != NULL) {
        IoFreeIrp(Device->ReadIrp);
    }
    if (Device->ReadMdl != NULL) {
        IoFreeMdl(Device->ReadMdl);
    }
    if (Device->Again != NULL) {
        IoFreeWorkItem(Device->Again);
    }
    if (Device->Link.Buffer != NULL) {
        RtlFreeUnicodeString(&Device->Link);
    }
    if (Device->Below != NULL) {
        IoDetachDevice(Device->Below);
    }
    IoDeleteDevice(Device->Self);
}

NTSTATUS D4cPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PD4C_DEVICE device = DeviceObject->DeviceExtension;
    UCHAR minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
    NTSTATUS status = IoAcquireRemoveLock(&device->RemoveLock, Irp);

    if (!NT_SUCCESS(status)) {
        Irp->IoStatus.Status = status;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return status;
    }
    switch (minor) {
    case IRP_MN_START_DEVICE:
        status = D4cStart(device, Irp);
        IoReleaseRemoveLock(&device->RemoveLock, Irp);
        return status;
    case IRP_MN_SURPRISE_REMOVAL:
    case IRP_MN_REMOVE_DEVICE:
        IoSetDeviceInterfaceState(&device->Link, FALSE);
        D4cCloseChannels(device);
        break;
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        break;
    default:
        IoSkipCurrentIrpStackLocation(Irp);
        status = IoCallDriver(device->Below, Irp);
        IoReleaseRemoveLock(&device->RemoveLock, Irp);
        return status;
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    if (minor == IRP_MN_REMOVE_DEVICE) {
        IoReleaseRemoveLockAndWait(&device->RemoveLock, Irp);
    }
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(device->Below, Irp);
    if (minor == IRP_MN_REMOVE_DEVICE) {
        D4cFree(device);
    } else {
        IoReleaseRemoveLock(&device->RemoveLock, Irp);
    }
    return status;
}

NTSTATUS D4cPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PD4C_DEVICE device = DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(device->Below, Irp);
}

/* ---- programs ---- */

NTSTATUS D4cCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

typedef struct _D4C_WRITE {
    PIRP Upper;
    PD4C_DEVICE Device;
    DOT4_DRIVER_CMD Command;
} D4C_WRITE, *PD4C_WRITE;

NTSTATUS D4cWriteDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PD4C_WRITE write = Context;
    PD4C_DEVICE device = write->Device;
    PIRP upper = write->Upper;

    UNREFERENCED_PARAMETER(DeviceObject);
    upper->IoStatus.Status = Irp->IoStatus.Status;
    upper->IoStatus.Information = NT_SUCCESS(Irp->IoStatus.Status) ? write->Command.ulSize : 0;
    ExFreePoolWithTag(write, D4C_TAG);
#ifdef WRONG
    IoFreeMdl(Irp->MdlAddress); /* It is that of the program's request. */ /* finding: mdl-freed-while-locked */
    IoFreeIrp(Irp);
#else
    Irp->MdlAddress = NULL;
    IoFreeIrp(Irp);
#endif
    IoCompleteRequest(upper, IO_NO_INCREMENT);
    IoReleaseRemoveLock(&device->RemoveLock, upper);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS D4cWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PD4C_DEVICE device = DeviceObject->DeviceExtension;
    ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;
    PD4C_WRITE write = NULL;
    PIRP lower = NULL;
    NTSTATUS status = IoAcquireRemoveLock(&device->RemoveLock, Irp);

    if (NT_SUCCESS(status)) {
        status = device->Started ? STATUS_SUCCESS : STATUS_DEVICE_NOT_READY;
        if (NT_SUCCESS(status)) {
            write = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*write), D4C_TAG);
            lower = IoAllocateIrp(device->Below->StackSize, FALSE);
            if (write == NULL || lower == NULL) {
                status = STATUS_INSUFFICIENT_RESOURCES;
            }
        }
        if (!NT_SUCCESS(status)) {
            IoReleaseRemoveLock(&device->RemoveLock, Irp);
        }
    }
    if (!NT_SUCCESS(status)) {
        if (write != NULL) {
            ExFreePoolWithTag(write, D4C_TAG);
        }
        if (lower != NULL) {
            IoFreeIrp(lower);
        }
        Irp->IoStatus.Status = status;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return status;
    }
    write->Upper = Irp;
    write->Device = device;
    write->Command.hChannelHandle = device->Print.hChannelHandle;
    write->Command.ulSize = length;
    D4cFillDirect(lower, IOCTL_DOT4_WRITE, &write->Command, Irp->MdlAddress, length);
    IoSetCompletionRoutine(lower, D4cWriteDone, write, TRUE, TRUE, TRUE);
    IoMarkIrpPending(Irp);
    IoCallDriver(device->Below, lower);
    return STATUS_PENDING;
}

NTSTATUS D4cControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PD4C_DEVICE device = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION at = IoGetCurrentIrpStackLocation(Irp);
    ULONG_PTR given = 0;
    KIRQL irql;
    NTSTATUS status;

    if (at->Parameters.DeviceIoControl.IoControlCode != IOCTL_D4C_LAST_STATUS) {
        status = STATUS_INVALID_DEVICE_REQUEST;
    } else {
        KeAcquireSpinLock(&device->Lock, &irql);
        if (at->Parameters.DeviceIoControl.OutputBufferLength < device->KeptLength) {
            status = STATUS_BUFFER_TOO_SMALL;
        } else {
            RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, device->Kept, device->KeptLength);
            given = device->KeptLength;
            status = STATUS_SUCCESS;
        }
        KeReleaseSpinLock(&device->Lock, irql);
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = given;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

/* ---- the driver ---- */

NTSTATUS D4cAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT self;
    PD4C_DEVICE device;
    NTSTATUS status;

    PAGED_CODE();
    status = IoCreateDevice(DriverObject, sizeof(D4C_DEVICE), NULL, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &self);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device = self->DeviceExtension;
    device->Self = self;
    KeInitializeSpinLock(&device->Lock);
    KeInitializeEvent(&device->ReadStopped, NotificationEvent, FALSE);
    IoInitializeRemoveLock(&device->RemoveLock, D4C_TAG, 0, 0);
    device->Below = IoAttachDeviceToDeviceStack(self, PhysicalDeviceObject);
    status = STATUS_NO_SUCH_DEVICE;
    if (device->Below != NULL) {
        device->Again = IoAllocateWorkItem(self);
        device->ReadIrp = IoAllocateIrp(device->Below->StackSize, FALSE);
        device->ReadMdl = IoAllocateMdl(device->ReadBuffer, D4C_STATUS_BYTES, FALSE, FALSE, NULL);
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (device->ReadIrp != NULL && device->ReadMdl != NULL && device->Again != NULL) {
        MmBuildMdlForNonPagedPool(device->ReadMdl);
        status = IoRegisterDeviceInterface(PhysicalDeviceObject, &D4cInterface, NULL, &device->Link);
    }
    if (!NT_SUCCESS(status)) {
        D4cFree(device);
        return status;
    }
    self->Flags |= DO_DIRECT_IO | DO_POWER_PAGABLE;
    self->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

VOID D4cUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = D4cUnload;
    DriverObject->DriverExtension->AddDevice = D4cAddDevice;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = D4cCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = D4cCreateClose;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = D4cWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = D4cControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = D4cPnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = D4cPower;
    return STATUS_SUCCESS;
}
