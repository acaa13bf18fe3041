/* MDLs: sizes and offsets, nonpaged pool, probing and locking, mapping, partial MDLs, chains, pages of their own. */
#include "check.h"

static VOID Nonpaged(VOID)
{
    PUCHAR memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * PAGE_SIZE, CHECK_TAG);
    PMDL mdl = IoAllocateMdl(memory + 100, PAGE_SIZE, FALSE, FALSE, NULL);

    CHECK(mdl != NULL);
    EQUAL(MmGetMdlByteCount(mdl), PAGE_SIZE);
    EQUAL(MmGetMdlByteOffset(mdl), 100);
    EQUAL(MmGetMdlVirtualAddress(mdl), memory + 100);
    EQUAL(mdl->StartVa, memory);
    EQUAL(mdl->Next, NULL);
    EQUAL(ADDRESS_AND_SIZE_TO_SPAN_PAGES(memory + 100, PAGE_SIZE), 2);
    EQUAL(MmSizeOfMdl(memory + 100, PAGE_SIZE), sizeof(MDL) + 2 * sizeof(PFN_NUMBER));
    EQUAL(MmSizeOfMdl(memory, PAGE_SIZE), sizeof(MDL) + sizeof(PFN_NUMBER));
    /* The address alone counts: for a buffer that is not there yet it is NULL. */
    EQUAL(MmSizeOfMdl(NULL, 2 * PAGE_SIZE), sizeof(MDL) + 2 * sizeof(PFN_NUMBER));
    EQUAL(BYTES_TO_PAGES(PAGE_SIZE + 1), 2);
    EQUAL(BYTE_OFFSET(memory + 100), 100);
    MmBuildMdlForNonPagedPool(mdl);
    CHECK((mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL) != 0);
    EQUAL(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority), memory + 100);
    CHECK(MmGetMdlPfnArray(mdl) != NULL);
    IoFreeMdl(mdl);
    ExFreePoolWithTag(memory, CHECK_TAG);
}

static VOID Locked(VOID)
{
    PUCHAR memory = ExAllocatePool2(POOL_FLAG_PAGED, 2 * PAGE_SIZE, CHECK_TAG);
    PMDL mdl = IoAllocateMdl(memory + 8, PAGE_SIZE, FALSE, FALSE, NULL);
    PUCHAR mapped;
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    EQUAL(status, STATUS_SUCCESS);
    CHECK((mdl->MdlFlags & MDL_PAGES_LOCKED) != 0);
    mapped = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute);
    CHECK(mapped != NULL);
    CHECK((mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0);
    mapped[0] = 77;
    EQUAL(memory[8], 77);
    memory[9] = 78;
    EQUAL(mapped[1], 78);
    EQUAL(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority), mapped);
    MmUnlockPages(mdl);
    CHECK((mdl->MdlFlags & MDL_PAGES_LOCKED) == 0);
    CHECK((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) == 0);
    IoFreeMdl(mdl);
    ExFreePoolWithTag(memory, CHECK_TAG);
}

static VOID Partial(VOID)
{
    PUCHAR memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 2 * PAGE_SIZE, CHECK_TAG);
    PMDL whole = IoAllocateMdl(memory, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
    PMDL part = IoAllocateMdl(memory, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
    PUCHAR mapped;

    MmBuildMdlForNonPagedPool(whole);
    memory[200] = 1;
    memory[PAGE_SIZE + 5] = 2;
    IoBuildPartialMdl(whole, part, memory + 200, 50);
    EQUAL(MmGetMdlByteCount(part), 50);
    EQUAL(MmGetMdlByteOffset(part), 200);
    CHECK((part->MdlFlags & (MDL_PARTIAL | MDL_SOURCE_IS_NONPAGED_POOL)) != 0);
    mapped = MmGetSystemAddressForMdlSafe(part, NormalPagePriority);
    EQUAL(mapped[0], 1);
    MmPrepareMdlForReuse(part);
    IoBuildPartialMdl(whole, part, memory + PAGE_SIZE + 5, 0);
    EQUAL(MmGetMdlByteCount(part), PAGE_SIZE - 5);
    mapped = MmGetSystemAddressForMdlSafe(part, NormalPagePriority);
    EQUAL(mapped[0], 2);
    MmPrepareMdlForReuse(part);
    IoFreeMdl(part);
    IoFreeMdl(whole);
    ExFreePoolWithTag(memory, CHECK_TAG);
}

static VOID Chains(VOID)
{
    PUCHAR memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 256, CHECK_TAG);
    PIRP irp = IoAllocateIrp(1, FALSE);
    PMDL first, second, third;

    first = IoAllocateMdl(memory, 10, FALSE, FALSE, irp);
    EQUAL(irp->MdlAddress, first);
    second = IoAllocateMdl(memory + 10, 20, TRUE, FALSE, irp);
    EQUAL(irp->MdlAddress, first);
    EQUAL(first->Next, second);
    third = IoAllocateMdl(memory + 30, 30, TRUE, FALSE, irp);
    EQUAL(second->Next, third);
    EQUAL(third->Next, NULL);
    irp->MdlAddress = NULL;
    IoFreeMdl(first);
    IoFreeMdl(second);
    IoFreeMdl(third);
    IoFreeIrp(irp);
    ExFreePoolWithTag(memory, CHECK_TAG);
}

