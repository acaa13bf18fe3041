/*
 * The uppermost device over a lower one is asked for its size of stack.
 * Wrong: The reference that IoGetAttachedDeviceReference takes is never given back.
 * Right: The reference that IoGetAttachedDeviceReference takes is given back when the size is known.
 */
#include <ntddk.h>

static PFILE_OBJECT LowerFile;
static CCHAR StackSize;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ObDereferenceObject(LowerFile);
    DbgPrint("stack size %d\n", StackSize);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Lower");
    PDEVICE_OBJECT lower, top;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &LowerFile, &lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    top = IoGetAttachedDeviceReference(lower); /* finding: reference-leak */
    StackSize = top->StackSize;
#ifndef WRONG
    ObDereferenceObject(top);
#endif
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
