/*
 * A spin lock around a counter.
 * Wrong: Above a limit the lock is given back a second time, when the IRQL is PASSIVE_LEVEL again.
 * Right: Above a limit as below it, the lock is given back once.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static ULONG Count;

static VOID Add(ULONG Amount)
{
    KIRQL irql;

    KeAcquireSpinLock(&Lock, &irql);
    Count += Amount;
    KeReleaseSpinLock(&Lock, irql);
#ifdef WRONG
    if (Count > 10) {
        KeReleaseSpinLock(&Lock, irql); /* finding: irql-too-low 0xC4/0x32 */
    }
#endif
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
    Add(5);
    Add(7);
    return STATUS_SUCCESS;
}
