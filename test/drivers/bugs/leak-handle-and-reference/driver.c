/*
 * A worker is started; its thread object is kept, its handle is not.
 * Wrong: The handle stays open, and the reference is left.
 * Right: The handle is closed at once, the reference given back when the worker has ended.
 */
#include <ntddk.h>

static PETHREAD Worker;

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    DbgPrint("work\n");
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL);
#ifndef WRONG
    ObDereferenceObject(Worker);
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    HANDLE handle;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Work, NULL); /* finding: handle-leak */
    if (!NT_SUCCESS(status)) {
        return status;
    }
    ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode, (PVOID *)&Worker, NULL); /* finding: reference-leak */
#ifndef WRONG
    ZwClose(handle);
#endif
    return STATUS_SUCCESS;
}
