// chorus: answers questions that are sent to a multicast group. Questions are kept as they were indicated until a work item
// answers them; each answer goes out from a lookaside list of reply contexts.
// Wrong: The completion routine looks at the IRP that it has freed.
// Right: It does not.
#include <wdm.h>
#include <wsk.h>
#include <ntstrsafe.h>

enum { ReplyMax = 128, KeptMax = 16 };
#define CHORUS_TAG 'rohC'

struct kept { LIST_ENTRY link; PWSK_DATAGRAM_INDICATION indication; };

struct reply {
    LIST_ENTRY link;
    PIRP irp;
    PMDL mdl;
    struct chorus *owner;
    SOCKADDR_INET to;
    UCHAR text[ReplyMax];
};

struct chorus {
    WSK_REGISTRATION registration;
    WSK_PROVIDER_NPI npi;
    PDEVICE_OBJECT device;
    PWSK_SOCKET socket;
    LIST_ENTRY keptList;
    KSPIN_LOCK keptLock;
    ULONG keptCount;
    WORK_QUEUE_ITEM answerItem;
    volatile LONG answerQueued;
    volatile LONG stopping;
    EX_RUNDOWN_REF rundown;
    LOOKASIDE_LIST_EX replies;
    BOOLEAN hasReplies;
    ULONG asked, answered, refused;
    PIRP controlIrp;
    KEVENT controlDone;
};

static struct chorus *chorus;
static WSK_CLIENT_DISPATCH const clientTable = { MAKE_WSK_VERSION(1, 0), 0, NULL };

static IO_COMPLETION_ROUTINE whenDone;
static IO_COMPLETION_ROUTINE whenReplied;
static WORKER_THREAD_ROUTINE answerAll;

static NTSTATUS whenDone(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    UNREFERENCED_PARAMETER(device);
    UNREFERENCED_PARAMETER(irp);
    KeSetEvent((PKEVENT)context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP control(struct chorus *c)
{
    KeClearEvent(&c->controlDone);
    IoReuseIrp(c->controlIrp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(c->controlIrp, whenDone, &c->controlDone, TRUE, TRUE, TRUE);
    return c->controlIrp;
}

static NTSTATUS settled(struct chorus *c, NTSTATUS status)
{
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&c->controlDone, Executive, KernelMode, FALSE, NULL);
        status = c->controlIrp->IoStatus.Status;
    }
    return status;
}

static PWSK_PROVIDER_DATAGRAM_DISPATCH datagram(struct chorus *c)
{
    return (PWSK_PROVIDER_DATAGRAM_DISPATCH)c->socket->Dispatch;
}

static NTSTATUS whenReplied(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    struct reply *r = context;
    struct chorus *c = r->owner;
    UNREFERENCED_PARAMETER(device);
    if (NT_SUCCESS(irp->IoStatus.Status))
        InterlockedIncrement((LONG *)&c->answered);
    IoFreeMdl(r->mdl);
    IoFreeIrp(irp);
    ExFreeToLookasideListEx(&c->replies, r);
#ifdef WRONG
    if (NT_SUCCESS(irp->IoStatus.Status)) /* finding: irp-touched-after-send */
#endif
    ExReleaseRundownProtection(&c->rundown);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static SIZE_T copyOut(PWSK_BUF from, UCHAR *to, SIZE_T room)
{
    SIZE_T done = 0;
    ULONG offset = from->Offset;
    SIZE_T left = min(from->Length, room);
    for (PMDL mdl = from->Mdl; mdl != NULL && left > 0; mdl = mdl->Next) {
        PUCHAR bytes = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute);
        SIZE_T here;
        if (bytes == NULL) break;
        here = min(left, MmGetMdlByteCount(mdl) - offset);
        RtlCopyMemory(to + done, bytes + offset, here);
        done += here; left -= here; offset = 0;
    }
    return done;
}

static void answerOne(struct chorus *c, PWSK_DATAGRAM_INDICATION question)
{
    struct reply *r = ExAllocateFromLookasideListEx(&c->replies);
    UCHAR text[ReplyMax - 8];
    SIZE_T n;
    WSK_BUF buf;

    if (r == NULL) return;
    r->owner = c;
    r->irp = IoAllocateIrp(1, FALSE);
    if (r->irp == NULL) { ExFreeToLookasideListEx(&c->replies, r); return; }
    n = copyOut(&question->Buffer, text, sizeof(text));
    RtlCopyMemory(r->text, "re: ", 4);
    RtlCopyMemory(r->text + 4, text, n);
    r->mdl = IoAllocateMdl(r->text, (ULONG)n + 4, FALSE, FALSE, NULL);
    if (r->mdl == NULL) { IoFreeIrp(r->irp); ExFreeToLookasideListEx(&c->replies, r); return; }
    MmBuildMdlForNonPagedPool(r->mdl);
    RtlCopyMemory(&r->to, question->RemoteAddress, question->RemoteAddress->sa_family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN));
    buf.Mdl = r->mdl; buf.Offset = 0; buf.Length = n + 4;
    if (!ExAcquireRundownProtection(&c->rundown)) {
        IoFreeMdl(r->mdl); IoFreeIrp(r->irp); ExFreeToLookasideListEx(&c->replies, r);
        return;
    }
    IoSetCompletionRoutine(r->irp, whenReplied, r, TRUE, TRUE, TRUE);
    (void)datagram(c)->WskSendTo(c->socket, &buf, 0, (PSOCKADDR)&r->to, 0, NULL, r->irp);
}

