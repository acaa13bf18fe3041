/*
 * A device writes what programs ask of it into a log, which is opened once, when the driver is loaded.
 * Wrong: The handle is opened without OBJ_KERNEL_HANDLE, so that it is good in the System process alone.
 * Right: It is a handle of the kernel, which is good in every process.
 */
#define HAS_PREPARE
#include "control-device.h"

#define IOCTL_LOG CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_END CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

static HANDLE Log;

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\??\\C:\\log.txt");
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK block;

    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
#else
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
#endif
    ZwCreateFile(&Log, FILE_APPEND_DATA | SYNCHRONIZE, &attributes, &block, NULL, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ, FILE_OPEN_IF, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
}

static VOID EndLog(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    ZwClose(Log);
    IoFreeWorkItem((PIO_WORKITEM)Context);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IO_STATUS_BLOCK block;
    NTSTATUS status;

    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode == IOCTL_LOG) {
        status = ZwWriteFile(Log, NULL, NULL, NULL, &block, "asked\r\n", 7, NULL, NULL); /* finding: handle-of-other-process */
        DbgPrint("written: 0x%08x\n", status);
    } else {
        PIO_WORKITEM item = IoAllocateWorkItem(DeviceObject);

        if (item != NULL) {
            IoQueueWorkItem(item, EndLog, DelayedWorkQueue, item);
        }
    }
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
