import assert from 'node:assert/strict';
import test from 'node:test';
import { assertQuick } from '../../test/support/effort.ts';
import type { Analysis } from './analysis.ts';
import { completionRoutines, incomingCalls, outgoingCalls, prepareCalls, wordsBeyond } from './call-hierarchy.ts';
import { codeLenses, completionSends } from './code-lens.ts';
import { analyse, analyseDriver, INCLUDES } from './testing.ts';

/** `name (detail) xN` of each step. */
function steps(fixture: string, direction: typeof outgoingCalls): string {
  const { analysis, offset } = analyseDriver(fixture);
  const item = prepareCalls(analysis, offset);
  if (item === undefined) return 'none';
  return direction([analysis], item.key)
    .map(({ item: { name, detail }, places }) => {
      return `${name}${detail === '' ? '' : ` (${detail})`}${places.length > 1 ? ` x${places.length}` : ''}`;
    })
    .join(', ');
}
const outgoing = (fixture: string): string => steps(fixture, outgoingCalls);
const incoming = (fixture: string): string => steps(fixture, incomingCalls);

const done = 'IO_COMPLETION_ROUTINE Done, Other;\n';
const send = (name: string, before: string, irp = 'Irp'): string =>
  `NTSTATUS ${name}(PWSK_SOCKET S, PWSK_BUF B, PIRP Irp) {\n  ${before}\n  return ((PWSK_PROVIDER_CONNECTION_DISPATCH)S->Dispatch)->WskSend(S, B, 0, ${irp});\n}\n`;
const set = (routine: string, irp = 'Irp'): string =>
  `IoSetCompletionRoutine(${irp}, ${routine}, NULL, TRUE, TRUE, TRUE);`;

test('calls', () => {
  const text = 'int g(void);\nint h(void) { return g() + g(); }\nint g/*$a*/(void) { return 1; }\n';
  assert.equal(outgoing(text.replace('int h', 'int /*$*/h').replace('/*$a*/', '')), 'g x2');
  assert.equal(incoming(text), 'h x2');
  assert.equal(outgoing('int /*$*/a;'), 'none');
  assert.equal(outgoing('int f/*$*/(void) { return 1; }'), '');
});

test('from a send to its completion routine, and back', () => {
  const f = done + send('/*$*/f', set('Done'));
  const expected = 'Done (completes IRPs of WskSend) x2, WskSend (wsk.h)';
  assert.equal(outgoing(f), expected);
  assert.equal(incoming(done.replace('Done', 'Do/*$*/ne') + send('f', set('Done'))), 'f (sends IRPs by WskSend) x2');
  assert.equal(
    outgoing(done + send('f', set('Done')).replace('->WskSend', '->Wsk/*$*/Send')),
    'Done (completes IRPs of WskSend)',
  );
});

test('which routine, where there are several', () => {
  const after = (text: string): string => outgoing((done + text).replace('->WskSend', '->Wsk/*$*/Send'));
  assert.equal(
    after(send('f', `${set('Other')} ${set('Done')}`)),
    'Other (completes IRPs of WskSend), Done (completes IRPs of WskSend)',
  );
  // The IRP comes from a helper's caller, who set the routine.
  assert.equal(
    after(`${send('f', '')}void g(PWSK_SOCKET S, PWSK_BUF B, PIRP I) { ${set('Done', 'I')} f(S, B, I); }\n`),
    'Done (completes IRPs of WskSend)',
  );
  // A helper sets what its caller says.
  assert.equal(
    after(`static void Set(PIRP I, PIO_COMPLETION_ROUTINE R) { ${set('R', 'I')} }\n${send('f', 'Set(Irp, Done);')}`),
    'Done (completes IRPs of WskSend)',
  );
  // Kept in a member.
  assert.equal(
    after(
      `typedef struct { PIRP Irp; } C;\nvoid Start(C *c) { c->Irp = IoAllocateIrp(1, FALSE); ${set('Done', 'c->Irp')} }\nNTSTATUS f(C *c, PWSK_SOCKET S, PWSK_BUF B) { return ((PWSK_PROVIDER_CONNECTION_DISPATCH)S->Dispatch)->WskSend(S, B, 0, c->Irp); }\n`,
    ),
    'Done (completes IRPs of WskSend)',
  );
});

