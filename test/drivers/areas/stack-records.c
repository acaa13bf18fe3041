/*
 * Records again: what completion leaves in an IRP's stack locations, device objects as they are attached and detached, DPCs,
 * lookaside lists, a thread's affinity, permanent objects, and extensions of the driver object.
 */
#include "check.h"

static PDEVICE_OBJECT Upper, Lower;
static UCHAR OwnControl, NextControl, NextMajor, TopLocation;
static ULONG_PTR NextArgument;
static KEVENT Done;

static NTSTATUS UpperDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(Irp);

    EQUAL(DeviceObject, Upper);
    EQUAL(Context, &Upper);
    EQUAL(Irp->CurrentLocation, 2);
    OwnControl = IoGetCurrentIrpStackLocation(Irp)->Control;
    NextControl = next->Control;
    NextMajor = next->MajorFunction;
    NextArgument = (ULONG_PTR)next->Parameters.Others.Argument2;
    return STATUS_CONTINUE_COMPLETION;
}

static NTSTATUS Dispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    if (DeviceObject == Upper) {
        IoCopyCurrentIrpStackLocationToNext(Irp);
        EQUAL(IoGetNextIrpStackLocation(Irp)->Control, 0);
        IoSetCompletionRoutine(Irp, UpperDone, &Upper, TRUE, FALSE, TRUE);
        return IoCallDriver(Lower, Irp);
    }
    EQUAL(IoGetCurrentIrpStackLocation(Irp)->Control, SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_CANCEL);
    EQUAL(IoGetCurrentIrpStackLocation(Irp)->DeviceObject, Lower);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS TopDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    EQUAL(DeviceObject, NULL);
    TopLocation = (UCHAR)Irp->CurrentLocation;
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID CompletedLocations(VOID)
{
    PIRP irp = IoAllocateIrp(2, FALSE);
    PIO_STACK_LOCATION first = IoGetNextIrpStackLocation(irp);

    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    first->MajorFunction = IRP_MJ_READ;
    first->Parameters.Others.Argument2 = (PVOID)77;
    IoSetCompletionRoutine(irp, TopDone, &Done, TRUE, TRUE, TRUE);
    RETURNS(IoCallDriver(Upper, irp), STATUS_SUCCESS);
    EQUAL(OwnControl, SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_ERROR | SL_INVOKE_ON_CANCEL);
    EQUAL(NextControl, 0);
    EQUAL(NextMajor, IRP_MJ_READ);
    EQUAL(NextArgument, 0);
    EQUAL(TopLocation, 3);
    EQUAL(first->Control, 0);
    IoFreeIrp(irp);
}

static VOID Attached(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT third;

    IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower);
    IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Upper);
    IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &third);
    Upper->Flags &= ~DO_DEVICE_INITIALIZING;
    Lower->Flags &= ~DO_DEVICE_INITIALIZING;
    EQUAL(Lower->StackSize, 1);
    EQUAL(IoAttachDeviceToDeviceStack(Upper, Lower), Lower);
    EQUAL(Lower->AttachedDevice, Upper);
    EQUAL(Upper->AttachedDevice, NULL);
    EQUAL(Upper->StackSize, 2);
    EQUAL(IoAttachDeviceToDeviceStack(third, Lower), Upper);
    EQUAL(Upper->AttachedDevice, third);
    EQUAL(Lower->AttachedDevice, Upper);
    EQUAL(third->StackSize, 3);
    CompletedLocations();
    IoDetachDevice(Upper);
    EQUAL(Upper->AttachedDevice, NULL);
    EQUAL(Lower->AttachedDevice, Upper);
    IoDetachDevice(Lower);
    EQUAL(Lower->AttachedDevice, NULL);
    EQUAL(Lower->StackSize, 1);
    EQUAL(Upper->StackSize, 2);
    EQUAL(third->StackSize, 3);
    IoDeleteDevice(third);
    IoDeleteDevice(Upper);
    IoDeleteDevice(Lower);
}

static VOID OnDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
}

static VOID DpcFields(VOID)
{
    KDPC dpc;

    RtlZeroMemory(&dpc, sizeof(dpc));
    KeInitializeDpc(&dpc, OnDpc, &Done);
    EQUAL(dpc.Type, 0x13);
    EQUAL(dpc.Importance, MediumImportance);
    EQUAL(dpc.Number, 0);
    EQUAL(dpc.DeferredRoutine, OnDpc);
    EQUAL(dpc.DeferredContext, &Done);
    KeSetImportanceDpc(&dpc, HighImportance);
    EQUAL(dpc.Importance, HighImportance);
    KeInitializeThreadedDpc(&dpc, OnDpc, NULL);
    EQUAL(dpc.Type, 0x18);
}

