/*
 * A session closes itself after a time.
 * Wrong: A session that is closed earlier is freed with its timer still set.
 * Right: A session that is closed earlier cancels its timer and waits for a DPC under way before it is freed.
 */
#include <ntddk.h>

typedef struct _SESSION {
    KTIMER Timer;
    KDPC Dpc;
    BOOLEAN IsOver;
} SESSION, *PSESSION;

static PSESSION Session;

static VOID TimeOut(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    ((PSESSION)Context)->IsOver = TRUE;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    KeCancelTimer(&Session->Timer);
    KeFlushQueuedDpcs();
#endif
    ExFreePoolWithTag(Session, 'sseS'); /* finding: active-timer-freed 0xC7 */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    Session = (PSESSION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SESSION), 'sseS');
    if (Session == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    DriverObject->DriverUnload = Unload;
    KeInitializeTimer(&Session->Timer);
    KeInitializeDpc(&Session->Dpc, TimeOut, Session);
    due.QuadPart = -60LL * 1000 * 1000 * 10;
    KeSetTimer(&Session->Timer, due, &Session->Dpc);
    return STATUS_SUCCESS;
}
