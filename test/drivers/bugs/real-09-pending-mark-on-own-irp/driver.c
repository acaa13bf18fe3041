/*
 * A name is looked up with an IRP of the driver's own, made with one stack location, which is WSK's.
 * Wrong: The completion routine passes the pending mark on, as a filter's must; this IRP has no location of ours
 * to mark.
 * Right: The completion routine leaves the pending mark alone: this IRP has no location of ours to mark.
 */
#include "wsk-client.h"

typedef struct _LOOKUP {
    KEVENT Done;
    NTSTATUS Status;
    PADDRINFOEXW Result;
} LOOKUP, *PLOOKUP;

static NTSTATUS LookupComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PLOOKUP lookup = (PLOOKUP)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
#ifdef WRONG
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp); /* finding: irp-pending-without-location */
    }
#endif
    lookup->Status = Irp->IoStatus.Status;
    IoFreeIrp(Irp);
    KeSetEvent(&lookup->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Resolve(_In_ PUNICODE_STRING Name, _Inout_ PLOOKUP Lookup)
{
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeEvent(&Lookup->Done, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, LookupComplete, Lookup, TRUE, TRUE, TRUE);
    Provider.Dispatch->WskGetAddressInfo(Provider.Client, Name, NULL, 0, NULL, NULL, &Lookup->Result, NULL, NULL,
        irp);
    KeWaitForSingleObject(&Lookup->Done, Executive, KernelMode, FALSE, NULL);
    return Lookup->Status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"printer");
    LOOKUP lookup = { 0 };
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = Resolve(&name, &lookup);
    DbgPrint("printer: 0x%08x\n", status);
    if (NT_SUCCESS(status)) {
        Provider.Dispatch->WskFreeAddressInfo(Provider.Client, lookup.Result);
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
