/*
 * Sends without waiting: the completion routine frees what the send needed.
 * Wrong: For a send without a context it returns STATUS_SUCCESS, and the I/O manager goes on with an IRP that it
 * does not own.
 * Right: It returns STATUS_MORE_PROCESSING_REQUIRED on each path, because the IRP is the driver's own.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;
static PMDL Mdl;
static CHAR Data[] = "ping";
static LONG Completed;

static NTSTATUS SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    InterlockedIncrement(&Completed);
    if (Context == NULL) {
#ifdef WRONG
        return STATUS_SUCCESS; /* finding: completion-keeps-irp 0xA */
#else
        IoFreeIrp(Irp);
        return STATUS_MORE_PROCESSING_REQUIRED;
#endif
    }
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    IoFreeIrp(Irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Done may be NULL: nobody waits then. */
static NTSTATUS Send(_In_opt_ PKEVENT Done)
{
    WSK_BUF wskBuf = { Mdl, 0, sizeof(Data) - 1 };
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoSetCompletionRoutine(irp, SendComplete, Done, TRUE, TRUE, TRUE);
    return ConnectionOf(Connection)->WskSend(Connection, &wskBuf, 0, irp);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Connection);
    DbgPrint("%ld completed\n", Completed);
    IoFreeMdl(Mdl);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    KEVENT done;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Mdl = IoAllocateMdl(Data, sizeof(Data), FALSE, FALSE, NULL);
    if (Mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Mdl);
    status = ClientStart();
    if (NT_SUCCESS(status)) {
        status = SocketConnect(9000, NULL, NULL, &Connection);
        if (!NT_SUCCESS(status)) {
            ClientStop();
        }
    }
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(Mdl);
        return status;
    }
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    if (NT_SUCCESS(Send(&done))) {
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    }
    Send(NULL);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
