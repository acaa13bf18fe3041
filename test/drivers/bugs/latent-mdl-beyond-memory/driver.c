/*
 * Wrong: The answer is said to have four times the room that was allocated: this lower device needs little of
 * it, another one may not.
 * Right: The answer has the room that was allocated.
 */
#include <ntddk.h>

#define IOCTL_FILL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define ANSWER_BYTES 16

static NTSTATUS Fill(PDEVICE_OBJECT Device, PVOID Answer)
{
    IO_STATUS_BLOCK result;
    NTSTATUS status;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
#ifdef WRONG
    irp = IoBuildDeviceIoControlRequest(IOCTL_FILL, Device, NULL, 0, Answer, ANSWER_BYTES * 4, FALSE, &event, &result); /* finding: mdl-beyond-memory */
#else
    irp = IoBuildDeviceIoControlRequest(IOCTL_FILL, Device, NULL, 0, Answer, ANSWER_BYTES, FALSE, &event, &result);
#endif
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(Device, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = result.Status;
    }
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Filler");
    PDEVICE_OBJECT device;
    PFILE_OBJECT file;
    NTSTATUS status;
    PVOID answer;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &file, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = STATUS_INSUFFICIENT_RESOURCES;
    answer = ExAllocatePool2(POOL_FLAG_NON_PAGED, ANSWER_BYTES, 'lliF');
    if (answer != NULL) {
        status = Fill(device, answer);
        ExFreePoolWithTag(answer, 'lliF');
    }
    ObDereferenceObject(file);
    return status;
}