static VOID answerAll(PVOID context)
{
    struct chorus *c = context;
    KIRQL irql;
    InterlockedExchange(&c->answerQueued, 0);
    for (;;) {
        struct kept *k = NULL;
        KeAcquireSpinLock(&c->keptLock, &irql);
        if (!IsListEmpty(&c->keptList)) {
            k = CONTAINING_RECORD(RemoveHeadList(&c->keptList), struct kept, link);
            c->keptCount--;
        }
        KeReleaseSpinLock(&c->keptLock, irql);
        if (k == NULL) break;
        for (PWSK_DATAGRAM_INDICATION q = k->indication; q != NULL; q = q->Next) answerOne(c, q);
        datagram(c)->WskRelease(c->socket, k->indication);
        ExFreePoolWithTag(k, CHORUS_TAG);
    }
    ExReleaseRundownProtection(&c->rundown);
}

static NTSTATUS WSKAPI onDatagrams(PVOID context, ULONG flags, PWSK_DATAGRAM_INDICATION indication)
{
    struct chorus *c = context;
    struct kept *k;
    UNREFERENCED_PARAMETER(flags);
    if (indication == NULL) return STATUS_SUCCESS;
    c->asked++;
    if (c->stopping) return STATUS_SUCCESS;
    k = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*k), CHORUS_TAG);
    if (k == NULL) { c->refused++; return STATUS_SUCCESS; }
    k->indication = indication;
    KeAcquireSpinLockAtDpcLevel(&c->keptLock);
    if (c->keptCount >= KeptMax) {
        KeReleaseSpinLockFromDpcLevel(&c->keptLock);
        ExFreePoolWithTag(k, CHORUS_TAG);
        c->refused++;
        return STATUS_SUCCESS;
    }
    InsertTailList(&c->keptList, &k->link);
    c->keptCount++;
    KeReleaseSpinLockFromDpcLevel(&c->keptLock);
    if (InterlockedExchange(&c->answerQueued, 1) == 0) {
        if (ExAcquireRundownProtection(&c->rundown)) ExQueueWorkItem(&c->answerItem, DelayedWorkQueue);
    }
    return STATUS_PENDING;
}

static const WSK_CLIENT_DATAGRAM_DISPATCH events = { onDatagrams };

