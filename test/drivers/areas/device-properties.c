/*
 * Properties of a device that the PnP manager knows, of one that it does not know, sizes, what is not there; by key as well,
 * and those that a driver sets; the registry keys of two devices and of an interface; where the device stands in its stack.
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

static ULONG ValueOf(HANDLE Key, PCWSTR Name)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Info;
        UCHAR Room[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + sizeof(ULONG)];
    } value = { 0 };
    UNICODE_STRING name;
    ULONG length;

    RtlInitUnicodeString(&name, Name);
    RETURNS(ZwQueryValueKey(Key, &name, KeyValuePartialInformation, &value, sizeof(value), &length), STATUS_SUCCESS);
    EQUAL(value.Info.Type, REG_DWORD);
    return *(PULONG)value.Info.Data;
}

static NTSTATUS SetValue(HANDLE Key, PCWSTR Name, ULONG Value)
{
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, Name);
    return ZwSetValueKey(Key, &name, 0, REG_DWORD, &Value, sizeof(Value));
}

/* What the scenario gives the devices, what the driver leaves there, and who has no key. */
static VOID Keys(PDEVICE_OBJECT Bus, PDEVICE_OBJECT Other, PDEVICE_OBJECT Own)
{
    static const GUID class = { 0x3a1f5c22, 0x7e0b, 0x4d52, { 0x9c, 0x11, 0x60, 0x2e, 0x81, 0x0a, 0x4b, 0x77 } };
    UNICODE_STRING link, otherLink;
    HANDLE key;

    RETURNS(IoOpenDeviceRegistryKey(Bus, PLUGPLAY_REGKEY_DEVICE, KEY_ALL_ACCESS, &key), STATUS_SUCCESS);
    EQUAL(ValueOf(key, L"Port"), 7);
    RETURNS(SetValue(key, L"Uses", 1), STATUS_SUCCESS);
    ZwClose(key);
    RETURNS(IoOpenDeviceRegistryKey(Bus, PLUGPLAY_REGKEY_DRIVER, KEY_READ, &key), STATUS_SUCCESS);
    EQUAL(ValueOf(key, L"Installed"), 2);
    ZwClose(key);
    RETURNS(IoOpenDeviceRegistryKey(Other, PLUGPLAY_REGKEY_DEVICE, KEY_ALL_ACCESS, &key), STATUS_SUCCESS);
    RETURNS(SetValue(key, L"Uses", 2), STATUS_SUCCESS);
    ZwClose(key);
    RETURNS(IoOpenDeviceRegistryKey(Own, PLUGPLAY_REGKEY_DEVICE, KEY_READ, &key), STATUS_INVALID_DEVICE_REQUEST);
    RETURNS(IoOpenDeviceRegistryKey(Bus, 0, KEY_READ, &key), STATUS_INVALID_PARAMETER);

    RETURNS(IoRegisterDeviceInterface(Bus, &class, NULL, &link), STATUS_SUCCESS);
    RETURNS(IoRegisterDeviceInterface(Other, &class, NULL, &otherLink), STATUS_SUCCESS);
    CHECK(!RtlEqualUnicodeString(&link, &otherLink, TRUE));
    RETURNS(IoOpenDeviceInterfaceRegistryKey(&link, KEY_ALL_ACCESS, &key), STATUS_SUCCESS);
    RETURNS(SetValue(key, L"Own", 3), STATUS_SUCCESS);
    ZwClose(key);
    RETURNS(IoOpenDeviceInterfaceRegistryKey(&link, KEY_READ, &key), STATUS_SUCCESS);
    EQUAL(ValueOf(key, L"Own"), 3);
    ZwClose(key);
    RtlFreeUnicodeString(&link);
    RETURNS(IoOpenDeviceInterfaceRegistryKey(&otherLink, KEY_READ, &key), STATUS_SUCCESS);
    ZwClose(key);
    otherLink.Length -= sizeof(WCHAR);
    RETURNS(IoOpenDeviceInterfaceRegistryKey(&otherLink, KEY_READ, &key), STATUS_OBJECT_NAME_NOT_FOUND);
    RtlFreeUnicodeString(&otherLink);
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
    UNICODE_STRING otherName = RTL_CONSTANT_STRING(L"\\Device\\AreaOther");
    PDEVICE_OBJECT bus, other, own;
    PFILE_OBJECT file, otherFile;
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
    RETURNS(IoGetDeviceObjectPointer(&otherName, FILE_READ_DATA, &otherFile, &other), STATUS_SUCCESS);
    Keys(bus, other, own);
    InStack(bus, own);
    IoDeleteDevice(own);
    ObDereferenceObject(otherFile);
    ObDereferenceObject(file);
}
