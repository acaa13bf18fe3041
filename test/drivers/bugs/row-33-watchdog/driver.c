/*
 * A timer cancels a request that takes too long; the completion routine frees the IRP.
 * Wrong: Nobody stops the timer when the request is over in time.
 */
#include "slow-device.h"

static KTIMER Watchdog;
static KDPC WatchdogDpc;
static KEVENT Over;
static PIRP Watched;

static VOID Bark(PKDPC D, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(D);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    IoCancelIrp(Watched); /* finding: irp-touched-after-send 0xD5 */
}

static NTSTATUS Free(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
#ifndef WRONG
    KeCancelTimer(&Watchdog);
#endif
    IoFreeIrp(Irp);
    KeSetEvent(&Over, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID AskOwnDevice(VOID)
{
    LARGE_INTEGER due;

    Watched = IoAllocateIrp(RelayDevice->StackSize, FALSE);
    if (Watched == NULL) {
        return;
    }
    KeInitializeEvent(&Over, NotificationEvent, FALSE);
    KeInitializeTimer(&Watchdog);
    KeInitializeDpc(&WatchdogDpc, Bark, NULL);
    due.QuadPart = -50 * 1000;
    KeSetTimer(&Watchdog, due, &WatchdogDpc);
    IoGetNextIrpStackLocation(Watched)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    IoSetCompletionRoutine(Watched, Free, NULL, TRUE, TRUE, TRUE);
    IoCallDriver(RelayDevice, Watched);
    KeWaitForSingleObject(&Over, Executive, KernelMode, FALSE, NULL);
    due.QuadPart = -100 * 1000;
    KeDelayExecutionThread(KernelMode, FALSE, &due);
}
