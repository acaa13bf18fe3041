/* A beacon: it keeps one connection to its collector, on which it says every 50 ms that it is alive. Where the collector cannot be
 * reached or goes, a timer lets it try again after 10, 20, 40 ... 160 ms; a try of more than 100 ms is cancelled. */
#include <ntddk.h>
#include <wsk.h>

#define FIRST_DELAY_MS 10
#define LAST_DELAY_MS  160
#define PATIENCE_MS    100
#define PERIOD_MS      50

typedef enum { Resting, Connecting, Connected, Aborting, Closing, Over } BEACON_STATE;

static const char *const Names[] = { "resting", "connecting", "connected", "aborting", "closing", "over" };

static struct BEACON {
    PDEVICE_OBJECT device;
    PIO_WORKITEM item;
    LONG itemQueued;
    WSK_REGISTRATION registration;
    WSK_PROVIDER_NPI npi;
    KSPIN_LOCK lock;            /* guards what follows */
    BEACON_STATE state;
    BOOLEAN stopping, irpBusy, irpDone;
    NTSTATUS irpStatus;
    ULONG_PTR irpInformation;
    ULONG delayMs, tries, beats;
    BOOLEAN due;                /* the timer has fired since the last step */
    PIRP irp;
    PWSK_SOCKET socket;
    KTIMER timer;
    KDPC dpc;
    KEVENT over;
    PMDL mdl;
    WSK_BUF buffer;
    CHAR text[8];
} Beacon;

static IO_WORKITEM_ROUTINE Step;
static IO_COMPLETION_ROUTINE RequestDone;
static KDEFERRED_ROUTINE TimerFired;

static void Kick(void)
{
    if (InterlockedExchange(&Beacon.itemQueued, 1) == 0) IoQueueWorkItem(Beacon.item, Step, DelayedWorkQueue, NULL);
}

static VOID TimerFired(PKDPC dpc, PVOID context, PVOID one, PVOID two)
{
    UNREFERENCED_PARAMETER(dpc); UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(one); UNREFERENCED_PARAMETER(two);
    KeAcquireSpinLockAtDpcLevel(&Beacon.lock);
    Beacon.due = TRUE;
    KeReleaseSpinLockFromDpcLevel(&Beacon.lock);
    Kick();
}

