/* A checksum service and its user, which meet through the Network Module Registrar: the provider counts the calls that are
 * under way and lets a detach end with the last of them; the client asks from a timer's DPC. */
#include <ntddk.h>
#include <netioddk.h>

#define SUM_TAG 'muSN'

/* ---- the interface: what both sides know ---- */
typedef ULONG SUM_COMPUTE(PVOID BindingContext, const UCHAR *Bytes, ULONG Length);
typedef VOID SUM_READY(PVOID ClientContext, ULONG Result);
typedef struct { USHORT Version; SUM_COMPUTE *Compute; VOID (*ComputeLater)(PVOID BindingContext, const UCHAR *, ULONG); } SUM_PROVIDER_DISPATCH;
typedef struct { USHORT Version; SUM_READY *Ready; } SUM_CLIENT_DISPATCH;

static const NPIID SumNpi = { 0x9a3de1c0, 0x1b52, 0x4c77, { 0xa8, 0x11, 0x3e, 0x0d, 0x5c, 0x6b, 0x70, 0x01 } };
static const NPI_MODULEID SumProviderId = { sizeof(NPI_MODULEID), MIT_GUID, { { 0x9a3de1c0, 0x1b52, 0x4c77, { 0xa8, 0x11, 0x3e, 0x0d, 0x5c, 0x6b, 0x70, 0x02 } } } };
static const NPI_MODULEID SumClientId = { sizeof(NPI_MODULEID), MIT_GUID, { { 0x9a3de1c0, 0x1b52, 0x4c77, { 0xa8, 0x11, 0x3e, 0x0d, 0x5c, 0x6b, 0x70, 0x03 } } } };

/* ---- the provider ---- */
typedef struct {
    HANDLE Binding;
    PVOID ClientContext;
    const SUM_CLIENT_DISPATCH *Client;
    EX_SPIN_LOCK Lock;
    LONG Calls;             /* under way, and one for the binding */
    BOOLEAN Detaching;
} SUM_BINDING;

typedef struct { WORK_QUEUE_ITEM Item; SUM_BINDING *Binding; ULONG Length; UCHAR Bytes[ANYSIZE_ARRAY]; } SUM_JOB;

static BOOLEAN SumEnter(SUM_BINDING *Binding)
{
    KIRQL irql = ExAcquireSpinLockExclusive(&Binding->Lock);
    BOOLEAN isOpen = !Binding->Detaching;
    if (isOpen) Binding->Calls++;
    ExReleaseSpinLockExclusive(&Binding->Lock, irql);
    return isOpen;
}

static VOID SumLeave(SUM_BINDING *Binding)
{
    KIRQL irql = ExAcquireSpinLockExclusive(&Binding->Lock);
    BOOLEAN isLast = --Binding->Calls == 0;
    ExReleaseSpinLockExclusive(&Binding->Lock, irql);
    if (isLast) NmrProviderDetachClientComplete(Binding->Binding);
}

static ULONG SumOf(const UCHAR *Bytes, ULONG Length)
{
    ULONG a = 1, b = 0, i;
    for (i = 0; i < Length; i++) { a = (a + Bytes[i]) % 65521; b = (b + a) % 65521; }
    return b << 16 | a;
}

static ULONG SumCompute(PVOID Context, const UCHAR *Bytes, ULONG Length)
{
    SUM_BINDING *binding = Context;
    ULONG sum;
    if (!SumEnter(binding)) return 0;
    sum = SumOf(Bytes, Length);
    SumLeave(binding);
    return sum;
}

static VOID NTAPI SumWork(PVOID Parameter)
{
    SUM_JOB *job = Parameter;
    SUM_BINDING *binding = job->Binding;
    binding->Client->Ready(binding->ClientContext, SumOf(job->Bytes, job->Length));
    ExFreePoolWithTag(job, SUM_TAG);
    SumLeave(binding);
}

