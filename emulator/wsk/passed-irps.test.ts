// IRPs of others that a driver passes on to WSK: it may give WSK the request of its own device, whose sender hears of
// its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk } from './testing.ts';

interface Case {
  /** The dispatch routine, which has the connection `c`, the request `i` and the buffer `out` of 16 bytes. */
  readonly dispatch: string;
  /** The completion routine's body after the mark; none is set where it is left out. */
  readonly routine?: string;
  /** Stack locations of the device: one for the driver, one for WSK. */
  readonly stackSize?: number;
  /** What IoCallDriver returns, and what the request ends with where it returned STATUS_PENDING. */
  readonly returns?: string;
  readonly ends?: string;
  readonly bytes?: number;
  readonly finding?: string;
}

const set = 'IoSetCompletionRoutine(i, Sent, NULL, TRUE, TRUE, TRUE);';
const send = 'C(c)->WskSend(c, &out.Buf, 0, i)';
const mark = 'if (i->PendingReturned) IoMarkIrpPending(i);';

const cases: Readonly<Record<string, Case>> = {
  'no completion routine, marked': { dispatch: `IoMarkIrpPending(i); ${send}; return STATUS_PENDING;` },
  'no completion routine, the status of WSK': { dispatch: `return ${send};` },
  'a completion routine that hands the mark on': {
    dispatch: `${set} return ${send};`,
    routine: `${mark} return STATUS_SUCCESS;`,
  },
  'a completion routine that keeps the request, which is completed later': {
    dispatch: `IoMarkIrpPending(i); ${set} ${send}; WaitFor(i, &kept); IoCompleteRequest(i, IO_NO_INCREMENT); return STATUS_PENDING;`,
    routine: `${mark} KeSetEvent(&kept, 0, FALSE); return STATUS_MORE_PROCESSING_REQUIRED;`,
  },
  'a call that fails at once completes the request all the same': {
    dispatch: 'return C(c)->WskSend(c, &out.Buf, 0x40, i);',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'a completion routine that does not hand the mark on': {
    dispatch: `${set} return ${send};`,
    routine: 'return STATUS_SUCCESS;',
    finding: 'pending-not-propagated R19',
  },
  'a completion routine that frees the request': {
    dispatch: `IoMarkIrpPending(i); ${set} ${send}; return STATUS_PENDING;`,
    routine: 'IoFreeIrp(i); return STATUS_MORE_PROCESSING_REQUIRED;',
    finding: 'irp-freed-not-owned R18',
  },
  'a request that is made anew': {
    dispatch: `IoMarkIrpPending(i); IoReuseIrp(i, STATUS_SUCCESS); ${send}; return STATUS_PENDING;`,
    finding: 'irp-reused-not-owned R23',
  },
  'a device without a stack location for WSK': {
    dispatch: `IoMarkIrpPending(i); ${send}; return STATUS_PENDING;`,
    stackSize: 1,
    finding: 'irp-stack-size R13',
  },
};

const driver = ({ dispatch, routine }: Case): string => `
static PWSK_SOCKET l, c, a;
static BUFFER out;
static PDEVICE_OBJECT device;
static KEVENT kept;
static IO_COMPLETION_ROUTINE Sent;
static NTSTATUS Sent(PDEVICE_OBJECT d, PIRP i, PVOID x)
{
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(x); UNREFERENCED_PARAMETER(i);
  ${routine ?? 'return STATUS_SUCCESS;'}
}
static DRIVER_DISPATCH Control;
static NTSTATUS Control(PDEVICE_OBJECT d, PIRP i) { UNREFERENCED_PARAMETER(d); ${dispatch} }
static void Begin(CCHAR stackSize)
{
  KeInitializeEvent(&kept, NotificationEvent, FALSE);
  l = Listener(); Bind(l, At(INADDR_LOOPBACK, 8888));
  c = Connection(); Bind(c, At(INADDR_ANY, 0));
  C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
  L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
  a = (PWSK_SOCKET)irp->IoStatus.Information;
  out = Buffer(16);
  theDriver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  IoCreateDevice(theDriver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  device->StackSize = stackSize;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
}`;

const body = ({ stackSize, returns, ends, bytes }: Case): string => `
  IO_STATUS_BLOCK result = { 0 };
  KEVENT end;
  NTSTATUS status;
  PIRP request;
  Begin(${stackSize ?? 2});
  KeInitializeEvent(&end, NotificationEvent, FALSE);
  request = IoBuildDeviceIoControlRequest(CTL_CODE(0x8000, 1, METHOD_BUFFERED, 0), device, NULL, 0, NULL, 0, FALSE, &end, &result);
  status = IoCallDriver(device, request);
  STATUS(status, ${returns ?? 'STATUS_PENDING'});
  if (status == STATUS_PENDING) {
    KeWaitForSingleObject(&end, Executive, KernelMode, FALSE, NULL);
    STATUS(result.Status, ${ends ?? 'STATUS_SUCCESS'});
    Is("bytes", result.Information, ${bytes ?? 16});
  }
  IoDeleteDevice(device);
  Close(a); Close(c); Close(l); FreeBuffer(out);`;

for (const [name, one] of Object.entries(cases)) {
  test(name, () => {
    const { findings, log } = runWsk({ declarations: driver(one), body: body(one) });
    const found = findings.map(({ rule, docRules }) => [rule, ...(docRules ?? [])].join(' '));
    assert.deepEqual(found, one.finding === undefined ? [] : [one.finding], findings.map((f) => f.message).join('\n'));
    assert.deepEqual(
      log.filter((line) => !line.startsWith('ok ')),
      [],
    );
  });
}
