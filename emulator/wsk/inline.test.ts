// Calls whose result is there may complete before they return: never as Windows usually does it, sometimes with a seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk } from './testing.ts';

/** Prints what each call returned, and checks what it completed with. */
const body = `
    PWSK_SOCKET l = Listener(), c = Connection(), a, u = Udp(), v = Udp();
    BUFFER out = Buffer(8), in = Buffer(8);
    SOCKADDR_IN to;
    LARGE_INTEGER pause;
    NTSTATUS status;
    pause.QuadPart = -100000;
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    status = L(l)->WskAccept(l, 0, NULL, NULL, NULL, (PSOCKADDR)&to, Send());
    DbgPrint("WskAccept %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("host of the client", RtlUlongByteSwap(to.sin_addr.s_addr), INADDR_LOOPBACK);
    a = (PWSK_SOCKET)irp->IoStatus.Information;
    RtlCopyMemory(out.Data, "12345678", 8);
    status = C(c)->WskSend(c, &out.Buf, 0, Send());
    DbgPrint("WskSend %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes sent", irp->IoStatus.Information, 8);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    status = C(a)->WskReceive(a, &in.Buf, 0, Send());
    DbgPrint("WskReceive %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes received", irp->IoStatus.Information, 8);
    TRUE_(RtlCompareMemory(in.Data, "12345678", 8) == 8);
    C(c)->WskSend(c, &out.Buf, 0, Send()); Wait();
    status = C(c)->WskDisconnect(c, NULL, 0, Send());
    DbgPrint("WskDisconnect %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    STATUS(C(c)->WskSend(c, &out.Buf, 0, Send()), STATUS_INVALID_DEVICE_STATE); Wait();
    status = C(c)->WskCloseSocket(c, Send());
    DbgPrint("WskCloseSocket %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    Bind(u, At(INADDR_LOOPBACK, 7001));
    Bind(v, At(INADDR_LOOPBACK, 7002));
    At(INADDR_LOOPBACK, 7002);
    to = address;
    status = D(u)->WskSendTo(u, &out.Buf, 0, (PSOCKADDR)&to, 0, NULL, Send());
    DbgPrint("WskSendTo %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    status = D(v)->WskReceiveFrom(v, &in.Buf, 0, (PSOCKADDR)&to, NULL, NULL, NULL, Send());
    DbgPrint("WskReceiveFrom %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes of the datagram", irp->IoStatus.Information, 8);
    Is("port of the sender", RtlUshortByteSwap(to.sin_port), 7001);
    status = C(a)->WskDisconnect(a, NULL, WSK_FLAG_ABORTIVE, Send());
    DbgPrint("abortive WskDisconnect %x\\n", status);
    STATUS(Wait(), STATUS_SUCCESS);
    Close(a); Close(l); Close(u); Close(v);
    FreeBuffer(out); FreeBuffer(in);`;

const calls = [
  'WskAccept',
  'WskSend',
  'WskReceive',
  'WskDisconnect',
  'WskCloseSocket',
  'WskSendTo',
  'WskReceiveFrom',
  'abortive WskDisconnect',
];

function returned(seed: number | undefined): string[] {
  const result = runWsk({ body, ...(seed === undefined ? {} : { seed }) });
  assert.deepEqual(
    result.log.filter((line) => line.startsWith('not ok')),
    [],
    `seed ${seed}`,
  );
  assert.deepEqual(
    result.findings.map(({ message }) => message),
    [],
    `seed ${seed}`,
  );
  return result.log.filter((line) => /^(abortive )?Wsk/.test(line));
}

test('calls pend as Windows usually does it', () => {
  assert.deepEqual(
    returned(undefined),
    calls.map((call) => `${call} 103`),
  );
});

test('with a seed, each call completes before it returns now and then', () => {
  const seen = new Set([1, 2, 3, 4, 5, 6, 7, 8].flatMap(returned));
  for (const call of calls) {
    assert.ok(seen.has(`${call} 0`) && seen.has(`${call} 103`), [...seen].join(', '));
  }
});

const lastWords = [
  { end: 'rst', name: 'a send', call: 'C(c)->WskSend(c, &out.Buf, 0, Send());' },
  { end: 'fin', name: 'a disconnect', call: 'C(c)->WskDisconnect(c, &out.Buf, 0, Send());' },
];
for (const { end, name, call } of lastWords) {
  test(`what ${name} that was complete at once has sent arrives before the RST of a close`, () => {
    for (let seed = 1; seed <= 8; seed++) {
      const result = runWsk({
        seed,
        scenario: `peers: [{ listen: "192.0.2.20:9000", steps: [{ expect: "12345678" }, { expectClose: ${end} }] }]\nexpect: { findings: [] }`,
        body: `
    PWSK_SOCKET c = Connection();
    BUFFER out = Buffer(8);
    Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(0xC0000214, 9000), 0, Send()); Wait();
    RtlCopyMemory(out.Data, "12345678", 8);
    ${call} STATUS(Wait(), STATUS_SUCCESS);
    Close(c);
    FreeBuffer(out);`,
      });
      assert.deepEqual(
        result.findings.map(({ message }) => message),
        [],
        `seed ${seed}`,
      );
    }
  });
}

