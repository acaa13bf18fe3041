/*
 * A client and a provider of one NPI in one driver. The client has a call under way when it is to detach.
 * Wrong: It returns STATUS_PENDING and never calls NmrClientDetachProviderComplete: the deregistration has no end.
 * Right: The call's end completes the detachment.
 */
#include <ntddk.h>
#include <netioddk.h>

static const NPIID Npi = { 0x0d3c8c5e, 0x5b0c, 0x4b7e, { 0xa1, 0x1d, 0x3c, 0x0a, 0x51, 0x92, 0x6e, 0x45 } };
static const NPI_MODULEID ClientId = {
    sizeof(NPI_MODULEID), MIT_GUID, { { 0x2a91cf10, 0x7d45, 0x4a6b, { 0x90, 0x5f, 0x81, 0x22, 0x70, 0xe3, 0x19, 0x06 } } }
};
static const NPI_MODULEID ProviderId = {
    sizeof(NPI_MODULEID), MIT_GUID, { { 0x2a91cf10, 0x7d45, 0x4a6b, { 0x90, 0x5f, 0x81, 0x22, 0x70, 0xe3, 0x19, 0x07 } } }
};

typedef struct _DISPATCH {
    VOID (*Work)(VOID);
} DISPATCH;

static HANDLE Client, Provider, Binding;
static const DISPATCH *Functions;
static LONG CallsUnderWay, Detaching;
static KTIMER Timer;
static KDPC Dpc;

static VOID Work(VOID)
{
}

static const DISPATCH ProviderFunctions = { Work };

static VOID EndCall(VOID)
{
    if (InterlockedDecrement(&CallsUnderWay) == 0 && Detaching) {
#ifndef WRONG
        NmrClientDetachProviderComplete(Binding);
#endif
    }
}

static KDEFERRED_ROUTINE CallLater;

static VOID CallLater(PKDPC Object, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Object);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Functions->Work();
    EndCall();
}

static NTSTATUS ClientAttach(HANDLE NmrBinding, PVOID Context, PNPI_REGISTRATION_INSTANCE Other)
{
    PVOID provider;

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Other);
    Binding = NmrBinding;
    return NmrClientAttachProvider(NmrBinding, &Functions, NULL, &provider, (const VOID **)&Functions);
}

static NTSTATUS ClientDetach(PVOID Context)
{
    LARGE_INTEGER soon;

    UNREFERENCED_PARAMETER(Context);
    Detaching = TRUE;
    CallsUnderWay = 1;
    soon.QuadPart = -10000LL;
    KeSetTimer(&Timer, soon, &Dpc);
    return STATUS_PENDING;
}

static NTSTATUS ProviderAttach(HANDLE NmrBinding, PVOID Context, PNPI_REGISTRATION_INSTANCE Other, PVOID ClientContext,
                               const VOID *ClientDispatch, PVOID *OwnContext, const VOID **OwnDispatch)
{
    UNREFERENCED_PARAMETER(NmrBinding);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Other);
    UNREFERENCED_PARAMETER(ClientContext);
    UNREFERENCED_PARAMETER(ClientDispatch);
    *OwnContext = NULL;
    *OwnDispatch = &ProviderFunctions;
    return STATUS_SUCCESS;
}

static NTSTATUS ProviderDetach(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    return STATUS_SUCCESS;
}

static const NPI_CLIENT_CHARACTERISTICS ClientData = {
    0, sizeof(ClientData), ClientAttach, ClientDetach, NULL,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &ClientId, 0, NULL }
};
static const NPI_PROVIDER_CHARACTERISTICS ProviderData = {
    0, sizeof(ProviderData), ProviderAttach, ProviderDetach, NULL,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &ProviderId, 0, NULL }
};

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (NmrDeregisterClient(Client) == STATUS_PENDING) {
        NmrWaitForClientDeregisterComplete(Client); /* finding: hang */
    }
    if (NmrDeregisterProvider(Provider) == STATUS_PENDING) {
        NmrWaitForProviderDeregisterComplete(Provider);
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, CallLater, NULL);
    status = NmrRegisterProvider(&ProviderData, NULL, &Provider);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = NmrRegisterClient(&ClientData, NULL, &Client);
    if (!NT_SUCCESS(status) && NmrDeregisterProvider(Provider) == STATUS_PENDING) {
        NmrWaitForProviderDeregisterComplete(Provider);
    }
    return status;
}
