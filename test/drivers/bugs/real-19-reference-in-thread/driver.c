/*
 * A worker thread is given an object with a reference count.
 * Wrong: The thread takes its reference when it starts; by then its maker may have dropped the last one.
 * Right: The reference of the thread is taken before the thread is made.
 */
#include <ntddk.h>

#define JOB_TAG ' boJ'

typedef struct _JOB {
    LONG References;
    ULONG Number;
} JOB, *PJOB;

static PETHREAD Worker;

static VOID ReferenceJob(_Inout_ PJOB Job)
{
    InterlockedIncrement(&Job->References); /* finding: use-after-free 0xD5 */
}

static VOID DereferenceJob(_Inout_ PJOB Job)
{
    if (InterlockedDecrement(&Job->References) == 0) {
        DbgPrint("job %lu is over\n", Job->Number);
        ExFreePoolWithTag(Job, JOB_TAG);
    }
}

static VOID JobThread(PVOID Context)
{
    PJOB job = (PJOB)Context;

#ifdef WRONG
    ReferenceJob(job);
#endif
    DbgPrint("job %lu runs\n", job->Number);
    DereferenceJob(job);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS StartJob(ULONG Number)
{
    PJOB job = (PJOB)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(JOB), JOB_TAG);
    NTSTATUS status;
    HANDLE handle;

    if (job == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    job->References = 1;
    job->Number = Number;
#ifndef WRONG
    ReferenceJob(job);
#endif
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, JobThread, job);
    if (NT_SUCCESS(status)) {
        ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Worker, NULL);
        ZwClose(handle);
#ifndef WRONG
    } else {
        DereferenceJob(job);
#endif
    }
    DereferenceJob(job);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return StartJob(1);
}
