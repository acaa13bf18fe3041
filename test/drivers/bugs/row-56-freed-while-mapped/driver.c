/*
 * A device shows its counters to a program, as memory that it maps into the program while the request runs.
 * Wrong: The counters are freed while the program still sees them.
 * Right: They are unmapped first.
 */
#include "control-device.h"

#define IOCTL_SHOW CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define COUNTERS_TAG 'tnuC'

static NTSTATUS Show(PULONG Counters)
{
    PMDL mdl = IoAllocateMdl(Counters, PAGE_SIZE, FALSE, FALSE, NULL);
    NTSTATUS status = STATUS_SUCCESS;
    PULONG seen = NULL;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(mdl);
    __try {
        seen = (PULONG)MmMapLockedPagesSpecifyCache(mdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (seen != NULL) {
        Counters[0]++;
        DbgPrint("the program sees %u\n", seen[0]);
#ifdef WRONG
        ExFreePoolWithTag(Counters, COUNTERS_TAG); /* finding: mdl-freed-while-mapped 0xC4/0xB8 */
#endif
        MmUnmapLockedPages(seen, mdl);
    }
    IoFreeMdl(mdl);
    return status;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PULONG counters = (PULONG)ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, COUNTERS_TAG);
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (counters == NULL) {
        return DeviceComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    status = Show(counters);
#ifndef WRONG
    ExFreePoolWithTag(counters, COUNTERS_TAG);
#endif
    return DeviceComplete(Irp, status, 0);
}
