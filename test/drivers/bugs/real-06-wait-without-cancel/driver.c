/*
 * A receive stays pending on a connection whose peer says nothing; at unload the driver waits for it.
 * Wrong: Nobody cancels the receive or closes its socket first, so the wait never ends.
 * Right: The receive is cancelled before it is waited for.
 */
#include "wsk-client.h"

typedef struct _STREAM {
    PWSK_SOCKET Socket;
    REQUEST Receive;
    PMDL Mdl;
    UCHAR Data[256];
} STREAM, *PSTREAM;

static PSTREAM Stream;

static NTSTATUS StartReceive(_Inout_ PSTREAM Target)
{
    WSK_BUF wskBuf;
    NTSTATUS status;

    Target->Mdl = IoAllocateMdl(Target->Data, sizeof(Target->Data), FALSE, FALSE, NULL);
    if (Target->Mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Target->Mdl);
    status = RequestInitialize(&Target->Receive);
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(Target->Mdl);
        return status;
    }
    wskBuf.Mdl = Target->Mdl;
    wskBuf.Offset = 0;
    wskBuf.Length = sizeof(Target->Data);
    ConnectionOf(Target->Socket)->WskReceive(Target->Socket, &wskBuf, 0, Target->Receive.Irp);
    return STATUS_SUCCESS;
}

static VOID StopReceive(_Inout_ PSTREAM Target)
{
#ifndef WRONG
    IoCancelIrp(Target->Receive.Irp);
#endif
    KeWaitForSingleObject(&Target->Receive.Done, Executive, KernelMode, FALSE, NULL); /* finding: hang */
    DbgPrint("receive ended with 0x%08x\n", Target->Receive.Irp->IoStatus.Status);
    RequestFree(&Target->Receive);
    IoFreeMdl(Target->Mdl);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    StopReceive(Stream);
    SocketClose(Stream->Socket);
    ExFreePoolWithTag(Stream, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Stream = (PSTREAM)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(STREAM), CLIENT_TAG);
    if (Stream == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = ClientStart();
    if (!NT_SUCCESS(status)) {
        goto Free;
    }
    status = SocketConnect(9000, NULL, NULL, &Stream->Socket);
    if (!NT_SUCCESS(status)) {
        goto Stop;
    }
    status = StartReceive(Stream);
    if (!NT_SUCCESS(status)) {
        goto Close;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;

Close:
    SocketClose(Stream->Socket);
Stop:
    ClientStop();
Free:
    ExFreePoolWithTag(Stream, CLIENT_TAG);
    return status;
}
