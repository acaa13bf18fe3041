/*
 * A driver that asks its own device \Device\Relay while it is loaded: the test has AskOwnDevice, and defines OWN_CONTROL
 * as its dispatch routine where requests are not to be completed at once.
 */
#pragma once
#include "ioctl-device.h"

#ifdef OWN_CONTROL
static NTSTATUS OWN_CONTROL(PDEVICE_OBJECT DeviceObject, PIRP Irp);
#else
#define OWN_CONTROL CompleteAtOnce

static NTSTATUS CompleteAtOnce(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
#endif

static VOID AskOwnDevice(VOID);

/* A completion routine that keeps the IRP and sets the event that is its context. */
static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = DeviceCreate(DriverObject, OWN_CONTROL);

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        AskOwnDevice();
    }
    return status;
}
