/*
 * A timer sends a heart beat through a connection until the driver is unloaded.
 * Wrong: Unload closes the socket first and stops the timer then: a beat in between uses a socket that is
 * closing.
 * Right: Unload stops the timer before it closes the socket, and the last beat is waited for.
 */
#include "wsk-client.h"

typedef struct _BEAT {
    KTIMER Timer;
    KDPC Dpc;
    KEVENT Idle;
    PWSK_SOCKET Socket;
    PIRP Irp;
    PMDL Mdl;
    LONG Beats;
    CHAR Text[4];
} BEAT, *PBEAT;

static PBEAT Beat;

static NTSTATUS BeatSent(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(&((PBEAT)Context)->Idle, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID OnTimer(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PBEAT beat = (PBEAT)Context;
    WSK_BUF wskBuf = { beat->Mdl, 0, sizeof(beat->Text) };

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    /* The one before is still under way. */
    if (KeReadStateEvent(&beat->Idle) == 0) {
        return;
    }
    KeClearEvent(&beat->Idle);
    beat->Beats++;
    IoReuseIrp(beat->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(beat->Irp, BeatSent, beat, TRUE, TRUE, TRUE);
    ConnectionOf(beat->Socket)->WskSend(beat->Socket, &wskBuf, 0, beat->Irp); /* finding: socket-after-close */
}

static VOID StopTimer(_Inout_ PBEAT Target)
{
    KeCancelTimer(&Target->Timer);
    KeFlushQueuedDpcs();
    KeWaitForSingleObject(&Target->Idle, Executive, KernelMode, FALSE, NULL);
}

static VOID FreeBeat(_In_ PBEAT Target)
{
    if (Target->Mdl != NULL) {
        IoFreeMdl(Target->Mdl);
    }
    if (Target->Irp != NULL) {
        IoFreeIrp(Target->Irp);
    }
    ExFreePoolWithTag(Target, CLIENT_TAG);
}

static PBEAT AllocateBeat(VOID)
{
    PBEAT made = (PBEAT)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(BEAT), CLIENT_TAG);

    if (made == NULL) {
        return NULL;
    }
    RtlCopyMemory(made->Text, "beat", sizeof(made->Text));
    made->Irp = IoAllocateIrp(1, FALSE);
    made->Mdl = IoAllocateMdl(made->Text, sizeof(made->Text), FALSE, FALSE, NULL);
    if (made->Irp == NULL || made->Mdl == NULL) {
        FreeBeat(made);
        return NULL;
    }
    MmBuildMdlForNonPagedPool(made->Mdl);
    KeInitializeEvent(&made->Idle, NotificationEvent, TRUE);
    KeInitializeTimer(&made->Timer);
    KeInitializeDpc(&made->Dpc, OnTimer, made);
    return made;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    StopTimer(Beat);
#endif
    SocketClose(Beat->Socket);
#ifdef WRONG
    StopTimer(Beat);
#endif
    DbgPrint("%s\n", Beat->Beats > 1 ? "many beats" : "few beats");
    FreeBeat(Beat);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Beat = AllocateBeat();
    if (Beat == NULL) {
        ClientStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = SocketConnect(9000, NULL, NULL, &Beat->Socket);
    if (!NT_SUCCESS(status)) {
        FreeBeat(Beat);
        ClientStop();
        return status;
    }
    due.QuadPart = -1;
    KeSetTimerEx(&Beat->Timer, due, 1, &Beat->Dpc);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
