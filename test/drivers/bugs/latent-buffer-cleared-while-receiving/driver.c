/*
 * A client reads an answer from its peer into a block of its own.
 * Wrong: It clears the block when the receive is under way.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;

static NTSTATUS ReadAnswer(VOID)
{
    PCHAR answer = (PCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED, 64, CLIENT_TAG);
    PMDL mdl = answer == NULL ? NULL : IoAllocateMdl(answer, 64, FALSE, FALSE, NULL);
    WSK_BUF buffer = { mdl, 0, 64 };
    REQUEST request;
    NTSTATUS status = mdl == NULL ? STATUS_INSUFFICIENT_RESOURCES : RequestInitialize(&request);

    if (NT_SUCCESS(status)) {
        MmBuildMdlForNonPagedPool(mdl);
#ifndef WRONG
        RtlZeroMemory(answer, 64);
#endif
        ConnectionOf(Connection)->WskReceive(Connection, &buffer, 0, request.Irp);
#ifdef WRONG
        RtlZeroMemory(answer, 64); /* finding: buffer-used-while-receiving */
#endif
        status = RequestWait(&request);
        DbgPrint("%s\n", answer);
        RequestFree(&request);
    }
    if (mdl != NULL) {
        IoFreeMdl(mdl);
    }
    if (answer != NULL) {
        ExFreePoolWithTag(answer, CLIENT_TAG);
    }
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
    DriverObject->DriverUnload = Unload;
    (VOID)ReadAnswer();
    return STATUS_SUCCESS;
}
