/*
 * A block with an event that a completion routine signals.
 * Wrong: The block is in paged pool, where no dispatcher object may be.
 * Right: The block is in non-paged pool, where dispatcher objects belong.
 */
#include "wsk-client.h"

typedef struct _OPERATION {
    KEVENT Done;
    NTSTATUS Status;
} OPERATION, *POPERATION;

static NTSTATUS OperationComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    POPERATION operation = (POPERATION)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    operation->Status = Irp->IoStatus.Status;
    KeSetEvent(&operation->Done, IO_NO_INCREMENT, FALSE);
    IoFreeIrp(Irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Lookup(_In_ PUNICODE_STRING Name)
{
#ifdef WRONG
    POPERATION operation = (POPERATION)ExAllocatePool2(POOL_FLAG_PAGED, sizeof(OPERATION), CLIENT_TAG);
#else
    POPERATION operation = (POPERATION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(OPERATION), CLIENT_TAG);
#endif
    PIRP irp = IoAllocateIrp(1, FALSE);
    PADDRINFOEXW found = NULL;
    NTSTATUS status;

    if (operation == NULL || irp == NULL) {
        if (operation != NULL) {
            ExFreePoolWithTag(operation, CLIENT_TAG);
        }
        if (irp != NULL) {
            IoFreeIrp(irp);
        }
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeEvent(&operation->Done, NotificationEvent, FALSE); /* finding: object-in-pageable-memory 0xC4/0xE1 */
    IoSetCompletionRoutine(irp, OperationComplete, operation, TRUE, TRUE, TRUE);
    Provider.Dispatch->WskGetAddressInfo(Provider.Client, Name, NULL, 0, NULL, NULL, &found, NULL, NULL, irp);
    KeWaitForSingleObject(&operation->Done, Executive, KernelMode, FALSE, NULL);
    status = operation->Status;
    if (NT_SUCCESS(status)) {
        Provider.Dispatch->WskFreeAddressInfo(Provider.Client, found);
    }
    ExFreePoolWithTag(operation, CLIENT_TAG);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"printer");
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    DbgPrint("printer: 0x%08x\n", Lookup(&name));
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