test('which routine, through a context and through helpers that send', () => {
  const context = `typedef struct { PIRP Irp; PIO_COMPLETION_ROUTINE Then; WSK_BUF Buf; } OP;
typedef struct { PWSK_SOCKET Socket; const WSK_PROVIDER_CONNECTION_DISPATCH *Api; OP Send; OP Receive; } CONN;
IO_COMPLETION_ROUTINE Sent, Received, Closed;\n`;
  const after = (text: string): string => outgoing(context + text);
  // One structure for two requests: each send has the routine that was prepared for it.
  const prepared = `void Prepare(OP *op, PIO_COMPLETION_ROUTINE Then) { ${set('Then', 'op->Irp')} }
void Send(CONN *c) { Prepare(&c->Send, Sent); c->Api->WskSend(c->Socket, &c->Send.Buf, 0, c->Send.Irp); }
void Receive(CONN *c) { Prepare(&c->Receive, Received); c->Api->WskReceive(c->Socket, &c->Receive.Buf, 0, c->Receive.Irp); }\n`;
  assert.equal(after(prepared.replace('->WskSend', '->Wsk/*$*/Send')), 'Sent (completes IRPs of WskSend)');
  assert.equal(after(prepared.replace('->WskReceive', '->Wsk/*$*/Receive')), 'Received (completes IRPs of WskReceive)');
  // A helper that sets what it is given and sends: its callers' other sends are not completed there.
  const wrapped = `void SendWith(CONN *c, PIRP Irp, PIO_COMPLETION_ROUTINE Then) { ${set('Then')} c->Api->WskSend(c->Socket, &c->Send.Buf, 0, Irp); }
void f(CONN *c) { SendWith(c, c->Send.Irp, Sent); c->Api->WskReceive(c->Socket, &c->Send.Buf, 0, c->Send.Irp); }
void g(CONN *c) { SendWith(c, c->Send.Irp, Closed); }\n`;
  assert.equal(
    after(wrapped.replace('->WskSend', '->Wsk/*$*/Send')),
    'Sent (completes IRPs of WskSend), Closed (completes IRPs of WskSend)',
  );
  assert.equal(after(wrapped.replace('->WskReceive', '->Wsk/*$*/Receive')), '');
  assert.equal(
    incoming(context.replace('Closed', 'Clo/*$*/sed') + wrapped),
    'g (registered as IO_COMPLETION_ROUTINE), SendWith (sends IRPs by WskSend)',
  );
  // The routine waits in a member until it is needed.
  const kept = `void Later(OP *op, PIO_COMPLETION_ROUTINE Then) { op->Then = Then; }
void f(CONN *c) { Later(&c->Send, Closed); }
void Close(CONN *c) { ${set('c->Send.Then', 'c->Send.Irp')} c->Api->WskDisconnect(c->Socket, NULL, 0, c->Send.Irp); }\n`;
  assert.equal(after(kept.replace('->WskDis', '->Wsk/*$*/Dis')), 'Closed (completes IRPs of WskDisconnect)');
  const local = `void f(CONN *c, int last) { PIO_COMPLETION_ROUTINE then = Sent; if (last) then = Closed; ${set('then', 'c->Send.Irp')} c->Api->Wsk/*$*/Send(c->Socket, &c->Send.Buf, 0, c->Send.Irp); }\n`;
  assert.equal(after(local), 'Sent (completes IRPs of WskSend), Closed (completes IRPs of WskSend)');
});

