/* What handles allow: rights that were asked for, generic rights, duplicates, and who is held to them. */
#include "check.h"

/* The rights of a handle; 0 where it is refused. */
static ACCESS_MASK Granted(HANDLE Handle)
{
    OBJECT_HANDLE_INFORMATION information;
    PVOID object;

    RtlFillMemory(&information, sizeof(information), 0x55);
    if (!NT_SUCCESS(ObReferenceObjectByHandle(Handle, 0, NULL, KernelMode, &object, &information))) {
        return 0;
    }
    ObDereferenceObject(object);
    EQUAL(information.HandleAttributes, 0);
    return information.GrantedAccess;
}

static ACCESS_MASK EventWith(ACCESS_MASK Wanted)
{
    OBJECT_ATTRIBUTES attributes;
    ACCESS_MASK granted = 0;
    HANDLE handle;

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateEvent(&handle, Wanted, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
    granted = Granted(handle);
    ZwClose(handle);
    return granted;
}

static ACCESS_MASK KeyWith(ACCESS_MASK Wanted)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\Software");
    OBJECT_ATTRIBUTES attributes;
    ACCESS_MASK granted;
    HANDLE handle;

    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    RETURNS(ZwOpenKey(&handle, Wanted, &attributes), STATUS_SUCCESS);
    granted = Granted(handle);
    ZwClose(handle);
    return granted;
}

static VOID GenericRights(VOID)
{
    EQUAL(EventWith(EVENT_MODIFY_STATE), EVENT_MODIFY_STATE);
    EQUAL(EventWith(GENERIC_READ), STANDARD_RIGHTS_READ | EVENT_QUERY_STATE);
    EQUAL(EventWith(GENERIC_WRITE | SYNCHRONIZE), STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE | SYNCHRONIZE);
    EQUAL(EventWith(GENERIC_ALL), EVENT_ALL_ACCESS);
    EQUAL(EventWith(MAXIMUM_ALLOWED), EVENT_ALL_ACCESS);
    EQUAL(KeyWith(KEY_QUERY_VALUE), KEY_QUERY_VALUE);
    EQUAL(KeyWith(GENERIC_READ), KEY_READ);
    EQUAL(KeyWith(GENERIC_WRITE), KEY_WRITE);
    EQUAL(KeyWith(KEY_ALL_ACCESS), KEY_ALL_ACCESS);
    EQUAL(Granted(NtCurrentThread()), THREAD_ALL_ACCESS);
    EQUAL(Granted(NtCurrentProcess()), PROCESS_ALL_ACCESS);
}

/* The kernel is not held to a handle's rights; whoever says UserMode is. */
static VOID WhoIsHeld(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle;
    LONG before;
    PVOID object;

    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    ZwCreateEvent(&handle, EVENT_QUERY_STATE | SYNCHRONIZE, &attributes, SynchronizationEvent, FALSE);
    RETURNS(ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, *ExEventObjectType, KernelMode, &object, NULL),
            STATUS_SUCCESS);
    ObDereferenceObject(object);
    RETURNS(ZwSetEvent(handle, &before), STATUS_SUCCESS);
    EQUAL(before, 0);
    RETURNS(ZwWaitForSingleObject(handle, FALSE, NULL), STATUS_SUCCESS);
    RETURNS(ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, *ExEventObjectType, UserMode, &object, NULL),
            STATUS_ACCESS_DENIED);
    RETURNS(ObReferenceObjectByHandle(handle, GENERIC_ALL, *ExEventObjectType, UserMode, &object, NULL),
            STATUS_ACCESS_DENIED);
    RETURNS(ObReferenceObjectByHandle(handle, SYNCHRONIZE, *ExEventObjectType, UserMode, &object, NULL),
            STATUS_SUCCESS);
    ObDereferenceObject(object);
    ZwClose(handle);
}

static VOID Duplicates(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE first, second;

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    ZwCreateEvent(&first, EVENT_QUERY_STATE | SYNCHRONIZE, &attributes, SynchronizationEvent, FALSE);
    RETURNS(ZwDuplicateObject(NtCurrentProcess(), first, NtCurrentProcess(), &second, SYNCHRONIZE, OBJ_KERNEL_HANDLE, 0),
            STATUS_SUCCESS);
    EQUAL(Granted(second), SYNCHRONIZE);
    ZwClose(second);
    RETURNS(ZwDuplicateObject(NtCurrentProcess(), first, NtCurrentProcess(), &second, 0, OBJ_KERNEL_HANDLE,
                              DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE),
            STATUS_SUCCESS);
    EQUAL(Granted(second), EVENT_QUERY_STATE | SYNCHRONIZE);
    ZwClose(second);
}

