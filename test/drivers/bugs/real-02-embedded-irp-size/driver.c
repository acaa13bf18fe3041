/*
 * An IRP that lives inside a larger block, with room for its stack location behind it.
 * Wrong: IoInitializeIrp is told the size of the IRP alone, without the stack location.
 * Right: IoInitializeIrp is told the size of the whole area.
 */
#include "wsk-client.h"

typedef struct _BINDING {
    PWSK_SOCKET Socket;
    KEVENT Done;
    union {
        IRP Irp;
        UCHAR IrpBuffer[sizeof(IRP) + sizeof(IO_STACK_LOCATION)];
    };
} BINDING, *PBINDING;

static PBINDING Binding;

static VOID PrepareIrp(_Inout_ PBINDING Target)
{
    KeClearEvent(&Target->Done);
    IoReuseIrp(&Target->Irp, STATUS_SUCCESS);
    IoSetCompletionRoutine(&Target->Irp, SignalCompletion, &Target->Done, TRUE, TRUE, TRUE);
}

static PBINDING AllocateBinding(VOID)
{
    PBINDING made = (PBINDING)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(BINDING), CLIENT_TAG);

    if (made == NULL) {
        return NULL;
    }
    KeInitializeEvent(&made->Done, NotificationEvent, FALSE);
#ifdef WRONG
    IoInitializeIrp(&made->Irp, sizeof(made->Irp), 1); /* finding: irp-packet-size */
#else
    IoInitializeIrp(&made->Irp, sizeof(made->IrpBuffer), 1);
#endif
    IoSetCompletionRoutine(&made->Irp, SignalCompletion, &made->Done, TRUE, TRUE, TRUE);
    return made;
}

static NTSTATUS OpenSocket(_Inout_ PBINDING Target)
{
    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL,
        NULL, NULL, NULL, NULL, &Target->Irp);
    KeWaitForSingleObject(&Target->Done, Executive, KernelMode, FALSE, NULL);
    if (NT_SUCCESS(Target->Irp.IoStatus.Status)) {
        Target->Socket = (PWSK_SOCKET)Target->Irp.IoStatus.Information;
    }
    return Target->Irp.IoStatus.Status;
}

static VOID CloseBinding(_In_ PBINDING Target)
{
    if (Target->Socket != NULL) {
        PrepareIrp(Target);
        ((PWSK_PROVIDER_BASIC_DISPATCH)Target->Socket->Dispatch)->WskCloseSocket(Target->Socket, &Target->Irp);
        KeWaitForSingleObject(&Target->Done, Executive, KernelMode, FALSE, NULL);
    }
    ExFreePoolWithTag(Target, CLIENT_TAG);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CloseBinding(Binding);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Binding = AllocateBinding();
    if (Binding == NULL) {
        ClientStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = OpenSocket(Binding);
    if (!NT_SUCCESS(status)) {
        CloseBinding(Binding);
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
