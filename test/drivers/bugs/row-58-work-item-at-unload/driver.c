/*
 * Unload leaves a last piece of work to a worker of the system.
 * Wrong: It queues an ExQueueWorkItem item and returns: the routine runs, or is still to run, where no code is
 * any more.
 * Right: It waits for the routine, which says when it is done.
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
    ExQueueWorkItem(&Item, DelayedWorkQueue); /* finding: work-item-outlives-driver 0xCE */
#ifndef WRONG
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    ExInitializeWorkItem(&Item, CleanUp, &Done);
    return STATUS_SUCCESS;
}
