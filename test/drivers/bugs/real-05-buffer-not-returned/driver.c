/*
 * Datagrams come in through WskReceiveFromEvent; each is copied into a buffer of a small pool and decrypted.
 * Wrong: A datagram that can't be decrypted is dropped, but its buffer is not put back.
 * Right: A datagram that can't be decrypted is dropped and its buffer put back.
 */
#include "wsk-client.h"

#define BUFFERS_MAX 4

typedef struct _BUFFER {
    SLIST_ENTRY Link;
    SIZE_T Length;
    UCHAR Data[512];
} BUFFER, *PBUFFER;

typedef struct _TUNNEL {
    SLIST_HEADER Free;
    PWSK_SOCKET Socket;
    ULONG Decrypted;
} TUNNEL, *PTUNNEL;

static PTUNNEL Tunnel;

/* A free buffer, or a new one. */
static PBUFFER GetBuffer(_Inout_ PTUNNEL Target)
{
    PSLIST_ENTRY entry = InterlockedPopEntrySList(&Target->Free);

    if (entry != NULL) {
        return CONTAINING_RECORD(entry, BUFFER, Link);
    }
    return (PBUFFER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(BUFFER), CLIENT_TAG); /* finding: pool-leak 0xC4/0x62 */
}

static BOOLEAN Decrypt(_Inout_ PBUFFER Buffer)
{
    SIZE_T i;

    if (Buffer->Length < 4 || Buffer->Data[0] != 'K') {
        return FALSE;
    }
    for (i = 1; i < Buffer->Length; i++) {
        Buffer->Data[i] ^= 0x20;
    }
    return TRUE;
}

static NTSTATUS WSKAPI OnReceiveFrom(PVOID SocketContext, ULONG Flags, PWSK_DATAGRAM_INDICATION Indication)
{
    PTUNNEL tunnel = (PTUNNEL)SocketContext;

    UNREFERENCED_PARAMETER(Flags);
    for (; Indication != NULL; Indication = Indication->Next) {
        PBUFFER buffer = GetBuffer(tunnel);
        PUCHAR data = (PUCHAR)MmGetSystemAddressForMdlSafe(Indication->Buffer.Mdl, NormalPagePriority);

        if (buffer == NULL) {
            continue;
        }
        if (data == NULL) {
            InterlockedPushEntrySList(&tunnel->Free, &buffer->Link);
            continue;
        }
        buffer->Length = min(Indication->Buffer.Length, sizeof(buffer->Data));
        RtlCopyMemory(buffer->Data, data + Indication->Buffer.Offset, buffer->Length);
        if (!Decrypt(buffer)) {
            DbgPrint("bad datagram\n");
#ifndef WRONG
            InterlockedPushEntrySList(&tunnel->Free, &buffer->Link);
#endif
            continue;
        }
        tunnel->Decrypted++;
        InterlockedPushEntrySList(&tunnel->Free, &buffer->Link);
    }
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_DATAGRAM_DISPATCH DatagramDispatch = { OnReceiveFrom };

static NTSTATUS EnableEvents(_In_ PWSK_SOCKET Socket)
{
    WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };

    return ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)->WskControlSocket(Socket, WskSetOption,
        SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    PSLIST_ENTRY entry;

    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Tunnel->Socket);
    while ((entry = InterlockedPopEntrySList(&Tunnel->Free)) != NULL) {
        ExFreePoolWithTag(CONTAINING_RECORD(entry, BUFFER, Link), CLIENT_TAG);
    }
    DbgPrint("%lu decrypted\n", Tunnel->Decrypted);
    ExFreePoolWithTag(Tunnel, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Tunnel = (PTUNNEL)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(TUNNEL), CLIENT_TAG);
    if (Tunnel == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    InitializeSListHead(&Tunnel->Free);
    status = ClientStart();
    if (NT_SUCCESS(status)) {
        status = SocketCreate(WSK_FLAG_DATAGRAM_SOCKET, 1194, Tunnel, &DatagramDispatch, &Tunnel->Socket);
        if (!NT_SUCCESS(status)) {
            ClientStop();
        }
    }
    if (!NT_SUCCESS(status)) {
        ExFreePoolWithTag(Tunnel, CLIENT_TAG);
        return status;
    }
    status = EnableEvents(Tunnel->Socket);
    DbgPrint("events: 0x%08x\n", status);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
