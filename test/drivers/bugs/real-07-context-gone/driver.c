/*
 * A datagram socket with a context of its own, given up at unload while a peer still sends.
 * Wrong: The context is freed as soon as the socket is told to close; datagrams may come in until the close is
 * done.
 * Right: The context is freed when the close is done: no callback comes after that.
 */
#include "wsk-client.h"

typedef struct _PEER {
    ULONG Datagrams;
    SIZE_T Bytes;
} PEER, *PPEER;

static PPEER Peer;
static PWSK_SOCKET Socket;

static NTSTATUS WSKAPI OnReceiveFrom(PVOID SocketContext, ULONG Flags, PWSK_DATAGRAM_INDICATION Indication)
{
    PPEER peer = (PPEER)SocketContext;

    UNREFERENCED_PARAMETER(Flags);
    for (; Indication != NULL; Indication = Indication->Next) {
        peer->Datagrams++; /* finding: use-after-free 0xD1 */
        peer->Bytes += Indication->Buffer.Length;
    }
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_DATAGRAM_DISPATCH DatagramDispatch = { OnReceiveFrom };

static NTSTATUS EnableEvents(_In_ PWSK_SOCKET Target)
{
    WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };

    return ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Target->Dispatch)->WskControlSocket(Target, WskSetOption,
        SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL);
}

/* Gives other work of the peer a moment to end. */
static VOID Pause(LONGLONG Milliseconds)
{
    LARGE_INTEGER interval;

    interval.QuadPart = Milliseconds * -10000;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    ExFreePoolWithTag(Peer, CLIENT_TAG);
#endif
    Pause(20);
    SocketClose(Socket);
#ifndef WRONG
    ExFreePoolWithTag(Peer, CLIENT_TAG);
#endif
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Peer = (PPEER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PEER), CLIENT_TAG);
    if (Peer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = ClientStart();
    if (!NT_SUCCESS(status)) {
        goto Free;
    }
    status = SocketCreate(WSK_FLAG_DATAGRAM_SOCKET, 1194, Peer, &DatagramDispatch, &Socket);
    if (!NT_SUCCESS(status)) {
        goto Stop;
    }
    status = EnableEvents(Socket);
    if (!NT_SUCCESS(status)) {
        goto Close;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;

Close:
    SocketClose(Socket);
Stop:
    ClientStop();
Free:
    ExFreePoolWithTag(Peer, CLIENT_TAG);
    return status;
}
