/*
 * A counter in a block of pool, changed under a spin lock.
 * The block is of non-paged pool.
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
    Counter->Value += Amount;
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
    Counter = (PCOUNTER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(COUNTER), 'rtnC');
    if (Counter == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Add(3);
    return STATUS_SUCCESS;
}
