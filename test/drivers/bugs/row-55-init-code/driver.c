/*
 * Settings are read when the driver is loaded, by code in the INIT section.
 * Wrong: Unload reads them again, with code that is gone since DriverEntry has returned.
 * Right: Unload uses what was read then.
 */
#include <ntddk.h>

static LARGE_INTEGER Loaded;

DRIVER_INITIALIZE DriverEntry;
static VOID ReadSettings(VOID);
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(INIT, ReadSettings)

static VOID ReadSettings(VOID)
{
    KeQuerySystemTime(&Loaded); /* finding: init-code-after-load 0x50 */
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    ReadSettings();
#endif
    DbgPrint("loaded at %I64d\n", Loaded.QuadPart);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    ReadSettings();
    return STATUS_SUCCESS;
}
