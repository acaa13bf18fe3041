/*
 * A buffer of non-paged pool is described by an MDL.
 * Wrong: The MDL, which was built for non-paged pool, is unlocked before it is freed.
 * Right: The MDL is only freed: nothing locked its pages.
 */
#include <ntddk.h>

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PVOID buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, 'ffuB');
    PMDL mdl;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    mdl = IoAllocateMdl(buffer, 100, FALSE, FALSE, NULL);
    if (mdl != NULL) {
        MmBuildMdlForNonPagedPool(mdl);
        RtlFillMemory(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority), 100, 'x');
#ifdef WRONG
        MmUnlockPages(mdl); /* finding: mdl-not-locked 0xC4/0x7D */
#endif
        IoFreeMdl(mdl);
    }
    ExFreePoolWithTag(buffer, 'ffuB');
    return STATUS_SUCCESS;
}
