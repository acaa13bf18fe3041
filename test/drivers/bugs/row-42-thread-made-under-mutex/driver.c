/*
 * The list of workers is guarded by a fast mutex, which raises the IRQL to APC_LEVEL.
 * Wrong: A worker is made inside it, although PsCreateSystemThread must be called at PASSIVE_LEVEL.
 * Right: A worker is made before it is taken, because PsCreateSystemThread must be called at PASSIVE_LEVEL.
 */
#include "worker-thread.h"

static FAST_MUTEX WorkersLock;
static PETHREAD Workers[2];
static ULONG WorkerCount;

static VOID Work(PVOID Context)
{
    DbgPrint("worker %lu\n", (ULONG)(ULONG_PTR)Context);
}

static NTSTATUS AddWorker(VOID)
{
    NTSTATUS status;
    PETHREAD thread;

#ifndef WRONG
    status = WorkerStart(Work, UlongToPtr(WorkerCount), &thread);
    if (!NT_SUCCESS(status)) {
        return status;
    }
#endif
    ExAcquireFastMutex(&WorkersLock);
#ifdef WRONG
    HANDLE handle;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Work, NULL); /* finding: irql-too-high 0xC4/0xE5 */
    if (NT_SUCCESS(status)) {
        ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&thread, NULL);
        ZwClose(handle);
        Workers[WorkerCount++] = thread;
    }
#else
    Workers[WorkerCount++] = thread;
#endif
    ExReleaseFastMutex(&WorkersLock);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    while (WorkerCount > 0) {
        WorkerWait(Workers[--WorkerCount]);
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    ExInitializeFastMutex(&WorkersLock);
    DriverObject->DriverUnload = Unload;
    AddWorker();
    AddWorker();
    return STATUS_SUCCESS;
}
