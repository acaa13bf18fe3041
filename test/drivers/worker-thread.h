/* A thread of the driver's own that its owner waits for. */
#pragma once
#include <ntddk.h>

static NTSTATUS WorkerStart(_In_ PKSTART_ROUTINE Routine, _In_opt_ PVOID Context, _Out_ PETHREAD *Thread)
{
    HANDLE handle;
    NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, Context);

    *Thread = NULL;
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)Thread, NULL);
    ZwClose(handle);
    return status;
}

static VOID WorkerWait(_In_opt_ PETHREAD Thread)
{
    if (Thread != NULL) {
        KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(Thread);
    }
}
