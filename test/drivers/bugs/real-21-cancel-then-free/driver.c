/*
 * A connect that is given up after a while.
 * Wrong: The IRP is cancelled and freed at once; the completion routine runs later, on freed memory.
 * Right: The IRP is cancelled, its completion waited for, and then it is freed.
 */
#include "wsk-client.h"

static PWSK_SOCKET Socket;

static NTSTATUS ConnectWithin(_In_ PWSK_SOCKET Target, LONGLONG Milliseconds)
{
    SOCKADDR_IN remote = AddressOf(0xC0000263, 9000);
    LARGE_INTEGER timeout;
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    timeout.QuadPart = Milliseconds * -10000;
    status = ConnectionOf(Target)->WskConnect(Target, (PSOCKADDR)&remote, 0, request.Irp);
    if (status == STATUS_PENDING) {
        status = KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, &timeout);
        if (status == STATUS_TIMEOUT) {
            IoCancelIrp(request.Irp);
#ifdef WRONG
            IoFreeIrp(request.Irp); /* finding: irp-freed-in-flight 0xC9/0x20B */
            return STATUS_IO_TIMEOUT;
#else
            KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, NULL);
#endif
        }
    }
    status = request.Irp->IoStatus.Status;
    RequestFree(&request);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Socket);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = SocketCreate(WSK_FLAG_CONNECTION_SOCKET, 0, NULL, NULL, &Socket);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DbgPrint("connect: 0x%08x\n", ConnectWithin(Socket, 50));
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