static VOID LookasideFields(VOID)
{
    static NPAGED_LOOKASIDE_LIST plain;
    static PAGED_LOOKASIDE_LIST paged;
    PVOID block;

    ExInitializeNPagedLookasideList(&plain, NULL, NULL, 0, 64, CHECK_TAG, 20);
    EQUAL(plain.L.Depth, 4);
    EQUAL(plain.L.MaximumDepth, 256);
    EQUAL(plain.L.Type, NonPagedPool);
    EQUAL(plain.L.Size, 64);
    EQUAL(plain.L.Tag, CHECK_TAG);
    EQUAL(plain.L.TotalAllocates, 0);
    EQUAL(plain.L.AllocateMisses, 0);
    block = ExAllocateFromNPagedLookasideList(&plain);
    EQUAL(plain.L.TotalAllocates, 1);
    EQUAL(plain.L.AllocateMisses, 1);
    ExFreeToNPagedLookasideList(&plain, block);
    EQUAL(plain.L.TotalFrees, 1);
    ExDeleteNPagedLookasideList(&plain);
    ExInitializePagedLookasideList(&paged, NULL, NULL, 0, 64, CHECK_TAG, 0);
    EQUAL(paged.L.Depth, 4);
    EQUAL(paged.L.MaximumDepth, 256);
    EQUAL(paged.L.Type, PagedPool);
    ExDeletePagedLookasideList(&paged);
}

static VOID Affinity(VOID)
{
    KAFFINITY all = KeQueryActiveProcessors();

    EQUAL(KeQueryActiveProcessorCountEx(1), 0);
    CHECK(KeQueryActiveProcessorCountEx(0) > 0);
    EQUAL(KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS), KeQueryActiveProcessorCountEx(0));
    EQUAL(all, ((KAFFINITY)1 << KeQueryActiveProcessorCountEx(0)) - 1);
    EQUAL(KeSetSystemAffinityThreadEx(1), 0);
    EQUAL(KeSetSystemAffinityThreadEx(all), 1);
    KeRevertToUserAffinityThreadEx(1);
    EQUAL(KeSetSystemAffinityThreadEx(all), 1);
    KeRevertToUserAffinityThreadEx(0);
    EQUAL(KeSetSystemAffinityThreadEx(1), 0);
    KeRevertToUserAffinityThread();
    EQUAL(KeSetSystemAffinityThreadEx(1), 0);
    KeRevertToUserAffinityThread();
}

static VOID Permanence(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\AreaDirectory");
    OBJECT_ATTRIBUTES passing, permanent;
    HANDLE handle, second;

    InitializeObjectAttributes(&passing, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
    InitializeObjectAttributes(&permanent, &name, OBJ_KERNEL_HANDLE | OBJ_PERMANENT, NULL, NULL);
    RETURNS(ZwCreateDirectoryObject(&handle, GENERIC_ALL, &passing), STATUS_SUCCESS);
    ZwClose(handle);
    RETURNS(ZwOpenDirectoryObject(&handle, 0, &passing), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(ZwCreateDirectoryObject(&handle, GENERIC_ALL, &permanent), STATUS_SUCCESS);
    ZwClose(handle);
    RETURNS(ZwOpenDirectoryObject(&handle, 0, &passing), STATUS_SUCCESS);
    RETURNS(ZwMakeTemporaryObject(handle), STATUS_SUCCESS);
    RETURNS(ZwMakeTemporaryObject(handle), STATUS_SUCCESS);
    ZwClose(handle);
    RETURNS(ZwOpenDirectoryObject(&handle, 0, &passing), STATUS_OBJECT_NAME_NOT_FOUND);
    /* Opening does not make permanent. */
    ZwCreateDirectoryObject(&handle, GENERIC_ALL, &passing);
    RETURNS(ZwOpenDirectoryObject(&second, 0, &permanent), STATUS_SUCCESS);
    ZwClose(second);
    ZwClose(handle);
    RETURNS(ZwOpenDirectoryObject(&handle, 0, &passing), STATUS_OBJECT_NAME_NOT_FOUND);
}

static VOID DriverExtensions(PDRIVER_OBJECT DriverObject)
{
    PVOID extension = NULL, again = &Done;

    RETURNS(IoAllocateDriverObjectExtension(DriverObject, &Upper, 100, &extension), STATUS_SUCCESS);
    CHECK(extension != NULL);
    EQUAL(IoGetDriverObjectExtension(DriverObject, &Upper), extension);
    EQUAL(IoGetDriverObjectExtension(DriverObject, &Lower), NULL);
    RETURNS(IoAllocateDriverObjectExtension(DriverObject, &Upper, 100, &again), STATUS_OBJECT_NAME_COLLISION);
    EQUAL(again, NULL);
}

static VOID ThreadLookup(VOID)
{
    ULONG_PTR low = 0, high = 0;
    PETHREAD thread = NULL;

    RETURNS(PsLookupThreadByThreadId(PsGetCurrentThreadId(), &thread), STATUS_SUCCESS);
    EQUAL(thread, PsGetCurrentThread());
    ObDereferenceObject(thread);
    RETURNS(PsLookupThreadByThreadId(NULL, &thread), STATUS_INVALID_CID);
    IoGetStackLimits(&low, &high);
    CHECK(low < (ULONG_PTR)&low && (ULONG_PTR)&low < high);
    CHECK((ULONG_PTR)IoGetInitialStack() > (ULONG_PTR)&low && (ULONG_PTR)IoGetInitialStack() <= high);
    CHECK(IoGetRemainingStackSize() > 0);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = Dispatch;
    }
    Attached(DriverObject);
    DpcFields();
    LookasideFields();
    Affinity();
    Permanence();
    DriverExtensions(DriverObject);
    ThreadLookup();
}
