/*
 * A client closes its socket when the graceful disconnect is done.
 * Wrong: It does so in the completion routine of the disconnect, and not in a thread of its own.
 */
#include "wsk-client.h"

typedef struct _CHANNEL {
    PWSK_SOCKET Socket;
    PIRP CloseIrp;
    KEVENT Closed;
    KEVENT Disconnected;
} CHANNEL, *PCHANNEL;

static CHANNEL Channel;

static NTSTATUS Disconnected(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PCHANNEL channel = (PCHANNEL)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
#ifdef WRONG
    ConnectionOf(channel->Socket)->WskCloseSocket(channel->Socket, channel->CloseIrp); /* finding: wsk-call-in-completion-routine */
#endif
    KeSetEvent(&channel->Disconnected, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Use(VOID)
{
    PIRP irp = IoAllocateIrp(1, FALSE);

    Channel.CloseIrp = IoAllocateIrp(1, FALSE);
    if (irp != NULL && Channel.CloseIrp != NULL && NT_SUCCESS(SocketConnect(9000, NULL, NULL, &Channel.Socket))) {
        KeInitializeEvent(&Channel.Closed, NotificationEvent, FALSE);
        KeInitializeEvent(&Channel.Disconnected, NotificationEvent, FALSE);
        IoSetCompletionRoutine(Channel.CloseIrp, SignalCompletion, &Channel.Closed, TRUE, TRUE, TRUE);
        IoSetCompletionRoutine(irp, Disconnected, &Channel, TRUE, TRUE, TRUE);
        ConnectionOf(Channel.Socket)->WskDisconnect(Channel.Socket, NULL, 0, irp);
        KeWaitForSingleObject(&Channel.Disconnected, Executive, KernelMode, FALSE, NULL);
#ifndef WRONG
        ConnectionOf(Channel.Socket)->WskCloseSocket(Channel.Socket, Channel.CloseIrp);
#endif
        KeWaitForSingleObject(&Channel.Closed, Executive, KernelMode, FALSE, NULL);
    }
    if (Channel.CloseIrp != NULL) {
        IoFreeIrp(Channel.CloseIrp);
    }
    if (irp != NULL) {
        IoFreeIrp(irp);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        Use();
    }
    return status;
}
