// Event callbacks that are static for the client: a line server on port 7007 that keeps what is indicated to it and gives it back
// in another order than it came: even pieces at once, odd ones when the connection ends or eight are kept.
#include <ntddk.h>
#include <wsk.h>

#define RETAINED_MAX 8
#define TAG_CONN 'nnoC'

typedef struct _CONN {
  PWSK_SOCKET socket;
  KSPIN_LOCK lock;
  PWSK_DATA_INDICATION kept[RETAINED_MAX];
  ULONG count;
  ULONG pieces;
  SIZE_T bytes;
  BOOLEAN closing;
  PIO_WORKITEM item;
  LIST_ENTRY link;
} CONN, *PCONN;

static PDEVICE_OBJECT device;
static WSK_REGISTRATION registration;
static WSK_PROVIDER_NPI wsk;
static PWSK_SOCKET listener;
static KSPIN_LOCK connsLock;
static LIST_ENTRY conns;
static EX_RUNDOWN_REF rundown;
static volatile LONG64 total;

static NTSTATUS synchronous_done(PDEVICE_OBJECT d, PIRP irp, PVOID event) {
  UNREFERENCED_PARAMETER(d);
  UNREFERENCED_PARAMETER(irp);
  KeSetEvent((PKEVENT)event, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

#define SYNC(status, call)                                                       \
  do {                                                                           \
    KEVENT event_;                                                               \
    PIRP irp = IoAllocateIrp(1, FALSE);                                          \
    if (irp == NULL) { (status) = STATUS_INSUFFICIENT_RESOURCES; break; }        \
    KeInitializeEvent(&event_, SynchronizationEvent, FALSE);                     \
    IoSetCompletionRoutine(irp, synchronous_done, &event_, TRUE, TRUE, TRUE);    \
    (void)(call);                                                                \
    KeWaitForSingleObject(&event_, Executive, KernelMode, FALSE, NULL);          \
    (status) = irp->IoStatus.Status;                                             \
    information = irp->IoStatus.Information;                                     \
    IoFreeIrp(irp);                                                              \
  } while (0)

static const WSK_PROVIDER_CONNECTION_DISPATCH *calls(PCONN c) { return (const WSK_PROVIDER_CONNECTION_DISPATCH *)c->socket->Dispatch; }

// Gives back everything that is kept, last first.
static void release_kept(PCONN c) {
  PWSK_DATA_INDICATION kept[RETAINED_MAX];
  ULONG count;
  KIRQL irql;

  KeAcquireSpinLock(&c->lock, &irql);
  count = c->count;
  RtlCopyMemory(kept, c->kept, sizeof kept);
  c->count = 0;
  KeReleaseSpinLock(&c->lock, irql);
  while (count > 0) {
    count--;
    calls(c)->WskRelease(c->socket, kept[count]);
  }
}

static IO_WORKITEM_ROUTINE close_connection;
static VOID close_connection(PDEVICE_OBJECT d, PVOID context) {
  PCONN c = context;
  NTSTATUS status;
  ULONG_PTR information;
  KIRQL irql;

  UNREFERENCED_PARAMETER(d);
  release_kept(c);
  SYNC(status, calls(c)->WskDisconnect(c->socket, NULL, 0, irp));
  SYNC(status, calls(c)->WskCloseSocket(c->socket, irp));
  UNREFERENCED_PARAMETER(information);
  KeAcquireSpinLock(&connsLock, &irql);
  RemoveEntryList(&c->link);
  KeReleaseSpinLock(&connsLock, irql);
  InterlockedAdd64(&total, c->bytes);
  DbgPrint("%Iu bytes in all (0x%08lx)\n", c->bytes, status);
  IoFreeWorkItem(c->item);
  ExFreePoolWithTag(c, TAG_CONN);
  ExReleaseRundownProtection(&rundown);
}

static void close_later(PCONN c) {
  BOOLEAN first;
  KIRQL irql;

  KeAcquireSpinLock(&c->lock, &irql);
  first = !c->closing;
  c->closing = TRUE;
  KeReleaseSpinLock(&c->lock, irql);
  if (first) IoQueueWorkItem(c->item, close_connection, DelayedWorkQueue, c);
}

static NTSTATUS WSKAPI on_receive(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T bytes, SIZE_T *accepted) {
  PCONN c = context;
  BOOLEAN keep, full = FALSE;
  KIRQL irql;

  UNREFERENCED_PARAMETER(flags);
  UNREFERENCED_PARAMETER(accepted);
  if (data == NULL) {
    close_later(c);
    return STATUS_SUCCESS;
  }
  KeAcquireSpinLock(&c->lock, &irql);
  c->bytes += bytes;
  keep = (c->pieces++ & 1) != 0 && !c->closing && c->count < RETAINED_MAX;
  if (keep) {
#ifdef WRONG
    c->kept[++c->count] = data; /* finding: out-of-bounds */
#else
    c->kept[c->count++] = data;
#endif
    full = c->count == RETAINED_MAX;
  }
  KeReleaseSpinLock(&c->lock, irql);
  if (full) close_later(c);
  return keep ? STATUS_PENDING : STATUS_SUCCESS;
}

static NTSTATUS WSKAPI on_disconnect(PVOID context, ULONG flags) {
  UNREFERENCED_PARAMETER(flags);
  close_later((PCONN)context);
  return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH connection_events = { on_receive, on_disconnect, NULL };

static NTSTATUS WSKAPI on_accept(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext,
                                 CONST WSK_CLIENT_CONNECTION_DISPATCH **dispatch) {
  PCONN c;

  UNREFERENCED_PARAMETER(context);
  UNREFERENCED_PARAMETER(flags);
  UNREFERENCED_PARAMETER(local);
  UNREFERENCED_PARAMETER(remote);
  if (socket == NULL || !ExAcquireRundownProtection(&rundown)) return STATUS_REQUEST_NOT_ACCEPTED;
  c = ExAllocatePoolZero(NonPagedPoolNx, sizeof *c, TAG_CONN);
  if (c != NULL) {
    RtlZeroMemory(c, sizeof *c);
    c->item = IoAllocateWorkItem(device);
  }
  if (c == NULL || c->item == NULL) {
    if (c != NULL) ExFreePoolWithTag(c, TAG_CONN);
    ExReleaseRundownProtection(&rundown);
    return STATUS_REQUEST_NOT_ACCEPTED;
  }
  KeInitializeSpinLock(&c->lock);
  c->socket = socket;
  ExInterlockedInsertTailList(&conns, &c->link, &connsLock);
  *socketContext = c;
  *dispatch = &connection_events;
  return STATUS_SUCCESS;
}

static const WSK_CLIENT_LISTEN_DISPATCH listen_events = { on_accept, NULL, NULL };

static NTSTATUS begin(void) {
  WSK_EVENT_CALLBACK_CONTROL all = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT };
  SOCKADDR_IN6 address = { 0 };
  ULONG no = 0;
  ULONG_PTR information = 0;
  NTSTATUS status;

  status = wsk.Dispatch->WskControlClient(wsk.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof all, &all, 0, NULL, NULL, NULL);
  if (!NT_SUCCESS(status)) return status;
  SYNC(status, wsk.Dispatch->WskSocket(wsk.Client, AF_INET6, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, &listen_events,
                                       NULL, NULL, NULL, irp));
  if (!NT_SUCCESS(status)) return status;
  listener = (PWSK_SOCKET)information;
  address.sin6_family = AF_INET6;
  address.sin6_port = RtlUshortByteSwap(7007);
  SYNC(status, ((PWSK_PROVIDER_LISTEN_DISPATCH)listener->Dispatch)->WskControlSocket(listener, WskSetOption, IPV6_V6ONLY, IPPROTO_IPV6,
                                                                                   sizeof no, &no, 0, NULL, NULL, irp));
  if (NT_SUCCESS(status)) SYNC(status, ((PWSK_PROVIDER_LISTEN_DISPATCH)listener->Dispatch)->WskBind(listener, (PSOCKADDR)&address, 0, irp));
  return status;
}

static void end(void) {
  NTSTATUS status;
  ULONG_PTR information;
  PLIST_ENTRY at;
  KIRQL irql;

  if (listener != NULL) SYNC(status, ((PWSK_PROVIDER_BASIC_DISPATCH)listener->Dispatch)->WskCloseSocket(listener, irp));
  UNREFERENCED_PARAMETER(information);
  UNREFERENCED_PARAMETER(status);
  KeAcquireSpinLock(&connsLock, &irql);
  for (at = conns.Flink; at != &conns; at = at->Flink) close_later(CONTAINING_RECORD(at, CONN, link));
  KeReleaseSpinLock(&connsLock, irql);
  ExWaitForRundownProtectionRelease(&rundown);
  WskReleaseProviderNPI(&registration);
  WskDeregister(&registration);
  IoDeleteDevice(device);
}

static VOID unload(PDRIVER_OBJECT driver) {
  UNREFERENCED_PARAMETER(driver);
  end();
  DbgPrint("total %I64d\n", total);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  static const WSK_CLIENT_DISPATCH client = { MAKE_WSK_VERSION(1, 0), 0, NULL };
  WSK_CLIENT_NPI npi = { NULL, &client };
  NTSTATUS status = IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

  UNREFERENCED_PARAMETER(path);
  if (!NT_SUCCESS(status)) return status;
  InitializeListHead(&conns);
  KeInitializeSpinLock(&connsLock);
  ExInitializeRundownProtection(&rundown);
  status = WskRegister(&npi, &registration);
  if (NT_SUCCESS(status)) {
    status = WskCaptureProviderNPI(&registration, WSK_NO_WAIT, &wsk);
    if (!NT_SUCCESS(status)) WskDeregister(&registration);
  }
  if (!NT_SUCCESS(status)) {
    IoDeleteDevice(device);
    return status;
  }
  status = begin();
  if (!NT_SUCCESS(status)) {
    end();
    return status;
  }
  driver->DriverUnload = unload;
  return STATUS_SUCCESS;
}
