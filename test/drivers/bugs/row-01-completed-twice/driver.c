/*
 * A request waits until a timer completes it, or until its handle is closed.
 * Wrong: The timer leaves the request where the cleanup finds it and completes it again.
 */
#include "ioctl-device.h"

static KTIMER Timer;
static KDPC Dpc;
static PIRP Waiting;

static VOID OnTimer(PKDPC D, PVOID Context, PVOID Argument1, PVOID Argument2)
{
#ifdef WRONG
    PIRP irp = Waiting;
#else
    PIRP irp = (PIRP)InterlockedExchangePointer((PVOID *)&Waiting, NULL);
#endif

    UNREFERENCED_PARAMETER(D);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (irp != NULL) {
        DeviceComplete(irp, STATUS_SUCCESS, 0);
    }
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(DeviceObject);
    due.QuadPart = -10 * 1000;
    Irp->IoStatus.Status = STATUS_CANCELLED;
    IoMarkIrpPending(Irp);
    Waiting = Irp;
    KeSetTimer(&Timer, due, &Dpc);
    return STATUS_PENDING;
}

static NTSTATUS Cleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIRP left = (PIRP)InterlockedExchangePointer((PVOID *)&Waiting, NULL);

    KeCancelTimer(&Timer);
    if (left != NULL) {
        IoCompleteRequest(left, IO_NO_INCREMENT); /* finding: double-completion 0x44 */
    }
    return DeviceOpenClose(DeviceObject, Irp);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, OnTimer, NULL);
    status = DeviceCreate(DriverObject, Control);
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    return status;
}
