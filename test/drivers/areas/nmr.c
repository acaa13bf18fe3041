/*
 * The Network Module Registrar: who is offered whom and when, the order of the callbacks and their IRQL, refusals, detaches
 * that finish later, what the waits wait for, and WSK as a provider of an NPI like any other.
 */
#include "check.h"
#include <wsk.h>

#define NPI(Last) { 0x6c1ef1a0, 0x37b4, 0x4d1c, { 0x8e, 0x02, 0x51, 0x3d, 0x99, 0x7a, 0xc4, (Last) } }

static const NPIID Npi = NPI(1), OtherNpi = NPI(2);
static const NPI_MODULEID ClientModule = { sizeof(NPI_MODULEID), MIT_GUID, { NPI(0x11) } };
static const NPI_MODULEID ProviderModule = { sizeof(NPI_MODULEID), MIT_GUID, { NPI(0x12) } };

typedef struct _DISPATCH {
    ULONG Version;
    LONG (*Twice)(LONG Value);
} DISPATCH;

typedef struct _SIDE {
    HANDLE Binding;
    PVOID OtherContext;
    const VOID *OtherDispatch;
    PNPI_REGISTRATION_INSTANCE Other;
    NTSTATUS Attach, Detach;
} SIDE;

static SIDE Client, Provider;
static PVOID GivenClientContext, GivenProviderContext;
static CHAR Calls[32];
static KIRQL DetachIrql, CleanupIrql;
static LONG Waited;
static HANDLE ClientHandle, ProviderHandle;

static LONG Twice(LONG Value)
{
    return 2 * Value;
}

static const DISPATCH ProviderDispatch = { 1, Twice };
static const DISPATCH ClientDispatch = { 7, NULL };

static VOID Note(CHAR Call)
{
    SIZE_T length = strlen(Calls);

    if (length + 1 < sizeof(Calls)) {
        Calls[length] = Call;
        Calls[length + 1] = 0;
    }
}

/* Whether these calls have come, in this order, since it was asked last. */
static BOOLEAN Came(PCSTR Wanted)
{
    BOOLEAN is = strcmp(Calls, Wanted) == 0;

    if (!is) {
        DbgPrint("the calls are \"%s\", wanted were \"%s\"\n", Calls, Wanted);
    }
    Calls[0] = 0;
    return is;
}

static NTSTATUS ClientAttach(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Other)
{
    Note('a');
    GivenClientContext = Context;
    Client.Other = Other;
    if (KeGetCurrentIrql() != PASSIVE_LEVEL) {
        Note('!');
    }
    if (!NT_SUCCESS(Client.Attach)) {
        return Client.Attach;
    }
    Client.Binding = Binding;
    return NmrClientAttachProvider(Binding, &Client, &ClientDispatch, &Client.OtherContext, &Client.OtherDispatch);
}

static NTSTATUS ClientDetach(PVOID Context)
{
    Note(Context == &Client ? 'd' : '!');
    DetachIrql = KeGetCurrentIrql();
    return Client.Detach;
}

static VOID ClientCleanup(PVOID Context)
{
    Note(Context == &Client ? 'c' : '!');
    CleanupIrql = KeGetCurrentIrql();
}

static NTSTATUS ProviderAttach(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Other, PVOID ClientContext,
                               const VOID *Dispatch, PVOID *OwnContext, const VOID **OwnDispatch)
{
    Note('A');
    GivenProviderContext = Context;
    Provider.Binding = Binding;
    Provider.Other = Other;
    Provider.OtherContext = ClientContext;
    Provider.OtherDispatch = Dispatch;
    if (NT_SUCCESS(Provider.Attach)) {
        *OwnContext = &Provider;
        *OwnDispatch = &ProviderDispatch;
    }
    return Provider.Attach;
}

static NTSTATUS ProviderDetach(PVOID Context)
{
    Note(Context == &Provider ? 'D' : '!');
    return Provider.Detach;
}

static VOID ProviderCleanup(PVOID Context)
{
    Note(Context == &Provider ? 'C' : '!');
}

static const NPI_CLIENT_CHARACTERISTICS Clients = {
    0, sizeof(Clients), ClientAttach, ClientDetach, ClientCleanup,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &ClientModule, 3, NULL }
};
static const NPI_CLIENT_CHARACTERISTICS OtherClients = {
    0, sizeof(OtherClients), ClientAttach, ClientDetach, NULL,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &OtherNpi, &ClientModule, 0, NULL }
};
static const NPI_PROVIDER_CHARACTERISTICS Providers = {
    0, sizeof(Providers), ProviderAttach, ProviderDetach, ProviderCleanup,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &ProviderModule, 4, &ProviderDispatch }
};

