/*
 * The pages of a paged buffer are locked for a while.
 * Wrong: The MDL is freed while they are locked, so that they stay locked until the system stops.
 * Right: The pages are unlocked before the MDL is freed.
 */
#include <ntddk.h>

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PVOID buffer = ExAllocatePool2(POOL_FLAG_PAGED, 100, 'ffuB');
    PMDL mdl;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    mdl = IoAllocateMdl(buffer, 100, FALSE, FALSE, NULL);
    if (mdl != NULL) {
        __try {
            MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
            RtlFillMemory(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority), 100, 'x');
#ifndef WRONG
            MmUnlockPages(mdl);
#endif
        }
        __except (EXCEPTION_EXECUTE_HANDLER) {
            DbgPrint("not locked\n");
        }
        IoFreeMdl(mdl); /* finding: mdl-freed-while-locked 0x76 */
    }
    ExFreePoolWithTag(buffer, 'ffuB');
    return STATUS_SUCCESS;
}
