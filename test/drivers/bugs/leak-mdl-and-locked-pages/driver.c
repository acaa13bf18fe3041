/*
 * One buffer is described, another locked in memory.
 * Wrong: Unload frees the buffers alone.
 * Right: Unload unlocks the pages, and frees both MDLs before the buffers.
 */
#include <ntddk.h>

static CHAR Plain[64];
static CHAR Locked[64];
static PMDL PlainMdl, LockedMdl;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    MmUnlockPages(LockedMdl);
    IoFreeMdl(LockedMdl);
    IoFreeMdl(PlainMdl);
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    PlainMdl = IoAllocateMdl(Plain, sizeof(Plain), FALSE, FALSE, NULL); /* finding: mdl-leak */
    LockedMdl = IoAllocateMdl(Locked, sizeof(Locked), FALSE, FALSE, NULL); /* finding: locked-pages-leak 0xCB */
    if (PlainMdl == NULL || LockedMdl == NULL) {
        if (PlainMdl != NULL) {
            IoFreeMdl(PlainMdl);
        }
        if (LockedMdl != NULL) {
            IoFreeMdl(LockedMdl);
        }
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(PlainMdl);
    MmProbeAndLockPages(LockedMdl, KernelMode, IoWriteAccess);
    return STATUS_SUCCESS;
}