static VOID EndClient(VOID)
{
    if (NmrDeregisterClient(ClientHandle) == STATUS_PENDING) {
        NmrWaitForClientDeregisterComplete(ClientHandle);
    }
}

static VOID EndProvider(VOID)
{
    if (NmrDeregisterProvider(ProviderHandle) == STATUS_PENDING) {
        NmrWaitForProviderDeregisterComplete(ProviderHandle);
    }
}

/* A provider first, then its client: both are attached before NmrRegisterClient returns. */
static VOID ProviderFirst(VOID)
{
    RETURNS(NmrRegisterProvider(&Providers, &ProviderHandle, &ProviderHandle), STATUS_SUCCESS);
    CHECK(Came(""));
    RETURNS(NmrRegisterClient(&Clients, &ClientHandle, &ClientHandle), STATUS_SUCCESS);
    CHECK(Came("aA"));
    EQUAL(GivenClientContext, &ClientHandle);
    EQUAL(GivenProviderContext, &ProviderHandle);
    EQUAL(Client.Binding, Provider.Binding);
    EQUAL(Client.OtherContext, &Provider);
    EQUAL(Client.OtherDispatch, &ProviderDispatch);
    EQUAL(Provider.OtherContext, &Client);
    EQUAL(Provider.OtherDispatch, &ClientDispatch);
    EQUAL(Client.Other->Number, 4);
    EQUAL(Client.Other->ModuleId, &ProviderModule);
    EQUAL(Client.Other->NpiSpecificCharacteristics, &ProviderDispatch);
    EQUAL(Provider.Other->Number, 3);
    EQUAL(Provider.Other->NpiId, &Npi);
    EQUAL(((const DISPATCH *)Client.OtherDispatch)->Twice(21), 42);
    RETURNS(NmrWaitForClientDeregisterComplete(ClientHandle), STATUS_INVALID_PARAMETER);
    RETURNS(NmrWaitForProviderDeregisterComplete(ProviderHandle), STATUS_INVALID_PARAMETER);
    RETURNS(NmrDeregisterClient(ClientHandle), STATUS_PENDING);
    CHECK(Came("dDcC"));
    RETURNS(NmrWaitForClientDeregisterComplete(ClientHandle), STATUS_SUCCESS);
    RETURNS(NmrWaitForClientDeregisterComplete(ClientHandle), STATUS_INVALID_PARAMETER);
    RETURNS(NmrDeregisterProvider(ProviderHandle), STATUS_PENDING);
    RETURNS(NmrWaitForProviderDeregisterComplete(ProviderHandle), STATUS_SUCCESS);
    CHECK(Came(""));
}

/* A client waits for a provider; the provider goes first, and comes back. */
static VOID ClientFirst(VOID)
{
    RETURNS(NmrRegisterClient(&Clients, NULL, &ClientHandle), STATUS_SUCCESS);
    CHECK(Came(""));
    RETURNS(NmrRegisterProvider(&Providers, NULL, &ProviderHandle), STATUS_SUCCESS);
    CHECK(Came("aA"));
    EndProvider();
    CHECK(Came("dDcC"));
    RETURNS(NmrRegisterProvider(&Providers, NULL, &ProviderHandle), STATUS_SUCCESS);
    CHECK(Came("aA"));
    EndProvider();
    EndClient();
    CHECK(Came("dDcC"));
}

/* Either may decline, and then there is nothing to detach from; another NPI is never offered. */
static VOID Refusals(VOID)
{
    HANDLE other;

    NmrRegisterProvider(&Providers, NULL, &ProviderHandle);
    RETURNS(NmrRegisterClient(&OtherClients, NULL, &other), STATUS_SUCCESS);
    CHECK(Came(""));
    Client.Attach = STATUS_NOINTERFACE;
    RETURNS(NmrRegisterClient(&Clients, NULL, &ClientHandle), STATUS_SUCCESS);
    CHECK(Came("a"));
    EndClient();
    CHECK(Came(""));
    Client.Attach = STATUS_SUCCESS;
    Provider.Attach = STATUS_NOINTERFACE;
    RETURNS(NmrRegisterClient(&Clients, NULL, &ClientHandle), STATUS_SUCCESS);
    CHECK(Came("aA"));
    EndClient();
    CHECK(Came(""));
    Provider.Attach = STATUS_SUCCESS;
    RETURNS(NmrDeregisterClient(other), STATUS_PENDING);
    RETURNS(NmrWaitForClientDeregisterComplete(other), STATUS_SUCCESS);
    EndProvider();
    CHECK(Came(""));
}

