/*
 * Programs send text through a connection: each IOCTL becomes one WskSend, whose completion routine completes
 * the program's request.
 * Wrong: When WskSend returns an error, the dispatch routine completes the request too, but the completion
 * routine runs in that case as well.
 * Right: What WskSend returns does not matter: the completion routine runs in every case.
 */
#include "wsk-client.h"
#include "ioctl-device.h"

typedef struct _SEND {
    PIRP Upper;
    PMDL Mdl;
    UCHAR Data[64];
} SEND, *PSEND;

static PWSK_SOCKET Connection;

static NTSTATUS SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PSEND send = (PSEND)Context;
    PIRP upper = send->Upper;
    NTSTATUS status = Irp->IoStatus.Status;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeIrp(Irp);
    IoFreeMdl(send->Mdl);
    ExFreePoolWithTag(send, CLIENT_TAG);
    DeviceComplete(upper, status, 0);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PSEND PrepareSend(_In_ PIRP Upper, _In_ ULONG Length)
{
    PSEND send = (PSEND)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SEND), CLIENT_TAG);

    if (send == NULL) {
        return NULL;
    }
    send->Upper = Upper;
    RtlCopyMemory(send->Data, Upper->AssociatedIrp.SystemBuffer, Length);
    send->Mdl = IoAllocateMdl(send->Data, Length, FALSE, FALSE, NULL);
    if (send->Mdl == NULL) {
        ExFreePoolWithTag(send, CLIENT_TAG);
        return NULL;
    }
    MmBuildMdlForNonPagedPool(send->Mdl);
    return send;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status;
    WSK_BUF wskBuf;
    PSEND send;
    PIRP irp;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (length == 0 || length > sizeof(send->Data)) {
        return DeviceComplete(Irp, STATUS_INVALID_BUFFER_SIZE, 0);
    }
    irp = IoAllocateIrp(1, FALSE);
    if (irp == NULL) {
        return DeviceComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    send = PrepareSend(Irp, length);
    if (send == NULL) {
        IoFreeIrp(irp);
        return DeviceComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    wskBuf.Mdl = send->Mdl;
    wskBuf.Offset = 0;
    wskBuf.Length = length;
    IoMarkIrpPending(Irp);
    IoSetCompletionRoutine(irp, SendComplete, send, TRUE, TRUE, TRUE);
    status = ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, irp);
#ifdef WRONG
    if (!NT_SUCCESS(status)) {
        Irp->IoStatus.Status = status; /* finding: use-after-free 0xD5 */
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
#else
    DbgPrint("WskSend: 0x%08x\n", status);
#endif
    return STATUS_PENDING;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
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
    if (NT_SUCCESS(status)) {
        status = DeviceCreate(DriverObject, Control);
        if (!NT_SUCCESS(status)) {
            SocketClose(Connection);
        }
    }
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
