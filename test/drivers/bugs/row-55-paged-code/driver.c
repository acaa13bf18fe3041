/*
 * Functions that run at PASSIVE_LEVEL alone are in a pageable section.
 * Wrong: One of them takes a spin lock, and so goes on at DISPATCH_LEVEL in code that may be paged out.
 * Right: The part under the spin lock is a function that stays in memory.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static ULONG Count;

DRIVER_INITIALIZE DriverEntry;
static VOID Report(VOID);
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, Report)

static ULONG Swap(ULONG Value)
{
    KIRQL irql;
    ULONG before;

    KeAcquireSpinLock(&Lock, &irql);
    before = Count;
    Count = Value;
    KeReleaseSpinLock(&Lock, irql);
    return before;
}

static VOID Report(VOID)
{
    ULONG before;
#ifdef WRONG
    KIRQL irql;
#endif

    PAGED_CODE();
#ifdef WRONG
    KeAcquireSpinLock(&Lock, &irql);
    before = Count;
    Count = 0;
    KeReleaseSpinLock(&Lock, irql); /* finding: paged-code-at-dispatch 0xD1 */
#else
    before = Swap(0);
#endif
    DbgPrint("count: %lu\n", before);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    Report();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    Swap(7);
    return STATUS_SUCCESS;
}