static VOID WaitForEnd(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    NmrWaitForClientDeregisterComplete(ClientHandle);
    InterlockedIncrement(&Waited);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Detaches that finish later; the last completion cleans up, where and at the IRQL at which it is made. */
static VOID Pending(VOID)
{
    PKTHREAD thread;
    KIRQL irql;

    NmrRegisterProvider(&Providers, NULL, &ProviderHandle);
    NmrRegisterClient(&Clients, NULL, &ClientHandle);
    CHECK(Came("aA"));
    Client.Detach = STATUS_PENDING;
    Provider.Detach = STATUS_PENDING;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    RETURNS(NmrDeregisterClient(ClientHandle), STATUS_PENDING);
    KeLowerIrql(irql);
    EQUAL(DetachIrql, DISPATCH_LEVEL);
    CHECK(Came("dD"));
    thread = StartThread(WaitForEnd, NULL);
    Pause(5);
    EQUAL(Waited, 0);
    NmrProviderDetachClientComplete(Provider.Binding);
    Pause(5);
    EQUAL(Waited, 0);
    CHECK(Came(""));
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    NmrClientDetachProviderComplete(Client.Binding);
    KeLowerIrql(irql);
    CHECK(Came("cC"));
    EQUAL(CleanupIrql, DISPATCH_LEVEL);
    JoinThread(thread);
    EQUAL(Waited, 1);
    Client.Detach = STATUS_SUCCESS;
    Provider.Detach = STATUS_SUCCESS;
    EndProvider();
}

static const WSK_CLIENT_DISPATCH WskDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static const WSK_CLIENT_DISPATCH NewerDispatch = { MAKE_WSK_VERSION(9, 0), 0, NULL };
static PWSK_CLIENT WskClient;
static const WSK_PROVIDER_DISPATCH *Wsk;
static HANDLE WskBinding;
static NTSTATUS Newer;
static WSK_PROVIDER_CHARACTERISTICS WskVersions;

static NTSTATUS WskAttach(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Other)
{
    UNREFERENCED_PARAMETER(Context);
    WskVersions = *(const WSK_PROVIDER_CHARACTERISTICS *)Other->NpiSpecificCharacteristics;
    WskBinding = Binding;
    Newer = NmrClientAttachProvider(Binding, &WskClient, &NewerDispatch, (PVOID *)&WskClient, (const VOID **)&Wsk);
    return NmrClientAttachProvider(Binding, &WskClient, &WskDispatch, (PVOID *)&WskClient, (const VOID **)&Wsk);
}

static NTSTATUS WskDetach(PVOID Context)
{
    Note(Context == &WskClient ? 'd' : '!');
    return STATUS_SUCCESS;
}

static VOID WskCleanup(PVOID Context)
{
    Note(Context == &WskClient ? 'c' : '!');
}

static const NPI_CLIENT_CHARACTERISTICS WskClients = {
    0, sizeof(WskClients), WskAttach, WskDetach, WskCleanup,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &NPI_WSK_INTERFACE_ID, &ClientModule, 0, NULL }
};

static NTSTATUS Signal(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* WSK through the registrar: its client and its functions come with the attachment, and it detaches when all is closed. */
static VOID WskThroughNmr(VOID)
{
    PIRP irp = IoAllocateIrp(1, FALSE);
    KEVENT done;
    PWSK_SOCKET socket;

    KeInitializeEvent(&done, SynchronizationEvent, FALSE);
    RETURNS(NmrRegisterClient(&WskClients, NULL, &ClientHandle), STATUS_SUCCESS);
    EQUAL(Newer, STATUS_NOINTERFACE);
    EQUAL(WskVersions.LowestVersion, MAKE_WSK_VERSION(1, 0));
    CHECK(WskClient != NULL);
    CHECK(Wsk != NULL);
    CHECK(Wsk->Version >= MAKE_WSK_VERSION(1, 0));
    IoSetCompletionRoutine(irp, Signal, &done, TRUE, TRUE, TRUE);
    Wsk->WskSocket(WskClient, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, NULL, irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    EQUAL(irp->IoStatus.Status, STATUS_SUCCESS);
    socket = (PWSK_SOCKET)irp->IoStatus.Information;
    RETURNS(NmrDeregisterClient(ClientHandle), STATUS_PENDING);
    CHECK(Came("d"));
    Pause(5);
    CHECK(Came(""));
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Signal, &done, TRUE, TRUE, TRUE);
    ((const WSK_PROVIDER_BASIC_DISPATCH *)socket->Dispatch)->WskCloseSocket(socket, irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    RETURNS(NmrWaitForClientDeregisterComplete(ClientHandle), STATUS_SUCCESS);
    CHECK(Came("c"));
    IoFreeIrp(irp);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    ProviderFirst();
    ClientFirst();
    Refusals();
    Pending();
    WskThroughNmr();
}
