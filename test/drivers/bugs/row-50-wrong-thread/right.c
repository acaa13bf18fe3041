/*
 * A worker fills a buffer under a fast mutex.
 * The worker takes the mutex and gives it back itself; an event says when the buffer may be read.
 */
#include "worker-thread.h"

static FAST_MUTEX BufferLock;
static CHAR Buffer[16];

static VOID Fill(PVOID Context)
{

    UNREFERENCED_PARAMETER(Context);
    ExAcquireFastMutex(&BufferLock);
    RtlFillMemory(Buffer, sizeof(Buffer), 'x');
    ExReleaseFastMutex(&BufferLock);
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
    WorkerWait(thread);
    ExAcquireFastMutex(&BufferLock);
    DbgPrint("%c\n", Buffer[0]);
    ExReleaseFastMutex(&BufferLock);
    return STATUS_SUCCESS;
}
