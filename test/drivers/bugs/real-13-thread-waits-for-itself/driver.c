/*
 * A thread receives from a connection. When the peer hangs up, it takes the connection down, which includes the
 * thread.
 * Wrong: Taking down waits for the thread to end, in the thread itself.
 * Right: Taking down is left to unload; the thread only ends.
 */
#include "wsk-client.h"

typedef struct _DEVICE {
    PWSK_SOCKET Socket;
    PETHREAD Thread;
    PMDL Mdl;
    UCHAR Data[128];
} DEVICE, *PDEVICE;

static PDEVICE Device;

static VOID Detach(_Inout_ PDEVICE Target)
{
    PETHREAD thread = (PETHREAD)InterlockedExchangePointer((PVOID *)&Target->Thread, NULL);

    if (thread != NULL) {
        KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL); /* finding: self-wait */
        ObDereferenceObject(thread);
    }
}

static NTSTATUS ReceiveSome(_Inout_ PDEVICE Target, _Out_ SIZE_T *Length)
{
    WSK_BUF wskBuf = { Target->Mdl, 0, sizeof(Target->Data) };
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    *Length = 0;
    if (NT_SUCCESS(status)) {
        ConnectionOf(Target->Socket)->WskReceive(Target->Socket, &wskBuf, 0, request.Irp);
        status = RequestWait(&request);
        *Length = request.Irp->IoStatus.Information;
        RequestFree(&request);
    }
    return status;
}

static VOID ReceiveThread(PVOID Context)
{
    PDEVICE device = (PDEVICE)Context;
    NTSTATUS status;
    SIZE_T length;

    do {
        status = ReceiveSome(device, &length);
        DbgPrint("received %Iu\n", length);
    } while (NT_SUCCESS(status) && length != 0);
#ifdef WRONG
    Detach(device);
#endif
    PsTerminateSystemThread(status);
}

static NTSTATUS StartThread(_Inout_ PDEVICE Target)
{
    HANDLE handle;
    NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, ReceiveThread, Target);

    if (NT_SUCCESS(status)) {
        status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
            (PVOID *)&Target->Thread, NULL);
        ZwClose(handle);
    }
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    Detach(Device);
    SocketClose(Device->Socket);
    IoFreeMdl(Device->Mdl);
    ExFreePoolWithTag(Device, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Device = (PDEVICE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(DEVICE), CLIENT_TAG);
    if (Device == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Device->Mdl = IoAllocateMdl(Device->Data, sizeof(Device->Data), FALSE, FALSE, NULL);
    if (Device->Mdl == NULL) {
        ExFreePoolWithTag(Device, CLIENT_TAG);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Device->Mdl);
    status = ClientStart();
    if (NT_SUCCESS(status)) {
        status = SocketConnect(9000, NULL, NULL, &Device->Socket);
        if (NT_SUCCESS(status)) {
            status = StartThread(Device);
            if (NT_SUCCESS(status)) {
                DriverObject->DriverUnload = Unload;
                return status;
            }
            SocketClose(Device->Socket);
        }
        ClientStop();
    }
    IoFreeMdl(Device->Mdl);
    ExFreePoolWithTag(Device, CLIENT_TAG);
    return status;
}
