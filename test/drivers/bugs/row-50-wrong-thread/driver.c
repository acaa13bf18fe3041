/*
 * A worker fills a buffer under a fast mutex.
 * Wrong: The creator takes the mutex for it and the worker gives it back: a fast mutex belongs to a thread.
 * Right: The worker takes the mutex and gives it back itself; an event says when the buffer may be read.
 */
#include "worker-thread.h"

static FAST_MUTEX BufferLock;
static CHAR Buffer[16];

static VOID Fill(PVOID Context)
{
#ifdef WRONG
    KIRQL irql;
#endif

    UNREFERENCED_PARAMETER(Context);
#ifndef WRONG
    ExAcquireFastMutex(&BufferLock);
#endif
    RtlFillMemory(Buffer, sizeof(Buffer), 'x');
#ifdef WRONG
    KeRaiseIrql(APC_LEVEL, &irql);
#endif
    ExReleaseFastMutex(&BufferLock); /* finding: lock-not-held 0x11 */
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
    ExInitializeFastMutex(&BufferLock);
    status = WorkerStart(Fill, NULL, &thread);
    if (!NT_SUCCESS(status)) {
        return status;
    }
#ifdef WRONG
    ExAcquireFastMutex(&BufferLock);
#endif
    WorkerWait(thread);
    ExAcquireFastMutex(&BufferLock);
    DbgPrint("%c\n", Buffer[0]);
    ExReleaseFastMutex(&BufferLock);
    return STATUS_SUCCESS;
}
