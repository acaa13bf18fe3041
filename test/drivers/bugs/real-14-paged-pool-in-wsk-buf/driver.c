/*
 * A report is put together in a pool block and sent as a datagram.
 * Wrong: The block is paged pool, but its MDL is built as if it were not: at DISPATCH_LEVEL its pages may be
 * gone.
 * Right: The block is non-paged pool, which is what MmBuildMdlForNonPagedPool is for.
 */
#include "wsk-client.h"

#define REPORT_BYTES 128

static PWSK_SOCKET Socket;

static ULONG WriteReport(_Out_writes_bytes_(REPORT_BYTES) PUCHAR Report)
{
    ULONG i;

    for (i = 0; i < REPORT_BYTES; i++) {
        Report[i] = (UCHAR)('a' + i % 26);
    }
    return REPORT_BYTES;
}

static NTSTATUS SendReport(VOID)
{
    SOCKADDR_IN collector = AddressOf(0xC0000214, 514);
#ifdef WRONG
    PUCHAR report = (PUCHAR)ExAllocatePool2(POOL_FLAG_PAGED, REPORT_BYTES, CLIENT_TAG);
#else
    PUCHAR report = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, REPORT_BYTES, CLIENT_TAG);
#endif
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    WSK_BUF wskBuf;
    REQUEST request;

    if (report == NULL) {
        return status;
    }
    wskBuf.Offset = 0;
    wskBuf.Length = WriteReport(report);
    wskBuf.Mdl = IoAllocateMdl(report, REPORT_BYTES, FALSE, FALSE, NULL);
    if (wskBuf.Mdl != NULL) {
        MmBuildMdlForNonPagedPool(wskBuf.Mdl); /* finding: mdl-of-pageable-memory 0xC4/0x7F */
        status = RequestInitialize(&request);
        if (NT_SUCCESS(status)) {
            ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)->WskSendTo(Socket, &wskBuf, 0,
                (PSOCKADDR)&collector, 0, NULL, request.Irp);
            status = RequestWait(&request);
            RequestFree(&request);
        }
        IoFreeMdl(wskBuf.Mdl);
    }
    ExFreePoolWithTag(report, CLIENT_TAG);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Socket);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = SocketCreate(WSK_FLAG_DATAGRAM_SOCKET, 0, NULL, NULL, &Socket);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DbgPrint("report: 0x%08x\n", SendReport());
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
