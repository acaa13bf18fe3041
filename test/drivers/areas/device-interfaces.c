/*
 * Device interfaces and who hears of them: registered, enabled and disabled with the statuses of the documentation, found
 * by class, told to a driver that listens, at once where it asks for what is there, and from a worker of the system later.
 */
#include "check.h"
#include <initguid.h>
#include <wdmguid.h>

DEFINE_GUID(OwnClass, 0x3a1f5c20, 0x7e0b, 0x4d52, 0x9c, 0x11, 0x60, 0x2e, 0x81, 0x0a, 0x4b, 0x77);
DEFINE_GUID(OtherClass, 0x3a1f5c21, 0x7e0b, 0x4d52, 0x9c, 0x11, 0x60, 0x2e, 0x81, 0x0a, 0x4b, 0x77);

static UNICODE_STRING Link;
static LONG Arrivals, Removals, Wrong;
static PVOID Entry;
static PETHREAD Registering;
static BOOLEAN SameThread;

static DRIVER_NOTIFICATION_CALLBACK_ROUTINE Changed;
static NTSTATUS Changed(PVOID Structure, PVOID Context)
{
    PDEVICE_INTERFACE_CHANGE_NOTIFICATION change = Structure;

    if (KeGetCurrentIrql() != PASSIVE_LEVEL || Context != &Link || change->Version != 1 ||
        change->Size != sizeof(*change) || !IsEqualGUID(&change->InterfaceClassGuid, &OwnClass) ||
        !RtlEqualUnicodeString(change->SymbolicLinkName, &Link, TRUE)) {
        Wrong++;
    }
    if (IsEqualGUID(&change->Event, &GUID_DEVICE_INTERFACE_ARRIVAL)) {
        Arrivals++;
    } else if (IsEqualGUID(&change->Event, &GUID_DEVICE_INTERFACE_REMOVAL)) {
        Removals++;
    }
    SameThread = PsGetCurrentThread() == Registering;
    return STATUS_SUCCESS;
}

static NTSTATUS Listen(const GUID *Class, ULONG Flags, PDRIVER_OBJECT DriverObject)
{
    Registering = PsGetCurrentThread();
    return IoRegisterPlugPlayNotification(EventCategoryDeviceInterfaceChange, Flags, (PVOID)Class, DriverObject, Changed,
                                          &Link, &Entry);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device;
    PWSTR list;

    UNREFERENCED_PARAMETER(RegistryPath);
    RETURNS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device), STATUS_SUCCESS);
    RETURNS(IoRegisterDeviceInterface(device, &OwnClass, NULL, &Link), STATUS_SUCCESS);
    RETURNS(IoSetDeviceInterfaceState(&Link, FALSE), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(IoGetDeviceInterfaces(&OwnClass, NULL, 0, &list), STATUS_SUCCESS);
    EQUAL(list[0], 0);
    ExFreePool(list);

    /* Who listens hears of an arrival and a removal, later and from elsewhere. */
    RETURNS(Listen(&OwnClass, PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES, DriverObject), STATUS_SUCCESS);
    EQUAL(Arrivals, 0);
    RETURNS(IoSetDeviceInterfaceState(&Link, TRUE), STATUS_SUCCESS);
    RETURNS(IoSetDeviceInterfaceState(&Link, TRUE), STATUS_OBJECT_NAME_EXISTS);
    Pause(5);
    EQUAL(Arrivals, 1);
    CHECK(!SameThread);
    RETURNS(IoSetDeviceInterfaceState(&Link, FALSE), STATUS_SUCCESS);
    Pause(5);
    EQUAL(Removals, 1);
    RETURNS(IoUnregisterPlugPlayNotificationEx(Entry), STATUS_SUCCESS);
    RETURNS(IoSetDeviceInterfaceState(&Link, TRUE), STATUS_SUCCESS);
    Pause(5);
    EQUAL(Arrivals, 1);
    RETURNS(IoGetDeviceInterfaces(&OwnClass, NULL, 0, &list), STATUS_SUCCESS);
    EQUAL(wcslen(list) * sizeof(WCHAR), Link.Length);
    ExFreePool(list);

    /* What is there is told before the registration returns, to those who ask for it. */
    RETURNS(Listen(&OwnClass, 0, DriverObject), STATUS_SUCCESS);
    EQUAL(Arrivals, 1);
    RETURNS(IoUnregisterPlugPlayNotificationEx(Entry), STATUS_SUCCESS);
    RETURNS(Listen(&OwnClass, PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES, DriverObject), STATUS_SUCCESS);
    EQUAL(Arrivals, 2);
    CHECK(SameThread);
    RETURNS(IoUnregisterPlugPlayNotificationEx(Entry), STATUS_SUCCESS);
    RETURNS(Listen(&OtherClass, PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES, DriverObject), STATUS_SUCCESS);
    RETURNS(IoSetDeviceInterfaceState(&Link, FALSE), STATUS_SUCCESS);
    Pause(5);
    EQUAL(Arrivals, 2);
    EQUAL(Removals, 1);
    RETURNS(IoUnregisterPlugPlayNotificationEx(Entry), STATUS_SUCCESS);
    EQUAL(Wrong, 0);
    RtlFreeUnicodeString(&Link);
    IoDeleteDevice(device);
}
