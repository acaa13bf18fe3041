/*
 * Sends one message over a connection.
 * Wrong: The buffer is described and locked with MmProbeAndLockPages; the clean-up frees the MDL and forgets
 * that its pages are still locked, so that each message loses some.
 * Right: The buffer is described and locked with MmProbeAndLockPages; the clean-up unlocks the pages before it
 * frees the MDL.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;

static NTSTATUS LockBuffer(_In_ PVOID Buffer, _In_ ULONG Length, _Out_ PMDL *Locked)
{
    PMDL mdl = IoAllocateMdl(Buffer, Length, FALSE, FALSE, NULL);

    *Locked = NULL;
    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
    }
    __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(mdl);
        return GetExceptionCode();
    }
    *Locked = mdl;
    return STATUS_SUCCESS;
}

static NTSTATUS SendMessage(_In_ PVOID Buffer, _In_ ULONG Length)
{
    WSK_BUF wskBuf;
    REQUEST request;
    NTSTATUS status = LockBuffer(Buffer, Length, &wskBuf.Mdl);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    wskBuf.Offset = 0;
    wskBuf.Length = Length;
    status = RequestInitialize(&request);
    if (NT_SUCCESS(status)) {
        ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, request.Irp);
        status = RequestWait(&request);
        RequestFree(&request);
    }
#ifndef WRONG
    MmUnlockPages(wskBuf.Mdl);
#endif
    IoFreeMdl(wskBuf.Mdl); /* finding: mdl-freed-while-locked 0x76 */
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
    static CHAR hello[] = "hello";
    NTSTATUS status;
    ULONG round;

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
    for (round = 0; round < 3; round++) {
        status = SendMessage(hello, sizeof(hello) - 1);
        DbgPrint("message %lu: 0x%08x\n", round, status);
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
