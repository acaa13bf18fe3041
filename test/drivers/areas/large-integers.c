/* Numbers of 64 bits as unions: made of narrower ones, added to under a lock; memory on a process's account. */
#include "check.h"

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER total, by, before;
    KSPIN_LOCK lock;
    PVOID memory;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    EQUAL(RtlConvertLongToLargeInteger(-1).QuadPart, -1LL);
    EQUAL(RtlConvertUlongToLargeInteger(0xFFFFFFFF).QuadPart, 0xFFFFFFFFLL);
    EQUAL(RtlConvertLongToLuid(-2).HighPart, -1);
    EQUAL(RtlConvertUlongToLuid(7).LowPart, 7);
    KeInitializeSpinLock(&lock);
    total.QuadPart = 0xFFFFFFFF;
    by.QuadPart = 2;
    before = ExInterlockedAddLargeInteger(&total, by, &lock);
    EQUAL(before.QuadPart, 0xFFFFFFFFLL);
    EQUAL(total.QuadPart, 0x100000001LL);
    ExInterlockedAddLargeStatistic(&total, 1);
    EQUAL(total.QuadPart, 0x100000002LL);
    memory = ExAllocatePoolWithQuota(NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE, 16);
    CHECK(memory != NULL);
    if (memory != NULL) {
        ExFreePool(memory);
    }
}