#pragma warning(suppress: 4996)
static VOID SumComputeLater(PVOID Context, const UCHAR *Bytes, ULONG Length)
{
    SUM_BINDING *binding = Context;
    SUM_JOB *job;
    if (!SumEnter(binding)) return;
    job = ExAllocatePool2(POOL_FLAG_NON_PAGED, FIELD_OFFSET(SUM_JOB, Bytes) + Length, SUM_TAG);
    if (!job) { SumLeave(binding); return; }
    job->Binding = binding;
    job->Length = Length;
    RtlCopyMemory(job->Bytes, Bytes, Length);
    ExInitializeWorkItem(&job->Item, SumWork, job);
    ExQueueWorkItem(&job->Item, DelayedWorkQueue);
}

static const SUM_PROVIDER_DISPATCH SumDispatch = { 1, SumCompute, SumComputeLater };

static NPI_PROVIDER_ATTACH_CLIENT_FN SumAttachClient;
static NTSTATUS NTAPI SumAttachClient(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Instance, PVOID ClientContext,
                                      const VOID *ClientDispatch, PVOID *BindingContext, const VOID **Dispatch)
{
    SUM_BINDING *binding;
    UNREFERENCED_PARAMETER(Context);
    if (Instance->Number != 7 || ((const SUM_CLIENT_DISPATCH *)ClientDispatch)->Version != 1) return STATUS_NOINTERFACE;
    binding = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*binding), SUM_TAG);
    if (!binding) return STATUS_INSUFFICIENT_RESOURCES;
    binding->Binding = Binding;
    binding->ClientContext = ClientContext;
    binding->Client = ClientDispatch;
    binding->Calls = 1;
    *BindingContext = binding;
    *Dispatch = &SumDispatch;
    return STATUS_SUCCESS;
}

static NPI_PROVIDER_DETACH_CLIENT_FN SumDetachClient;
static NTSTATUS NTAPI SumDetachClient(PVOID Context)
{
    SUM_BINDING *binding = Context;
    KIRQL irql = ExAcquireSpinLockExclusive(&binding->Lock);
    BOOLEAN isLast;
    binding->Detaching = TRUE;
    isLast = --binding->Calls == 0;
    ExReleaseSpinLockExclusive(&binding->Lock, irql);
#ifdef WRONG
    if (isLast) ExFreePoolWithTag(binding, SUM_TAG); /* The clean-up frees it too. */
#endif
    return isLast ? STATUS_SUCCESS : STATUS_PENDING;
}

static NPI_PROVIDER_CLEANUP_BINDING_CONTEXT_FN SumCleanup;
static VOID NTAPI SumCleanup(PVOID Context) { ExFreePoolWithTag(Context, SUM_TAG); } /* finding: double-free */

static const NPI_PROVIDER_CHARACTERISTICS SumProvider = {
    0, sizeof(NPI_PROVIDER_CHARACTERISTICS), SumAttachClient, SumDetachClient, SumCleanup,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &SumNpi, &SumProviderId, 1, NULL },
};

/* ---- the client ---- */
static struct {
    HANDLE Handle, Binding;
    PVOID ProviderContext;
    const SUM_PROVIDER_DISPATCH *Provider;
    KTIMER Timer;
    KDPC Dpc;
    LONG Asked, Answers;
    ULONG Last;
    KSPIN_LOCK Lock;
} User;

static VOID UserReady(PVOID Context, ULONG Result)
{
    UNREFERENCED_PARAMETER(Context);
    User.Last = Result;
    InterlockedIncrement(&User.Answers);
}

static const SUM_CLIENT_DISPATCH UserDispatch = { 1, UserReady };

