/*
 * A counter is read and changed under a spin lock.
 * Wrong: The function that reads it takes the lock that its caller holds.
 * Right: The function that reads it leaves the lock to its caller.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static ULONG Count;

static ULONG ReadCount(VOID)
{
#ifdef WRONG
    KIRQL irql;
#endif
    ULONG count;

#ifdef WRONG
    KeAcquireSpinLock(&Lock, &irql); /* finding: spin-lock-deadlock 0xF */
#endif
    count = Count;
#ifdef WRONG
    KeReleaseSpinLock(&Lock, irql);
#endif
    return count;
}

static BOOLEAN AddUpTo(ULONG Limit)
{
    KIRQL irql;
    BOOLEAN isAdded;

    KeAcquireSpinLock(&Lock, &irql);
    isAdded = ReadCount() < Limit;
    if (isAdded) {
        Count++;
    }
    KeReleaseSpinLock(&Lock, irql);
    return isAdded;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    while (AddUpTo(3)) {
        DbgPrint("added\n");
    }
    return STATUS_SUCCESS;
}
