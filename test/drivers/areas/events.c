/* Events: both kinds, their states, what waits do to them, pulses, waits without time, named events. */
#include "check.h"

static KEVENT Gate, Ready;
static LONG Woken;

static VOID Waiter(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Gate, Executive, KernelMode, FALSE, NULL);
    InterlockedIncrement(&Woken);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID StatesOfNotificationEvent(VOID)
{
    KEVENT event;
    LARGE_INTEGER now = { 0 };

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    EQUAL(KeReadStateEvent(&event), 0);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 1);
    CHECK(KeReadStateEvent(&event) != 0);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&event) != 0);
    EQUAL(KeResetEvent(&event), 1);
    EQUAL(KeResetEvent(&event), 0);
    EQUAL(KeReadStateEvent(&event), 0);
    KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
    KeClearEvent(&event);
    EQUAL(KeReadStateEvent(&event), 0);
    EQUAL(KePulseEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    EQUAL(KeReadStateEvent(&event), 0);
    KeInitializeEvent(&event, NotificationEvent, TRUE);
    CHECK(KeReadStateEvent(&event) != 0);
    EQUAL(event.Header.SignalState, 1);
}

static VOID StatesOfSynchronizationEvent(VOID)
{
    KEVENT event;
    LARGE_INTEGER now = { 0 };

    KeInitializeEvent(&event, SynchronizationEvent, TRUE);
    CHECK(KeReadStateEvent(&event) != 0);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    EQUAL(KeReadStateEvent(&event), 0);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 1);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
}

/* How many of three waiters one signal wakes. */
static VOID WakesOneOrAll(EVENT_TYPE Type, LONG Expected)
{
    PKTHREAD threads[3];
    ULONG i;

    Woken = 0;
    KeInitializeEvent(&Gate, Type, FALSE);
    for (i = 0; i < 3; i++) {
        threads[i] = StartThread(Waiter, NULL);
    }
    Pause(5);
    EQUAL(Woken, 0);
    KeSetEvent(&Gate, IO_NO_INCREMENT, FALSE);
    Pause(5);
    EQUAL(Woken, Expected);
    EQUAL(KeReadStateEvent(&Gate) != 0, Type == NotificationEvent);
    for (i = Expected; i < 3; i++) {
        KeSetEvent(&Gate, IO_NO_INCREMENT, FALSE);
        Pause(1);
    }
    for (i = 0; i < 3; i++) {
        JoinThread(threads[i]);
    }
    EQUAL(Woken, 3);
}

static VOID PulseWakesWhoWaits(EVENT_TYPE Type, LONG Expected)
{
    PKTHREAD threads[2];
    ULONG i;

    Woken = 0;
    KeInitializeEvent(&Gate, Type, FALSE);
    threads[0] = StartThread(Waiter, NULL);
    threads[1] = StartThread(Waiter, NULL);
    Pause(5);
    KePulseEvent(&Gate, IO_NO_INCREMENT, FALSE);
    Pause(5);
    EQUAL(Woken, Expected);
    EQUAL(KeReadStateEvent(&Gate), 0);
    for (i = Expected; i < 2; i++) {
        KeSetEvent(&Gate, IO_NO_INCREMENT, FALSE);
        Pause(1);
    }
    JoinThread(threads[0]);
    JoinThread(threads[1]);
}

static VOID NamedEvents(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\AreaEvent");
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle, again;
    PKEVENT event, same;
    LONG previous = 7;
    LARGE_INTEGER now = { 0 };
    PVOID object;

    event = IoCreateSynchronizationEvent(NULL, &handle);
    CHECK(event != NULL);
    EQUAL(KeReadStateEvent(event), 1);
    RETURNS(ZwClose(handle), STATUS_SUCCESS);
    event = IoCreateSynchronizationEvent(&name, &handle);
    CHECK(event != NULL);
    if (event == NULL) {
        return;
    }
    CHECK(KeReadStateEvent(event) != 0);
    KeClearEvent(event);
    same = IoCreateSynchronizationEvent(&name, &again);
    EQUAL(same, event);
    EQUAL(KeReadStateEvent(same), 0);
    CHECK(again != handle);
    RETURNS(ZwClose(again), STATUS_SUCCESS);
    RETURNS(ZwWaitForSingleObject(handle, FALSE, &now), STATUS_TIMEOUT);
    RETURNS(ZwSetEvent(handle, &previous), STATUS_SUCCESS);
    EQUAL(previous, 0);
    RETURNS(ZwSetEvent(handle, &previous), STATUS_SUCCESS);
    EQUAL(previous, 1);
    RETURNS(ZwWaitForSingleObject(handle, FALSE, &now), STATUS_SUCCESS);
    RETURNS(ZwClose(handle), STATUS_SUCCESS);
    RETURNS(ZwWaitForSingleObject(handle, FALSE, &now), STATUS_INVALID_HANDLE);

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwCreateEvent(&handle, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
    RETURNS(ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, *ExEventObjectType, KernelMode, &object, NULL),
            STATUS_SUCCESS);
    EQUAL(KeReadStateEvent((PKEVENT)object), 0);
    RETURNS(ZwSetEvent(handle, NULL), STATUS_SUCCESS);
    CHECK(KeReadStateEvent((PKEVENT)object) != 0);
    ObDereferenceObject(object);
    RETURNS(ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, *PsThreadType, KernelMode, &object, NULL),
            STATUS_OBJECT_TYPE_MISMATCH);
    RETURNS(ZwClose(handle), STATUS_SUCCESS);
}

/* From a DPC's level an event may be set and asked, and waited for with a time-out of zero. */
static VOID AtDispatchLevel(VOID)
{
    LARGE_INTEGER now = { 0 };
    KIRQL irql;

    KeInitializeEvent(&Ready, SynchronizationEvent, FALSE);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    EQUAL(KeSetEvent(&Ready, IO_NO_INCREMENT, FALSE), 0);
    RETURNS(KeWaitForSingleObject(&Ready, Executive, KernelMode, FALSE, &now), STATUS_SUCCESS);
    RETURNS(KeWaitForSingleObject(&Ready, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(irql);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    StatesOfNotificationEvent();
    StatesOfSynchronizationEvent();
    WakesOneOrAll(NotificationEvent, 3);
    WakesOneOrAll(SynchronizationEvent, 1);
    PulseWakesWhoWaits(NotificationEvent, 2);
    PulseWakesWhoWaits(SynchronizationEvent, 1);
    NamedEvents();
    AtDispatchLevel();
}
