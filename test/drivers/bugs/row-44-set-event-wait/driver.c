/*
 * A worker is told to start and asked for its answer.
 * Wrong: The first event is set with Wait = TRUE, but what follows is a trace message and only then the wait.
 * Right: The first event is set with Wait = FALSE, and nothing is promised to the kernel.
 */
#include "worker-thread.h"

static KEVENT Start;
static KEVENT Answered;
static ULONG Answer;

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Start, Executive, KernelMode, FALSE, NULL);
    Answer = 42;
    KeSetEvent(&Answered, IO_NO_INCREMENT, FALSE);
}

static VOID Ask(VOID)
{
#ifdef WRONG
    KeSetEvent(&Start, IO_NO_INCREMENT, TRUE); /* finding: promised-wait-missing 0xC4/0x80 */
#else
    KeSetEvent(&Start, IO_NO_INCREMENT, FALSE);
#endif
    DbgPrint("asked\n");
    KeWaitForSingleObject(&Answered, Executive, KernelMode, FALSE, NULL);
    DbgPrint("answer: %lu\n", Answer);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PETHREAD thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Start, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Answered, SynchronizationEvent, FALSE);
    status = WorkerStart(Work, NULL, &thread);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Ask();
    /* A promise that is kept is none to complain of. */
    KeSetEvent(&Start, IO_NO_INCREMENT, TRUE);
    KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(thread);
    return STATUS_SUCCESS;
}
