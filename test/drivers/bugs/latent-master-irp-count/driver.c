/*
 * A driver sends a write on in two halves, each with an associated IRP of its own.
 * Wrong: IrpCount says one, so the write is completed by the first half, while the second is still below.
 * Right: IrpCount is the number of the associated IRPs.
 */
#include <ntddk.h>

static PDEVICE_OBJECT Device, Lower;
static PFILE_OBJECT LowerFile;

static NTSTATUS HalfDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    Irp->AssociatedIrp.MasterIrp->IoStatus.Status = Irp->IoStatus.Status;
    return STATUS_SUCCESS;
}

static NTSTATUS Finish(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG half = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length / 2, i;
    PIRP part[2];

    UNREFERENCED_PARAMETER(DeviceObject);
    for (i = 0; i < 2; i++) {
        PIO_STACK_LOCATION next;

        part[i] = IoMakeAssociatedIrp(Irp, Lower->StackSize);
        if (part[i] == NULL) {
            if (i == 1) {
                IoFreeIrp(part[0]);
            }
            Irp->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
            Irp->IoStatus.Information = 0;
            IoCompleteRequest(Irp, IO_NO_INCREMENT);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        next = IoGetNextIrpStackLocation(part[i]);
        next->MajorFunction = IRP_MJ_WRITE;
        next->Parameters.Write.Length = half;
        next->FileObject = LowerFile;
        part[i]->UserBuffer = Irp->UserBuffer;
        IoSetCompletionRoutine(part[i], HalfDone, NULL, TRUE, TRUE, TRUE);
    }
    Irp->IoStatus.Information = 2 * half;
#ifdef WRONG
    Irp->AssociatedIrp.IrpCount = 1;
#else
    Irp->AssociatedIrp.IrpCount = 2;
#endif
    IoMarkIrpPending(Irp);
    for (i = 0; i < 2; i++) {
        IoCallDriver(Lower, part[i]); /* finding: master-irp-count */
    }
    return STATUS_PENDING;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ObDereferenceObject(LowerFile);
    IoDeleteDevice(Device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Split"), disk = RTL_CONSTANT_STRING(L"\\Device\\Disk0");
    NTSTATUS status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_DISK, 0, FALSE, &Device);

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoGetDeviceObjectPointer(&disk, FILE_WRITE_DATA, &LowerFile, &Lower);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(Device);
        return status;
    }
    Device->StackSize = Lower->StackSize + 1;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Finish;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Finish;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Finish;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
