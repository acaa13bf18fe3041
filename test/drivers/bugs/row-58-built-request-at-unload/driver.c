/*
 * A request to a lower device is given up after a while, by a thread that ends before the driver is unloaded.
 * Wrong: the thread returns when its wait is over; status block and event are on its stack, and the request still pends.
 * Right: it cancels the request and waits for its end.
 */
#include <ntddk.h>

static PFILE_OBJECT LowerFile;
static PDEVICE_OBJECT Lower;
static PKTHREAD Thread;
static CHAR Answer[16];

static NTSTATUS Ask(LONG TimeoutMs)
{
    LARGE_INTEGER timeout = { .QuadPart = -10000LL * TimeoutMs };
    IO_STATUS_BLOCK result;
    KEVENT done;
    PIRP irp;
    NTSTATUS status;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS), Lower,
                                        NULL, 0, Answer, sizeof(Answer), FALSE, &done, &result);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(Lower, irp); /* finding: irp-outlives-driver 0xCE */
    if (status == STATUS_PENDING) {
        if (KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, &timeout) == STATUS_TIMEOUT) {
#ifdef WRONG
            return STATUS_IO_TIMEOUT;
#else
            IoCancelIrp(irp);
            KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
#endif
        }
        status = result.Status;
    }
    return status;
}

static VOID Worker(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    DbgPrint("%08X\n", Ask(5));
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Thread);
    ObDereferenceObject(LowerFile);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Silent");
    HANDLE thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &LowerFile, &Lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, NULL);
    if (!NT_SUCCESS(status)) {
        ObDereferenceObject(LowerFile);
        return status;
    }
    ObReferenceObjectByHandle(thread, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Thread, NULL);
    ZwClose(thread);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
