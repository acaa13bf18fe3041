/* A program's requests as a driver sees them: every buffering method, lengths, access mode, process, cleanup and close. */
#define OWN_ENTRY
#include "check.h"
#define IOCTL_BUFFERED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_IN_DIRECT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_IN_DIRECT, FILE_ANY_ACCESS)
#define IOCTL_OUT_DIRECT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define IOCTL_NEITHER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_OVERFLOW CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_PEND CTL_CODE(FILE_DEVICE_UNKNOWN, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\AreaCallers"), LinkName = RTL_CONSTANT_STRING(L"\\??\\AreaCallers");
static CHAR Stored[32];
static ULONG StoredLength;
static PFILE_OBJECT Opened;
static LONG Cleanups, Closes;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static DRIVER_CANCEL OnCancel;

static VOID OnCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    CHECK(Irp->Cancel);
    Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS Control(PIRP Irp, PIO_STACK_LOCATION Location)
{
    ULONG input = Location->Parameters.DeviceIoControl.InputBufferLength;
    ULONG output = Location->Parameters.DeviceIoControl.OutputBufferLength;
    PUCHAR system = Irp->AssociatedIrp.SystemBuffer, mapped;
    ULONG i;

    switch (Location->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BUFFERED:
        if (output < input) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        EQUAL(input, 5);
        EQUAL(output, 16);
        CHECK((PVOID)system > MmHighestUserAddress);
        EQUAL(Irp->MdlAddress, NULL);
        for (i = 0; i < input; i++) {
            system[i] = (UCHAR)RtlUpperChar(system[i]);
        }
        return Complete(Irp, STATUS_SUCCESS, input);
    case IOCTL_IN_DIRECT:
        EQUAL(input, 2);
        EQUAL(output, 0);
        EQUAL(system[1], 2);
        EQUAL(Irp->MdlAddress, NULL);
        return Complete(Irp, STATUS_SUCCESS, 0);
    case IOCTL_OUT_DIRECT:
        EQUAL(system[0], 'i');
        CHECK(Irp->MdlAddress != NULL);
        EQUAL(MmGetMdlByteCount(Irp->MdlAddress), 8);
        mapped = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
        CHECK(mapped != NULL && (PVOID)mapped > MmHighestUserAddress);
        RtlCopyMemory(mapped, "direct", 6);
        return Complete(Irp, STATUS_SUCCESS, 6);
    case IOCTL_NEITHER: {
        PUCHAR from = Location->Parameters.DeviceIoControl.Type3InputBuffer, to = Irp->UserBuffer;
        UCHAR copy[3];

        CHECK((PVOID)from < MmHighestUserAddress);
        EQUAL(system, NULL);
        __try {
            ProbeForRead(from, 3, 1);
            RtlCopyMemory(copy, from, 3);
            ProbeForWrite(to, 3, 1);
            for (i = 0; i < 3; i++) {
                to[i] = copy[2 - i];
            }
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            return Complete(Irp, GetExceptionCode(), 0);
        }
        return Complete(Irp, STATUS_SUCCESS, 3);
    }
    case IOCTL_OVERFLOW:
        RtlCopyMemory(system, "part", 4);
        return Complete(Irp, STATUS_BUFFER_OVERFLOW, 4);
    case IOCTL_PEND:
        IoMarkIrpPending(Irp);
        IoSetCancelRoutine(Irp, OnCancel);
        return STATUS_PENDING;
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

/* What the driver opens here is in the program's table; only handles of the kernel are out of its reach. */
static VOID HandlesOfProgram(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE own, kernel;
    KAPC_STATE state;
    PVOID object;

    ZwCreateEvent(&own, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    ZwCreateEvent(&kernel, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
    RETURNS(ObReferenceObjectByHandle(own, SYNCHRONIZE, *ExEventObjectType, UserMode, &object, NULL), STATUS_SUCCESS);
    ObDereferenceObject(object);
    RETURNS(ObReferenceObjectByHandle(kernel, SYNCHRONIZE, *ExEventObjectType, UserMode, &object, NULL),
            STATUS_INVALID_HANDLE);
    KeStackAttachProcess(PsInitialSystemProcess, &state);
    RETURNS(ZwSetEvent(kernel, NULL), STATUS_SUCCESS);
    KeUnstackDetachProcess(&state);
    RETURNS(ZwClose(kernel), STATUS_SUCCESS);
    /* The other one goes with the program. */
}

static DRIVER_DISPATCH Dispatch;

static NTSTATUS Dispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);

    EQUAL(location->DeviceObject, DeviceObject);
    EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    switch (location->MajorFunction) {
    case IRP_MJ_CREATE:
        EQUAL(Irp->RequestorMode, UserMode);
        EQUAL(ExGetPreviousMode(), UserMode);
        CHECK(PsGetCurrentProcessId() != (HANDLE)4);
        EQUAL(IoGetRequestorProcess(Irp), PsGetCurrentProcess());
        Opened = location->FileObject;
        CHECK(Opened != NULL);
        EQUAL(Opened->FileName.Length, 0);
        HandlesOfProgram();
        return Complete(Irp, STATUS_SUCCESS, FILE_OPENED);
    case IRP_MJ_CLEANUP:
        EQUAL(location->FileObject, Opened);
        EQUAL(Closes, 0);
        Cleanups++;
        return Complete(Irp, STATUS_SUCCESS, 0);
    case IRP_MJ_CLOSE:
        EQUAL(location->FileObject, Opened);
        EQUAL(Cleanups, 1);
        Closes++;
        return Complete(Irp, STATUS_SUCCESS, 0);
    case IRP_MJ_WRITE:
        StoredLength = location->Parameters.Write.Length;
        EQUAL(StoredLength, 7);
        RtlCopyMemory(Stored, Irp->AssociatedIrp.SystemBuffer, StoredLength);
        return Complete(Irp, STATUS_SUCCESS, StoredLength);
    case IRP_MJ_READ:
        EQUAL(location->Parameters.Read.Length, 32);
        RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Stored, StoredLength);
        return Complete(Irp, STATUS_SUCCESS, StoredLength);
    default:
        return Control(Irp, location);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    EQUAL(Cleanups, 1);
    EQUAL(Closes, 1);
    IoDeleteSymbolicLink(&LinkName);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device;
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = Dispatch;
    }
    DriverObject->DriverUnload = Unload;
    status = IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    device->Flags |= DO_BUFFERED_IO;
    return IoCreateSymbolicLink(&LinkName, &DeviceName);
}
