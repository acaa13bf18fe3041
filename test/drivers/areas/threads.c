/* System threads, work items of both kinds, priorities, identities, references to threads, exit codes, yielding. */
#include "check.h"

static KEVENT Done;
static LONG Ran;
static PVOID SeenContext, SeenDevice;
static KIRQL SeenIrql;
static PKTHREAD SeenThread;
static HANDLE SeenId, SeenProcessId;

static IO_WORKITEM_ROUTINE OnWork;
static IO_WORKITEM_ROUTINE_EX OnWorkEx;
static WORKER_THREAD_ROUTINE OnExWork;

static VOID OnWork(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    SeenDevice = DeviceObject;
    SeenContext = Context;
    SeenIrql = KeGetCurrentIrql();
    SeenThread = KeGetCurrentThread();
    InterlockedIncrement(&Ran);
    KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
}

static VOID OnWorkEx(PVOID IoObject, PVOID Context, PIO_WORKITEM WorkItem)
{
    SeenDevice = IoObject;
    SeenContext = WorkItem;
    SeenIrql = KeGetCurrentIrql();
    UNREFERENCED_PARAMETER(Context);
    InterlockedIncrement(&Ran);
    KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
}

static VOID OnExWork(PVOID Context)
{
    SeenContext = Context;
    SeenIrql = KeGetCurrentIrql();
    InterlockedIncrement(&Ran);
    KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
}

static VOID WaitDone(VOID)
{
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
}

static VOID WorkItems(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device;
    PIO_WORKITEM item, own;
    WORK_QUEUE_ITEM old;
    KIRQL irql;

    KeInitializeEvent(&Done, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device))) {
        return;
    }
    item = IoAllocateWorkItem(device);
    CHECK(item != NULL);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    IoQueueWorkItem(item, OnWork, DelayedWorkQueue, &Ran);
    KeLowerIrql(irql);
    WaitDone();
    EQUAL(Ran, 1);
    EQUAL(SeenIrql, PASSIVE_LEVEL);
    EQUAL(SeenDevice, device);
    EQUAL(SeenContext, &Ran);
    CHECK(SeenThread != KeGetCurrentThread());
    IoQueueWorkItemEx(item, OnWorkEx, CriticalWorkQueue, NULL);
    WaitDone();
    EQUAL(Ran, 2);
    EQUAL(SeenContext, item);
    EQUAL(SeenDevice, device);
    Pause(1);
    IoFreeWorkItem(item);

    own = ExAllocatePool2(POOL_FLAG_NON_PAGED, IoSizeofWorkItem(), CHECK_TAG);
    CHECK(IoSizeofWorkItem() > 0);
    IoInitializeWorkItem(DriverObject, own);
    IoQueueWorkItemEx(own, OnWorkEx, DelayedWorkQueue, NULL);
    WaitDone();
    EQUAL(SeenDevice, DriverObject);
    EQUAL(SeenContext, own);
    Pause(1);
    IoUninitializeWorkItem(own);
    ExFreePoolWithTag(own, CHECK_TAG);

    ExInitializeWorkItem(&old, OnExWork, &old);
    ExQueueWorkItem(&old, DelayedWorkQueue);
    WaitDone();
    EQUAL(SeenContext, &old);
    EQUAL(SeenIrql, PASSIVE_LEVEL);
    Pause(1);
    IoDeleteDevice(device);
}

static VOID Identity(PVOID Context)
{
    SeenThread = KeGetCurrentThread();
    SeenId = PsGetCurrentThreadId();
    SeenProcessId = PsGetCurrentProcessId();
    SeenContext = Context;
    SeenIrql = KeGetCurrentIrql();
    PsTerminateSystemThread(STATUS_PORT_DISCONNECTED);
}

static VOID Threads(VOID)
{
    CLIENT_ID id;
    HANDLE handle;
    PVOID thread;
    OBJECT_ATTRIBUTES attributes;
    PETHREAD found;

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, &id, Identity, &Done), STATUS_SUCCESS);
    CHECK(handle != NULL);
    RETURNS(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, &thread, NULL), STATUS_SUCCESS);
    RETURNS(ObReferenceObjectByHandle(handle, 0, *ExEventObjectType, KernelMode, (PVOID *)&found, NULL), STATUS_OBJECT_TYPE_MISMATCH);
    RETURNS(ZwWaitForSingleObject(handle, FALSE, NULL), STATUS_SUCCESS);
    EQUAL(SeenThread, thread);
    EQUAL(SeenContext, &Done);
    EQUAL(SeenIrql, PASSIVE_LEVEL);
    EQUAL(SeenId, id.UniqueThread);
    EQUAL(SeenProcessId, id.UniqueProcess);
    EQUAL(SeenId, PsGetThreadId(thread));
    EQUAL(SeenProcessId, PsGetProcessId(PsInitialSystemProcess));
    EQUAL(SeenProcessId, 4);
    RETURNS(PsGetThreadExitStatus(thread), STATUS_PORT_DISCONNECTED);
    CHECK(PsIsSystemThread(thread));
    RETURNS(ZwClose(handle), STATUS_SUCCESS);
    ObDereferenceObject(thread);
    EQUAL(PsGetCurrentThread(), KeGetCurrentThread());
    EQUAL(PsGetCurrentProcess(), IoGetCurrentProcess());
    EQUAL(IoThreadToProcess(PsGetCurrentThread()), PsGetCurrentProcess());
    EQUAL(ExGetPreviousMode(), KernelMode);
    RETURNS(PsLookupProcessByProcessId((HANDLE)4, (PEPROCESS *)&found), STATUS_SUCCESS);
    EQUAL(found, PsInitialSystemProcess);
    ObDereferenceObject(found);
    RETURNS(PsLookupProcessByProcessId((HANDLE)2, (PEPROCESS *)&found), STATUS_INVALID_CID);
    RETURNS(PsLookupProcessByProcessId(NULL, (PEPROCESS *)&found), STATUS_INVALID_CID);
    RETURNS(PsLookupThreadByThreadId(NULL, (PETHREAD *)&found), STATUS_INVALID_CID);
}

static VOID Priorities(VOID)
{
    KPRIORITY before = KeQueryPriorityThread(KeGetCurrentThread());
    LARGE_INTEGER now = { 0 };

    EQUAL(KeSetPriorityThread(KeGetCurrentThread(), LOW_REALTIME_PRIORITY), before);
    EQUAL(KeQueryPriorityThread(KeGetCurrentThread()), LOW_REALTIME_PRIORITY);
    EQUAL(KeSetPriorityThread(KeGetCurrentThread(), before), LOW_REALTIME_PRIORITY);
    EQUAL(KeQueryPriorityThread(KeGetCurrentThread()), before);
    RETURNS(KeDelayExecutionThread(KernelMode, FALSE, &now), STATUS_SUCCESS);
    EQUAL(KeQueryActiveProcessorCount(NULL), 1);
    EQUAL(KeGetCurrentProcessorNumber(), 0);
    EQUAL(KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS), 1);
    EQUAL(KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS), 1);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    WorkItems(DriverObject);
    Threads();
    Priorities();
}
