/**
 * What the engine understands, shown by one rule or another: each case is C with the findings written at their lines.
 * A case without a mark has none.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedIn, lintTexts, shown } from '../testing.ts';

const PRELUDE = `
typedef struct _CTX { PIRP Irp; KEVENT Event; PWSK_SOCKET Socket; BOOLEAN Flag; ULONG Value; struct _CTX *Next; } CTX, *PCTX;
NTSTATUS Frees(PDEVICE_OBJECT D, PIRP Irp, PVOID C) { D; C; IoFreeIrp(Irp); return STATUS_MORE_PROCESSING_REQUIRED; }
NTSTATUS Signals(PDEVICE_OBJECT D, PIRP Irp, PVOID C) { D; Irp; KeSetEvent((PKEVENT)C, 0, FALSE); return STATUS_MORE_PROCESSING_REQUIRED; }
#define TABLE(s) ((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)
#define WAIT(e) KeWaitForSingleObject(e, Executive, KernelMode, FALSE, NULL)
extern VOID Elsewhere(PVOID P);
extern ULONG Random(VOID);
`.trim();
const offset = PRELUDE.split('\n').length;

const cases: Readonly<Record<string, string>> = {
  'what a conditional has given on many ways stays told apart until it is decided by': `
#define CALL(expression) \\
  (IoReuseIrp(irp, STATUS_UNSUCCESSFUL), IoSetCompletionRoutine(irp, Signals, event, TRUE, TRUE, TRUE), \\
   (expression) == STATUS_PENDING ? (void)WAIT(event) : (void)0, irp->IoStatus.Status)
NTSTATUS Open(const WSK_PROVIDER_NPI *npi, PIRP irp, PKEVENT event, PSOCKADDR any, PWSK_BUF buffer, PULONG off) {
  NTSTATUS status = CALL(npi->Dispatch->WskSocket(npi->Client, AF_INET6, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL, NULL, NULL, NULL, NULL, irp));
  if (!NT_SUCCESS(status)) return status;
  PWSK_SOCKET socket = (PWSK_SOCKET)irp->IoStatus.Information;
  const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch = socket->Dispatch;
  status = CALL(dispatch->WskControlSocket(socket, WskSetOption, IPV6_V6ONLY, IPPROTO_IPV6, sizeof *off, off, 0, NULL, NULL, irp));
  int isDual = NT_SUCCESS(status) ? 1 : 0;
  if (isDual) status = CALL(dispatch->WskControlSocket(socket, WskSetOption, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, sizeof *off, off, 0, NULL, NULL, irp));
  int isOwn = NT_SUCCESS(status) ? 1 : 0;
  if (isOwn) status = CALL(dispatch->WskBind(socket, any, 0, irp));
  int isBound = NT_SUCCESS(status) ? 1 : 0;
  if (isBound) status = CALL(dispatch->WskReceiveFrom(socket, buffer, 0, NULL, NULL, NULL, NULL, irp));
  CALL(dispatch->Basic.WskCloseSocket(socket, irp));
  return status;
}`,
  'a story that tells two ways as one keeps no call of an IRP without what came before it': `
static PIRP Arm(PCTX c) {
  IoReuseIrp(c->Irp, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(c->Irp, Signals, &c->Event, TRUE, TRUE, TRUE);
  return c->Irp;
}
static NTSTATUS Wait(PCTX c, PLARGE_INTEGER patience) {
  if (KeWaitForSingleObject(&c->Event, Executive, KernelMode, FALSE, patience) == STATUS_TIMEOUT) {
    IoCancelIrp(c->Irp);
    WAIT(&c->Event);
  }
  return c->Irp->IoStatus.Status;
}
static NTSTATUS Tune(PCTX c, const ULONG *options, PSOCKADDR local, PLARGE_INTEGER patience) {
  ULONG value = 1;
  for (ULONG i = 0; i < 2; i++) {
    TABLE(c->Socket)->WskControlSocket(c->Socket, WskSetOption, options[i], IPPROTO_TCP, sizeof value, &value, 0, NULL, NULL, Arm(c));
    NTSTATUS status = Wait(c, patience);
    if (!NT_SUCCESS(status)) return status;
  }
  TABLE(c->Socket)->WskGetLocalAddress(c->Socket, local, Arm(c));
  return Wait(c, patience);
}
NTSTATUS Open(PCTX c, const ULONG *options, PSOCKADDR peer, PLARGE_INTEGER patience) {
  KeInitializeEvent(&c->Event, SynchronizationEvent, FALSE);
  c->Irp = IoAllocateIrp(1, FALSE);
  if (c->Irp == NULL) return STATUS_NO_MEMORY;
  TABLE(c->Socket)->WskConnect(c->Socket, peer, 0, Arm(c));
  NTSTATUS status = Wait(c, patience);
  return NT_SUCCESS(status) ? Tune(c, options, peer, patience) : status;
}`,
  'a switch that names all constants of an enumeration takes one of its cases': `
typedef enum { STEP_BIND, STEP_CLOSE } STEP;
NTSTATUS Do(PCTX c, STEP step, PSOCKADDR local) {
  KEVENT event;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  IoReuseIrp(c->Irp, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(c->Irp, Signals, &event, TRUE, TRUE, TRUE);
  switch (step) {
  case STEP_BIND: TABLE(c->Socket)->WskBind(c->Socket, local, 0, c->Irp); break;
  case STEP_CLOSE: TABLE(c->Socket)->Basic.WskCloseSocket(c->Socket, c->Irp); break;
  }
  WAIT(&event);
  return c->Irp->IoStatus.Status;
}`,
  'members of a type whose declaration is missing lie at places that nobody knows, not at one': `
ULONG F(ADDRESSES *a) {
  PCTX c = NULL, d = NULL;
  if (a->Length != sizeof(CTX) || a[1] != sizeof(CTX)) return 0;
  c = (PCTX)a->First;
  d = (PCTX)a[2];
  return c->Value + d->Value;
}`,
  'a helper with more ways than callers are told of: its failures are one': `
static NTSTATUS Check(PIRP Irp, ULONG a) {
  switch (a) {
  case 1: IoFreeIrp(Irp); return STATUS_INVALID_PARAMETER;
  case 2: IoFreeIrp(Irp); return STATUS_UNSUCCESSFUL;
  case 3: IoFreeIrp(Irp); return STATUS_NOT_SUPPORTED;
  case 4: IoFreeIrp(Irp); return STATUS_ACCESS_DENIED;
  case 5: IoFreeIrp(Irp); return STATUS_DEVICE_BUSY;
  case 6: IoFreeIrp(Irp); return STATUS_NOT_FOUND;
  case 7: IoFreeIrp(Irp); return STATUS_CANCELLED;
  }
  return STATUS_SUCCESS;
}
VOID F(ULONG a) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (irp == NULL) return;
  if (!NT_SUCCESS(Check(irp, a))) {
    IoFreeIrp(irp); // error: irp-used-after-free
    return;
  }
  IoFreeIrp(irp);
}`,
  'a helper whose ways do different things with some IRPs: of the others callers are told': `
static VOID Give(PIRP A, PIRP B, PIRP C, PIRP D, ULONG how) {
  if (how & 1) IoFreeIrp(A);
  if (how & 2) IoFreeIrp(B);
  if (how & 4) IoFreeIrp(C);
  IoFreeIrp(D);
}
VOID F(ULONG a) {
  PIRP i = IoAllocateIrp(1, FALSE), j = IoAllocateIrp(1, FALSE), k = IoAllocateIrp(1, FALSE), l = IoAllocateIrp(1, FALSE);
  if (i == NULL || j == NULL || k == NULL || l == NULL) KeBugCheck(1);
  Give(i, j, k, l, a);
  IoFreeIrp(i);
  IoFreeIrp(l); // error: irp-used-after-free
}`,
  'a helper that sends on some of its many ways: callers are told of none': `
static VOID Send(PWSK_SOCKET S, PIRP A, PIRP B, PIRP C, ULONG how) {
  if (how & 1) IoFreeIrp(A);
  if (how & 2) IoFreeIrp(B);
  if (how & 4) TABLE(S)->WskDisconnect(S, NULL, 0, C);
}
VOID F(PWSK_SOCKET S, PIRP A, PIRP B, PIRP C, ULONG a) {
  Send(S, A, B, C, a);
  IoFreeIrp(C);
}`,
  'a check that ends the function': `
VOID F(VOID) { PIRP irp = IoAllocateIrp(1, FALSE); if (irp == NULL) KeBugCheck(1); IoFreeIrp(irp); }`,
  'a flag that stands for what was done': `
VOID F(PCTX C, PWSK_BUF B, BOOLEAN Send) {
  BOOLEAN sent = FALSE;
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (!irp) return;
  IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  if (Send) { TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp); sent = TRUE; }
  if (!sent) IoFreeIrp(irp);
}`,
  'the same flag, turned round': `
VOID F(PCTX C, PWSK_BUF B, BOOLEAN Send) {
  BOOLEAN sent = FALSE;
  PIRP irp = IoAllocateIrp(1, FALSE); // warning: irp-leak
  if (!irp) return;
  IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  if (Send) { TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp); sent = TRUE; }
  if (sent)
    IoFreeIrp(irp); // error: irp-touched-after-send
}`,
  'one condition asked twice': `
VOID F(PCTX C, PWSK_BUF B) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (!irp) return;
  if (C->Value & 4) IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  if (C->Value & 4) TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  else IoFreeIrp(irp);
}`,
  'the condition has changed in between': `
VOID F(PCTX C, PWSK_BUF B) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (!irp) return;
  if (C->Flag) IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  C->Flag = TRUE;
  if (C->Flag)
    TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp); // error: completion-routine-missing
}`,
  'a global that was wiped is anything after code that nobody knows': `
static CTX Shared;
VOID F(VOID) {
  PIRP irp;
  RtlZeroMemory(&Shared, sizeof(Shared));
  Elsewhere(NULL);
  irp = IoAllocateIrp(1, FALSE); // warning: irp-leak
  if (irp == NULL || Shared.Flag) return;
  IoFreeIrp(irp);
}`,
  'what a driver has not written yet is 0 in DriverEntry': `
static CTX Shared;
static PIRP First;
NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  D; P;
  if (irp == NULL || Shared.Flag || First) return STATUS_INSUFFICIENT_RESOURCES;
  Shared.Flag = TRUE;
  First = irp;
  return STATUS_SUCCESS;
}`,
  'a constant is what it was, whatever was called in between': `
extern const ULONG Modes[4];
VOID F(PCTX C, PWSK_BUF B) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (!irp) return;
  if (Modes[C->Value]) IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  if (Modes[1]) C = C->Next;
  Elsewhere(C);
  if (Modes[1]) IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  Elsewhere(C);
  if (Modes[1]) TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  else IoFreeIrp(irp);
}`,
  'STATUS_PENDING in a variable, a switch and a negation': `
NTSTATUS F(PCTX C, PIRP Irp) {
  ULONG v = 1; BOOLEAN pending; NTSTATUS s;
  s = TABLE(C->Socket)->WskControlSocket(C->Socket, WskSetOption, SO_KEEPALIVE, SOL_SOCKET, 4, &v, 0, NULL, NULL, Irp);
  pending = (s == STATUS_PENDING);
  if (!pending) return s;
  WAIT(&C->Event);
  return C->Irp->IoStatus.Status;
}
NTSTATUS G(PCTX C, PIRP Irp) {
  SOCKADDR_IN a;
  switch (TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp)) {
  case STATUS_SUCCESS: return a.sin_port;
  case STATUS_PENDING: WAIT(&C->Event); break;
  default: return STATUS_UNSUCCESSFUL;
  }
  return a.sin_port;
}
NTSTATUS H(PCTX C, PIRP Irp) {
  SOCKADDR_IN a;
  NTSTATUS s = TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp);
  if (!NT_SUCCESS(s)) return s;
  if (STATUS_PENDING != s) return a.sin_port;
  WAIT(&C->Event);
  return 0;
}`,
  'NT_SUCCESS does not rule out STATUS_PENDING': `
NTSTATUS F(PCTX C, PIRP Irp) {
  SOCKADDR_IN a;
  NTSTATUS s = TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp); // error: stack-buffer-outlives-call
  if (NT_SUCCESS(s)) return a.sin_port;
  return s;
}`,
  'the address goes through a local pointer, a conditional and a structure': `
NTSTATUS F(PCTX C, PIRP Irp, BOOLEAN Four) {
  SOCKADDR_IN a4; SOCKADDR_IN6 a6;
  PSOCKADDR p = Four ? (PSOCKADDR)&a4 : (PSOCKADDR)&a6;
  return TABLE(C->Socket)->WskGetRemoteAddress(C->Socket, p, Irp); // error: stack-buffer-outlives-call
}
typedef struct _OUT { PVOID Buffer; SIZE_T Size; } OUT_;
NTSTATUS G(PCTX C, PIRP Irp) {
  ULONG v[2] = { 1, 2 }; OUT_ out;
  out.Buffer = &v[1]; out.Size = sizeof(v[1]);
  return TABLE(C->Socket)->WskControlSocket(C->Socket, WskGetOption, SO_RCVBUF, SOL_SOCKET, 0, NULL, // -
      out.Size, out.Buffer, NULL, Irp); // error: stack-buffer-outlives-call
}`,
  'a parameter by value is on the stack': `
NTSTATUS F(PCTX C, PIRP Irp, ULONG Value) {
  return TABLE(C->Socket)->WskControlSocket(C->Socket, WskSetOption, SO_RCVBUF, SOL_SOCKET, sizeof(Value), // -
      &Value, 0, NULL, NULL, Irp); // error: stack-buffer-outlives-call
}`,
  'without an IRP a control call is synchronous': `
#define SET(c, v, irp) TABLE((c)->Socket)->WskControlSocket((c)->Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(v), &v, 0, NULL, NULL, irp)
NTSTATUS Optional(PCTX C, _In_opt_ PIRP Irp) { WSK_EVENT_CALLBACK_CONTROL v = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE }; return SET(C, v, Irp); }
NTSTATUS Null(PCTX C) { PIRP irp = NULL; WSK_EVENT_CALLBACK_CONTROL v = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE }; return SET(C, v, irp); }
static NTSTATUS Sync(PCTX C, PIRP Irp) { WSK_EVENT_CALLBACK_CONTROL v = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE }; return SET(C, v, Irp); }
NTSTATUS CallsSync(PCTX C) { return Sync(C, NULL); }
NTSTATUS Checked(PCTX C) { WSK_EVENT_CALLBACK_CONTROL v = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE }; if (C->Irp != NULL) return STATUS_UNSUCCESSFUL; return SET(C, v, C->Irp); }`,
  'whether there is an IRP is told by who calls': `
static NTSTATUS Set(PCTX C, PIRP Irp) {
  WSK_EVENT_CALLBACK_CONTROL v = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE };
  return TABLE(C->Socket)->WskControlSocket(C->Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(v), // -
      &v, 0, NULL, NULL, Irp); // error: stack-buffer-outlives-call
}
NTSTATUS Calls(PCTX C) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (!irp) return STATUS_INSUFFICIENT_RESOURCES;
  IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  Set(C, NULL);
  return Set(C, irp);
}`,
  'a wait in a loop until it is done, and a loop that polls': `
VOID F(PCTX C, PIRP Irp, LARGE_INTEGER T) {
  SOCKADDR_IN a;
  TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp);
  while (KeWaitForSingleObject(&C->Event, Executive, KernelMode, FALSE, &T) == STATUS_TIMEOUT) DbgPrint("waiting\\n");
}
VOID G(PCTX C, PIRP Irp) {
  SOCKADDR_IN a;
  TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp);
  while (!C->Flag) YieldProcessor();
}`,
  'code that nobody knows may have waited': `
VOID F(PCTX C, PIRP Irp) {
  SOCKADDR_IN a;
  TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp);
  Elsewhere(C);
}
VOID G(PCTX C, PIRP Irp, VOID (*Wait)(PCTX)) {
  SOCKADDR_IN a;
  TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp);
  Wait(C);
}`,
  'printing is not waiting': `
VOID F(PCTX C, PIRP Irp) {
  SOCKADDR_IN a;
  NTSTATUS s = TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp); // error: stack-buffer-outlives-call
  DbgPrint("%x\\n", s);
  RtlZeroMemory(C, sizeof(*C));
}`,
  'two IRPs are two': `
VOID F(PCTX C, PWSK_BUF B) {
  PIRP one = IoAllocateIrp(1, FALSE), two = IoAllocateIrp(1, FALSE);
  if (!one || !two) { if (one) IoFreeIrp(one); if (two) IoFreeIrp(two); return; }
  IoSetCompletionRoutine(one, Frees, C, TRUE, TRUE, TRUE);
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, one);
  IoFreeIrp(two);
}`,
  'ways that come to a loop together all go round it': `
VOID F(BOOLEAN Flag, PIRP A, PIRP B, PIRP C, PIRP D) {
  PIRP last;
  ULONG k = 0;
  if (Flag) { last = A; IoFreeIrp(C); }
  else { last = B; IoFreeIrp(D); }
  while (Random()) {
    k++;
    A->IoStatus.Information = k; // error: irp-used-after-free
    IoFreeIrp(last);
    last = IoAllocateIrp(1, FALSE);
    if (last == NULL) return;
  }
  if (k > 0) IoFreeIrp(last);
}`,
  'a loop that sends again and again': `
VOID F(PCTX C, PWSK_BUF B, ULONG N) {
  ULONG i;
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (!irp) return;
  for (i = 0; i < N; i++) {
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Signals, &C->Event, TRUE, TRUE, TRUE);
    if (TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp) == STATUS_PENDING) WAIT(&C->Event);
    if (!NT_SUCCESS(irp->IoStatus.Status)) break;
  }
  IoFreeIrp(irp);
}`,
  'a loop that forgets to wait': `
VOID F(PCTX C, PWSK_BUF B, ULONG N) {
  ULONG i;
  PIRP irp = IoAllocateIrp(1, FALSE); // warning: irp-leak
  if (!irp) return;
  for (i = 0; i < N; i++) {
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL); // error: irp-reused-while-pending
    IoSetCompletionRoutine(irp, Signals, &C->Event, TRUE, TRUE, TRUE);
    TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  }
}`,
  'a new IRP in each round': `
VOID F(PCTX C, PWSK_BUF B, ULONG N) {
  while (N--) {
    PIRP irp = IoAllocateIrp(1, FALSE);
    if (!irp) break;
    IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
    TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  }
}`,
  'a list of contexts': `
VOID F(PCTX Head, PWSK_BUF B) {
  PCTX c;
  for (c = Head; c != NULL; c = c->Next) {
    IoReuseIrp(c->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(c->Irp, Frees, c, TRUE, TRUE, TRUE);
    TABLE(c->Socket)->WskSend(c->Socket, B, 0, c->Irp);
  }
}`,
  'recursion comes to an end': `
VOID G(PCTX C, ULONG N);
VOID F(PCTX C, ULONG N) { if (N) G(C->Next, N - 1); }
VOID G(PCTX C, ULONG N) { PIRP irp = IoAllocateIrp(1, FALSE); if (irp) { F(C, N); IoFreeIrp(irp); } }`,
  'helpers in a row': `
static VOID Inner(PIRP Irp, PVOID C) { IoSetCompletionRoutine(Irp, Frees, C, TRUE, TRUE, TRUE); }
static BOOLEAN Outer(PIRP *Irp, PVOID C) { *Irp = IoAllocateIrp(1, FALSE); if (!*Irp) return FALSE; Inner(*Irp, C); return TRUE; }
VOID F(PCTX C, PWSK_BUF B) {
  PIRP irp;
  if (!Outer(&irp, C)) return;
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  irp->Cancel = TRUE; // error: irp-touched-after-send
}`,
  'a helper that waits only where it is told to': `
static NTSTATUS Get(PCTX C, PSOCKADDR A, PIRP Irp, BOOLEAN Wait) {
  NTSTATUS s = TABLE(C->Socket)->WskGetLocalAddress(C->Socket, A, Irp);
  if (Wait && s == STATUS_PENDING) { WAIT(&C->Event); s = Irp->IoStatus.Status; }
  return s;
}
NTSTATUS F(PCTX C, PIRP Irp) { SOCKADDR_IN a; return Get(C, (PSOCKADDR)&a, Irp, TRUE); }
NTSTATUS G(PCTX C, PIRP Irp) { SOCKADDR_IN a; return Get(C, (PSOCKADDR)&a, Irp, FALSE); } // error: stack-buffer-outlives-call
NTSTATUS H(PCTX C, PIRP Irp) { static SOCKADDR_IN a; return Get(C, (PSOCKADDR)&a, Irp, FALSE); }`,
  'a helper that frees': `
static VOID Drop(PCTX C) { if (C->Irp) { IoFreeIrp(C->Irp); C->Irp = NULL; } }
NTSTATUS Done(PDEVICE_OBJECT D, PIRP Irp, PVOID C) { D; Irp; Drop(C); return STATUS_MORE_PROCESSING_REQUIRED; }
VOID F(PCTX C, PWSK_BUF B) {
  C->Irp = IoAllocateIrp(1, FALSE);
  if (C->Irp == NULL) return;
  IoSetCompletionRoutine(C->Irp, Done, C, TRUE, TRUE, TRUE);
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, C->Irp);
  C->Irp->Flags = 0; // error: irp-touched-after-send
}`,
  'the wait is in __finally': `
NTSTATUS F(PCTX C, PIRP Irp) {
  SOCKADDR_IN a; NTSTATUS s = STATUS_SUCCESS;
  __try {
    s = TABLE(C->Socket)->WskGetLocalAddress(C->Socket, (PSOCKADDR)&a, Irp);
    if (!C->Flag) return s;
  } __finally {
    if (s == STATUS_PENDING) WAIT(&C->Event);
  }
  return s;
}`,
  'an exception leads past the check': `
VOID F(PMDL Mdl) {
  PIRP irp = NULL;
  __try {
    irp = IoAllocateIrp(1, FALSE); // warning: irp-leak
    MmProbeAndLockPages(Mdl, KernelMode, IoWriteAccess);
    if (irp == NULL) return;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    irp->Flags = 1; // error: irp-null-check
  }
}`,
  'calls through copies of tables and pointers of the type': `
static WSK_PROVIDER_DISPATCH Copy;
static PFN_WSK_CLOSE_SOCKET Close;
VOID F(PCTX C, PWSK_SOCKET Other, PWSK_PROVIDER_NPI Npi, PVOID Any) {
  PIRP irp = IoAllocateIrp(1, FALSE), second = IoAllocateIrp(1, FALSE), third = IoAllocateIrp(1, FALSE);
  if (!irp || !second || !third) KeBugCheck(1);
  Copy = *Npi->Dispatch;
  Copy.WskSocket(Npi->Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, 1, NULL, NULL, NULL, NULL, NULL, irp); // error: completion-routine-missing
  (*Close)(C->Socket, second); // error: completion-routine-missing
  ((PFN_WSK_LISTEN)Any)(Other, third); // error: completion-routine-missing
}`,
  'functions called through a pointer with a known value': `
VOID F(VOID) {
  PIRP (*allocate)(CCHAR, BOOLEAN) = IoAllocateIrp;
  PIRP irp = allocate(0, FALSE); // error: irp-stack-size
  if (irp) IoFreeIrp(irp);
}`,
  'what could not be read may have set a local': `
NTSTATUS F(PDEVICE_OBJECT D, PIRP Irp) {
  NTSTATUS status;
  D;
  status = STATUS_SUCCESS;
  UNREADABLE(;
  Irp->IoStatus.Status = status;
  IoCompleteRequest(Irp, 0);
  return STATUS_SUCCESS;
}`,
  'what could not be read may have done anything': `
VOID F(PCTX C, PWSK_BUF B) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  ...
  IoSetCompletionRoutine(irp, Frees, C, TRUE, FALSE, TRUE);
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  ...
  IoFreeIrp(irp);
}`,
  'a half-typed line costs itself': `
VOID F(VOID) {
  PIRP irp = IoAllocateIrp(0, FALSE); // error: irp-stack-size
  if (irp == NULL) return;
  irp->
}`,
  'UNREFERENCED_PARAMETER and comparison are no use of the IRP': `
VOID F(PCTX C, PWSK_BUF B) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  UNREFERENCED_PARAMETER(irp);
  if (irp == NULL) return;
  IoSetCompletionRoutine(irp, Frees, C, TRUE, TRUE, TRUE);
  C->Irp = irp;
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, irp);
  if (C->Irp == irp) C->Irp = NULL;
}`,
  'a short-circuit check': `
VOID F(PCTX C) {
  PIRP irp = IoAllocateIrp(1, FALSE); // warning: irp-leak
  if (irp && irp->Flags == 0 && C) IoFreeIrp(irp);
  if (!(C = (PCTX)IoAllocateIrp(1, FALSE)) || C->Flag) return; // warning: irp-leak
}`,
  'an IRP from a member that only ever holds own ones': `
VOID Init(PCTX C) { C->Irp = IoAllocateIrp(1, FALSE); }
VOID F(PCTX C, PWSK_BUF B) {
  IoSetCompletionRoutine(C->Irp, Signals, &C->Event, TRUE, TRUE, FALSE); // error: completion-invoke-all
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, C->Irp);
}`,
  'an IRP from a member that also holds others': `
VOID Init(PCTX C) { C->Irp = IoAllocateIrp(1, FALSE); }
VOID Set(PCTX C, PIRP Irp) { C->Irp = Irp; }
VOID F(PCTX C, PWSK_BUF B) {
  IoSetCompletionRoutine(C->Irp, Signals, &C->Event, TRUE, TRUE, FALSE);
  TABLE(C->Socket)->WskSend(C->Socket, B, 0, C->Irp);
}`,
  'a completion routine that registers itself again': `
NTSTATUS Again(PDEVICE_OBJECT D, PIRP Irp, PVOID C);
static VOID Start(PCTX C, PIRP Irp) {
  WSK_BUF b = { 0 };
  IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(Irp, Again, C, TRUE, TRUE, TRUE);
  TABLE(C->Socket)->WskReceive(C->Socket, &b, 0, Irp);
}
NTSTATUS Again(PDEVICE_OBJECT D, PIRP Irp, PVOID C) {
  D;
  if (NT_SUCCESS(Irp->IoStatus.Status)) { Start(C, Irp); return STATUS_MORE_PROCESSING_REQUIRED; } // warning: wsk-call-in-completion-routine
  IoFreeIrp(Irp);
  return STATUS_UNSUCCESSFUL; // error: completion-keeps-irp
}`,
  'many branches before the check do not blur it': `
NTSTATUS F(PCTX C) {
  NTSTATUS status = STATUS_SUCCESS; ULONG n = 0;
  PIRP irp;
  if (Random()) n = 1; if (Random()) n += 2; if (Random()) n += 4; if (Random()) n += 8; if (C->Flag) n = 0;
  irp = IoAllocateIrp(1, FALSE);
  status = irp != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
  if (Random()) n = 1; if (Random()) n += 2; if (Random()) n += 4; if (Random()) n += 8; if (C->Flag) n = 0;
  if (!NT_SUCCESS(status)) return status;
  irp->Flags = n;
  IoFreeIrp(irp);
  return status;
}`,
  'the last of several references frees it, and somebody else may hold one': `
typedef struct { PWSK_SOCKET Socket; PIRP Irp; LONG Count; } HELD;
static VOID Drop(HELD *H) { if (InterlockedDecrement(&H->Count) == 0) { IoFreeIrp(H->Irp); ExFreePool(H); } }
static NTSTATUS Dropped(PDEVICE_OBJECT D, PIRP I, PVOID C) { D; I; Drop(C); return STATUS_MORE_PROCESSING_REQUIRED; }
VOID F(HELD *H) {
  IoReuseIrp(H->Irp, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(H->Irp, Dropped, H, TRUE, TRUE, TRUE);
  InterlockedIncrement(&H->Count);
  TABLE(H->Socket)->WskDisconnect(H->Socket, NULL, 0, H->Irp);
  Drop(H);
}
VOID G(HELD *H) { Drop(H); IoReuseIrp(H->Irp, STATUS_UNSUCCESSFUL); }`,
  'a helper whose result tells that it has freed the IRP': `
static NTSTATUS Try(PIRP I) { if (Random()) { IoFreeIrp(I); return STATUS_UNSUCCESSFUL; } return STATUS_SUCCESS; }
VOID F(PIRP I) {
  if (!NT_SUCCESS(Try(I)))
    IoFreeIrp(I); // error: irp-used-after-free
}`,
  'a registration that ends when a state of the driver says that there is one': `
static WSK_REGISTRATION R; static LONG State;
static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static VOID Stop(VOID) { if (InterlockedExchange(&State, 0) == 1) WskDeregister(&R); }
static VOID Unload(PDRIVER_OBJECT D) { D; Stop(); }
NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) {
  WSK_CLIENT_NPI npi = { NULL, &Dispatch }; NTSTATUS s; P;
  D->DriverUnload = Unload;
  s = WskRegister(&npi, &R);
  if (!NT_SUCCESS(s)) return s;
  InterlockedExchange(&State, 1);
  if (Random()) { Stop(); return STATUS_UNSUCCESSFUL; }
  return STATUS_SUCCESS;
}`,
  'zeroed memory is zero but for what was changed: an object that is initialised in it, an element of an array': `
typedef struct { PWSK_SOCKET Socket; PIRP Irp[2]; KEVENT Event[2]; PVOID Page; } HELD;
static VOID Drop(HELD *H) {
  if (H->Socket) {
    IoReuseIrp(H->Irp[0], STATUS_UNSUCCESSFUL);
    KeWaitForSingleObject(&H->Event[0], Executive, KernelMode, FALSE, NULL);
  }
  if (H->Irp[0]) IoFreeIrp(H->Irp[0]);
  if (H->Irp[1]) IoFreeIrp(H->Irp[1]);
  ExFreePool(H);
}
HELD *F(VOID) {
  HELD *h = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*h), 'dleH');
  if (h == NULL) return NULL;
  for (int i = 0; i < 2; i++) {
    KeInitializeEvent(&h->Event[i], NotificationEvent, FALSE);
    h->Irp[i] = IoAllocateIrp(1, FALSE);
    if (h->Irp[i] == NULL) {
      Drop(h);
      return NULL;
    }
  }
  return h;
}
VOID G(HELD *Other, int N) {
  HELD h;
  RtlZeroMemory(&h, sizeof(h));
  h.Irp[N] = Other->Irp[N];
  N = 1;
  if (h.Socket != NULL) IoFreeIrp(Other->Irp[0]);
  IoReuseIrp(Other->Irp[0], STATUS_UNSUCCESSFUL);
}`,
  "what a helper's calls write, and records that it copies, its caller does not know any more": `
typedef struct { ULONG Bytes; ULONG More; } SIZES;
static VOID Read(SIZES *S, const ULONG *From) { RtlCopyMemory(&S->Bytes, From, sizeof(ULONG)); }
static VOID Copy(SIZES *S, const SIZES *From) { *S = *From; }
static VOID Deep(SIZES *S, const SIZES *From) { Copy(S, From); }
VOID F(const ULONG *From, const SIZES *Sizes) {
  SIZES *s = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*s), 'eziS');
  PVOID p;
  if (s == NULL) return;
  Read(s, From);
  p = ExAllocatePoolZero(NonPagedPoolNx, s->Bytes, 'eziS');
  if (p != NULL) ExFreePool(p);
  Deep(s, Sizes);
  p = ExAllocatePoolZero(NonPagedPoolNx, s->More, 'eziS');
  if (p != NULL) ExFreePool(p);
  ExFreePool(s);
}`,
  'what is given back where it is there is gone on all ways, in helpers too': `
typedef struct { PIRP A, B, C, D; PVOID P, Q; ULONG Value; } MANY;
VOID Clean(MANY *M) {
  if (M->A != NULL) { IoFreeIrp(M->A); M->A = NULL; }
  if (M->B != NULL) IoFreeIrp(M->B);
  if (M->C != NULL) { IoFreeIrp(M->C); M->C = NULL; }
  if (M->D) IoFreeIrp(M->D);
  if (M->P) ExFreePool(M->P);
  if (M->Q) { ExFreePool(M->Q); M->Q = NULL; }
  ExFreePool(M);
}
ULONG F(MANY *M) {
  PIRP b = M->B;
  PVOID p = M->P;
  Clean(M);
  if (b != NULL) IoReuseIrp(b, STATUS_UNSUCCESSFUL); // error: irp-used-after-free
  if (p != NULL)
    RtlZeroMemory(p, 4); // error: use-after-free
  return M->Value; // error: use-after-free
}`,
  'what is given back where it is there: nothing is said of what was NULL, or is given back once': `
typedef struct { PIRP A, B; PVOID P; } FEW;
VOID Clean(FEW *M) {
  if (M->A) { IoFreeIrp(M->A); M->A = NULL; }
  if (M->B) { IoFreeIrp(M->B); M->B = NULL; }
  if (M->P) { ExFreePool(M->P); M->P = NULL; }
}
VOID F(FEW *M) {
  M->A = IoAllocateIrp(1, FALSE);
  M->B = NULL;
  Clean(M);
  Clean(M);
  M->A = IoAllocateIrp(1, FALSE);
  Clean(M);
}`,
  'a flag that says whether it was given back': `
VOID F(PCTX C, PVOID P, BOOLEAN Free) {
  BOOLEAN freed = FALSE;
  if (Free) { ExFreePool(P); freed = TRUE; }
  if (!freed) RtlZeroMemory(P, 4);
  if (C->Irp != NULL) { IoFreeIrp(C->Irp); freed = TRUE; } else freed = FALSE;
  if (!freed) C->Irp = IoAllocateIrp(1, FALSE);
}`,
  'what a helper leaves in a local of the caller, others do not change while it waits': `
NTSTATUS Make(PCTX C, PCTX *Out) {
  PCTX made;
  *Out = NULL;
  if (C->Flag) { WAIT(&C->Event); Elsewhere(C); if (C->Value > 3) return STATUS_CANCELLED; }
  made = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(CTX), 'edaM');
  if (made == NULL) { WAIT(&C->Event); return STATUS_INSUFFICIENT_RESOURCES; }
  *Out = made;
  return STATUS_SUCCESS;
}
static VOID Put(PCTX C) { if (InterlockedDecrement((PLONG)&C->Value) == 0) ExFreePool(C); }
VOID F(PCTX C) {
  PCTX made;
  NTSTATUS status = Make(C, &made);
  if (!NT_SUCCESS(status)) {
    made->Value = 1; // error: null-dereference
    return;
  }
  Put(made);
}
VOID G(PCTX C) {
  PCTX made;
  if (!NT_SUCCESS(Make(C, &made)))
    Put(made); // error: null-dereference
  else
    Put(made);
}`,
  'they may where they have its address, where the helper looks again, and where nobody asks': `
static PCTX *Waiting;
NTSTATUS Wait(PCTX C, PCTX *Out) {
  *Out = NULL;
  Waiting = Out;
  WAIT(&C->Event);
  return C->Flag ? STATUS_SUCCESS : STATUS_CANCELLED;
}
NTSTATUS Look(PCTX C, PCTX *Out) {
  *Out = NULL;
  WAIT(&C->Event);
  if (*Out == NULL) return STATUS_CANCELLED;
  WAIT(&C->Event);
  return STATUS_SUCCESS;
}
NTSTATUS Find(PCTX C, ULONG Value, PCTX *Out) {
  for (*Out = NULL; C != NULL; C = C->Next) if (C->Value == Value) { *Out = C; return STATUS_SUCCESS; }
  return STATUS_NOT_FOUND;
}
VOID F(PCTX C) {
  PCTX made;
  if (!NT_SUCCESS(Wait(C, &made))) made->Value = 1;
}
VOID G(PCTX C) {
  PCTX made;
  if (NT_SUCCESS(Look(C, &made))) made->Value = 1;
}
VOID H(PCTX C) {
  PCTX made;
  Find(C, 5, &made);
  made->Value = 1;
}`,
  'IRPs of other kinds are none of ours': `
VOID F(PDEVICE_OBJECT D, PIO_STATUS_BLOCK S, PKEVENT E) {
  PIRP irp = IoBuildDeviceIoControlRequest(1, D, NULL, 0, NULL, 0, FALSE, E, S);
  if (irp == NULL) return;
  IoSetCompletionRoutine(irp, Signals, E, TRUE, FALSE, FALSE);
  if (IoCallDriver(D, irp) == STATUS_PENDING) WAIT(E);
}`,
};

for (const [name, text] of Object.entries(cases)) {
  test(name, () => {
    const { findings, limits } = lintTexts(`${PRELUDE}${text}`);
    const expected = expectedIn(text).map((line) => line.replace(/^\d+/, (n) => `${Number(n) + offset - 1}`));
    assert.deepEqual(findings.map(shown), expected, findings.map((f) => f.message).join('\n'));
    assert.deepEqual(limits, []);
  });
}
