/*
 * A request of the driver's own to the device below. The driver keeps a pointer of its own in the IRP's stack
 * location.
 * Wrong: The IRP has as many locations as the lower device needs and none is current: what is written lies
 * behind the IRP.
 * Right: The IRP has one location more than the lower device needs, and it is made current before it is written
 * to.
 */
#include <ntddk.h>

#define URB_TAG 'brUx'

typedef struct _TRANSFER {
    KEVENT Done;
    ULONG Number;
} TRANSFER, *PTRANSFER;

static PDEVICE_OBJECT Lower;
static PFILE_OBJECT LowerFile;

static NTSTATUS TransferComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PTRANSFER transfer = (PTRANSFER)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    DbgPrint("transfer %lu: 0x%08x\n", transfer->Number, Irp->IoStatus.Status);
    KeSetEvent(&transfer->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP MakeIrp(_In_ PTRANSFER Transfer)
{
#ifdef WRONG
    PIRP irp = IoAllocateIrp((CCHAR)(Lower->StackSize), FALSE);
#else
    PIRP irp = IoAllocateIrp((CCHAR)(Lower->StackSize + 1), FALSE);
#endif
    PIO_STACK_LOCATION stack;

    if (irp == NULL) {
        return NULL;
    }
#ifndef WRONG
    IoSetNextIrpStackLocation(irp);
#endif
    stack = IoGetCurrentIrpStackLocation(irp);
    stack->Parameters.Others.Argument1 = Transfer; /* finding: out-of-bounds 0xD6 */
    stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_READ;
    stack->Parameters.Read.Length = 0;
    IoSetCompletionRoutine(irp, TransferComplete, Transfer, TRUE, TRUE, TRUE);
    return irp;
}

static NTSTATUS Transfer(ULONG Number)
{
    TRANSFER transfer;
    NTSTATUS status;
    PIRP irp;

    transfer.Number = Number;
    KeInitializeEvent(&transfer.Done, NotificationEvent, FALSE);
    irp = MakeIrp(&transfer);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoCallDriver(Lower, irp);
    KeWaitForSingleObject(&transfer.Done, Executive, KernelMode, FALSE, NULL);
    status = irp->IoStatus.Status;
    IoFreeIrp(irp);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ObDereferenceObject(LowerFile);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Lower0");
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &LowerFile, &Lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Transfer(1);
    Transfer(2);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
