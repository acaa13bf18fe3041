/*
 * A connection whose data comes in through WskReceiveEvent and is copied into blocks of our own.
 * Wrong: When there is no memory for a block, the callback returns the error: WSK knows no such return value.
 * Right: When there is no memory for a block, the data is not accepted, and fetched later by WskReceive.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;
static ULONG BytesSeen;

static NTSTATUS WSKAPI OnReceive(PVOID SocketContext, ULONG Flags, PWSK_DATA_INDICATION Indication,
    SIZE_T BytesIndicated, SIZE_T *BytesAccepted)
{
    PUCHAR block;

    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    if (Indication == NULL) {
        return STATUS_SUCCESS;
    }
    block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, BytesIndicated, CLIENT_TAG);
    if (block == NULL) {
#ifdef WRONG
        return STATUS_INSUFFICIENT_RESOURCES; /* finding: event-return-value */
#else
        return STATUS_DATA_NOT_ACCEPTED;
#endif
    }
    BytesSeen += (ULONG)BytesIndicated;
    ExFreePoolWithTag(block, CLIENT_TAG);
    *BytesAccepted = BytesIndicated;
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH ConnectionDispatch = { OnReceive, NULL, NULL };

static NTSTATUS EnableReceiveEvents(_In_ PWSK_SOCKET Socket)
{
    WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE };

    return ConnectionOf(Socket)->WskControlSocket(Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET,
        sizeof(control), &control, 0, NULL, NULL, NULL);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Connection);
    DbgPrint("%lu bytes\n", BytesSeen);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = SocketConnect(9000, &Connection, &ConnectionDispatch, &Connection);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    status = EnableReceiveEvents(Connection);
    if (!NT_SUCCESS(status)) {
        SocketClose(Connection);
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
