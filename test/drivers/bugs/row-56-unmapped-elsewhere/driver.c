/*
 * A device maps memory into a program, and takes it away again when the program asks for that.
 * Wrong: A work item does so, in the System process, where the address means nothing.
 * Right: The program's own request does so.
 */
#include "control-device.h"

#define IOCTL_MAP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNMAP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

static UCHAR Page[PAGE_SIZE];
static PMDL PageMdl;
static PVOID Seen;

static NTSTATUS Map(VOID)
{
    PageMdl = IoAllocateMdl(Page, sizeof(Page), FALSE, FALSE, NULL);
    if (PageMdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(PageMdl);
    __try {
        Seen = MmMapLockedPagesSpecifyCache(PageMdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(PageMdl);
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static VOID Unmap(VOID)
{
    MmUnmapLockedPages(Seen, PageMdl); /* finding: mdl-not-mapped 0xC4/0xB9 */
    IoFreeMdl(PageMdl);
}

#ifdef WRONG
static IO_WORKITEM_ROUTINE UnmapLater;

static VOID UnmapLater(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Unmap();
    IoFreeWorkItem((PIO_WORKITEM)Context);
}
#endif

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifdef WRONG
    PIO_WORKITEM item;
#endif

    UNREFERENCED_PARAMETER(DeviceObject);
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode == IOCTL_MAP) {
        return DeviceComplete(Irp, Map(), 0);
    }
#ifdef WRONG
    item = IoAllocateWorkItem(DeviceObject);
    if (item != NULL) {
        IoQueueWorkItem(item, UnmapLater, DelayedWorkQueue, item);
    }
#else
    Unmap();
#endif
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
