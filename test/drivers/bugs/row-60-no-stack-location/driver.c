/*
 * A client makes an IRP for its calls.
 * Wrong: The IRP has no stack location for WSK.
 */
#include "wsk-client.h"

static VOID Use(VOID)
{
    KEVENT done;
#ifdef WRONG
    PIRP irp = IoAllocateIrp(0, FALSE);
#else
    PIRP irp = IoAllocateIrp(1, FALSE);
#endif

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, SignalCompletion, &done, TRUE, TRUE, TRUE); /* finding: irp-stack-size 0x35 */
    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL,
        NULL, NULL, NULL, NULL, irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    if (NT_SUCCESS(irp->IoStatus.Status)) {
        SocketClose((PWSK_SOCKET)irp->IoStatus.Information);
    }
    IoFreeIrp(irp);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        Use();
    }
    return status;
}
