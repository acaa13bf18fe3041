/*
 * Blocks are written through a connection; each has an MDL that is locked while it is on its way.
 * Wrong: The completion routine unlocks and frees the MDL, and so does whoever gives the block back later.
 * Right: The completion routine only marks the block; whoever gives it back unlocks and frees its MDL.
 */
#include "wsk-client.h"

typedef struct _BLOCK {
    PMDL Mdl;
    KEVENT Written;
    UCHAR Data[64];
} BLOCK, *PBLOCK;

static PWSK_SOCKET Connection;

static NTSTATUS BlockWritten(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PBLOCK block = (PBLOCK)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeIrp(Irp);
#ifdef WRONG
    MmUnlockPages(block->Mdl);
#endif
    KeSetEvent(&block->Written, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID ReturnBlock(_In_ PBLOCK Block)
{
    KeWaitForSingleObject(&Block->Written, Executive, KernelMode, FALSE, NULL);
    MmUnlockPages(Block->Mdl); /* finding: mdl-not-locked 0xC4/0x7C */
    IoFreeMdl(Block->Mdl);
    ExFreePoolWithTag(Block, CLIENT_TAG);
}

static PBLOCK TakeBlock(UCHAR Fill)
{
    PBLOCK block = (PBLOCK)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(BLOCK), CLIENT_TAG);
    BOOLEAN isLocked = FALSE;

    if (block == NULL) {
        return NULL;
    }
    RtlFillMemory(block->Data, sizeof(block->Data), Fill);
    KeInitializeEvent(&block->Written, NotificationEvent, FALSE);
    block->Mdl = IoAllocateMdl(block->Data, sizeof(block->Data), FALSE, FALSE, NULL);
    if (block->Mdl != NULL) {
        __try {
            MmProbeAndLockPages(block->Mdl, KernelMode, IoReadAccess);
            isLocked = TRUE;
        }
        __except (EXCEPTION_EXECUTE_HANDLER) {
            IoFreeMdl(block->Mdl);
        }
    }
    if (!isLocked) {
        ExFreePoolWithTag(block, CLIENT_TAG);
        return NULL;
    }
    return block;
}

static NTSTATUS WriteBlock(UCHAR Fill)
{
    PBLOCK block = TakeBlock(Fill);
    PIRP irp = IoAllocateIrp(1, FALSE);
    WSK_BUF wskBuf;

    if (block == NULL || irp == NULL) {
        if (irp != NULL) {
            IoFreeIrp(irp);
        }
        if (block != NULL) {
            KeSetEvent(&block->Written, IO_NO_INCREMENT, FALSE);
            ReturnBlock(block);
        }
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    wskBuf.Mdl = block->Mdl;
    wskBuf.Offset = 0;
    wskBuf.Length = sizeof(block->Data);
    IoSetCompletionRoutine(irp, BlockWritten, block, TRUE, TRUE, TRUE);
    ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, irp);
    ReturnBlock(block);
    return STATUS_SUCCESS;
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
    DbgPrint("block: 0x%08x\n", WriteBlock('a'));
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
