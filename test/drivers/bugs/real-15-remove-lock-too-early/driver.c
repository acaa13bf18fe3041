/*
 * A connection that is guarded by a remove lock: whoever uses it holds the lock, and unload waits for the lock
 * before it frees everything.
 * Wrong: The lock is given back when the sending function returns, though the send is still pending: the block
 * is gone when the completion routine runs.
 * Right: The lock is given back in the completion routine of the send.
 */
#include "wsk-client.h"

typedef struct _LINK {
    IO_REMOVE_LOCK RemoveLock;
    PWSK_SOCKET Socket;
    LONG Sent;
} LINK, *PLINK;

static PLINK Link;
static PMDL Mdl;
static CHAR Data[] = "status";

static NTSTATUS SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PLINK link = (PLINK)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    InterlockedIncrement(&link->Sent); /* finding: use-after-free 0xD1 */
#ifndef WRONG
    IoReleaseRemoveLock(&link->RemoveLock, Irp);
#endif
    IoFreeIrp(Irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS SendStatus(_Inout_ PLINK Target)
{
    WSK_BUF wskBuf = { Mdl, 0, sizeof(Data) - 1 };
    PIRP irp = IoAllocateIrp(1, FALSE);
    NTSTATUS status;

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoAcquireRemoveLock(&Target->RemoveLock, irp);
    if (!NT_SUCCESS(status)) {
        IoFreeIrp(irp);
        return status;
    }
    IoSetCompletionRoutine(irp, SendComplete, Target, TRUE, TRUE, TRUE);
    status = ConnectionOf(Target->Socket)->WskSend(Target->Socket, &wskBuf, 0, irp);
#ifdef WRONG
    IoReleaseRemoveLock(&Target->RemoveLock, irp);
#endif
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    PWSK_SOCKET socket = Link->Socket;

    UNREFERENCED_PARAMETER(DriverObject);
    DbgPrint("send: %s\n", NT_SUCCESS(SendStatus(Link)) ? "taken" : "refused");
    IoAcquireRemoveLock(&Link->RemoveLock, Link);
    IoReleaseRemoveLockAndWait(&Link->RemoveLock, Link);
    ExFreePoolWithTag(Link, CLIENT_TAG);
    SocketClose(socket);
    IoFreeMdl(Mdl);
    ClientStop();
}

static PLINK AllocateLink(VOID)
{
    PLINK made = (PLINK)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(LINK), CLIENT_TAG);

    if (made != NULL) {
        IoInitializeRemoveLock(&made->RemoveLock, CLIENT_TAG, 0, 0);
    }
    return made;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Mdl = IoAllocateMdl(Data, sizeof(Data), FALSE, FALSE, NULL);
    if (Mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Mdl);
    Link = AllocateLink();
    status = Link == NULL ? STATUS_INSUFFICIENT_RESOURCES : ClientStart();
    if (NT_SUCCESS(status)) {
        status = SocketConnect(9000, NULL, NULL, &Link->Socket);
        if (NT_SUCCESS(status)) {
            DriverObject->DriverUnload = Unload;
            return STATUS_SUCCESS;
        }
        ClientStop();
    }
    if (Link != NULL) {
        ExFreePoolWithTag(Link, CLIENT_TAG);
    }
    IoFreeMdl(Mdl);
    return status;
}