test('what is registered runs because of who registers it', () => {
  const entry = (body: string, before: string): string =>
    `${before}NTSTATUS DriverEn/*$*/try(PDRIVER_OBJECT d, PUNICODE_STRING p) { ${body} return 0; }\n`;
  assert.equal(outgoing(entry('d->DriverUnload = Bye;', 'DRIVER_UNLOAD Bye;\n')), 'Bye (registered as DRIVER_UNLOAD)');
  assert.equal(
    outgoing(entry('d->MajorFunction[IRP_MJ_CREATE] = Any;', 'DRIVER_DISPATCH Any;\n')),
    'Any (registered as DRIVER_DISPATCH)',
  );
  assert.match(
    outgoing(
      entry('HANDLE h; PsCreateSystemThread(&h, 0, NULL, NULL, NULL, Thread, NULL);', 'KSTART_ROUTINE Thread;\n'),
    ),
    /^Thread \(registered as /,
  );
  assert.match(
    outgoing(entry('static KDPC k; KeInitializeDpc(&k, Dpc, NULL);', 'KDEFERRED_ROUTINE Dpc;\n')),
    /^Dpc \(registered as /,
  );
  assert.match(
    outgoing(
      entry('static PIO_WORKITEM w; IoQueueWorkItem(w, Work, DelayedWorkQueue, NULL);', 'IO_WORKITEM_ROUTINE Work;\n'),
    ),
    /^Work \(registered as /,
  );
  const accept =
    'NTSTATUS WSKAPI Accept(PVOID, ULONG, PSOCKADDR, PSOCKADDR, PWSK_SOCKET, PVOID *, const WSK_CLIENT_CONNECTION_DISPATCH **);\nconst WSK_CLIENT_LISTEN_DISPATCH Table = { Accept };\n';
  assert.equal(
    outgoing(`${accept}void Li/*$*/sten(void *p) { p = (void *)&Table; }\n`),
    'Accept (registered as WskAcceptEvent)',
  );
});

test('what three files do together', () => {
  const shared =
    'typedef struct { PIRP Irp; PWSK_SOCKET Socket; WSK_BUF Buf; } C;\ntypedef struct { void (*Run)(C *c); } OPS;\nextern const OPS Ops;\nIO_COMPLETION_ROUTINE Done;\n';
  const texts = {
    'set.c': `void Start(C *c) { c->Irp = IoAllocateIrp(1, FALSE); ${set('Done', 'c->Irp')} Ops.Run(c); }\n`,
    'send.c':
      'static void Send(C *c) { ((PWSK_PROVIDER_CONNECTION_DISPATCH)c->Socket->Dispatch)->WskSend(c->Socket, &c->Buf, 0, c->Irp); }\nconst OPS Ops = { Send };\n',
    'done.c': 'NTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c) { return STATUS_MORE_PROCESSING_REQUIRED; }\n',
  };
  const analyses = Object.entries(texts).map(([name, text]) => {
    const main = `//- ${name}\n${INCLUDES}#include "shared.h"\n${text}`;
    return analyse(`${main}//- shared.h\n${shared}`).analysis;
  });
  const shown = (name: string, direction: typeof outgoingCalls): string => {
    const analysis = analyses.find(({ unit }) => unit.functions.some(({ symbol }) => symbol.name === name));
    const item = analysis && prepareCalls(analysis, analysis.unit.file.text.indexOf(`${name}(`));
    const found = direction(analyses, item?.key ?? '');
    return found
      .map(({ item: { name: other, detail, nameSpan } }) => `${nameSpan.file.path} ${other} ${detail}`)
      .join(', ');
  };
  assert.equal(shown('Start', outgoingCalls), 'done.c Done registered as IO_COMPLETION_ROUTINE, send.c Send ');
  assert.equal(
    shown('Send', outgoingCalls),
    'wsk.h WskSend wsk.h, done.c Done completes IRPs of WskSend'.replace(/^wsk.h/, 'wsk-headers:wsk.h'),
  );
  assert.match(shown('Send', incomingCalls), /^set.c Start /);
  assert.match(shown('Done', incomingCalls), /send.c Send sends IRPs by WskSend/);
  // Which files are worth reading for it.
  const [setting, sending, completing] = analyses as [Analysis, Analysis, Analysis];
  const words = (known: readonly Analysis[], where: Analysis, name: string): string => {
    const item = prepareCalls(where, where.unit.file.text.indexOf(`${name}(`));
    return wordsBeyond(known, [item?.key ?? '']).join(' ');
  };
  assert.equal(words([setting], setting, 'Start'), 'Run OPS');
  assert.equal(words([sending], sending, 'Send'), 'Run IoSetCompletionRoutine');
  assert.equal(words([completing, setting], completing, 'Done'), 'IoCallDriver ->Wsk');
  const lenses = codeLenses(completing, completionSends(analyses));
  assert.deepEqual(
    lenses.map(({ title }) => title),
    ['1 IRP completes here: from WskSend'],
  );
});

test('through a table of the driver’s own', () => {
  const text =
    'struct T { int (*run)(void); };\nint g(void) { return 1; }\nstruct T t = { g };\nint f/*$*/(struct T *p) { return p->run(); }\n';
  assert.equal(outgoing(text), 'g');
});

test('a file of very many completion routines', () => {
  const one = (n: number): string => `static IO_COMPLETION_ROUTINE Done${n};
static NTSTATUS Done${n}(PDEVICE_OBJECT D, PIRP I, PVOID C) { return STATUS_MORE_PROCESSING_REQUIRED; }
static void Send${n}(PDEVICE_OBJECT D) { PIRP irp = IoAllocateIrp(1, FALSE); IoSetCompletionRoutine(irp, Done${n}, NULL, TRUE, TRUE, TRUE); IoCallDriver(D, irp); }
`;
  const { analysis } = analyseDriver(Array.from({ length: 400 }, (_, n) => one(n)).join(''));
  const routines = completionRoutines(analysis);
  assert.equal(routines.length, 400);
  const keys = routines.map(({ key }) => key);
  // Asked one by one it takes a hundred times as long.
  assertQuick(500, () => assert.deepEqual(wordsBeyond([analysis], keys), ['IoCallDriver', '->Wsk']));
});
