/*
 * Properties of a device that the PnP manager knows, of one that it does not know, sizes, what is not there; by key as well,
 * and those that a driver sets; where the device stands in its stack.
 */
#include "check.h"
#include <initguid.h>
#include <devpkey.h>

DEFINE_DEVPROPKEY(KeyOfMine, 0x1b2c3d4e, 0x1234, 0x5678, 1, 2, 3, 4, 5, 6, 7, 8, 2);

static NTSTATUS Get(PDEVICE_OBJECT Device, DEVICE_REGISTRY_PROPERTY Property, ULONG Length, PVOID Buffer, PULONG Needed)
{
    return IoGetDeviceProperty(Device, Property, Length, Buffer, Needed);
}

static NTSTATUS GetData(PDEVICE_OBJECT Device, const DEVPROPKEY *Key, ULONG Size, PVOID Data, PULONG Needed, PULONG Type)
{
    return IoGetDevicePropertyData(Device, Key, 0, 0, Size, Data, Needed, Type);
}

static VOID ByKey(PDEVICE_OBJECT Bus, PDEVICE_OBJECT Own)
{
    static const GUID system = { 0x4d36e97d, 0xe325, 0x11ce, { 0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18 } };
    WCHAR text[64];
    GUID class;
    ULONG needed = 0, type = 0, number = 7;

    RETURNS(GetData(Bus, &DEVPKEY_Device_PDOName, 2, text, &needed, &type), STATUS_BUFFER_TOO_SMALL);
    EQUAL(needed, sizeof(L"\\Device\\AreaBus"));
    EQUAL(type, DEVPROP_TYPE_STRING);
    RETURNS(GetData(Bus, &DEVPKEY_Device_PDOName, sizeof(text), text, &needed, &type), STATUS_SUCCESS);
    CHECK(wcscmp(text, L"\\Device\\AreaBus") == 0);
    RETURNS(GetData(Bus, &DEVPKEY_Device_HardwareIds, sizeof(text), text, &needed, &type), STATUS_SUCCESS);
    EQUAL(type, DEVPROP_TYPE_STRING_LIST);
    RETURNS(GetData(Bus, &DEVPKEY_Device_ClassGuid, sizeof(class), &class, &needed, &type), STATUS_SUCCESS);
    EQUAL(needed, sizeof(GUID));
    EQUAL(type, DEVPROP_TYPE_GUID);
    CHECK(IsEqualGUID(&class, &system));
    RETURNS(GetData(Bus, &DEVPKEY_Device_LocationInfo, sizeof(text), text, &needed, &type), STATUS_OBJECT_NAME_NOT_FOUND);

    RETURNS(GetData(Bus, &KeyOfMine, sizeof(number), &number, &needed, &type), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(IoSetDevicePropertyData(Bus, &KeyOfMine, 0, PLUGPLAY_PROPERTY_PERSISTENT, DEVPROP_TYPE_UINT32, 4, &number),
            STATUS_SUCCESS);
    number = 0;
    RETURNS(GetData(Bus, &KeyOfMine, sizeof(number), &number, &needed, &type), STATUS_SUCCESS);
    EQUAL(number, 7);
    EQUAL(type, DEVPROP_TYPE_UINT32);
    RETURNS(IoSetDevicePropertyData(Bus, &KeyOfMine, 0, 0, DEVPROP_TYPE_UINT32, 0, NULL), STATUS_SUCCESS);
    RETURNS(GetData(Bus, &KeyOfMine, sizeof(number), &number, &needed, &type), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(GetData(Own, &KeyOfMine, sizeof(number), &number, &needed, &type), STATUS_INVALID_DEVICE_REQUEST);
}

/* A device of our own over the bus's. */
static VOID InStack(PDEVICE_OBJECT Bus, PDEVICE_OBJECT Own)
{
    PDEVICE_OBJECT below;

    EQUAL(IoGetLowerDeviceObject(Own), NULL);
    below = IoGetDeviceAttachmentBaseRef(Own);
    EQUAL(below, Own);
    ObDereferenceObject(below);
    EQUAL(IoAttachDeviceToDeviceStack(Own, Bus), Bus);
    EQUAL(IoGetAttachedDevice(Bus), Own);
    below = IoGetLowerDeviceObject(Own);
    EQUAL(below, Bus);
    ObDereferenceObject(below);
    below = IoGetDeviceAttachmentBaseRef(Own);
    EQUAL(below, Bus);
    ObDereferenceObject(below);
    IoDetachDevice(Bus);
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
    RETURNS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &own), STATUS_SUCCESS);
    RETURNS(Get(own, DevicePropertyAddress, sizeof(number), &number, &needed), STATUS_INVALID_DEVICE_REQUEST);
    ByKey(bus, own);
    InStack(bus, own);
    IoDeleteDevice(own);
    ObDereferenceObject(file);
}
