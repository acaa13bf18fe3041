/**
 * Conformance rows: one call of WSK each, with what it must return, what its IRP must complete with, and what
 * Information must be. All rows of an area run in one driver, one after the other, but a row with a finding has a
 * driver of its own. Each row is a test.
 *
 * A row's `setup`, `call` and `then` are C. They may use everything of ../testing.ts, and variables of their own row:
 * sockets `s`, `t`, `l`, `c`, `a`, `d` (closed at its end, where they are set), `size`, `value`, `sa`, `sa6`; and
 * `Pair(&l, &c, &a)`, which makes a listener on 127.0.0.1:8888, a connection to it, and its accepted end.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../run/types.ts';
import { runWsk } from '../testing.ts';

export interface Row {
  readonly setup?: string;
  /** An expression of type NTSTATUS. With an IRP it uses `Send()`. */
  readonly call: string;
  readonly returns: string;
  /** IoStatus.Status of the IRP; where it is left out, that of the return value. "no" for a call without an IRP. */
  readonly completes?: string;
  /** IoStatus.Information as a C expression; 0 where it is left out. */
  readonly information?: string;
  /** Statements between the call and the wait for its IRP. */
  readonly meanwhile?: string;
  /** Further checks. */
  readonly then?: string;
  /** "rule R12": the one finding that the row has; none where it is left out. */
  readonly finding?: string;
}

export type Rows = Readonly<Record<string, Row>>;

const helpers = `
static BUFFER in, out;
static SOCKADDR_IN6 address6;
static PSOCKADDR At6(const IN6_ADDR *host, USHORT port)
{
  RtlZeroMemory(&address6, sizeof(address6));
  address6.sin6_family = AF_INET6;
  address6.sin6_port = RtlUshortByteSwap(port);
  address6.sin6_addr = *host;
  return (PSOCKADDR)&address6;
}
static const IN6_ADDR any6 = IN6ADDR_ANY_INIT, loopback6 = IN6ADDR_LOOPBACK_INIT;
static PWSK_SOCKET Open6(ULONG flags) { return Open(flags, SOCK_STREAM, IPPROTO_TCP, AF_INET6, NULL, NULL); }
static PWSK_SOCKET Stream(void) { return Open(WSK_FLAG_STREAM_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL); }
static PWSK_SOCKET Basic(void) { return Open(WSK_FLAG_BASIC_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL); }
static PWSK_SOCKET Bound(PWSK_SOCKET s, ULONG host, USHORT port) { Bind(s, At(host, port)); return s; }
static void Pair(PWSK_SOCKET *l, PWSK_SOCKET *c, PWSK_SOCKET *a)
{
  *l = Bound(Listener(), INADDR_LOOPBACK, 8888);
  *c = Bound(Connection(), INADDR_ANY, 0);
  C(*c)->WskConnect(*c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
  L(*l)->WskAccept(*l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
  *a = (PWSK_SOCKET)irp->IoStatus.Information;
}
static WSK_EVENT_CALLBACK_CONTROL control;
static NTSTATUS Events(PWSK_SOCKET s, ULONG mask, PIRP request)
{
  control.NpiId = (PNPIID)&NPI_WSK_INTERFACE_ID;
  control.EventMask = mask;
  return B(s)->WskControlSocket(s, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, request);
}
static NTSTATUS Io(PWSK_SOCKET s, ULONG code, PVOID input, SIZE_T inputSize, PVOID output, SIZE_T outputSize, SIZE_T *returned, PIRP request)
{
  return B(s)->WskControlSocket(s, WskIoctl, code, 0, inputSize, input, outputSize, output, returned, request);
}
static NTSTATUS Client(ULONG code, PVOID input, SIZE_T inputSize, PVOID output, SIZE_T outputSize, SIZE_T *returned, PIRP request)
{
  return npi.Dispatch->WskControlClient(npi.Client, code, inputSize, input, outputSize, output, returned, request);
}
static NTSTATUS SetIt(PWSK_SOCKET s, ULONG code, ULONG level, ULONG value, PIRP request)
{
  option = value;
  return B(s)->WskControlSocket(s, WskSetOption, code, level, sizeof(option), &option, 0, NULL, NULL, request);
}
static NTSTATUS GetIt(PWSK_SOCKET s, ULONG code, ULONG level, PIRP request)
{
  return B(s)->WskControlSocket(s, WskGetOption, code, level, 0, NULL, sizeof(option), &option, NULL, request);
}
`;

