/* Memory of the kernel that a driver maps into a program: a second address, for one process, until it is unmapped. */
#define OWN_ENTRY
#include "check.h"
#define IOCTL_MAP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define IOCTL_UNMAP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_LOOK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_FAIL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\AreaMappings"), LinkName = RTL_CONSTANT_STRING(L"\\??\\AreaMappings");
static PUCHAR Shared, Seen;
static PMDL SharedMdl;
static PEPROCESS MappedIn;

static PUCHAR MapToUser(PMDL Mdl, ULONG Priority)
{
    PUCHAR address = NULL;

    __try {
        address = MmMapLockedPagesSpecifyCache(Mdl, UserMode, MmCached, NULL, FALSE, Priority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        DbgPrint("not mapped: 0x%08x\n", GetExceptionCode());
    }
    return address;
}

static VOID SharedMemory(VOID)
{
    PUCHAR second;
    UCHAR copy[4];

    Seen = MapToUser(SharedMdl, NormalPagePriority);
    MappedIn = PsGetCurrentProcess();
    CHECK(Seen != NULL);
    CHECK((ULONG_PTR)Seen + PAGE_SIZE <= MmUserProbeAddress);
    EQUAL(BYTE_OFFSET(Seen), BYTE_OFFSET(Shared));
    CHECK((PVOID)Seen != SharedMdl->MappedSystemVa);
    EQUAL(MmGetSystemAddressForMdlSafe(SharedMdl, NormalPagePriority), Shared);
    /* They are the same bytes. */
    Shared[5] = 0x51;
    Seen[6] = 0x62;
    EQUAL(Seen[5], 0x51);
    EQUAL(Shared[6], 0x62);
    *(volatile ULONG *)(Seen + 8) = 0x12345678;
    EQUAL(*(volatile ULONG *)(Shared + 8), 0x12345678);
    RtlCopyMemory(copy, Seen + 5, 2);
    EQUAL(copy[1], 0x62);
    CHECK(MmIsAddressValid(Seen + PAGE_SIZE - 1));
    EQUAL(MmGetPhysicalAddress(Seen + 3).QuadPart, MmGetPhysicalAddress(Shared + 3).QuadPart);
    RAISES(ProbeForRead(Seen, PAGE_SIZE, 1), STATUS_SUCCESS);
    RAISES(ProbeForWrite(Seen, PAGE_SIZE, 1), STATUS_SUCCESS);
    /* The same pages a second time, and only for reading. */
    second = MapToUser(SharedMdl, NormalPagePriority | MdlMappingNoWrite);
    CHECK(second != NULL && second != Seen);
    EQUAL(second[6], 0x62);
    RAISES(second[6] = 1, STATUS_ACCESS_VIOLATION);
    RAISES(ProbeForWrite(second, 1, 1), STATUS_ACCESS_VIOLATION);
    EQUAL(Shared[6], 0x62);
    MmUnmapLockedPages(second, SharedMdl);
    CHECK(!MmIsAddressValid(second));
    RAISES(copy[0] = second[6], STATUS_ACCESS_VIOLATION);
    EQUAL(Seen[6], 0x62);
    /* A place of the driver's own choice is taken. */
    RAISES(MmMapLockedPagesSpecifyCache(SharedMdl, UserMode, MmCached, Seen, FALSE, NormalPagePriority),
           STATUS_CONFLICTING_ADDRESSES);
}

/* The buffer of the request, which is the program's own memory, once more. */
static VOID RequestBuffer(PMDL Mdl)
{
    PUCHAR system = MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority), again = MapToUser(Mdl, NormalPagePriority);

    CHECK(again != NULL && (PVOID)again < MmHighestUserAddress);
    again[0] = 'm';
    EQUAL(system[0], 'm');
    MmUnmapLockedPages(again, Mdl);
}

/* A driver's thread sees nothing of the program until it attaches to it. */
static VOID AttachToProgram(VOID)
{
    KAPC_STATE state;

    CHECK(!MmIsAddressValid(Seen));
    KeStackAttachProcess(MappedIn, &state);
    CHECK(MmIsAddressValid(Seen));
    EQUAL(Seen[6], 0x62);
    KeUnstackDetachProcess(&state);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_MAP:
        RequestBuffer(Irp->MdlAddress);
        SharedMemory();
        break;
    case IOCTL_LOOK:
        CHECK(PsGetCurrentProcess() != MappedIn);
        AttachToProgram();
        break;
    case IOCTL_UNMAP:
        MmUnmapLockedPages(Seen, SharedMdl);
        RAISES(Shared[0] = Seen[0], STATUS_ACCESS_VIOLATION);
        RAISES(ProbeForRead(Seen, 1, 1), STATUS_SUCCESS);
        RAISES(ProbeForWrite(Seen, 1, 1), STATUS_ACCESS_VIOLATION);
        break;
    case IOCTL_FAIL:
        /* It fails by an exception, and never by NULL. */
        RAISES(MmMapLockedPagesSpecifyCache(SharedMdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority),
               STATUS_INSUFFICIENT_RESOURCES);
        status = STATUS_INSUFFICIENT_RESOURCES;
        break;
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS OpenClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteSymbolicLink(&LinkName);
    IoDeleteDevice(DriverObject->DeviceObject);
    IoFreeMdl(SharedMdl);
    ExFreePoolWithTag(Shared, CHECK_TAG);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DriverObject->MajorFunction[IRP_MJ_CLOSE] = OpenClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    Shared = ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, CHECK_TAG);
    SharedMdl = IoAllocateMdl(Shared, PAGE_SIZE, FALSE, FALSE, NULL);
    MmBuildMdlForNonPagedPool(SharedMdl);
    status = IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (NT_SUCCESS(status)) {
        status = IoCreateSymbolicLink(&LinkName, &DeviceName);
    }
    return status;
}
