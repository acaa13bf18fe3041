/*
 * Locks a large buffer for sending. MmProbeAndLockPages raises an exception where it can't.
 * The exception is caught and becomes a status.
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
