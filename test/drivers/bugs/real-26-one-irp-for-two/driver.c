/*
 * One thread reads from a connection and another writes to it.
 * Wrong: Both use the one IRP of the connection: the writer reuses it while the reader's call is pending.
 * Right: Each has an IRP of its own.
 */
#include "wsk-client.h"

typedef struct _CHANNEL {
    PWSK_SOCKET Socket;
#ifdef WRONG
    REQUEST Request;
#else
    REQUEST Request[2];
#endif
    PETHREAD Reader;
    PMDL ReadMdl;
    PMDL WriteMdl;
    UCHAR ReadData[64];
    UCHAR WriteData[16];
} CHANNEL, *PCHANNEL;

static PCHANNEL Channel;

static NTSTATUS Transfer(_Inout_ PCHANNEL Target, _Inout_ PREQUEST Request, BOOLEAN IsWrite)
{
    WSK_BUF wskBuf;

    wskBuf.Offset = 0;
    KeClearEvent(&Request->Done);
    IoReuseIrp(Request->Irp, STATUS_UNSUCCESSFUL); /* finding: irp-reused-while-pending 0xC9/0x310 */
    IoSetCompletionRoutine(Request->Irp, SignalCompletion, &Request->Done, TRUE, TRUE, TRUE);
    if (IsWrite) {
        wskBuf.Mdl = Target->WriteMdl;
        wskBuf.Length = sizeof(Target->WriteData);
        ConnectionOf(Target->Socket)->WskSend(Target->Socket, &wskBuf, 0, Request->Irp);
    } else {
        wskBuf.Mdl = Target->ReadMdl;
        wskBuf.Length = sizeof(Target->ReadData);
        ConnectionOf(Target->Socket)->WskReceive(Target->Socket, &wskBuf, 0, Request->Irp);
    }
    return RequestWait(Request);
}

static VOID ReadThread(PVOID Context)
{
    PCHANNEL channel = (PCHANNEL)Context;
#ifdef WRONG
    PREQUEST request = &channel->Request;
#else
    PREQUEST request = &channel->Request[0];
#endif
    NTSTATUS status = Transfer(channel, request, FALSE);

    DbgPrint("read %Iu: 0x%08x\n", request->Irp->IoStatus.Information, status);
    PsTerminateSystemThread(status);
}

static VOID FreeChannel(_In_ PCHANNEL Target)
{
    if (Target->ReadMdl != NULL) {
        IoFreeMdl(Target->ReadMdl);
    }
    if (Target->WriteMdl != NULL) {
        IoFreeMdl(Target->WriteMdl);
    }
    ExFreePoolWithTag(Target, CLIENT_TAG);
}

static PCHANNEL AllocateChannel(VOID)
{
    PCHANNEL made = (PCHANNEL)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(CHANNEL), CLIENT_TAG);

    if (made == NULL) {
        return NULL;
    }
    made->ReadMdl = IoAllocateMdl(made->ReadData, sizeof(made->ReadData), FALSE, FALSE, NULL);
    made->WriteMdl = IoAllocateMdl(made->WriteData, sizeof(made->WriteData), FALSE, FALSE, NULL);
    if (made->ReadMdl == NULL || made->WriteMdl == NULL) {
        FreeChannel(made);
        return NULL;
    }
    MmBuildMdlForNonPagedPool(made->ReadMdl);
    MmBuildMdlForNonPagedPool(made->WriteMdl);
    return made;
}

static NTSTATUS StartReader(_Inout_ PCHANNEL Target)
{
    HANDLE handle;
    NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, ReadThread, Target);

    if (NT_SUCCESS(status)) {
        ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Target->Reader,
            NULL);
        ZwClose(handle);
    }
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    DbgPrint("write: 0x%08x\n", Transfer(Channel, &Channel->Request, TRUE));
#else
    DbgPrint("write: 0x%08x\n", Transfer(Channel, &Channel->Request[1], TRUE));
#endif
    KeWaitForSingleObject(Channel->Reader, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Channel->Reader);
    SocketClose(Channel->Socket);
#ifdef WRONG
    RequestFree(&Channel->Request);
#else
    RequestFree(&Channel->Request[0]);
    RequestFree(&Channel->Request[1]);
#endif
    FreeChannel(Channel);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Channel = AllocateChannel();
    if (Channel == NULL) {
        ClientStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = SocketConnect(9000, NULL, NULL, &Channel->Socket);
    if (!NT_SUCCESS(status)) {
        FreeChannel(Channel);
        ClientStop();
        return status;
    }
#ifdef WRONG
    RequestInitialize(&Channel->Request);
#else
    RequestInitialize(&Channel->Request[0]);
    RequestInitialize(&Channel->Request[1]);
#endif
    DriverObject->DriverUnload = Unload;
    status = StartReader(Channel);
    if (!NT_SUCCESS(status)) {
        SocketClose(Channel->Socket);
        FreeChannel(Channel);
        ClientStop();
    }
    return status;
}
