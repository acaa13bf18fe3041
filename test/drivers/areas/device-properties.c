/* IoGetDeviceProperty: of a device that the PnP manager knows, of one that it does not know, sizes, what is not there. */
#include "check.h"

static NTSTATUS Get(PDEVICE_OBJECT Device, DEVICE_REGISTRY_PROPERTY Property, ULONG Length, PVOID Buffer, PULONG Needed)
{
    return IoGetDeviceProperty(Device, Property, Length, Buffer, Needed);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\AreaBus");
    PDEVICE_OBJECT bus, own;
    PFILE_OBJECT file;
    WCHAR text[64];
    ULONG number = 99, needed = 0;

    UNREFERENCED_PARAMETER(RegistryPath);
    RETURNS(IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &file, &bus), STATUS_SUCCESS);
    RETURNS(Get(bus, DevicePropertyPhysicalDeviceObjectName, 0, NULL, &needed), STATUS_BUFFER_TOO_SMALL);
    EQUAL(needed, name.Length + sizeof(WCHAR));
    RETURNS(Get(bus, DevicePropertyPhysicalDeviceObjectName, sizeof(text), text, &needed), STATUS_SUCCESS);
    CHECK(wcscmp(text, name.Buffer) == 0);
    RETURNS(Get(bus, DevicePropertyHardwareID, sizeof(text), text, &needed), STATUS_SUCCESS);
    CHECK(needed >= 2 * sizeof(WCHAR));
    CHECK(text[needed / sizeof(WCHAR) - 1] == 0 && text[needed / sizeof(WCHAR) - 2] == 0);
    RETURNS(Get(bus, DevicePropertyAddress, sizeof(number) - 1, &number, &needed), STATUS_BUFFER_TOO_SMALL);
    EQUAL(needed, sizeof(ULONG));
    EQUAL(number, 99);
    RETURNS(Get(bus, DevicePropertyAddress, sizeof(number), &number, &needed), STATUS_SUCCESS);
    EQUAL(number, 0);
    RETURNS(Get(bus, DevicePropertyUINumber, sizeof(number), &number, &needed), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(Get(bus, (DEVICE_REGISTRY_PROPERTY)1000, sizeof(text), text, &needed), STATUS_INVALID_PARAMETER_2);
    ObDereferenceObject(file);
    RETURNS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &own), STATUS_SUCCESS);
    RETURNS(Get(own, DevicePropertyAddress, sizeof(number), &number, &needed), STATUS_INVALID_DEVICE_REQUEST);
    IoDeleteDevice(own);
}
