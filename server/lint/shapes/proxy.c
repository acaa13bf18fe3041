/* A whole driver, right as it is. */

//=== a TCP proxy: a listener, a pool of worker threads, work items for what is over
#define TAG_CONN 'nnoC'
#define TAG_CALL 'llaC'
#define PIECE 4096
#define WORKERS 3
typedef struct _CALL { KEVENT Done; PIRP Irp; } CALL, *PCALL;
typedef struct _HALF { PWSK_SOCKET Socket; WSK_BUF Data; PUCHAR Bytes; CALL Call; } HALF, *PHALF;
typedef struct _CONN { LIST_ENTRY Link; HALF In, Out; volatile LONG Refs; PIO_WORKITEM Item; BOOLEAN Closing; } CONN, *PCONN;
typedef struct _WORKER { PETHREAD Thread; struct _PROXY *Proxy; ULONG Served; } WORKER;
typedef struct _PROXY {
  WSK_REGISTRATION Registration; WSK_PROVIDER_NPI Npi; PDEVICE_OBJECT Device; PWSK_SOCKET Listener;
  KSEMAPHORE Ready; KSPIN_LOCK Lock; LIST_ENTRY Queue; ULONG Waiting; volatile LONG Stopping; WORKER Workers[WORKERS]; CALL ListenCall;
} PROXY, *PPROXY;
static PROXY g_Proxy;
static const WSK_CLIENT_DISPATCH g_ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static IO_COMPLETION_ROUTINE CallDone;
static KSTART_ROUTINE WorkerMain;
static IO_WORKITEM_ROUTINE LogConn;
DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;