static VOID OwnPages(VOID)
{
    PHYSICAL_ADDRESS low, high, skip;
    PMDL mdl;
    PUCHAR mapped;

    low.QuadPart = 0;
    skip.QuadPart = 0;
    high.QuadPart = -1;
    mdl = MmAllocatePagesForMdlEx(low, high, skip, 2 * PAGE_SIZE, MmCached, MM_ALLOCATE_FULLY_REQUIRED);
    CHECK(mdl != NULL);
    EQUAL(MmGetMdlByteCount(mdl), 2 * PAGE_SIZE);
    EQUAL(MmGetMdlByteOffset(mdl), 0);
    /* They have no address until they are mapped, but they are there. */
    EQUAL(MmGetMdlVirtualAddress(mdl), NULL);
    CHECK((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) == 0);
    CHECK(MmGetMdlPfnArray(mdl)[0] != 0);
    EQUAL(MmGetMdlPfnArray(mdl)[1], MmGetMdlPfnArray(mdl)[0] + 1);
    mapped = MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, FALSE, NormalPagePriority);
    CHECK(mapped != NULL);
    EQUAL(mapped[0], 0);
    EQUAL(mapped[2 * PAGE_SIZE - 1], 0);
    mapped[PAGE_SIZE] = 9;
    EQUAL(mapped[PAGE_SIZE], 9);
    EQUAL(mdl->MappedSystemVa, mapped);
    CHECK((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0);
    EQUAL(MmGetPhysicalAddress(mapped).QuadPart / PAGE_SIZE, MmGetMdlPfnArray(mdl)[0]);
    MmUnmapLockedPages(mapped, mdl);
    CHECK((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) == 0);
    MmFreePagesFromMdl(mdl);
    ExFreePool(mdl);
    /* Whole pages, whatever was asked for. */
    mdl = MmAllocatePagesForMdl(low, high, skip, PAGE_SIZE + 1);
    EQUAL(MmGetMdlByteCount(mdl), 2 * PAGE_SIZE);
    MmFreePagesFromMdl(mdl);
    ExFreePool(mdl);
}

static VOID Initialized(VOID)
{
    UCHAR buffer[sizeof(MDL) + 4 * sizeof(PFN_NUMBER)];
    PUCHAR memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, CHECK_TAG);
    PMDL mdl = (PMDL)buffer;

    MmInitializeMdl(mdl, memory, 64);
    EQUAL(MmGetMdlByteCount(mdl), 64);
    EQUAL(MmGetMdlVirtualAddress(mdl), memory);
    EQUAL(mdl->Next, NULL);
    MmBuildMdlForNonPagedPool(mdl);
    EQUAL(MmGetMdlPfnArray(mdl)[0], MmGetPhysicalAddress(memory).QuadPart / PAGE_SIZE);
    EQUAL(MmGetSystemAddressForMdlSafe(mdl, HighPagePriority), memory);
    ExFreePoolWithTag(memory, CHECK_TAG);
}

static VOID Advanced(VOID)
{
    PUCHAR memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * PAGE_SIZE, CHECK_TAG);
    PMDL mdl = IoAllocateMdl(memory + 100, PAGE_SIZE, FALSE, FALSE, NULL);

    MmBuildMdlForNonPagedPool(mdl);
    RETURNS(MmAdvanceMdl(mdl, 28), STATUS_SUCCESS);
    EQUAL(MmGetMdlVirtualAddress(mdl), memory + 128);
    EQUAL(MmGetMdlByteCount(mdl), PAGE_SIZE - 28);
    EQUAL(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority), memory + 128);
    RETURNS(MmAdvanceMdl(mdl, PAGE_SIZE - 128), STATUS_SUCCESS);
    EQUAL(mdl->StartVa, memory + PAGE_SIZE);
    EQUAL(MmGetMdlByteOffset(mdl), 0);
    EQUAL(MmGetMdlByteCount(mdl), 100);
    RETURNS(MmAdvanceMdl(mdl, 101), STATUS_INVALID_PARAMETER_2);
    EQUAL(MmGetMdlByteCount(mdl), 100);
    IoFreeMdl(mdl);
    ExFreePoolWithTag(memory, CHECK_TAG);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Nonpaged();
    Locked();
    Partial();
    Chains();
    OwnPages();
    Initialized();
    Advanced();
}
