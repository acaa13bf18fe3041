/*
 * A worker waits for orders.
 * Wrong: The next round makes the event anew while the worker waits for it: the worker is in no list any more.
 * Right: The next round resets the event, which knows its waiter.
 */
#include "worker-thread.h"

static KEVENT Order;
static PETHREAD Worker;

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Order, Executive, KernelMode, FALSE, NULL);
}

static VOID NewRound(VOID)
{
#ifdef WRONG
    KeInitializeEvent(&Order, NotificationEvent, FALSE); /* finding: object-initialised-while-waited-for 0xA */
#else
    KeResetEvent(&Order);
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NewRound();
    KeSetEvent(&Order, IO_NO_INCREMENT, FALSE);
    WorkerWait(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Order, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
