/*
 * A socket and its block are taken down at unload, when memory may be short.
 * Wrong: The IRP for closing is allocated then; where that fails, socket and block stay behind.
 * Right: The IRP for closing is made with the block, so that closing can't fail.
 */
#include "wsk-client.h"

typedef struct _SESSION {
    PWSK_SOCKET Socket;
    KEVENT Closed;
#ifndef WRONG
    PIRP CloseIrp;
#endif
    PUCHAR Cache;
} SESSION, *PSESSION;

static PSESSION Session;

static VOID FreeSession(_In_ PSESSION Target)
{
    if (Target->Cache != NULL) {
        ExFreePoolWithTag(Target->Cache, CLIENT_TAG);
    }
#ifndef WRONG
    if (Target->CloseIrp != NULL) {
        IoFreeIrp(Target->CloseIrp);
    }
#endif
    ExFreePoolWithTag(Target, CLIENT_TAG);
}

static VOID CloseSession(_In_ PSESSION Target)
{
#ifdef WRONG
    PIRP irp = IoAllocateIrp(1, FALSE);
#else
    PIRP irp = Target->CloseIrp;
#endif

#ifdef WRONG
    if (irp == NULL) {
        DbgPrint("the socket can't be closed\n");
        return;
    }
#endif
    IoSetCompletionRoutine(irp, SignalCompletion, &Target->Closed, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_BASIC_DISPATCH)Target->Socket->Dispatch)->WskCloseSocket(Target->Socket, irp);
    KeWaitForSingleObject(&Target->Closed, Executive, KernelMode, FALSE, NULL);
#ifdef WRONG
    IoFreeIrp(irp);
#endif
    FreeSession(Target);
}

static PSESSION AllocateSession(VOID)
{
    PSESSION made = (PSESSION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SESSION), CLIENT_TAG);

    if (made == NULL) {
        return NULL;
    }
    KeInitializeEvent(&made->Closed, NotificationEvent, FALSE);
    made->Cache = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 512, CLIENT_TAG);
#ifdef WRONG
    if (made->Cache == NULL) {
#else
    made->CloseIrp = IoAllocateIrp(1, FALSE);
    if (made->Cache == NULL || made->CloseIrp == NULL) {
#endif
        FreeSession(made);
        return NULL;
    }
    return made;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CloseSession(Session);
    WskReleaseProviderNPI(&ClientRegistration);
    WskDeregister(&ClientRegistration); /* finding: unload-blocked */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Session = AllocateSession();
    if (Session == NULL) {
        ClientStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = SocketCreate(WSK_FLAG_DATAGRAM_SOCKET, 514, NULL, NULL, &Session->Socket);
    if (!NT_SUCCESS(status)) {
        FreeSession(Session);
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
