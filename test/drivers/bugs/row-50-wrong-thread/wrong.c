/*
 * A worker fills a buffer under a fast mutex.
 * The creator takes the mutex for it and the worker gives it back: a fast mutex belongs to a thread.
 */
#include "worker-thread.h"

static FAST_MUTEX BufferLock;
static CHAR Buffer[16];

static VOID Fill(PVOID Context)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Context);
    RtlFillMemory(Buffer, sizeof(Buffer), 'x');
    KeRaiseIrql(APC_LEVEL, &irql);
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
    ExAcquireFastMutex(&BufferLock);
    WorkerWait(thread);
    ExAcquireFastMutex(&BufferLock);
    DbgPrint("%c\n", Buffer[0]);
    ExReleaseFastMutex(&BufferLock);
    return STATUS_SUCCESS;
}
