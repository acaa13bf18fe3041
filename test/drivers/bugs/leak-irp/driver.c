/*
 * A driver keeps two requests ready.
 * Wrong: Unload frees the first one alone.
 * Right: Unload frees both.
 */
#include <ntddk.h>

static PIRP Requests[2];

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
#ifndef WRONG
    ULONG i;

#endif
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    IoFreeIrp(Requests[0]);
#else
    for (i = 0; i < RTL_NUMBER_OF(Requests); i++) {
        IoFreeIrp(Requests[i]);
    }
#endif
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
