/*
 * Programs send text through a connection; WskSend works on the MDL of the program's own buffer.
 * Wrong: The program's request is completed at once, and its buffer goes with it while WSK still sends it.
 * Right: The program's request is completed when WSK is done with its buffer.
 */
#include "wsk-client.h"
#include "ioctl-device.h"

static PWSK_SOCKET Connection;

typedef struct _SEND {
    PIRP Upper;
    PMDL Mdl;
    ULONG Length;
} SEND, *PSEND;

static NTSTATUS SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PSEND send = (PSEND)Context;
    NTSTATUS status = Irp->IoStatus.Status;
    PIRP upper = send->Upper;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeIrp(Irp);
    IoFreeMdl(send->Mdl);
    ExFreePoolWithTag(send, CLIENT_TAG);
#ifdef WRONG
    UNREFERENCED_PARAMETER(upper);
    UNREFERENCED_PARAMETER(status);
#else
    DeviceComplete(upper, status, 0);
#endif
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS StartSend(_In_ PIRP Upper, _In_ ULONG Length)
{
    PSEND send = (PSEND)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SEND), CLIENT_TAG);
    PIRP irp = IoAllocateIrp(1, FALSE);
    PMDL mdl = IoAllocateMdl(Upper->AssociatedIrp.SystemBuffer, Length, FALSE, FALSE, NULL);
    WSK_BUF wskBuf;

    if (send == NULL || irp == NULL || mdl == NULL) {
        if (send != NULL) {
            ExFreePoolWithTag(send, CLIENT_TAG);
        }
        if (irp != NULL) {
            IoFreeIrp(irp);
        }
        if (mdl != NULL) {
            IoFreeMdl(mdl);
        }
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(mdl);
    send->Upper = Upper;
    send->Mdl = mdl;
    send->Length = Length;
    wskBuf.Mdl = mdl;
    wskBuf.Offset = 0;
    wskBuf.Length = Length;
    IoSetCompletionRoutine(irp, SendComplete, send, TRUE, TRUE, TRUE);
#ifndef WRONG
    IoMarkIrpPending(Upper);
#endif
    ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, irp); /* finding: stack-buffer-outlives-call */
#ifdef WRONG
    return STATUS_SUCCESS;
#else
    return STATUS_PENDING;
#endif
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (length == 0) {
        return DeviceComplete(Irp, STATUS_INVALID_BUFFER_SIZE, 0);
    }
    status = StartSend(Irp, length);
#ifdef WRONG
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
#else
    return status == STATUS_PENDING ? status : DeviceComplete(Irp, status, 0);
#endif
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