/** Its completion routine hands the IRP to a work item, which reuses and sends it, maybe before the routine returns. */
const handedOn = `
static PWSK_SOCKET u;
static BUFFER out;
static PIRP own;
static WORK_QUEUE_ITEM item;
static KEVENT last;
static LONG sends;
static SOCKADDR_IN to;
static NTSTATUS HandOn(PDEVICE_OBJECT d, PIRP i, PVOID c)
{
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(i); UNREFERENCED_PARAMETER(c);
  ExQueueWorkItem(&item, DelayedWorkQueue);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static VOID Next(PVOID c)
{
  UNREFERENCED_PARAMETER(c);
  if (++sends > 12) { KeSetEvent(&last, IO_NO_INCREMENT, FALSE); return; }
  IoReuseIrp(own, STATUS_UNSUCCESSFUL);
  IoSetCompletionRoutine(own, HandOn, NULL, TRUE, TRUE, TRUE);
  D(u)->WskSendTo(u, &out.Buf, 0, (PSOCKADDR)&to, 0, NULL, own);
}`;

test('an IRP that a work item reuses before the completion routine has returned is in order', () => {
  const workItem = `
    At(INADDR_LOOPBACK, 7001);
    to = address;
    out = Buffer(8);
    RtlZeroMemory(out.Data, 8);
    own = IoAllocateIrp(1, FALSE);
    if (own == NULL) return;
    KeInitializeEvent(&last, NotificationEvent, FALSE);
    ExInitializeWorkItem(&item, Next, NULL);
    u = Udp();
    Bind(u, At(INADDR_LOOPBACK, 7001));
    Next(NULL);
    KeWaitForSingleObject(&last, Executive, KernelMode, FALSE, NULL);
    Sleep(1);
    IoFreeIrp(own);
    Close(u);
    FreeBuffer(out);
    DbgPrint("sent %d\\n", sends);`;
  for (let seed = 1; seed <= 6; seed++) {
    const { findings, log } = runWsk({ declarations: handedOn, body: workItem, seed });
    assert.deepEqual(
      findings.map(({ rule, message }) => `${rule}: ${message}`),
      [],
      `seed ${seed}`,
    );
    assert.ok(log.includes('sent 13'), `seed ${seed}`);
  }
});

test('the address that a datagram goes to need not last', () => {
  const result = runWsk({
    declarations: `
static NTSTATUS Tell(PWSK_SOCKET s, PWSK_BUF data, PIRP request)
{
  SOCKADDR_IN to = { .sin_family = AF_INET, .sin_port = RtlUshortByteSwap(7002), .sin_addr.s_addr = RtlUlongByteSwap(INADDR_LOOPBACK) };
  return D(s)->WskSendTo(s, data, 0, (PSOCKADDR)&to, 0, NULL, request);
}`,
    body: `
    PWSK_SOCKET u = Udp(), v = Udp();
    BUFFER out = Buffer(8), in = Buffer(8);
    Bind(u, At(INADDR_LOOPBACK, 7001)); Bind(v, At(INADDR_LOOPBACK, 7002));
    RtlFillMemory(out.Data, 8, 7);
    STATUS(Tell(u, &out.Buf, Send()), STATUS_PENDING); STATUS(Wait(), STATUS_SUCCESS);
    D(v)->WskReceiveFrom(v, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes", irp->IoStatus.Information, 8);
    Close(u); Close(v); FreeBuffer(out); FreeBuffer(in);`,
  });
  assert.deepEqual(
    [...result.log.filter((line) => line.startsWith('not ok')), ...result.findings.map(({ message }) => message)],
    [],
  );
});

const cancels = `
    PWSK_SOCKET u = Udp();
    BUFFER in = Buffer(8);
    Bind(u, At(INADDR_LOOPBACK, 7003));
    D(u)->WskReceiveFrom(u, &in.Buf, 0, NULL, NULL, NULL, NULL, Send());
    Is("somebody cancels", IoCancelIrp(irp), TRUE);
    DbgPrint(KeReadStateEvent(&done) ? "at once\\n" : "later\\n");
    STATUS(Wait(), STATUS_CANCELLED);
    Close(u);
    FreeBuffer(in);`;

test('IoCancelIrp completes a request later, or with a seed before it returns', () => {
  const words = (seed?: number): readonly string[] => {
    const result = runWsk({ body: cancels, ...(seed === undefined ? {} : { seed }) });
    assert.deepEqual(
      result.findings.map(({ message }) => message),
      [],
    );
    assert.deepEqual(
      result.log.filter((line) => line.startsWith('not ok')),
      [],
    );
    return result.log.filter((line) => line === 'at once' || line === 'later');
  };
  assert.deepEqual(words(), ['later']);
  assert.deepEqual([...new Set([1, 2, 3, 4, 5, 6, 7, 8].flatMap(words))].sort(), ['at once', 'later']);
});