static NTSTATUS CallDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
  PCALL call = (PCALL)Context;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  KeSetEvent(&call->Done, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static NTSTATUS CallInit(PCALL Call)
{
  KeInitializeEvent(&Call->Done, SynchronizationEvent, FALSE);
  Call->Irp = IoAllocateIrp(1, FALSE);
  return Call->Irp == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}
static PIRP CallArm(PCALL Call)
{
  IoReuseIrp(Call->Irp, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(Call->Irp, CallDone, Call, TRUE, TRUE, TRUE);
  return Call->Irp;
}
static NTSTATUS CallWait(PCALL Call, NTSTATUS Status)
{
  UNREFERENCED_PARAMETER(Status);
  KeWaitForSingleObject(&Call->Done, Executive, KernelMode, FALSE, NULL);
  return Call->Irp->IoStatus.Status;
}
static VOID CallFree(PCALL Call)
{
  if (Call->Irp != NULL) {
    IoFreeIrp(Call->Irp);
    Call->Irp = NULL;
  }
}
static NTSTATUS HalfInit(PHALF Half)
{
  NTSTATUS status = CallInit(&Half->Call);
  if (!NT_SUCCESS(status)) return status;
  Half->Bytes = ExAllocatePool2(POOL_FLAG_NON_PAGED, PIECE, TAG_CONN);
  if (Half->Bytes == NULL) goto fail;
  Half->Data.Mdl = IoAllocateMdl(Half->Bytes, PIECE, FALSE, FALSE, NULL);
  if (Half->Data.Mdl == NULL) goto fail;
  MmBuildMdlForNonPagedPool(Half->Data.Mdl);
  Half->Data.Offset = 0;
  Half->Data.Length = PIECE;
  return STATUS_SUCCESS;
fail:
  if (Half->Bytes != NULL) {
    ExFreePoolWithTag(Half->Bytes, TAG_CONN);
    Half->Bytes = NULL;
  }
  CallFree(&Half->Call);
  return STATUS_INSUFFICIENT_RESOURCES;
}
static VOID HalfFree(PHALF Half)
{
  if (Half->Socket != NULL) {
    CallWait(&Half->Call, ((PWSK_PROVIDER_BASIC_DISPATCH)Half->Socket->Dispatch)->WskCloseSocket(Half->Socket, CallArm(&Half->Call)));
    Half->Socket = NULL;
  }
  if (Half->Data.Mdl != NULL) {
    IoFreeMdl(Half->Data.Mdl);
    Half->Data.Mdl = NULL;
  }
  if (Half->Bytes != NULL) {
    ExFreePoolWithTag(Half->Bytes, TAG_CONN);
    Half->Bytes = NULL;
  }
  CallFree(&Half->Call);
}
static VOID ConnRelease(PCONN Conn)
{
  if (InterlockedDecrement(&Conn->Refs) != 0) return;
  HalfFree(&Conn->In);
  HalfFree(&Conn->Out);
  if (Conn->Item != NULL) IoFreeWorkItem(Conn->Item);
  ExFreePoolWithTag(Conn, TAG_CONN);
}
static PCONN ConnCreate(PPROXY Proxy)
{
  PCONN conn = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(CONN), TAG_CONN);
  if (conn == NULL) return NULL;
  conn->Refs = 1;
  conn->Item = IoAllocateWorkItem(Proxy->Device);
  if (conn->Item == NULL || !NT_SUCCESS(HalfInit(&conn->In))) {
    if (conn->Item != NULL) IoFreeWorkItem(conn->Item);
    ExFreePoolWithTag(conn, TAG_CONN);
    return NULL;
  }
  if (!NT_SUCCESS(HalfInit(&conn->Out))) {
    HalfFree(&conn->In);
    IoFreeWorkItem(conn->Item);
    ExFreePoolWithTag(conn, TAG_CONN);
    return NULL;
  }
  return conn;
}
static VOID LogConn(PDEVICE_OBJECT Device, PVOID Context)
{
  PCONN conn = (PCONN)Context;
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("proxy: connection %p is over, %d\n", conn, conn->Closing);
  ConnRelease(conn);
}
static NTSTATUS ConnConnect(PPROXY Proxy, PCONN Conn)
{
  SOCKADDR_IN here = { AF_INET }, there = { AF_INET };
  NTSTATUS status;
  there.sin_port = RtlUshortByteSwap(8080);
  there.sin_addr.S_un.S_addr = RtlUlongByteSwap(0x7f000001);
  status = CallWait(&Conn->Out.Call, Proxy->Npi.Dispatch->WskSocketConnect(Proxy->Npi.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&here,
      (PSOCKADDR)&there, 0, NULL, NULL, NULL, NULL, NULL, CallArm(&Conn->Out.Call)));
  if (NT_SUCCESS(status)) Conn->Out.Socket = (PWSK_SOCKET)Conn->Out.Call.Irp->IoStatus.Information;
  return status;
}
static NTSTATUS Move(PHALF From, PHALF To)
{
  const WSK_PROVIDER_CONNECTION_DISPATCH *in = From->Socket->Dispatch, *out = To->Socket->Dispatch;
  NTSTATUS status;
  ULONG_PTR taken;
  From->Data.Length = PIECE;
  status = CallWait(&From->Call, in->WskReceive(From->Socket, &From->Data, 0, CallArm(&From->Call)));
  if (!NT_SUCCESS(status)) return status;
  taken = From->Call.Irp->IoStatus.Information;
  if (taken == 0) return STATUS_END_OF_FILE;
  From->Data.Length = taken;
  return CallWait(&To->Call, out->WskSend(To->Socket, &From->Data, 0, CallArm(&To->Call)));
}
static VOID Serve(PPROXY Proxy, PCONN Conn)
{
  NTSTATUS status = ConnConnect(Proxy, Conn);
  while (NT_SUCCESS(status) && !Proxy->Stopping) {
    status = Move(&Conn->In, &Conn->Out);
    if (NT_SUCCESS(status)) status = Move(&Conn->Out, &Conn->In);
  }
  Conn->Closing = TRUE;
  IoQueueWorkItem(Conn->Item, LogConn, DelayedWorkQueue, Conn);
}
static PCONN Take(PPROXY Proxy)
{
  PLIST_ENTRY entry = NULL;
  KIRQL irql;
  KeAcquireSpinLock(&Proxy->Lock, &irql);
  if (!IsListEmpty(&Proxy->Queue)) {
    entry = RemoveHeadList(&Proxy->Queue);
    Proxy->Waiting--;
  }
  KeReleaseSpinLock(&Proxy->Lock, irql);
  return entry == NULL ? NULL : CONTAINING_RECORD(entry, CONN, Link);
}
static VOID WorkerMain(PVOID Context)
{
  WORKER *worker = (WORKER *)Context;
  PPROXY proxy = worker->Proxy;
  PCONN conn;
  for (;;) {
    KeWaitForSingleObject(&proxy->Ready, Executive, KernelMode, FALSE, NULL);
    conn = Take(proxy);
    if (conn == NULL) {
      if (proxy->Stopping) break;
      continue;
    }
    worker->Served++;
    Serve(proxy, conn);
  }
  PsTerminateSystemThread(STATUS_SUCCESS);
}
static NTSTATUS WSKAPI OnAccept(PVOID Context, ULONG Flags, PSOCKADDR Local, PSOCKADDR Remote, PWSK_SOCKET Socket,
    PVOID *SocketContext, const WSK_CLIENT_CONNECTION_DISPATCH **Dispatch)
{
  PPROXY proxy = (PPROXY)Context;
  PCONN conn;
  KIRQL irql;
  UNREFERENCED_PARAMETER(Flags);
  UNREFERENCED_PARAMETER(Local);
  UNREFERENCED_PARAMETER(Remote);
  if (Socket == NULL || proxy->Stopping) return STATUS_REQUEST_NOT_ACCEPTED;
  conn = ConnCreate(proxy);
  if (conn == NULL) return STATUS_REQUEST_NOT_ACCEPTED;
  conn->In.Socket = Socket;
  *SocketContext = NULL;
  *Dispatch = NULL;
  KeAcquireSpinLock(&proxy->Lock, &irql);
  InsertTailList(&proxy->Queue, &conn->Link);
  proxy->Waiting++;
  KeReleaseSpinLock(&proxy->Lock, irql);
  KeReleaseSemaphore(&proxy->Ready, IO_NO_INCREMENT, 1, FALSE);
  return STATUS_SUCCESS;
}
static const WSK_CLIENT_LISTEN_DISPATCH g_ListenDispatch = { OnAccept, NULL, NULL };
static NTSTATUS StartListening(PPROXY Proxy)
{
  WSK_EVENT_CALLBACK_CONTROL events = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };
  const WSK_PROVIDER_LISTEN_DISPATCH *calls;
  SOCKADDR_IN here = { AF_INET };
  NTSTATUS status = CallInit(&Proxy->ListenCall);
  if (!NT_SUCCESS(status)) return status;
  status = CallWait(&Proxy->ListenCall, Proxy->Npi.Dispatch->WskSocket(Proxy->Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP,
      WSK_FLAG_LISTEN_SOCKET, Proxy, &g_ListenDispatch, NULL, NULL, NULL, CallArm(&Proxy->ListenCall)));
  if (!NT_SUCCESS(status)) return status;
  Proxy->Listener = (PWSK_SOCKET)Proxy->ListenCall.Irp->IoStatus.Information;
  calls = Proxy->Listener->Dispatch;
  here.sin_port = RtlUshortByteSwap(3128);
  status = CallWait(&Proxy->ListenCall, calls->WskBind(Proxy->Listener, (PSOCKADDR)&here, 0, CallArm(&Proxy->ListenCall)));
  if (!NT_SUCCESS(status)) return status;
  return calls->WskControlSocket(Proxy->Listener, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(events), &events, 0, NULL, NULL, NULL);
}
static VOID StopListening(PPROXY Proxy)
{
  if (Proxy->Listener != NULL) {
    CallWait(&Proxy->ListenCall, ((PWSK_PROVIDER_LISTEN_DISPATCH)Proxy->Listener->Dispatch)->WskCloseSocket(Proxy->Listener, CallArm(&Proxy->ListenCall)));
    Proxy->Listener = NULL;
  }
  CallFree(&Proxy->ListenCall);
}
static NTSTATUS StartWorkers(PPROXY Proxy)
{
  OBJECT_ATTRIBUTES attributes;
  NTSTATUS status = STATUS_SUCCESS;
  HANDLE handle;
  ULONG i;
  InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
  for (i = 0; i < WORKERS && NT_SUCCESS(status); i++) {
    Proxy->Workers[i].Proxy = Proxy;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, NULL, WorkerMain, &Proxy->Workers[i]);
    if (!NT_SUCCESS(status)) break;
    status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, *PsThreadType, KernelMode, (PVOID *)&Proxy->Workers[i].Thread, NULL);
    ZwClose(handle);
  }
  return status;
}
static VOID StopWorkers(PPROXY Proxy)
{
  ULONG i;
  PCONN conn;
  InterlockedExchange(&Proxy->Stopping, 1);
  KeReleaseSemaphore(&Proxy->Ready, IO_NO_INCREMENT, WORKERS, FALSE);
  for (i = 0; i < WORKERS; i++) {
    if (Proxy->Workers[i].Thread == NULL) continue;
    KeWaitForSingleObject(Proxy->Workers[i].Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Proxy->Workers[i].Thread);
    Proxy->Workers[i].Thread = NULL;
  }
  while ((conn = Take(Proxy)) != NULL) ConnRelease(conn);
}
static VOID Unload(PDRIVER_OBJECT DriverObject)
{
  PPROXY proxy = &g_Proxy;
  UNREFERENCED_PARAMETER(DriverObject);
  StopListening(proxy);
  StopWorkers(proxy);
  WskReleaseProviderNPI(&proxy->Registration);
  WskDeregister(&proxy->Registration);
  IoDeleteDevice(proxy->Device);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
  PPROXY proxy = &g_Proxy;
  WSK_CLIENT_NPI client = { NULL, &g_ClientDispatch };
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);
  DriverObject->DriverUnload = Unload;
  KeInitializeSpinLock(&proxy->Lock);
  KeInitializeSemaphore(&proxy->Ready, 0, MAXLONG);
  InitializeListHead(&proxy->Queue);
  status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_NETWORK, FILE_DEVICE_SECURE_OPEN, FALSE, &proxy->Device);
  if (!NT_SUCCESS(status)) return status;
  status = WskRegister(&client, &proxy->Registration);
  if (!NT_SUCCESS(status)) goto delete;
  status = WskCaptureProviderNPI(&proxy->Registration, WSK_NO_WAIT, &proxy->Npi);
  if (!NT_SUCCESS(status)) goto deregister;
  status = StartWorkers(proxy);
  if (NT_SUCCESS(status)) status = StartListening(proxy);
  if (NT_SUCCESS(status)) return STATUS_SUCCESS;
  StopListening(proxy);
  StopWorkers(proxy);
  WskReleaseProviderNPI(&proxy->Registration);
deregister:
  WskDeregister(&proxy->Registration);
delete:
  IoDeleteDevice(proxy->Device);
  return status;
}
