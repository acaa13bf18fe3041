/*
 * One buffer is described, another locked in memory.
 * Unload unlocks the pages, and frees both MDLs before the buffers.
 */
#include <ntddk.h>

static CHAR Plain[64];
static CHAR Locked[64];
static PMDL PlainMdl, LockedMdl;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    MmUnlockPages(LockedMdl);
    IoFreeMdl(LockedMdl);
    IoFreeMdl(PlainMdl);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    PlainMdl = IoAllocateMdl(Plain, sizeof(Plain), FALSE, FALSE, NULL);
    LockedMdl = IoAllocateMdl(Locked, sizeof(Locked), FALSE, FALSE, NULL);
    if (PlainMdl == NULL || LockedMdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(PlainMdl);
    MmProbeAndLockPages(LockedMdl, KernelMode, IoWriteAccess);
    return STATUS_SUCCESS;
}
