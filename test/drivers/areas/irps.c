/*
 * Devices and requests: names and links, stacks, requests built in every way, completion routines and their flags,
 * pending, cancelling, cancel-safe queues, StartIo, associated IRPs, forwarding, power requests.
 */
#include "check.h"
#define IOCTL_SUCCEED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_FAIL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_PEND CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_QUEUE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _EXTENSION {
    PDEVICE_OBJECT Lower;
} EXTENSION, *PEXTENSION;

static PDEVICE_OBJECT Bottom, Top;
static PIRP Pended;
static LONG Routines, Cancelled, Started, PoweredOn;
static NTSTATUS RoutineStatus;
static UCHAR RoutinePending, SeenMajor;
static ULONG StartedOrder[4];

static IO_CSQ Queue;
static LIST_ENTRY QueueList;
static KSPIN_LOCK QueueLock;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static DRIVER_CANCEL OnCancel;

static VOID OnCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    InterlockedIncrement(&Cancelled);
    Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS PassDown(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PEXTENSION extension = DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->Lower, Irp);
}

static DRIVER_DISPATCH Dispatch;

static NTSTATUS Dispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);

    SeenMajor = location->MajorFunction;
    if (DeviceObject == Top) {
        return PassDown(DeviceObject, Irp);
    }
    if (location->MajorFunction == IRP_MJ_POWER) {
        PoweredOn += location->Parameters.Power.State.DeviceState == PowerDeviceD0;
        return Complete(Irp, STATUS_SUCCESS, 0);
    }
    if (location->MajorFunction != IRP_MJ_DEVICE_CONTROL && location->MajorFunction != IRP_MJ_INTERNAL_DEVICE_CONTROL) {
        return Complete(Irp, STATUS_SUCCESS, 0);
    }
    switch (location->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_SUCCEED:
        *(PULONG)Irp->AssociatedIrp.SystemBuffer += 1;
        return Complete(Irp, STATUS_SUCCESS, sizeof(ULONG));
    case IOCTL_FAIL:
        return Complete(Irp, STATUS_DEVICE_NOT_READY, 0);
    case IOCTL_PEND:
        IoMarkIrpPending(Irp);
        IoSetCancelRoutine(Irp, OnCancel);
        Pended = Irp;
        return STATUS_PENDING;
    case IOCTL_START:
        IoMarkIrpPending(Irp);
        IoStartPacket(DeviceObject, Irp, NULL, NULL);
        return STATUS_PENDING;
    case IOCTL_QUEUE:
        IoCsqInsertIrp(&Queue, Irp, NULL);
        return STATUS_PENDING;
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static DRIVER_STARTIO StartIo;

/* Serves a request; what came meanwhile waits in the device's queue. */
static VOID StartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    LONG number = Started++;

    if (number < 4) {
        StartedOrder[number] = *(PULONG)Irp->AssociatedIrp.SystemBuffer;
    }
    if (number == 0) {
        Pended = Irp;
        return;
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoStartNextPacket(DeviceObject, FALSE);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static IO_COMPLETION_ROUTINE Keep;

static NTSTATUS Keep(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    InterlockedIncrement(&Routines);
    RoutineStatus = Irp->IoStatus.Status;
    RoutinePending = Irp->PendingReturned;
    if (Context != NULL) {
        KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    }
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Names(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\AreaIrps"), link = RTL_CONSTANT_STRING(L"\\??\\AreaIrps");
    UNICODE_STRING missing = RTL_CONSTANT_STRING(L"\\Device\\Nowhere"), bad = RTL_CONSTANT_STRING(L"\\NoFolder\\Device");
    PDEVICE_OBJECT again, found;
    PFILE_OBJECT file;

    RETURNS(IoCreateDevice(DriverObject, sizeof(EXTENSION), &name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Bottom), STATUS_SUCCESS);
    EQUAL(Bottom->DriverObject, DriverObject);
    EQUAL(DriverObject->DeviceObject, Bottom);
    EQUAL(Bottom->StackSize, 1);
    CHECK(Bottom->DeviceExtension != NULL);
    CHECK((Bottom->Flags & DO_DEVICE_INITIALIZING) != 0);
    EQUAL(Bottom->DeviceType, FILE_DEVICE_UNKNOWN);
    EQUAL(((PEXTENSION)Bottom->DeviceExtension)->Lower, NULL);
    RETURNS(IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &again), STATUS_OBJECT_NAME_COLLISION);
    RETURNS(IoCreateDevice(DriverObject, 0, &bad, FILE_DEVICE_UNKNOWN, 0, FALSE, &again), STATUS_OBJECT_PATH_NOT_FOUND);
    RETURNS(IoCreateSymbolicLink(&link, &name), STATUS_SUCCESS);
    RETURNS(IoCreateSymbolicLink(&link, &name), STATUS_OBJECT_NAME_COLLISION);
    RETURNS(IoGetDeviceObjectPointer(&missing, FILE_READ_DATA, &file, &found), STATUS_OBJECT_NAME_NOT_FOUND);
    Bottom->Flags |= DO_BUFFERED_IO;
    Bottom->Flags &= ~DO_DEVICE_INITIALIZING;
    RETURNS(IoGetDeviceObjectPointer(&link, FILE_READ_DATA, &file, &found), STATUS_SUCCESS);
    EQUAL(found, Bottom);
    EQUAL(file->DeviceObject, Bottom);
    EQUAL(IoGetRelatedDeviceObject(file), Bottom);
    ObDereferenceObject(file);
    RETURNS(IoDeleteSymbolicLink(&link), STATUS_SUCCESS);
    RETURNS(IoDeleteSymbolicLink(&link), STATUS_OBJECT_NAME_NOT_FOUND);
}

static VOID Stacks(PDRIVER_OBJECT DriverObject)
{
    PEXTENSION extension;
    PDEVICE_OBJECT highest;

    RETURNS(IoCreateDevice(DriverObject, sizeof(EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Top), STATUS_SUCCESS);
    extension = Top->DeviceExtension;
    extension->Lower = IoAttachDeviceToDeviceStack(Top, Bottom);
    EQUAL(extension->Lower, Bottom);
    EQUAL(Top->StackSize, 2);
    EQUAL(Bottom->AttachedDevice, Top);
    Top->Flags |= DO_BUFFERED_IO;
    Top->Flags &= ~DO_DEVICE_INITIALIZING;
    highest = IoGetAttachedDeviceReference(Bottom);
    EQUAL(highest, Top);
    ObDereferenceObject(highest);
}

/* A request by IoBuildDeviceIoControlRequest, which the I/O manager ends; its status. */
static NTSTATUS Control(ULONG Code, PULONG Value, PULONG_PTR Information)
{
    IO_STATUS_BLOCK iosb = { { 0 } };
    NTSTATUS status;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(Code, Top, Value, sizeof(ULONG), Value, sizeof(ULONG), FALSE, &event, &iosb);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(Top, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = iosb.Status;
    }
    *Information = iosb.Information;
    return status;
}

static VOID Built(VOID)
{
    ULONG value = 41;
    ULONG_PTR information = 0;
    PIRP irp;
    PIO_STACK_LOCATION next;
    KEVENT event;
    IO_STATUS_BLOCK iosb;
    LARGE_INTEGER offset = { 0 };

    RETURNS(Control(IOCTL_SUCCEED, &value, &information), STATUS_SUCCESS);
    EQUAL(value, 42);
    EQUAL(information, sizeof(ULONG));
    EQUAL(SeenMajor, IRP_MJ_DEVICE_CONTROL);
    RETURNS(Control(IOCTL_FAIL, &value, &information), STATUS_DEVICE_NOT_READY);
    RETURNS(Control(0x12345678, &value, &information), STATUS_INVALID_DEVICE_REQUEST);
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildSynchronousFsdRequest(IRP_MJ_FLUSH_BUFFERS, Top, NULL, 0, NULL, &event, &iosb);
    CHECK(irp != NULL);
    next = IoGetNextIrpStackLocation(irp);
    EQUAL(next->MajorFunction, IRP_MJ_FLUSH_BUFFERS);
    EQUAL(irp->StackCount, 2);
    EQUAL(irp->Tail.Overlay.Thread, PsGetCurrentThread());
    RETURNS(IoCallDriver(Top, irp), STATUS_SUCCESS);
    EQUAL(SeenMajor, IRP_MJ_FLUSH_BUFFERS);
    irp = IoBuildAsynchronousFsdRequest(IRP_MJ_WRITE, Top, &value, sizeof(value), &offset, NULL);
    next = IoGetNextIrpStackLocation(irp);
    EQUAL(next->MajorFunction, IRP_MJ_WRITE);
    EQUAL(next->Parameters.Write.Length, sizeof(value));
    CHECK(irp->AssociatedIrp.SystemBuffer != NULL);
    EQUAL(*(PULONG)irp->AssociatedIrp.SystemBuffer, 42);
    ExFreePool(irp->AssociatedIrp.SystemBuffer);
    irp->AssociatedIrp.SystemBuffer = NULL;
    IoFreeIrp(irp);
}

static PIRP OwnIrp(ULONG Code, PULONG Value)
{
    PIRP irp = IoAllocateIrp(Top->StackSize + 1, FALSE);
    PIO_STACK_LOCATION next;

    IoSetNextIrpStackLocation(irp);
    next = IoGetNextIrpStackLocation(irp);
    next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
    next->Parameters.DeviceIoControl.IoControlCode = Code;
    irp->AssociatedIrp.SystemBuffer = Value;
    return irp;
}

/* An IRP that never leaves its driver: a routine set in the location that is then made current runs at completion. */
static VOID OwnLocation(VOID)
{
    PIRP irp = IoAllocateIrp(1, FALSE);
    LONG before = Routines;

    IoSetCompletionRoutine(irp, Keep, NULL, TRUE, TRUE, TRUE);
    IoSetNextIrpStackLocation(irp);
    irp->IoStatus.Status = STATUS_CANCELLED;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    EQUAL(Routines, before + 1);
    RETURNS(RoutineStatus, STATUS_CANCELLED);
    IoFreeIrp(irp);
}

static VOID CompletionFlags(VOID)
{
    ULONG value = 0;
    PIRP irp = OwnIrp(IOCTL_SUCCEED, &value);

    EQUAL(irp->StackCount, 3);
    EQUAL(irp->CurrentLocation, 3);
    EQUAL(IoSizeOfIrp(3), sizeof(IRP) + 3 * sizeof(IO_STACK_LOCATION));
    IoSetCompletionRoutine(irp, Keep, NULL, TRUE, FALSE, FALSE);
    RETURNS(IoCallDriver(Top, irp), STATUS_SUCCESS);
    EQUAL(Routines, 1);
    RETURNS(RoutineStatus, STATUS_SUCCESS);
    EQUAL(RoutinePending, FALSE);
    EQUAL(irp->IoStatus.Information, sizeof(ULONG));
    IoFreeIrp(irp);
    irp = OwnIrp(IOCTL_FAIL, &value);
    IoSetCompletionRoutine(irp, Keep, NULL, FALSE, TRUE, FALSE);
    RETURNS(IoCallDriver(Top, irp), STATUS_DEVICE_NOT_READY);
    EQUAL(Routines, 2);
    RETURNS(RoutineStatus, STATUS_DEVICE_NOT_READY);
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    RETURNS(irp->IoStatus.Status, STATUS_UNSUCCESSFUL);
    EQUAL(irp->CurrentLocation, irp->StackCount + 1);
    EQUAL(irp->IoStatus.Information, 0);
    IoFreeIrp(irp);
}

static VOID Pending(VOID)
{
    ULONG value = 0;
    KEVENT event;
    PIRP irp = OwnIrp(IOCTL_PEND, &value);

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, Keep, &event, TRUE, TRUE, TRUE);
    RETURNS(IoCallDriver(Top, irp), STATUS_PENDING);
    CHECK(KeReadStateEvent(&event) == 0);
    CHECK(IoSetCancelRoutine(Pended, NULL) == OnCancel);
    Complete(Pended, STATUS_SUCCESS, 0);
    CHECK(KeReadStateEvent(&event) != 0);
    EQUAL(RoutinePending, SL_PENDING_RETURNED);
    IoFreeIrp(irp);

    irp = OwnIrp(IOCTL_PEND, &value);
    KeClearEvent(&event);
    IoSetCompletionRoutine(irp, Keep, &event, TRUE, TRUE, TRUE);
    RETURNS(IoCallDriver(Top, irp), STATUS_PENDING);
    CHECK(!irp->Cancel);
    CHECK(IoCancelIrp(irp));
    CHECK(irp->Cancel);
    EQUAL(Cancelled, 1);
    RETURNS(RoutineStatus, STATUS_CANCELLED);
    CHECK(!IoCancelIrp(irp));
    IoFreeIrp(irp);
}

static VOID OneAtATime(PDRIVER_OBJECT DriverObject)
{
    ULONG values[3] = { 10, 20, 30 };
    PIRP irps[3];
    KIRQL irql;
    ULONG i;

    DriverObject->DriverStartIo = StartIo;
    Routines = 0;
    for (i = 0; i < 3; i++) {
        irps[i] = OwnIrp(IOCTL_START, &values[i]);
        IoSetCompletionRoutine(irps[i], Keep, NULL, TRUE, TRUE, TRUE);
        RETURNS(IoCallDriver(Top, irps[i]), STATUS_PENDING);
    }
    EQUAL(Started, 1);
    EQUAL(Bottom->CurrentIrp, irps[0]);
    EQUAL(Routines, 0);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    IoStartNextPacket(Bottom, FALSE);
    KeLowerIrql(irql);
    Complete(Pended, STATUS_SUCCESS, 0);
    EQUAL(Started, 3);
    EQUAL(Routines, 3);
    EQUAL(StartedOrder[0], 10);
    EQUAL(StartedOrder[1], 20);
    EQUAL(StartedOrder[2], 30);
    EQUAL(Bottom->CurrentIrp, NULL);
    for (i = 0; i < 3; i++) {
        IoFreeIrp(irps[i]);
    }
}

static VOID CsqInsert(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    InsertTailList(&QueueList, &Irp->Tail.Overlay.ListEntry);
}

static VOID CsqRemove(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

static PIRP CsqPeek(PIO_CSQ Csq, PIRP Irp, PVOID Context)
{
    PLIST_ENTRY next = Irp == NULL ? QueueList.Flink : Irp->Tail.Overlay.ListEntry.Flink;

    UNREFERENCED_PARAMETER(Csq);
    UNREFERENCED_PARAMETER(Context);
    return next == &QueueList ? NULL : CONTAINING_RECORD(next, IRP, Tail.Overlay.ListEntry);
}

static VOID CsqAcquire(PIO_CSQ Csq, PKIRQL Irql)
{
    UNREFERENCED_PARAMETER(Csq);
    KeAcquireSpinLock(&QueueLock, Irql);
}

static VOID CsqRelease(PIO_CSQ Csq, KIRQL Irql)
{
    UNREFERENCED_PARAMETER(Csq);
    KeReleaseSpinLock(&QueueLock, Irql);
}

static VOID CsqCanceled(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    Complete(Irp, STATUS_CANCELLED, 0);
}

static VOID CancelSafe(VOID)
{
    PIRP first, second;
    ULONG value = 0;

    InitializeListHead(&QueueList);
    KeInitializeSpinLock(&QueueLock);
    RETURNS(IoCsqInitialize(&Queue, CsqInsert, CsqRemove, CsqPeek, CsqAcquire, CsqRelease, CsqCanceled), STATUS_SUCCESS);
    EQUAL(IoCsqRemoveNextIrp(&Queue, NULL), NULL);
    Routines = 0;
    first = OwnIrp(IOCTL_QUEUE, &value);
    IoSetCompletionRoutine(first, Keep, NULL, TRUE, TRUE, TRUE);
    RETURNS(IoCallDriver(Top, first), STATUS_PENDING);
    second = OwnIrp(IOCTL_QUEUE, &value);
    IoSetCompletionRoutine(second, Keep, NULL, TRUE, TRUE, TRUE);
    RETURNS(IoCallDriver(Top, second), STATUS_PENDING);
    CHECK(IoCancelIrp(first));
    EQUAL(Routines, 1);
    RETURNS(RoutineStatus, STATUS_CANCELLED);
    EQUAL(IoCsqRemoveNextIrp(&Queue, NULL), second);
    EQUAL(IoCsqRemoveNextIrp(&Queue, NULL), NULL);
    CHECK(!IoCancelIrp(second));
    Complete(second, STATUS_SUCCESS, 0);
    EQUAL(Routines, 2);
    IoFreeIrp(first);
    IoFreeIrp(second);
}

static REQUEST_POWER_COMPLETE OnPower;

static VOID OnPower(PDEVICE_OBJECT DeviceObject, UCHAR Minor, POWER_STATE State, PVOID Context, PIO_STATUS_BLOCK IoStatus)
{
    EQUAL(DeviceObject, Bottom);
    EQUAL(Minor, IRP_MN_SET_POWER);
    EQUAL(State.DeviceState, PowerDeviceD0);
    RETURNS(IoStatus->Status, STATUS_SUCCESS);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
}

static VOID Power(VOID)
{
    POWER_STATE state;
    KEVENT event;

    state.DeviceState = PowerDeviceD0;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    RETURNS(PoRequestPowerIrp(Bottom, IRP_MN_SET_POWER, state, OnPower, &event, NULL), STATUS_PENDING);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    EQUAL(PoweredOn, 1);
    RETURNS(PoRequestPowerIrp(Bottom, 0x77, state, NULL, NULL, NULL), STATUS_INVALID_PARAMETER_2);
    state.DeviceState = PowerDeviceD3;
    CHECK(PoSetPowerState(Bottom, DevicePowerState, state).DeviceState <= PowerDeviceD3);
}

static VOID Associated(VOID)
{
    PIRP master = OwnIrp(IOCTL_PEND, NULL), parts[2];
    PIO_STACK_LOCATION next;
    KEVENT event;
    ULONG i;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoSetCompletionRoutine(master, Keep, &event, TRUE, TRUE, TRUE);
    RETURNS(IoCallDriver(Top, master), STATUS_PENDING);
    IoSetCancelRoutine(master, NULL);
    Routines = 0;
    master->AssociatedIrp.IrpCount = 2;
    master->IoStatus.Status = STATUS_SUCCESS;
    for (i = 0; i < 2; i++) {
        parts[i] = IoMakeAssociatedIrp(master, Top->StackSize);
        CHECK(parts[i] != NULL);
        EQUAL(parts[i]->AssociatedIrp.MasterIrp, master);
        CHECK((parts[i]->Flags & IRP_ASSOCIATED_IRP) != 0);
        next = IoGetNextIrpStackLocation(parts[i]);
        next->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    }
    RETURNS(IoCallDriver(Top, parts[0]), STATUS_SUCCESS);
    EQUAL(Routines, 0);
    EQUAL(master->AssociatedIrp.IrpCount, 1);
    RETURNS(IoCallDriver(Top, parts[1]), STATUS_SUCCESS);
    EQUAL(Routines, 1);
    IoFreeIrp(master);
}

static VOID Hints(VOID)
{
    PIRP irp = IoAllocateIrp(1, FALSE);
    SHARE_ACCESS share;
    FILE_OBJECT *file = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(FILE_OBJECT), CHECK_TAG);
    FILE_OBJECT *other = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(FILE_OBJECT), CHECK_TAG);

    EQUAL(IoGetIoPriorityHint(irp), IoPriorityNormal);
    RETURNS(IoSetIoPriorityHint(irp, IoPriorityLow), STATUS_SUCCESS);
    EQUAL(IoGetIoPriorityHint(irp), IoPriorityLow);
    IoFreeIrp(irp);
    EQUAL(IoGetTopLevelIrp(), NULL);
    IoSetTopLevelIrp((PIRP)FSRTL_FSP_TOP_LEVEL_IRP);
    EQUAL(IoGetTopLevelIrp(), FSRTL_FSP_TOP_LEVEL_IRP);
    IoSetTopLevelIrp(NULL);
    CHECK(IoGetRemainingStackSize() > 1000);
    IoSetShareAccess(FILE_READ_DATA, FILE_SHARE_READ, file, &share);
    EQUAL(share.OpenCount, 1);
    EQUAL(share.Readers, 1);
    EQUAL(share.SharedWrite, 0);
    RETURNS(IoCheckShareAccess(FILE_READ_DATA, FILE_SHARE_READ, other, &share, TRUE), STATUS_SUCCESS);
    EQUAL(share.OpenCount, 2);
    RETURNS(IoCheckShareAccess(FILE_WRITE_DATA, FILE_SHARE_READ, other, &share, FALSE), STATUS_SHARING_VIOLATION);
    RETURNS(IoCheckShareAccess(FILE_READ_DATA, 0, other, &share, FALSE), STATUS_SHARING_VIOLATION);
    IoRemoveShareAccess(file, &share);
    EQUAL(share.OpenCount, 1);
    ExFreePool(file);
    ExFreePool(other);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = Dispatch;
    }
    Names(DriverObject);
    Stacks(DriverObject);
    Built();
    CompletionFlags();
    OwnLocation();
    Pending();
    OneAtATime(DriverObject);
    CancelSafe();
    Power();
    Associated();
    Hints();
    IoDetachDevice(Bottom);
    EQUAL(Bottom->AttachedDevice, NULL);
    IoDeleteDevice(Top);
    IoDeleteDevice(Bottom);
    EQUAL(DriverObject->DeviceObject, NULL);
}
