/*
 * A client makes its own request with METHOD_OUT_DIRECT for a device below and says how much room there is.
 * Wrong: The MDL says where the room is, but not in which pages: nobody has built it, and nobody has locked them.
 */
#include <ntddk.h>
#define IOCTL_ASK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)

static UNICODE_STRING LowerName = RTL_CONSTANT_STRING(L"\\Device\\Lower0");

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Ask(PDEVICE_OBJECT Lower, PMDL Answer)
{
    PIO_STACK_LOCATION next;
    KEVENT event;
    NTSTATUS status;
    PIRP irp = IoAllocateIrp(Lower->StackSize, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp->MdlAddress = Answer;
    next = IoGetNextIrpStackLocation(irp);
    next->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    next->Parameters.DeviceIoControl.IoControlCode = IOCTL_ASK;
    next->Parameters.DeviceIoControl.OutputBufferLength = MmGetMdlByteCount(Answer);
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
    status = IoCallDriver(Lower, irp); /* finding: mdl-not-locked */
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = irp->IoStatus.Status;
    }
    irp->MdlAddress = NULL;
    IoFreeIrp(irp);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static CHAR answer[16];
    PFILE_OBJECT file;
    PDEVICE_OBJECT lower;
    PMDL mdl;
    NTSTATUS status = IoGetDeviceObjectPointer(&LowerName, FILE_READ_DATA, &file, &lower);

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (!NT_SUCCESS(status)) {
        return status;
    }
    mdl = IoAllocateMdl(answer, sizeof(answer), FALSE, FALSE, NULL);
    if (mdl != NULL) {
#ifndef WRONG
        MmBuildMdlForNonPagedPool(mdl);
#endif
        status = Ask(lower, mdl);
        IoFreeMdl(mdl);
    }
    ObDereferenceObject(file);
    return status;
}
