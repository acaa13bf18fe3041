/*
 * A queued spin lock guards a list; the way out for an empty list has a release of its own.
 * Wrong: It falls through to the release at the end, which finds a lock that nobody holds.
 * Right: It leaves the function there.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static LIST_ENTRY List;
static ULONG Taken;

static VOID TakeFirst(VOID)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(&Lock, &handle);
    if (IsListEmpty(&List)) {
        KeReleaseInStackQueuedSpinLock(&handle);
#ifndef WRONG
        return;
#endif
    } else {
        RemoveHeadList(&List);
        Taken++;
#ifdef WRONG
    }
    if (KeGetCurrentIrql() < DISPATCH_LEVEL) {
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
#endif
    }
    KeReleaseInStackQueuedSpinLock(&handle); /* finding: spin-lock-not-held 0x10 */
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DbgPrint("taken: %lu\n", Taken);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static LIST_ENTRY entry;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    InitializeListHead(&List);
    InsertTailList(&List, &entry);
    TakeFirst();
    TakeFirst();
    return STATUS_SUCCESS;
}
