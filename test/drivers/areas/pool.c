/* Pool: every way to allocate, flags of ExAllocatePool2 and what they mean, sizes, alignment, failure. */
#include "check.h"

static BOOLEAN AllBytesAre(const VOID *Memory, SIZE_T Size, UCHAR Value)
{
    SIZE_T i;

    for (i = 0; i < Size; i++) {
        if (((const UCHAR *)Memory)[i] != Value) {
            return FALSE;
        }
    }
    return TRUE;
}

static VOID Pool2(VOID)
{
    PUCHAR block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, CHECK_TAG);

    CHECK(block != NULL);
    CHECK(AllBytesAre(block, 100, 0));
    CHECK(((ULONG_PTR)block & 15) == 0);
    ExFreePoolWithTag(block, CHECK_TAG);
    block = ExAllocatePool2(POOL_FLAG_PAGED, 100, CHECK_TAG);
    CHECK(block != NULL);
    CHECK(AllBytesAre(block, 100, 0));
    ExFreePool(block);
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED, 16, CHECK_TAG);
    CHECK(block != NULL);
    RtlFillMemory(block, 16, 0x5A);
    CHECK(AllBytesAre(block, 16, 0x5A));
    ExFreePool2(block, CHECK_TAG, NULL, 0);
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_CACHE_ALIGNED, 64, CHECK_TAG);
    CHECK(((ULONG_PTR)block & 63) == 0);
    ExFreePool(block);
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, CHECK_TAG);
    CHECK(((ULONG_PTR)block & (PAGE_SIZE - 1)) == 0);
    ExFreePool(block);
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED_EXECUTE, 8, CHECK_TAG);
    CHECK(block != NULL);
    ExFreePool(block);
    EQUAL(ExAllocatePool2(POOL_FLAG_NON_PAGED, (SIZE_T)1 << 40, CHECK_TAG), NULL);
    RAISES(ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_RAISE_ON_FAILURE, (SIZE_T)1 << 40, CHECK_TAG),
           STATUS_INSUFFICIENT_RESOURCES);
}

static VOID OlderWays(VOID)
{
    PUCHAR block = ExAllocatePoolWithTag(NonPagedPoolNx, 24, CHECK_TAG);

    CHECK(block != NULL);
    RtlZeroMemory(block, 24);
    CHECK(AllBytesAre(block, 24, 0));
    ExFreePoolWithTag(block, CHECK_TAG);
    block = ExAllocatePoolZero(NonPagedPoolNx, 24, CHECK_TAG);
    CHECK(AllBytesAre(block, 24, 0));
    ExFreePool(block);
    block = ExAllocatePoolUninitialized(PagedPool, 24, CHECK_TAG);
    CHECK(block != NULL);
    ExFreePoolWithTag(block, CHECK_TAG);
    block = ExAllocatePoolQuotaZero(PagedPool, 24, CHECK_TAG);
    CHECK(AllBytesAre(block, 24, 0));
    ExFreePool(block);
    block = ExAllocatePoolWithQuotaTag(NonPagedPoolNx | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE, 24, CHECK_TAG);
    CHECK(block != NULL);
    ExFreePool(block);
    block = ExAllocatePoolPriorityZero(NonPagedPoolNx, 24, CHECK_TAG, NormalPoolPriority);
    CHECK(AllBytesAre(block, 24, 0));
    ExFreePool(block);
    EQUAL(ExAllocatePoolWithTag(NonPagedPoolNx, (SIZE_T)1 << 40, CHECK_TAG), NULL);
    RAISES(ExAllocatePoolWithTag(NonPagedPoolNx | POOL_RAISE_IF_ALLOCATION_FAILURE, (SIZE_T)1 << 40, CHECK_TAG),
           STATUS_INSUFFICIENT_RESOURCES);
}

static VOID Pool3(VOID)
{
    POOL_EXTENDED_PARAMETER parameter = { 0 };
    PUCHAR block;

    parameter.Type = PoolExtendedParameterPriority;
    parameter.Priority = LowPoolPriority;
    block = ExAllocatePool3(POOL_FLAG_NON_PAGED, 40, CHECK_TAG, &parameter, 1);
    CHECK(block != NULL);
    CHECK(AllBytesAre(block, 40, 0));
    ExFreePool2(block, CHECK_TAG, NULL, 0);
    block = ExAllocatePool3(POOL_FLAG_PAGED, 40, CHECK_TAG, NULL, 0);
    CHECK(block != NULL);
    ExFreePool(block);
}

static VOID Contiguous(VOID)
{
    PHYSICAL_ADDRESS highest;
    PUCHAR memory;

    highest.QuadPart = -1;
    memory = MmAllocateContiguousMemory(2 * PAGE_SIZE, highest);
    CHECK(memory != NULL);
    CHECK(((ULONG_PTR)memory & (PAGE_SIZE - 1)) == 0);
    memory[2 * PAGE_SIZE - 1] = 1;
    EQUAL(MmGetPhysicalAddress(memory + PAGE_SIZE).QuadPart - MmGetPhysicalAddress(memory).QuadPart, PAGE_SIZE);
    CHECK(MmGetVirtualForPhysical(MmGetPhysicalAddress(memory + 5)) == memory + 5);
    MmFreeContiguousMemory(memory);
    CHECK(MmIsAddressValid(&highest));
    CHECK(!MmIsAddressValid(NULL));
}

static VOID AtDispatchLevel(VOID)
{
    PVOID block;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 32, CHECK_TAG);
    CHECK(block != NULL);
    ExFreePoolWithTag(block, CHECK_TAG);
    KeLowerIrql(irql);
}

static VOID MemoryRoutines(VOID)
{
    UCHAR a[16], b[16];
    ULONG i;

    for (i = 0; i < 16; i++) {
        a[i] = (UCHAR)i;
    }
    RtlCopyMemory(b, a, 16);
    EQUAL(RtlCompareMemory(a, b, 16), 16);
    b[5] = 99;
    EQUAL(RtlCompareMemory(a, b, 16), 5);
    EQUAL(RtlCompareMemory(NULL, NULL, 0), 0);
    CHECK(RtlEqualMemory(a, b, 5));
    CHECK(!RtlEqualMemory(a, b, 6));
    RtlMoveMemory(a + 2, a, 10);
    EQUAL(a[2], 0);
    EQUAL(a[11], 9);
    EQUAL(a[12], 12);
    RtlFillMemory(a, 16, 0xAB);
    CHECK(AllBytesAre(a, 16, 0xAB));
    RtlSecureZeroMemory(a, 16);
    CHECK(AllBytesAre(a, 16, 0));
    CHECK(RtlCompareMemoryUlong(a, 16, 0) == 16);
    RtlFillMemoryUlong(a, 16, 0x01020304);
    EQUAL(a[0], 4);
    EQUAL(RtlCompareMemoryUlong(a, 16, 0x01020304), 16);
    a[9] = 0;
    EQUAL(RtlCompareMemoryUlong(a, 16, 0x01020304), 8);
    CHECK(memcmp(a, b, 1) < 0 || memcmp(a, b, 1) > 0);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Pool2();
    OlderWays();
    Pool3();
    Contiguous();
    AtDispatchLevel();
    MemoryRoutines();
}
