/*
 * A driver keeps two requests ready.
 * Unload frees the first one alone.
 */
#include <ntddk.h>

static PIRP Requests[2];

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoFreeIrp(Requests[0]);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    Requests[0] = IoAllocateIrp(1, FALSE);
    if (Requests[0] == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Requests[1] = IoAllocateIrp(1, FALSE); /* finding: irp-leak */
    if (Requests[1] == NULL) {
        IoFreeIrp(Requests[0]);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return STATUS_SUCCESS;
}
