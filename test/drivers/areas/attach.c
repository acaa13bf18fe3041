/* IoAttachDevice: over a device by its name, over a name that nobody has. */
#define OWN_ENTRY
#include "check.h"

static PDEVICE_OBJECT Filter, Lower;
static LONG Asked;

static NTSTATUS Pass(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    EQUAL(DeviceObject, Filter);
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        Asked++;
    }
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Lower, Irp);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    EQUAL(Asked, 2);
    IoDetachDevice(Lower);
    IoDeleteDevice(Filter);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\AreaLower"), none = RTL_CONSTANT_STRING(L"\\Device\\Nobody");
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = Pass;
    }
    DriverObject->DriverUnload = Unload;
    RETURNS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Filter), STATUS_SUCCESS);
    EQUAL(IoAttachDevice(Filter, &none, &Lower), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(IoAttachDevice(Filter, &name, &Lower), STATUS_SUCCESS);
    CHECK(Lower != NULL && Lower->AttachedDevice == Filter);
    EQUAL(Filter->StackSize, Lower->StackSize + 1);
    Filter->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}
