// How data lies in what event callbacks are given: whole as a rule; with a seed in lists, several MDLs, behind headers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk } from '../testing.ts';

/** Walks a list as a driver has to, logs its shape and keeps it; a list of datagrams is kept behind those before. */
const declarations = `
static ULONG Got;
static PWSK_DATA_INDICATION Data;
static PWSK_DATAGRAM_INDICATION First, *Last = &First;
static void Look(PWSK_BUF buffer, ULONG indications)
{
  ULONG offset = buffer->Offset, mdls = 0, wrong = 0;
  SIZE_T left = buffer->Length, i, part;
  for (PMDL mdl = buffer->Mdl; mdl != NULL; mdl = mdl->Next, offset = 0, mdls++) {
    PUCHAR at = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    part = min(left, MmGetMdlByteCount(mdl) - offset);
    for (i = 0; i < part; i++) wrong += at[offset + i] != (UCHAR)Got++;
    left -= part;
  }
  Is("wrong", wrong, 0);
  Is("left", (ULONG)left, 0);
  DbgPrint("shape %u %u %u\\n", indications, mdls, buffer->Offset);
}
static NTSTATUS WSKAPI OnReceive(PVOID c, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T bytes, SIZE_T *taken)
{
  ULONG count = 0;
  UNREFERENCED_PARAMETER(c); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(taken);
  for (PWSK_DATA_INDICATION at = data; at; at = at->Next) count++;
  for (PWSK_DATA_INDICATION at = data; at; at = at->Next) Look(&at->Buffer, count);
  Is("bytes", Got, (ULONG)bytes);
  Data = data;
  return STATUS_PENDING;
}
static NTSTATUS WSKAPI OnDatagram(PVOID c, ULONG flags, PWSK_DATAGRAM_INDICATION data)
{
  ULONG count = 0;
  UNREFERENCED_PARAMETER(c); UNREFERENCED_PARAMETER(flags);
  for (PWSK_DATAGRAM_INDICATION at = data; at; at = at->Next) count++;
  *Last = data;
  for (; data; Last = &data->Next, data = data->Next) Look(&data->Buffer, count);
  return STATUS_PENDING;
}
static const WSK_CLIENT_CONNECTION_DISPATCH Connected = { OnReceive, NULL, NULL };
static const WSK_CLIENT_DATAGRAM_DISPATCH Datagrams = { OnDatagram };
static void Enable(PWSK_SOCKET s, ULONG mask)
{
  WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, mask };
  STATUS(B(s)->WskControlSocket(s, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof control, &control, 0, NULL, NULL, NULL), STATUS_SUCCESS);
}
static void Pause(void) { LARGE_INTEGER t = { .QuadPart = -100000 }; KeDelayExecutionThread(KernelMode, FALSE, &t); }`;

const stream = `
    PWSK_SOCKET l = Listener(), a, c = Open(WSK_FLAG_CONNECTION_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, &Connected);
    BUFFER out = Buffer(6000);
    Bind(l, At(INADDR_LOOPBACK, 8888)); Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
    Enable(c, WSK_EVENT_RECEIVE);
    L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information;
    for (ULONG i = 0; i < 2000; i++) ((PUCHAR)out.Data)[i] = (UCHAR)i;
    out.Buf.Length = 2000;
    C(a)->WskSend(a, &out.Buf, 0, Send()); Wait(); Pause();
    Is("all", Got, 2000);
    STATUS(C(c)->WskRelease(c, Data), STATUS_SUCCESS);
    Close(a); Close(c); Close(l); FreeBuffer(out);`;

/** Three datagrams wait; the lists of all callbacks are released as one. */
const datagrams = (release: string): string => `
    PWSK_SOCKET u = Udp(), v = Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, &Datagrams);
    BUFFER out = Buffer(6000);
    Bind(u, At(INADDR_LOOPBACK, 7001)); Bind(v, At(INADDR_LOOPBACK, 7002));
    for (ULONG i = 0; i < 6000; i++) ((PUCHAR)out.Data)[i] = (UCHAR)i;
    for (ULONG i = 0; i < 6000; i += 2000) {
      out.Buf.Offset = i; out.Buf.Length = 2000;
      D(u)->WskSendTo(u, &out.Buf, 0, At(INADDR_LOOPBACK, 7002), 0, NULL, Send()); Wait(); Pause();
    }
    Enable(v, WSK_EVENT_RECEIVE_FROM); Pause();
    Is("all", Got, 6000);
    ${release}
    Close(v); Close(u); FreeBuffer(out);`;

const together = 'STATUS(D(v)->WskRelease(v, First), STATUS_SUCCESS);';
const apart = `
    for (PWSK_DATAGRAM_INDICATION at = First, next; at; at = next) {
      next = at->Next; at->Next = NULL;
      STATUS(D(v)->WskRelease(v, at), STATUS_SUCCESS);
    }`;

function shapes(body: string, seed: number | undefined): readonly string[] {
  const result = runWsk({ declarations, body, ...(seed === undefined ? {} : { seed }) });
  const wrong = result.log.filter((line) => line.startsWith('not ok'));
  assert.deepEqual([...wrong, ...result.findings.map(({ message }) => message)], [], `seed ${seed}`);
  return result.log.filter((line) => line.startsWith('shape '));
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const cases = {
  'data of a connection': { body: stream, whole: 1, list: '2 1 0' },
  'datagrams, released together': { body: datagrams(together), whole: 3, list: '3 1 0' },
  'datagrams, released one by one': { body: datagrams(apart), whole: 3, list: '3 1 0' },
};
for (const [name, { body, whole, list }] of Object.entries(cases)) {
  test(`${name}: whole as Windows usually does it, otherwise with a seed`, () => {
    assert.deepEqual(shapes(body, undefined), Array(whole).fill('shape 1 1 0'));
    const seen = new Set(seeds.flatMap((seed) => shapes(body, seed)));
    for (const shape of ['1 1 0', list, '1 2 0', '1 1 44']) assert.ok(seen.has(`shape ${shape}`), [...seen].join(', '));
  });
}

test('what is released twice, by itself and in a list, is told of', () => {
  const twice = `First->Next->Next = NULL; STATUS(D(v)->WskRelease(v, First->Next), STATUS_SUCCESS);
    STATUS(D(v)->WskRelease(v, First), STATUS_INVALID_PARAMETER);`;
  const { findings } = runWsk({ declarations, body: datagrams(twice) });
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ['indication-not-kept', 'indication-not-released'],
  );
});

test('what is released in the callback and not kept is told of where the callback returns', () => {
  const body = stream.replace('STATUS(C(c)->WskRelease(c, Data), STATUS_SUCCESS);', '');
  const released = declarations.replace(
    'Data = data;\n  return STATUS_PENDING;',
    'C(Socket)->WskRelease(Socket, data);\n  return STATUS_SUCCESS;',
  );
  const { findings } = runWsk({
    declarations: `static PWSK_SOCKET Socket;\n${released}`,
    body: body.replace('Enable(c,', 'Socket = c; Enable(c,'),
  });
  const [first] = findings;
  assert.equal(first?.rule, 'indication-not-kept');
  assert.equal(first?.span.file.text.slice(first.span.start, first.span.end), 'return STATUS_SUCCESS;');
});
