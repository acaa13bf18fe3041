/*
 * A thread's answer is awaited with an event on the stack of the waiter.
 * Wrong: The wait is in UserMode, so the stack with the event may be paged out when the answer comes.
 * Right: The wait is in KernelMode, which keeps the stack in memory.
 */
#include "worker-thread.h"

static VOID Work(PVOID Context)
{
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS AskWorker(VOID)
{
    KEVENT answered;
    PETHREAD thread;
    NTSTATUS status;

    KeInitializeEvent(&answered, NotificationEvent, FALSE);
    status = WorkerStart(Work, &answered, &thread);
    if (!NT_SUCCESS(status)) {
        return status;
    }
#ifdef WRONG
    status = KeWaitForSingleObject(&answered, UserRequest, UserMode, FALSE, NULL); /* finding: user-mode-wait-on-stack-object 0xC4/0x123 */
#else
    status = KeWaitForSingleObject(&answered, Executive, KernelMode, FALSE, NULL);
#endif
    WorkerWait(thread);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return AskWorker();
}
