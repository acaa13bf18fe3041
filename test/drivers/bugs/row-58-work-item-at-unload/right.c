/*
 * Unload leaves a last piece of work to a worker of the system.
 * It waits for the routine, which says when it is done.
 */
#include <ntddk.h>

static WORK_QUEUE_ITEM Item;
static KEVENT Done;

static VOID CleanUp(PVOID Context)
{
    DbgPrint("clean\n");
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ExQueueWorkItem(&Item, DelayedWorkQueue);
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    ExInitializeWorkItem(&Item, CleanUp, &Done);
    return STATUS_SUCCESS;
}
