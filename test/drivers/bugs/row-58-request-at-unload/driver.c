/*
 * A request to a lower device that takes its time is under way when the driver is unloaded.
 * Wrong: Unload lets go of the device and does not care for the request: its completion routine is called where
 * no code is.
 * Right: Unload cancels the request and waits for its completion before it frees what belongs to it.
 */
#include <ntddk.h>

static PFILE_OBJECT LowerFile;
static PDEVICE_OBJECT Lower;
static PIRP Request;
static KEVENT Done;
static CHAR Bytes[16];

static NTSTATUS Completed(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    IoCancelIrp(Request);
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
    IoFreeIrp(Request);
#endif
    ObDereferenceObject(LowerFile);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Slow");
    PIO_STACK_LOCATION location;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &LowerFile, &Lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    Request = IoAllocateIrp(Lower->StackSize, FALSE);
    if (Request == NULL) {
        ObDereferenceObject(LowerFile);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    location = IoGetNextIrpStackLocation(Request);
    location->MajorFunction = IRP_MJ_READ;
    location->FileObject = LowerFile;
    location->Parameters.Read.Length = sizeof(Bytes);
    Request->AssociatedIrp.SystemBuffer = Bytes;
    IoSetCompletionRoutine(Request, Completed, &Done, TRUE, TRUE, TRUE);
    IoCallDriver(Lower, Request); /* finding: irp-outlives-driver 0xCE */
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