static VOID Sleeper(PVOID Context)
{
    KeWaitForSingleObject(Context, Executive, KernelMode, FALSE, NULL);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Each class of ZwSetInformationThread has its length. */
static VOID ThreadClasses(VOID)
{
    GROUP_AFFINITY group = { 0 };
    KPRIORITY priority = 12;
    HANDLE handle, event;
    OBJECT_ATTRIBUTES attributes;
    PKTHREAD thread;
    KEVENT go;

    KeInitializeEvent(&go, NotificationEvent, FALSE);
    RETURNS(PsCreateSystemThread(&handle, THREAD_SET_INFORMATION | SYNCHRONIZE, NULL, NULL, NULL, Sleeper, &go),
            STATUS_SUCCESS);
    EQUAL(Granted(handle), THREAD_SET_INFORMATION | SYNCHRONIZE);
    ObReferenceObjectByHandle(handle, 0, *PsThreadType, KernelMode, (PVOID *)&thread, NULL);
    RETURNS(ZwSetInformationThread(handle, ThreadPriority, &priority, sizeof(priority)), STATUS_SUCCESS);
    EQUAL(KeQueryPriorityThread(thread), 12);
    RETURNS(ZwSetInformationThread(handle, ThreadPriority, &priority, 2), STATUS_INFO_LENGTH_MISMATCH);
    RETURNS(ZwSetInformationThread(handle, ThreadPriority, &priority, 8), STATUS_INFO_LENGTH_MISMATCH);
    priority = 32;
    RETURNS(ZwSetInformationThread(handle, ThreadPriority, &priority, sizeof(priority)), STATUS_INVALID_PARAMETER);
    EQUAL(KeQueryPriorityThread(thread), 12);
    priority = 2;
    RETURNS(ZwSetInformationThread(handle, ThreadBasePriority, &priority, sizeof(priority)), STATUS_SUCCESS);
    EQUAL(KeQueryPriorityThread(thread), 10);
    group.Mask = 1;
    RETURNS(ZwSetInformationThread(handle, ThreadGroupInformation, &group, sizeof(group)), STATUS_SUCCESS);
    RETURNS(ZwSetInformationThread(handle, ThreadTimes, &group, sizeof(group)), STATUS_INVALID_INFO_CLASS);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
    RETURNS(ZwSetInformationThread(event, ThreadPriority, &priority, sizeof(priority)), STATUS_OBJECT_TYPE_MISMATCH);
    ZwClose(event);
    KeSetEvent(&go, IO_NO_INCREMENT, FALSE);
    JoinThread(thread);
    ZwClose(handle);
}

/* Handles of the kernel look like addresses of the kernel; others are small multiples of four. */
static VOID Tables(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\AreaHandles");
    OBJECT_ATTRIBUTES attributes;
    HANDLE plain, kernel, thread, event;
    KEVENT go;

    RETURNS(ZwCreateEvent(&plain, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE), STATUS_SUCCESS);
    CHECK((LONG_PTR)plain > 0 && (LONG_PTR)plain < 0x1000000);
    EQUAL((ULONG_PTR)plain % 4, 0);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateEvent(&kernel, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
    EQUAL((ULONG_PTR)kernel >> 31, 0x1ffffffff);
    EQUAL((ULONG_PTR)kernel % 4, 0);
    RETURNS(ZwSetEvent(plain, NULL), STATUS_SUCCESS);
    RETURNS(ZwClose(plain), STATUS_SUCCESS);
    RETURNS(ZwSetEvent(plain, NULL), STATUS_INVALID_HANDLE);
    RETURNS(ZwDuplicateObject(NtCurrentProcess(), kernel, NtCurrentProcess(), &plain, 0, 0, DUPLICATE_SAME_ACCESS),
            STATUS_SUCCESS);
    CHECK((LONG_PTR)plain > 0);
    ZwClose(plain);
    ZwClose(kernel);
    /* Those of threads and of the I/O manager's events are always the kernel's. */
    KeInitializeEvent(&go, NotificationEvent, TRUE);
    RETURNS(PsCreateSystemThread(&thread, SYNCHRONIZE, NULL, NULL, NULL, Sleeper, &go), STATUS_SUCCESS);
    CHECK((LONG_PTR)thread < 0);
    ZwWaitForSingleObject(thread, FALSE, NULL);
    ZwClose(thread);
    CHECK(IoCreateNotificationEvent(&name, &event) != NULL);
    CHECK((LONG_PTR)event < 0);
    ZwClose(event);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    GenericRights();
    WhoIsHeld();
    Duplicates();
    ThreadClasses();
    Tables();
}
