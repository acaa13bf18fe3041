/*
 * Asks the device below for its version.
 * Wrong: The wait is given up after a while and the function returns, though the request is still pending: event
 * and status block were on its stack.
 * Right: When the wait is given up, the request is cancelled and its end waited for.
 */
#include <ntddk.h>

#define IOCTL_VERSION CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)

static PDEVICE_OBJECT Lower;
static PFILE_OBJECT LowerFile;
static ULONG Version;

static NTSTATUS QueryVersion(LONGLONG Milliseconds)
{
    IO_STATUS_BLOCK statusBlock;
    LARGE_INTEGER timeout;
    NTSTATUS status;
    KEVENT done;
    PIRP irp;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_VERSION, Lower, NULL, 0, &Version, sizeof(Version), FALSE, &done,
        &statusBlock);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    timeout.QuadPart = Milliseconds * -10000;
    status = IoCallDriver(Lower, irp); /* finding: stack-buffer-outlives-call 0xC9/0xC */
    if (status == STATUS_PENDING) {
        status = KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, &timeout);
        if (status == STATUS_TIMEOUT) {
#ifdef WRONG
            return STATUS_IO_TIMEOUT;
#else
            IoCancelIrp(irp);
            KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
#endif
        }
        status = statusBlock.Status;
    }
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ObDereferenceObject(LowerFile);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Lower0");
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &LowerFile, &Lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    DbgPrint("version: 0x%08x\n", QueryVersion(10));
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
