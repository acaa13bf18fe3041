/*
 * Sends a page whose completion routine frees the IRP.
 * Wrong: After WskSend the sender still reads the number of bytes from the IRP.
 * Right: The completion routine keeps the number of bytes for the sender.
 */
#include "wsk-client.h"

typedef struct _PAGE {
    KEVENT Sent;
    SIZE_T Bytes;
    PMDL Mdl;
    UCHAR Data[256];
} PAGE, *PPAGE;

static PWSK_SOCKET Connection;
static PPAGE Page;

static NTSTATUS PageSent(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PPAGE page = (PPAGE)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    page->Bytes = Irp->IoStatus.Information;
    IoFreeIrp(Irp);
    KeSetEvent(&page->Sent, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static LONG_PTR SendPage(_Inout_ PPAGE Target)
{
    WSK_BUF wskBuf = { Target->Mdl, 0, sizeof(Target->Data) };
    PIRP irp = IoAllocateIrp(1, FALSE);
    NTSTATUS status;

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeClearEvent(&Target->Sent);
    IoSetCompletionRoutine(irp, PageSent, Target, TRUE, TRUE, TRUE);
    status = ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, irp);
    switch (status) {
    case STATUS_PENDING:
    case STATUS_SUCCESS:
        KeWaitForSingleObject(&Target->Sent, Executive, KernelMode, FALSE, NULL);
#ifdef WRONG
        return (LONG_PTR)irp->IoStatus.Information; /* finding: irp-touched-after-send 0xD5 */
#else
        return (LONG_PTR)Target->Bytes;
#endif
    default:
        return status;
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Connection);
    IoFreeMdl(Page->Mdl);
    ExFreePoolWithTag(Page, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    UNREFERENCED_PARAMETER(RegistryPath);
    Page = (PPAGE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PAGE), CLIENT_TAG);
    if (Page == NULL) {
        return status;
    }
    KeInitializeEvent(&Page->Sent, NotificationEvent, FALSE);
    Page->Mdl = IoAllocateMdl(Page->Data, sizeof(Page->Data), FALSE, FALSE, NULL);
    if (Page->Mdl != NULL) {
        MmBuildMdlForNonPagedPool(Page->Mdl);
        status = ClientStart();
        if (NT_SUCCESS(status)) {
            status = SocketConnect(9000, NULL, NULL, &Connection);
            if (NT_SUCCESS(status)) {
                DbgPrint("sent %Id\n", SendPage(Page));
                DriverObject->DriverUnload = Unload;
                return STATUS_SUCCESS;
            }
            ClientStop();
        }
        IoFreeMdl(Page->Mdl);
    }
    ExFreePoolWithTag(Page, CLIENT_TAG);
    return status;
}
