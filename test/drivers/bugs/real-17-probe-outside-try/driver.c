/*
 * Locks a large buffer for sending. MmProbeAndLockPages raises an exception where it can't.
 * Wrong: The call stands outside of __try, so that the exception stops the system.
 * Right: The exception is caught and becomes a status.
 */
#include <ntddk.h>

#define BITMAP_BYTES 65536
#define BITMAP_TAG 'mtiB'

static PUCHAR Bitmap;
static PMDL Locked;

static NTSTATUS LockBitmap(VOID)
{
    PMDL mdl = IoAllocateMdl(Bitmap, BITMAP_BYTES, FALSE, FALSE, NULL);
    NTSTATUS status = STATUS_SUCCESS;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
#ifdef WRONG
    MmProbeAndLockPages(mdl, KernelMode, IoReadAccess); /* finding: unhandled-exception 0x7E */
#else
    __try {
        MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
    }
    __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(mdl);
        return status;
    }
#endif
    Locked = mdl;
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (Locked != NULL) {
        MmUnlockPages(Locked);
        IoFreeMdl(Locked);
    }
    ExFreePoolWithTag(Bitmap, BITMAP_TAG);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Bitmap = (PUCHAR)ExAllocatePool2(POOL_FLAG_PAGED, BITMAP_BYTES, BITMAP_TAG);
    if (Bitmap == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = LockBitmap();
    DbgPrint("lock: 0x%08x\n", status);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