static KDEFERRED_ROUTINE UserTick;
static VOID UserTick(PKDPC Dpc, PVOID Context, PVOID One, PVOID Two)
{
    static const UCHAR text[] = "Wikipedia";
    UNREFERENCED_PARAMETER(Dpc); UNREFERENCED_PARAMETER(Context); UNREFERENCED_PARAMETER(One); UNREFERENCED_PARAMETER(Two);
    KeAcquireSpinLockAtDpcLevel(&User.Lock);
    if (User.Provider) {
        User.Asked++;
        if (User.Asked & 1) User.Provider->ComputeLater(User.ProviderContext, text, sizeof(text) - 1);
        else User.Last = User.Provider->Compute(User.ProviderContext, text, sizeof(text) - 1);
    }
    KeReleaseSpinLockFromDpcLevel(&User.Lock);
}

static NPI_CLIENT_ATTACH_PROVIDER_FN UserAttachProvider;
static NTSTATUS NTAPI UserAttachProvider(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Instance)
{
    PVOID context;
    const VOID *dispatch;
    NTSTATUS status;
    KIRQL irql;
    UNREFERENCED_PARAMETER(Instance);
    if (User.Binding) return STATUS_NOINTERFACE;
    status = NmrClientAttachProvider(Binding, Context, &UserDispatch, &context, &dispatch);
    if (!NT_SUCCESS(status)) return STATUS_NOINTERFACE;
    KeAcquireSpinLock(&User.Lock, &irql);
    User.Binding = Binding;
    User.ProviderContext = context;
    User.Provider = dispatch;
    KeReleaseSpinLock(&User.Lock, irql);
    return STATUS_SUCCESS;
}

static NPI_CLIENT_DETACH_PROVIDER_FN UserDetachProvider;
static NTSTATUS NTAPI UserDetachProvider(PVOID Context)
{
    KIRQL irql;
    UNREFERENCED_PARAMETER(Context);
    KeAcquireSpinLock(&User.Lock, &irql);
    User.Provider = NULL;
    KeReleaseSpinLock(&User.Lock, irql);
    return STATUS_SUCCESS;
}

static NPI_CLIENT_CLEANUP_BINDING_CONTEXT_FN UserCleanup;
static VOID NTAPI UserCleanup(PVOID Context) { UNREFERENCED_PARAMETER(Context); User.Binding = NULL; }

static const NPI_CLIENT_CHARACTERISTICS UserClient = {
    0, sizeof(NPI_CLIENT_CHARACTERISTICS), UserAttachProvider, UserDetachProvider, UserCleanup,
    { 0, sizeof(NPI_REGISTRATION_INSTANCE), &SumNpi, &SumClientId, 7, NULL },
};

/* ---- the driver ---- */
static HANDLE ProviderHandle;

static VOID Unload(PDRIVER_OBJECT Driver)
{
    UNREFERENCED_PARAMETER(Driver);
    /* The provider goes first: the client hears of it while its timer runs on. */
    if (NmrDeregisterProvider(ProviderHandle) == STATUS_PENDING) NmrWaitForProviderDeregisterComplete(ProviderHandle);
    if (NmrDeregisterClient(User.Handle) == STATUS_PENDING) NmrWaitForClientDeregisterComplete(User.Handle);
    KeCancelTimer(&User.Timer);
    KeFlushQueuedDpcs();
    DbgPrint("sum: %ld asked, %ld answers, last %08lx\n", User.Asked, User.Answers, User.Last);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    LARGE_INTEGER due = { .QuadPart = -100000 };
    NTSTATUS status;
    UNREFERENCED_PARAMETER(Path);
    KeInitializeSpinLock(&User.Lock);
    KeInitializeTimerEx(&User.Timer, SynchronizationTimer);
    KeInitializeDpc(&User.Dpc, UserTick, NULL);
    status = NmrRegisterClient(&UserClient, &User, &User.Handle);
    if (!NT_SUCCESS(status)) return status;
    status = NmrRegisterProvider(&SumProvider, NULL, &ProviderHandle);
    if (!NT_SUCCESS(status)) {
        if (NmrDeregisterClient(User.Handle) == STATUS_PENDING) NmrWaitForClientDeregisterComplete(User.Handle);
        return status;
    }
    KeSetTimerEx(&User.Timer, due, 10, &User.Dpc);
    Driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
