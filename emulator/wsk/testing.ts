/** A driver around a few lines of C that talk to WSK: registers, captures, runs them in DriverEntry, takes all down. */
import type { RunPlan, RunResult } from '../run/types.ts';
import { runText, scenarioText } from '../testing.ts';

/**
 * What the lines may use: `npi`, `irp` with `Send()` before each call and `Wait()` after it, `Is(what, actual,
 * expected)`, sockets made by `Open`, addresses made by `At`, the driver's own object as `theDriver`.
 */
const before = `#include <ntddk.h>
#include <wsk.h>
static WSK_REGISTRATION reg;
static WSK_PROVIDER_NPI npi;
static const WSK_CLIENT_DISPATCH clientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static KEVENT done;
static PIRP irp;
static IO_COMPLETION_ROUTINE Done;
static NTSTATUS Done(PDEVICE_OBJECT device, PIRP request, PVOID context)
{
  UNREFERENCED_PARAMETER(device);
  UNREFERENCED_PARAMETER(request);
  KeSetEvent((PKEVENT)context, 0, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static void Use(PIRP one, PKEVENT event)
{
  KeClearEvent(event);
  IoReuseIrp(one, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(one, Done, event, TRUE, TRUE, TRUE);
}
static PIRP Send(void) { Use(irp, &done); return irp; }
static NTSTATUS Wait(void)
{
  KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
  return irp->IoStatus.Status;
}
static NTSTATUS WaitFor(PIRP one, PKEVENT event)
{
  KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
  return one->IoStatus.Status;
}
static void Is(const char *what, ULONG_PTR actual, ULONG_PTR expected)
{
  if (actual == expected) DbgPrint("ok %s\\n", what);
  else DbgPrint("not ok %s: 0x%Ix instead of 0x%Ix\\n", what, actual, expected);
}
#define STATUS(actual, expected) Is(#actual, (ULONG)(actual), (ULONG)(expected))
#define TRUE_(condition) Is(#condition, !!(condition), 1)
static PWSK_SOCKET Open(ULONG flags, USHORT type, ULONG protocol, ADDRESS_FAMILY family, PVOID context, const VOID *dispatch)
{
  npi.Dispatch->WskSocket(npi.Client, family, type, protocol, flags, context, dispatch, NULL, NULL, NULL, Send());
  return NT_SUCCESS(Wait()) ? (PWSK_SOCKET)irp->IoStatus.Information : NULL;
}
static PWSK_SOCKET Listener(void) { return Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL); }
static PWSK_SOCKET Connection(void) { return Open(WSK_FLAG_CONNECTION_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL); }
static PWSK_SOCKET Udp(void) { return Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, NULL); }
static SOCKADDR_IN address;
static PSOCKADDR At(ULONG host, USHORT port)
{
  RtlZeroMemory(&address, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_port = RtlUshortByteSwap(port);
  address.sin_addr.s_addr = RtlUlongByteSwap(host);
  return (PSOCKADDR)&address;
}
#define L(s) ((PWSK_PROVIDER_LISTEN_DISPATCH)(s)->Dispatch)
#define C(s) ((PWSK_PROVIDER_CONNECTION_DISPATCH)(s)->Dispatch)
#define D(s) ((PWSK_PROVIDER_DATAGRAM_DISPATCH)(s)->Dispatch)
#define S(s) ((PWSK_PROVIDER_STREAM_DISPATCH)(s)->Dispatch)
#define B(s) ((PWSK_PROVIDER_BASIC_DISPATCH)(s)->Dispatch)
static void Bind(PWSK_SOCKET s, PSOCKADDR to) { L(s)->WskBind(s, to, 0, Send()); Wait(); }
static void Close(PWSK_SOCKET s) { B(s)->WskCloseSocket(s, Send()); Wait(); }
static ULONG option;
static NTSTATUS Set(PWSK_SOCKET s, ULONG code, ULONG level, ULONG value)
{
  option = value;
  B(s)->WskControlSocket(s, WskSetOption, code, level, sizeof(option), &option, 0, NULL, NULL, Send());
  return Wait();
}
static NTSTATUS Get(PWSK_SOCKET s, ULONG code, ULONG level)
{
  B(s)->WskControlSocket(s, WskGetOption, code, level, 0, NULL, sizeof(option), &option, NULL, Send());
  return Wait();
}
typedef struct _BUFFER { PVOID Data; WSK_BUF Buf; } BUFFER;
static BUFFER Buffer(SIZE_T size)
{
  BUFFER b;
  b.Data = ExAllocatePool2(POOL_FLAG_NON_PAGED, size, 'fuBT');
  b.Buf.Mdl = IoAllocateMdl(b.Data, (ULONG)size, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool(b.Buf.Mdl);
  b.Buf.Offset = 0;
  b.Buf.Length = size;
  return b;
}
static void FreeBuffer(BUFFER b) { IoFreeMdl(b.Buf.Mdl); ExFreePool(b.Data); }
static void Sleep(ULONG ms)
{
  LARGE_INTEGER time;
  time.QuadPart = -(LONGLONG)ms * 10000;
  KeDelayExecutionThread(KernelMode, FALSE, &time);
}
static PIRP irp2;
static KEVENT done2;
static PIRP Send2(void) { Use(irp2, &done2); return irp2; }
static PDRIVER_OBJECT theDriver;
`;
const after = `
static DRIVER_UNLOAD Unload;
static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
  WSK_CLIENT_NPI client = { NULL, &clientDispatch };
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  theDriver = driver;
  KeInitializeEvent(&done, SynchronizationEvent, FALSE);
  KeInitializeEvent(&done2, SynchronizationEvent, FALSE);
  irp = IoAllocateIrp(1, FALSE);
  irp2 = IoAllocateIrp(1, FALSE);
  if (!irp || !irp2 || !NT_SUCCESS(WskRegister(&client, &reg))) return STATUS_UNSUCCESSFUL;
  /*before capture*/
  if (!NT_SUCCESS(WskCaptureProviderNPI(&reg, WSK_INFINITE_WAIT, &npi))) return STATUS_UNSUCCESSFUL;
  Test();
  WskReleaseProviderNPI(&reg);
  WskDeregister(&reg);
  IoFreeIrp(irp);
  IoFreeIrp(irp2);
  return STATUS_SUCCESS;
}
`;

export interface WskTest {
  /** At file scope, before the function. */
  readonly declarations?: string;
  readonly body: string;
  /** Statements between WskRegister and WskCaptureProviderNPI. */
  readonly beforeCapture?: string;
  readonly scenario?: string;
  readonly seed?: number;
}

/** Line of the first line of `body` in the driver: for findings by line. */
export function runWsk(test: WskTest): RunResult {
  const text = `${before}${test.declarations ?? ''}\nstatic void Test(void)\n{\n${test.body}\n}${after.replace('/*before capture*/', test.beforeCapture ?? '')}`;
  const changes: Partial<RunPlan> = {
    ...(test.scenario === undefined ? {} : { scenario: scenarioText(test.scenario) }),
    seed: test.seed,
  };
  return runText(text, changes);
}