/** Runs the rows in one driver, and makes a test of each. */
export function testRows(
  area: string,
  rows: Rows,
  given: {
    readonly declarations?: string;
    readonly scenario?: string;
    /** The rows run before the driver captures the provider: no sockets. */
    readonly isBeforeCapture?: boolean;
  } = {},
): void {
  const entries = Object.entries(rows);
  const run = (chosen: readonly Row[]): RunResult => {
    const functions = chosen.map(rowFunction);
    const calls = chosen.map((_, i) => `Row${i}();`).join('\n    ');
    const before = given.isBeforeCapture === true ? calls : '';
    return runWsk({
      declarations: [helpers, given.declarations ?? '', ...functions].join('\n'),
      beforeCapture: before,
      body: `
    in = Buffer(256); out = Buffer(256);
    RtlFillMemory(out.Data, 256, 'x');
    ${before === '' ? calls : ''}
    FreeBuffer(in); FreeBuffer(out);`,
      ...(given.scenario === undefined ? {} : { scenario: given.scenario }),
    });
  };
  const clean = entries.filter(([, { finding }]) => finding === undefined);
  let together: RunResult | undefined;
  for (const [name, row] of entries) {
    test(`${area}: ${name}`, () => {
      const i = clean.findIndex(([other]) => other === name);
      if (i >= 0) together ??= run(clean.map(([, one]) => one));
      const result = i >= 0 && together !== undefined ? together : run([row]);
      const found = result.findings.map(
        ({ rule, docRules, message }) => `${[rule, ...(docRules ?? [])].join(' ')}: ${message}`,
      );
      const lines = logOf(result.log, Math.max(i, 0));
      assert.deepEqual(
        lines.filter((line) => !line.startsWith('ok ')),
        [],
      );
      assert.ok(lines.includes('ok done'), `the row was not reached, or did not end\n${found.join('\n')}`);
      if (row.finding === undefined) return;
      assert.deepEqual(
        found.map((one) => one.split(':')[0]),
        [row.finding],
        found.join('\n'),
      );
    });
  }
  test(`${area}: rows without a finding leave nothing behind`, () => {
    together ??= run(clean.map(([, one]) => one));
    assert.deepEqual(
      together.findings.map(({ rule, message }) => `${rule}: ${message}`),
      [],
    );
    assert.equal(together.outcome, 'clean');
  });
}

function rowFunction(row: Row, index: number): string {
  const hasIrp = row.completes !== 'no';
  const completes = row.completes ?? row.returns;
  return `
static void Row${index}(void)
{
  PWSK_SOCKET s = NULL, t = NULL, l = NULL, c = NULL, a = NULL, d = NULL;
  SIZE_T size = 0;
  ULONG value = 0;
  SOCKADDR_IN sa = { 0 };
  SOCKADDR_IN6 sa6 = { 0 };
  DbgPrint("row ${index}\\n");
  ${row.setup ?? ''}
  Is("returns", (ULONG)(${row.call}), (ULONG)${row.returns});
  ${
    hasIrp
      ? `${row.meanwhile ?? ''}
  Is("completes", (ULONG)Wait(), (ULONG)${completes});
  Is("Information", irp->IoStatus.Information, (ULONG_PTR)(${row.information ?? '0'}));`
      : ''
  }
  ${row.then ?? ''}
  if (a) Close(a);
  if (c) Close(c);
  if (l) Close(l);
  if (s) Close(s);
  if (t) Close(t);
  if (d) Close(d);
  UNREFERENCED_PARAMETER(size); UNREFERENCED_PARAMETER(value); UNREFERENCED_PARAMETER(sa); UNREFERENCED_PARAMETER(sa6);
  DbgPrint("ok done\\n");
}`;
}

function logOf(log: readonly string[], index: number): readonly string[] {
  const from = log.indexOf(`row ${index}`);
  if (from < 0) return [];
  const to = log.indexOf(`row ${index + 1}`, from);
  return log.slice(from + 1, to < 0 ? undefined : to);
}
