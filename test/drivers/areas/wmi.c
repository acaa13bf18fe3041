/* WMI events of a driver: their memory is WMI's from then on, but for traced ones. */
#include "check.h"
#include <wmilib.h>

static const GUID EventGuid = { 0x12345678, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device = NULL;
    PWNODE_SINGLE_INSTANCE event;
    WNODE_HEADER traced;
    PVOID data;

    UNREFERENCED_PARAMETER(RegistryPath);
    RETURNS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device), STATUS_SUCCESS);
    CHECK(IoWMIDeviceObjectToProviderId(device) != 0);
    event = ExAllocatePoolWithTag(NonPagedPool, sizeof(*event), CHECK_TAG);
    RtlZeroMemory(event, sizeof(*event));
    event->WnodeHeader.BufferSize = sizeof(*event);
    event->WnodeHeader.ProviderId = IoWMIDeviceObjectToProviderId(device);
    event->WnodeHeader.Guid = EventGuid;
    event->WnodeHeader.Flags = WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM;
    RETURNS(IoWMIWriteEvent(event), STATUS_SUCCESS);
    RtlZeroMemory(&traced, sizeof(traced));
    traced.Flags = WNODE_FLAG_TRACED_GUID;
    RETURNS(IoWMIWriteEvent(&traced), STATUS_SUCCESS);
    data = ExAllocatePoolWithTag(NonPagedPool, 8, CHECK_TAG);
    RETURNS(WmiFireEvent(device, &EventGuid, 0, 8, data), STATUS_SUCCESS);
    RETURNS(WmiFireEvent(device, &EventGuid, 0, 0, NULL), STATUS_SUCCESS);
    IoDeleteDevice(device);
}
