/*
 * A counter in a block of pool, changed under a spin lock.
 * Wrong: The block is of paged pool: the lock raises the IRQL to DISPATCH_LEVEL, where it must not be touched.
 * Right: The block is of non-paged pool.
 */
#include <ntddk.h>

typedef struct _COUNTER {
    ULONG Value;
} COUNTER, *PCOUNTER;

static KSPIN_LOCK Lock;
static PCOUNTER Counter;

static VOID Add(ULONG Amount)
{
    KIRQL irql;

    KeAcquireSpinLock(&Lock, &irql);
    Counter->Value += Amount; /* finding: paged-memory-at-dispatch 0xD1 */
    KeReleaseSpinLock(&Lock, irql);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ExFreePoolWithTag(Counter, 'rtnC');
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
#ifdef WRONG
    Counter = (PCOUNTER)ExAllocatePool2(POOL_FLAG_PAGED, sizeof(COUNTER), 'rtnC');
#else
    Counter = (PCOUNTER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(COUNTER), 'rtnC');
#endif
    if (Counter == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Add(3);
    return STATUS_SUCCESS;
}
