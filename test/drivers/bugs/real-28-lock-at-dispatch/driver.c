/*
 * Datagrams are copied into a log in paged pool, page by page.
 * Wrong: The receive callback, which runs at DISPATCH_LEVEL, locks the log's pages itself: it may not touch
 * pageable memory.
 * Right: The log is locked once, at PASSIVE_LEVEL, and the receive callback uses its mapping.
 */
#include "wsk-client.h"

#define LOG_BYTES 1024

typedef struct _LOG {
    PWSK_SOCKET Socket;
    PUCHAR Pages;
    PMDL Mdl;
    SIZE_T Used;
} LOG, *PLOG;

static PLOG Log;

static NTSTATUS LockLog(_Inout_ PLOG Target)
{
    __try {
        MmProbeAndLockPages(Target->Mdl, KernelMode, IoWriteAccess); /* finding: irql-too-high 0xC4/0x70 */
    }
    __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static VOID Append(_Inout_ PLOG Target, _In_reads_bytes_(Length) const UCHAR *Data, SIZE_T Length)
{
    PUCHAR pages = (PUCHAR)MmGetSystemAddressForMdlSafe(Target->Mdl, NormalPagePriority | MdlMappingNoExecute);

    if (pages != NULL && Length <= LOG_BYTES - Target->Used) {
        RtlCopyMemory(pages + Target->Used, Data, Length);
        Target->Used += Length;
    }
}

static NTSTATUS WSKAPI OnReceiveFrom(PVOID SocketContext, ULONG Flags, PWSK_DATAGRAM_INDICATION Indication)
{
    PLOG log = (PLOG)SocketContext;

    UNREFERENCED_PARAMETER(Flags);
    for (; Indication != NULL; Indication = Indication->Next) {
        PUCHAR data = (PUCHAR)MmGetSystemAddressForMdlSafe(Indication->Buffer.Mdl, NormalPagePriority);

#ifdef WRONG
        if (data != NULL && NT_SUCCESS(LockLog(log))) {
#else
        if (data != NULL) {
#endif
            Append(log, data + Indication->Buffer.Offset, Indication->Buffer.Length);
#ifdef WRONG
            MmUnlockPages(log->Mdl);
#endif
        }
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

static VOID FreeLog(_In_ PLOG Target)
{
    if (Target->Mdl != NULL) {
        IoFreeMdl(Target->Mdl);
    }
    if (Target->Pages != NULL) {
        ExFreePoolWithTag(Target->Pages, CLIENT_TAG);
    }
    ExFreePoolWithTag(Target, CLIENT_TAG);
}

static PLOG AllocateLog(VOID)
{
    PLOG made = (PLOG)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(LOG), CLIENT_TAG);

    if (made == NULL) {
        return NULL;
    }
    made->Pages = (PUCHAR)ExAllocatePool2(POOL_FLAG_PAGED, LOG_BYTES, CLIENT_TAG);
    if (made->Pages != NULL) {
        made->Mdl = IoAllocateMdl(made->Pages, LOG_BYTES, FALSE, FALSE, NULL);
    }
    if (made->Mdl == NULL) {
        FreeLog(made);
        return NULL;
    }
    return made;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Log->Socket);
    DbgPrint("%Iu bytes logged\n", Log->Used);
#ifndef WRONG
    MmUnlockPages(Log->Mdl);
#endif
    FreeLog(Log);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Log = AllocateLog();
#ifdef WRONG
    status = Log == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
#else
    status = Log == NULL ? STATUS_INSUFFICIENT_RESOURCES : LockLog(Log);
#endif
    if (NT_SUCCESS(status)) {
        status = SocketCreate(WSK_FLAG_DATAGRAM_SOCKET, 514, Log, &DatagramDispatch, &Log->Socket);
#ifndef WRONG
        if (!NT_SUCCESS(status)) {
            MmUnlockPages(Log->Mdl);
        }
#endif
    }
    if (!NT_SUCCESS(status)) {
        if (Log != NULL) {
            FreeLog(Log);
        }
        ClientStop();
        return status;
    }
    DbgPrint("events: 0x%08x\n", EnableEvents(Log->Socket));
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