static NTSTATUS RequestDone(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(context);
    KeAcquireSpinLock(&Beacon.lock, &irql);
    Beacon.irpStatus = irp->IoStatus.Status;
    Beacon.irpInformation = irp->IoStatus.Information;
    Beacon.irpDone = TRUE;
    KeReleaseSpinLock(&Beacon.lock, irql);
    Kick();
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP NewRequest(void)
{
    Beacon.irpBusy = TRUE;
    Beacon.irpDone = FALSE;
    IoReuseIrp(Beacon.irp, STATUS_SUCCESS);
    IoSetCompletionRoutine(Beacon.irp, RequestDone, NULL, TRUE, TRUE, TRUE);
    return Beacon.irp;
}

static void SetTimer(ULONG ms)
{
    LARGE_INTEGER due;

    due.QuadPart = -(LONGLONG)ms * 10000;
    KeSetTimer(&Beacon.timer, due, &Beacon.dpc);
}

static void Enter(BEACON_STATE state)
{
    DbgPrint("beacon: %s\n", Names[state]);
    Beacon.state = state;
}

static void Rest(void)
{
    Enter(Resting);
    SetTimer(Beacon.delayMs);
    Beacon.delayMs = min(Beacon.delayMs * 2, LAST_DELAY_MS);
}

static void Connect(void)
{
    static SOCKADDR_IN here = { AF_INET };
    static SOCKADDR_IN there;

    there.sin_family = AF_INET;
    there.sin_port = RtlUshortByteSwap(9009);
    there.sin_addr.s_addr = RtlUlongByteSwap(0xC6336405);
    Enter(Connecting);
    Beacon.tries++;
    SetTimer(PATIENCE_MS);
    Beacon.npi.Dispatch->WskSocketConnect(Beacon.npi.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&here, (PSOCKADDR)&there, 0, NULL, NULL,
        NULL, NULL, NULL, NewRequest());
}

static void Beat(void)
{
    const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = Beacon.socket->Dispatch;

    Beacon.buffer.Mdl = Beacon.mdl;
    Beacon.buffer.Offset = 0;
    Beacon.buffer.Length = 5;
    RtlCopyMemory(Beacon.text, "alive", 5);
    Beacon.beats++;
    dispatch->WskSend(Beacon.socket, &Beacon.buffer, 0, NewRequest());
}

static void Abort(void)
{
    const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = Beacon.socket->Dispatch;

    Enter(Aborting);
    dispatch->WskDisconnect(Beacon.socket, NULL, WSK_FLAG_ABORTIVE, NewRequest());
}

static void Close(void)
{
    const WSK_PROVIDER_BASIC_DISPATCH *dispatch = Beacon.socket->Dispatch;
    PWSK_SOCKET socket = Beacon.socket;

    Enter(Closing);
    Beacon.socket = NULL;
    dispatch->WskCloseSocket(socket, NewRequest());
}

/* What is to be done now that a request has ended. */
static void OnEnd(NTSTATUS status, ULONG_PTR information)
{
    switch (Beacon.state) {
    case Connecting:
        KeCancelTimer(&Beacon.timer);
        if (NT_SUCCESS(status)) {
            Beacon.socket = (PWSK_SOCKET)information;
            Beacon.delayMs = FIRST_DELAY_MS;
            Enter(Connected);
            if (Beacon.stopping) Abort(); else Beat();
        } else if (Beacon.stopping) {
            Enter(Over);
            KeSetEvent(&Beacon.over, IO_NO_INCREMENT, FALSE);
        } else {
            Rest();
        }
        break;
    case Connected:
        if (!NT_SUCCESS(status) || Beacon.stopping) Abort();
        else SetTimer(PERIOD_MS);
        break;
    case Aborting:
#ifdef WRONG
        Rest(); /* The connection is gone; its socket is not. */
#else
        Close();
#endif
        break;
    case Closing:
        if (Beacon.stopping) {
            Enter(Over);
            KeSetEvent(&Beacon.over, IO_NO_INCREMENT, FALSE);
        } else {
            Rest();
        }
        break;
    default:
        break;
    }
}

static void OnTimer(BOOLEAN busy)
{
    if (Beacon.state == Resting) {
        Connect();
    } else if (Beacon.state == Connecting && busy) {
        IoCancelIrp(Beacon.irp);
    } else if (Beacon.state == Connected && !busy) {
        Beat();
    }
}

static void OnStop(BOOLEAN busy)
{
    KeCancelTimer(&Beacon.timer);
    if (busy) {
        if (Beacon.state == Connecting || Beacon.state == Connected) IoCancelIrp(Beacon.irp);
    } else if (Beacon.state == Connected) {
        Abort();
    } else if (Beacon.state == Resting) {
        Enter(Over);
        KeSetEvent(&Beacon.over, IO_NO_INCREMENT, FALSE);
    }
}

/* The only place in which the state changes. One of it runs at a time: the item is queued again only when it has begun. */
static VOID Step(PDEVICE_OBJECT device, PVOID context)
{
    BOOLEAN ended, due, busy;
    KIRQL irql;

    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(context);
    KeAcquireSpinLock(&Beacon.lock, &irql);
    ended = Beacon.irpBusy && Beacon.irpDone;
    if (ended) Beacon.irpBusy = FALSE;
    busy = Beacon.irpBusy;
    due = Beacon.due;
    Beacon.due = FALSE;
    KeReleaseSpinLock(&Beacon.lock, irql);

    if (ended) OnEnd(Beacon.irpStatus, Beacon.irpInformation);
    else if (Beacon.stopping) OnStop(busy);
    else if (due) OnTimer(busy);

    InterlockedExchange(&Beacon.itemQueued, 0);
    /* What has come while this ran found the item taken. */
    if (Beacon.state != Over && ((Beacon.irpBusy && Beacon.irpDone) || Beacon.due)) Kick();
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    LARGE_INTEGER soon = { .QuadPart = -50000 };

    UNREFERENCED_PARAMETER(driver);
    Beacon.stopping = TRUE;
    do Kick();
    while (KeWaitForSingleObject(&Beacon.over, Executive, KernelMode, FALSE, &soon) == STATUS_TIMEOUT);
    KeCancelTimer(&Beacon.timer);
    KeFlushQueuedDpcs();
    DbgPrint("beacon: %lu tries, %lu beats\n", Beacon.tries, Beacon.beats);
    WskReleaseProviderNPI(&Beacon.registration);
    WskDeregister(&Beacon.registration); /* finding: unload-blocked */
    IoFreeWorkItem(Beacon.item);
    IoFreeMdl(Beacon.mdl);
    IoFreeIrp(Beacon.irp);
    IoDeleteDevice(Beacon.device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    static const WSK_CLIENT_DISPATCH dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
    WSK_CLIENT_NPI client = { &Beacon, &dispatch };
    NTSTATUS status = IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Beacon.device);

    UNREFERENCED_PARAMETER(path);
    if (!NT_SUCCESS(status)) return status;
    KeInitializeSpinLock(&Beacon.lock);
    KeInitializeTimer(&Beacon.timer);
    KeInitializeDpc(&Beacon.dpc, TimerFired, NULL);
    KeInitializeEvent(&Beacon.over, NotificationEvent, FALSE);
    Beacon.delayMs = FIRST_DELAY_MS;
    status = STATUS_INSUFFICIENT_RESOURCES;
    if (!(Beacon.item = IoAllocateWorkItem(Beacon.device))) goto item;
    if (!(Beacon.irp = IoAllocateIrp(1, FALSE))) goto irp;
    if (!(Beacon.mdl = IoAllocateMdl(Beacon.text, sizeof(Beacon.text), FALSE, FALSE, NULL))) goto mdl;
    MmBuildMdlForNonPagedPool(Beacon.mdl);
    if (!NT_SUCCESS(status = WskRegister(&client, &Beacon.registration))) goto wsk;
    if (!NT_SUCCESS(status = WskCaptureProviderNPI(&Beacon.registration, WSK_NO_WAIT, &Beacon.npi))) goto npi;
    driver->DriverUnload = Unload;
    SetTimer(1);
    return STATUS_SUCCESS;
npi:
    WskDeregister(&Beacon.registration);
wsk:
    IoFreeMdl(Beacon.mdl);
mdl:
    IoFreeIrp(Beacon.irp);
irp:
    IoFreeWorkItem(Beacon.item);
item:
    IoDeleteDevice(Beacon.device);
    return status;
}
