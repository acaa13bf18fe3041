/*
 * Receives with a limit of time.
 * Wrong: STATUS_TIMEOUT is a success code, so NT_SUCCESS takes the wait for done; the IRP is freed while it is
 * pending.
 * Right: STATUS_TIMEOUT is asked for by name: the receive is cancelled, and its end waited for.
 */
#include "wsk-client.h"

typedef struct _INPUT {
    PWSK_SOCKET Socket;
    PMDL Mdl;
    UCHAR Data[64];
} INPUT, *PINPUT;

static PINPUT Input;

static NTSTATUS ReceiveWithin(_Inout_ PINPUT Target, LONGLONG Milliseconds, _Out_ SIZE_T *Length)
{
    WSK_BUF wskBuf = { Target->Mdl, 0, sizeof(Target->Data) };
    LARGE_INTEGER timeout;
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    *Length = 0;
    if (!NT_SUCCESS(status)) {
        return status;
    }
    timeout.QuadPart = Milliseconds * -10000;
    ConnectionOf(Target->Socket)->WskReceive(Target->Socket, &wskBuf, 0, request.Irp);
    status = KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, &timeout);
#ifdef WRONG
    if (!NT_SUCCESS(status)) {
#else
    if (status == STATUS_TIMEOUT) {
#endif
        IoCancelIrp(request.Irp);
        KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, NULL);
    }
    if (NT_SUCCESS(status)) {
        status = request.Irp->IoStatus.Status; /* finding: result-before-completion */
        *Length = request.Irp->IoStatus.Information;
    }
    IoFreeIrp(request.Irp); /* finding: irp-freed-in-flight 0xC9/0x20B */
    return status;
}

static VOID FreeInput(VOID)
{
    IoFreeMdl(Input->Mdl);
    ExFreePoolWithTag(Input, CLIENT_TAG);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Input->Socket);
    FreeInput();
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;
    SIZE_T length;

    UNREFERENCED_PARAMETER(RegistryPath);
    Input = (PINPUT)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(INPUT), CLIENT_TAG);
    if (Input == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Input->Mdl = IoAllocateMdl(Input->Data, sizeof(Input->Data), FALSE, FALSE, NULL);
    if (Input->Mdl == NULL) {
        ExFreePoolWithTag(Input, CLIENT_TAG);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Input->Mdl);
    status = ClientStart();
    if (NT_SUCCESS(status)) {
        status = SocketConnect(9000, NULL, NULL, &Input->Socket);
        if (!NT_SUCCESS(status)) {
            ClientStop();
        }
    }
    if (!NT_SUCCESS(status)) {
        FreeInput();
        return status;
    }
    status = ReceiveWithin(Input, 20, &length);
    DbgPrint("received %Iu: 0x%08x\n", length, status);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
