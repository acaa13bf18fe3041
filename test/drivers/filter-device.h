/*
 * A filter over \Device\Lower0, a device of the scenario, and where wanted a second device of the same driver over it.
 * Requests that the test does not handle are passed on.
 */
#pragma once
#include <ntddk.h>

#define IOCTL_ASK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_NOW CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)

static PDEVICE_OBJECT LowerDevice;
static PDEVICE_OBJECT FilterDevice;
static PDEVICE_OBJECT UpperDevice;
static PFILE_OBJECT LowerFile;

/* The device below one of the driver's own. */
static PDEVICE_OBJECT FilterNext(_In_ PDEVICE_OBJECT DeviceObject)
{
    return DeviceObject == UpperDevice ? FilterDevice : LowerDevice;
}

static NTSTATUS FilterPass(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(FilterNext(DeviceObject), Irp);
}

static VOID FilterDelete(VOID)
{
    if (UpperDevice != NULL) {
        IoDetachDevice(FilterDevice);
        IoDeleteDevice(UpperDevice);
    }
    if (LowerDevice != NULL) {
        IoDetachDevice(LowerDevice);
    }
    if (FilterDevice != NULL) {
        IoDeleteDevice(FilterDevice);
    }
    if (LowerFile != NULL) {
        ObDereferenceObject(LowerFile);
    }
}

static NTSTATUS FilterCreate(_In_ PDRIVER_OBJECT DriverObject, _In_ PDRIVER_DISPATCH Control, BOOLEAN HasUpper)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Lower0");
    PDEVICE_OBJECT target;
    NTSTATUS status;
    ULONG i;

    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = FilterPass;
    }
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &LowerFile, &target);
    if (NT_SUCCESS(status)) {
        status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &FilterDevice);
    }
    if (NT_SUCCESS(status)) {
        FilterDevice->Flags |= target->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
        status = IoAttachDeviceToDeviceStackSafe(FilterDevice, target, &LowerDevice);
    }
    if (NT_SUCCESS(status) && HasUpper) {
        status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &UpperDevice);
        if (NT_SUCCESS(status)) {
            UpperDevice->Flags |= FilterDevice->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
            IoAttachDeviceToDeviceStack(UpperDevice, FilterDevice);
            UpperDevice->Flags &= ~DO_DEVICE_INITIALIZING;
        }
    }
    if (!NT_SUCCESS(status)) {
        FilterDelete();
        return status;
    }
    FilterDevice->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}
