/*
 * A message is sent, and the completion awaited.
 * Wrong: The event is reset after the request has been sent; a request that completes at once has set it by
 * then.
 * Right: The event is reset before the request is sent.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;
static CHAR Hello[] = "hello";

static NTSTATUS SendHello(PREQUEST Request, PMDL Mdl)
{
    WSK_BUF buffer = { Mdl, 0, sizeof(Hello) - 1 };

#ifndef WRONG
    KeResetEvent(&Request->Done);
#endif
    ConnectionOf(Connection)->WskSend(Connection, &buffer, 0, Request->Irp);
#ifdef WRONG
    KeResetEvent(&Request->Done); /* finding: event-reset-after-send */
#endif
    return RequestWait(Request);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Connection);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    REQUEST request;
    NTSTATUS status;
    PMDL mdl;

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
    DriverObject->DriverUnload = Unload;
    mdl = IoAllocateMdl(Hello, sizeof(Hello) - 1, FALSE, FALSE, NULL);
    if (mdl != NULL) {
        MmBuildMdlForNonPagedPool(mdl);
        if (NT_SUCCESS(RequestInitialize(&request))) {
            SendHello(&request, mdl);
            RequestReuse(&request);
            SendHello(&request, mdl);
            RequestFree(&request);
        }
        IoFreeMdl(mdl);
    }
    return STATUS_SUCCESS;
}
