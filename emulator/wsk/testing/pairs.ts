/**
 * Pairs of drivers: the wrong one has its finding with the rule of the documentation, its right twin has none. Each pair
 * is two tests. Pieces of drivers that several pairs share stand here too.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk, type WskTest } from '../testing.ts';

export interface Pair {
  readonly wrong: string | WskTest;
  readonly right: string | WskTest;
  /** Rule id and the documentation rule, "stack-buffer-outlives-call R75". */
  readonly finding: string;
  /** The statement that is to blame. */
  readonly at?: RegExp;
  /** What is told of the memory concerned, a line each. */
  readonly history?: RegExp;
}

export const eventTable = (name: string, body: string): string => `
static BUFFER kept;
static PWSK_DATA_INDICATION held;
static NTSTATUS WSKAPI ${name}(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T indicated, SIZE_T *accepted)
{
  ${body}
}
static const WSK_CLIENT_CONNECTION_DISPATCH connectionDispatch = { ${name}, NULL, NULL };`;

/** A connection socket with WskReceiveEvent enabled, to a listener whose end sends three bytes. */
export const receiveEvent = `
    PWSK_SOCKET l = Listener(), c = Open(WSK_FLAG_CONNECTION_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, &connectionDispatch), a;
    WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE };
    BUFFER out = Buffer(3);
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
    L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    a = (PWSK_SOCKET)irp->IoStatus.Information;
    STATUS(B(c)->WskControlSocket(c, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL), STATUS_SUCCESS);
    C(a)->WskSend(a, &out.Buf, 0, Send()); Wait();
    Sleep(5);`;
export const closeAll = 'Close(a); Close(c); Close(l); FreeBuffer(out);';

/** A connection c to a listener l, its accepted end a, and two buffers. */
export const connected = `
    PWSK_SOCKET l = Listener(), c = Connection(), a;
    BUFFER in = Buffer(8), out = Buffer(8);
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
    L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    a = (PWSK_SOCKET)irp->IoStatus.Information;`;

export function testPairs(pairs: Readonly<Record<string, Pair>>): void {
  for (const [name, { wrong, right, finding, at, history }] of Object.entries(pairs)) {
    test(`${name}: found`, () => {
      const result = runWsk(asTest(wrong));
      const [first] = result.findings;
      assert.equal([first?.rule, ...(first?.docRules ?? [])].join(' '), finding, first?.message);
      if (at !== undefined && first !== undefined) {
        assert.match(first.span.file.text.slice(first.span.start, first.span.end), at);
      }
      if (history !== undefined) assert.match(first?.history.map(({ what }) => what).join('\n') ?? '', history);
      assert.deepEqual(
        result.log.filter((line) => line.startsWith('not ok')),
        [],
      );
    });
    test(`${name}: the right way is clean`, () => {
      const result = runWsk(asTest(right));
      assert.deepEqual(
        result.findings.map((one) => `${one.rule}: ${one.message}`),
        [],
      );
      assert.deepEqual(
        result.log.filter((line) => line.startsWith('not ok')),
        [],
      );
      assert.equal(result.outcome, 'clean');
    });
  }
}

const asTest = (given: string | WskTest): WskTest => (typeof given === 'string' ? { body: given } : given);