static NTSTATUS openSocket(struct chorus *c)
{
    SOCKADDR_IN here = { .sin_family = AF_INET, .sin_port = RtlUshortByteSwap(5353) };
    IP_MREQ group = { 0 };
    WSK_EVENT_CALLBACK_CONTROL enable = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };
    ULONG on = 1;
    NTSTATUS status;

    status = settled(c, c->npi.Dispatch->WskSocket(c->npi.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET,
                                                   c, &events, NULL, NULL, NULL, control(c)));
    if (!NT_SUCCESS(status)) return status;
    c->socket = (PWSK_SOCKET)c->controlIrp->IoStatus.Information;
    status = settled(c, datagram(c)->WskControlSocket(c->socket, WskSetOption, SO_REUSEADDR, SOL_SOCKET, sizeof(on), &on, 0, NULL, NULL, control(c)));
    if (!NT_SUCCESS(status)) return status;
    status = settled(c, datagram(c)->WskBind(c->socket, (PSOCKADDR)&here, 0, control(c)));
    if (!NT_SUCCESS(status)) return status;
    group.imr_multiaddr.s_addr = RtlUlongByteSwap(0xE00000FB);
    status = settled(c, datagram(c)->WskControlSocket(c->socket, WskSetOption, IP_ADD_MEMBERSHIP, IPPROTO_IP, sizeof(group), &group, 0, NULL, NULL, control(c)));
    if (!NT_SUCCESS(status)) return status;
    return datagram(c)->WskControlSocket(c->socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(enable), &enable, 0, NULL, NULL, NULL);
}

static void stop(struct chorus *c)
{
    InterlockedExchange(&c->stopping, 1);
    if (c->socket != NULL) {
        WSK_EVENT_CALLBACK_CONTROL disable = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM | WSK_EVENT_DISABLE };
        settled(c, datagram(c)->WskControlSocket(c->socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(disable), &disable, 0, NULL, NULL, control(c)));
    }
    ExWaitForRundownProtectionRelease(&c->rundown);
    if (c->socket != NULL) settled(c, datagram(c)->WskCloseSocket(c->socket, control(c)));
    if (c->hasReplies) ExDeleteLookasideListEx(&c->replies);
    IoFreeIrp(c->controlIrp);
    DbgPrint("chorus: %u asked, %u answered, %u refused\n", c->asked, c->answered, c->refused);
}

static VOID unload(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    stop(chorus);
    WskReleaseProviderNPI(&chorus->registration);
    WskDeregister(&chorus->registration);
    ExFreePoolWithTag(chorus, CHORUS_TAG);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    WSK_CLIENT_NPI client = { NULL, &clientTable };
    struct chorus *c = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*c), CHORUS_TAG);
    NTSTATUS status;

    UNREFERENCED_PARAMETER(path);
    if (c == NULL) return STATUS_NO_MEMORY;
    InitializeListHead(&c->keptList);
    KeInitializeSpinLock(&c->keptLock);
    KeInitializeEvent(&c->controlDone, NotificationEvent, FALSE);
    ExInitializeRundownProtection(&c->rundown);
#pragma warning(suppress: 4996)
    ExInitializeWorkItem(&c->answerItem, answerAll, c);
    status = WskRegister(&client, &c->registration);
    if (!NT_SUCCESS(status)) goto noRegistration;
    status = WskCaptureProviderNPI(&c->registration, WSK_NO_WAIT, &c->npi);
    if (!NT_SUCCESS(status)) goto noProvider;
    status = STATUS_INSUFFICIENT_RESOURCES;
    c->controlIrp = IoAllocateIrp(1, FALSE);
    if (c->controlIrp == NULL) goto noIrp;
    status = ExInitializeLookasideListEx(&c->replies, NULL, NULL, NonPagedPoolNx, 0, sizeof(struct reply), CHORUS_TAG, 0);
    c->hasReplies = NT_SUCCESS(status);
    if (NT_SUCCESS(status)) status = openSocket(c);
    if (!NT_SUCCESS(status)) { stop(c); goto noIrp; }
    chorus = c;
    driver->DriverUnload = unload;
    return STATUS_SUCCESS;
noIrp:
    WskReleaseProviderNPI(&c->registration);
noProvider:
    WskDeregister(&c->registration);
noRegistration:
    ExFreePoolWithTag(c, CHORUS_TAG);
    return status;
}
