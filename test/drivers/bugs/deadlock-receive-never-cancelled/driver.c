/*
 * A connection waits for a message of its peer, which sends none.
 * Wrong: Unload waits until the receive has completed, which only the peer could bring about.
 * Right: Unload cancels the receive before it waits for it.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;
static REQUEST Receive;
static WSK_BUF Buffer;
static CHAR Bytes[64];

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    IoCancelIrp(Receive.Irp);
#endif
    KeWaitForSingleObject(&Receive.Done, Executive, KernelMode, FALSE, NULL); /* finding: hang */
    RequestFree(&Receive);
    IoFreeMdl(Buffer.Mdl);
    SocketClose(Connection);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = ClientStart();
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = SocketConnect(9000, NULL, NULL, &Connection);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    Buffer.Mdl = IoAllocateMdl(Bytes, sizeof(Bytes), FALSE, FALSE, NULL);
    if (Buffer.Mdl == NULL || !NT_SUCCESS(RequestInitialize(&Receive))) {
        if (Buffer.Mdl != NULL) {
            IoFreeMdl(Buffer.Mdl);
        }
        SocketClose(Connection);
        ClientStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Buffer.Mdl);
    Buffer.Offset = 0;
    Buffer.Length = sizeof(Bytes);
    ConnectionOf(Connection)->WskReceive(Connection, &Buffer, 0, Receive.Irp);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
