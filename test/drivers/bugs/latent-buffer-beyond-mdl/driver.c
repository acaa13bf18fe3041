/*
 * A header and a body in one block, sent as two parts of one buffer.
 * Wrong: The body's part begins behind the header but keeps the length of the whole: it ends beyond the MDL.
 * Right: The body's part begins behind the header and is shorter by its length.
 */
#include "wsk-client.h"

#define HEADER_BYTES 16
#define BLOCK_BYTES 96

static PWSK_SOCKET Connection;

static NTSTATUS SendPart(_In_ PMDL Mdl, ULONG Offset, SIZE_T Length)
{
    WSK_BUF wskBuf = { Mdl, Offset, Length };
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    if (NT_SUCCESS(status)) {
        ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, request.Irp); /* finding: wsk-buf-beyond-mdl */
        status = RequestWait(&request);
        RequestFree(&request);
    }
    return status;
}

static NTSTATUS SendBlock(VOID)
{
    PUCHAR block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, BLOCK_BYTES, CLIENT_TAG);
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    PMDL mdl;

    if (block == NULL) {
        return status;
    }
    mdl = IoAllocateMdl(block, BLOCK_BYTES, FALSE, FALSE, NULL);
    if (mdl != NULL) {
        MmBuildMdlForNonPagedPool(mdl);
        status = SendPart(mdl, 0, HEADER_BYTES);
        if (NT_SUCCESS(status)) {
#ifdef WRONG
            status = SendPart(mdl, HEADER_BYTES, BLOCK_BYTES);
#else
            status = SendPart(mdl, HEADER_BYTES, BLOCK_BYTES - HEADER_BYTES);
#endif
        }
        IoFreeMdl(mdl);
    }
    ExFreePoolWithTag(block, CLIENT_TAG);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Connection);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = SocketConnect(9000, NULL, NULL, &Connection);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DbgPrint("block: 0x%08x\n", SendBlock());
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
