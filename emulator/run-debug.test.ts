// What a debugger sees and does: breakpoints, steps, call stacks with their origin, values, expressions, IRPs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionAt, type SourceFile, sourceFile } from '../base/source.ts';
import type { Advance, Run, Value } from './run/types.ts';
import { fileAt, planOf, readyRun } from './testing.ts';

const listen = fileAt('samples/listen/listen.c');

/** Line (from 0) of the first occurrence of a text. */
function lineOf(file: SourceFile, text: string): number {
  const at = file.text.indexOf(text);
  assert.ok(at >= 0, `${text} is in the file`);
  return positionAt(file, at).line;
}

function runOn(run: Run): Advance {
  for (;;) {
    const advance = run.advance(10_000);
    if (advance.kind !== 'running') return advance;
  }
}

/** "function:line" from 1 for each frame, labels as they are. */
function stackOf(run: Run, threadId: number): string[] {
  return run
    .frames(threadId)
    .map(({ name, span }) => (span === undefined ? name : `${name}:${positionAt(span.file, span.start).line + 1}`));
}

function pausedAt(run: Run, advance: Advance): { thread: number; top: string } {
  assert.equal(advance.kind, 'paused');
  const thread = advance.kind === 'paused' ? advance.threadId : 0;
  return { thread, top: stackOf(run, thread)[0] ?? '' };
}

function stoppedAt(file: SourceFile, text: string): { run: Run; thread: number; frame: number } {
  const run = readyRun(planOf([file]));
  run.setBreakpoints(file, [lineOf(file, text)]);
  const { thread } = pausedAt(run, runOn(run));
  return { run, thread, frame: run.frames(thread)[0]?.id ?? 0 };
}

function textOf(run: Run, frame: number, expression: string): string {
  const result = run.evaluate(expression, frame);
  return 'error' in result ? `error: ${result.error}` : result.value.text;
}

test('a breakpoint lands on the statement of its line, inside a statement on that, between statements on the next', () => {
  const run = readyRun(planOf([listen]));
  const call = lineOf(listen, 'Provider.Dispatch->WskSocket(');
  const inside = lineOf(listen, 'WSK_FLAG_LISTEN_SOCKET');
  const comment = lineOf(listen, '/* No event callbacks are wanted');
  const landed = run.setBreakpoints(listen, [call, inside, comment, 99_999]);
  const lines = landed.map((span) => (span === undefined ? undefined : positionAt(span.file, span.start).line));
  assert.deepEqual(lines, [call, call, call, undefined]);
});

test('run to the next completion: the first line of the routine, with the call that issued the IRP', () => {
  const { run, thread } = stoppedAt(listen, 'status = WaitFor(&Target->Step);');
  run.step('next-completion', thread);
  const { thread: context, top } = pausedAt(run, runOn(run));
  const first = lineOf(listen, 'PREQUEST request = (PREQUEST)Context;') + 1;
  assert.equal(top, `RequestComplete:${first}`);
  const issued = lineOf(listen, 'Provider.Dispatch->WskSocket(') + 1;
  assert.deepEqual(stackOf(run, context).slice(1, 4), [
    'IoCompleteRequest',
    `issued at listen.c:${issued} by WskSocket (IRP #2)`,
    `CreateListeningSocket:${issued}`,
  ]);
  assert.deepEqual(
    run.frames(context).map((frame) => frame.presentation),
    ['normal', 'subtle', 'label', 'subtle', 'subtle', 'subtle'],
  );
  const current = run.threads().find((one) => one.isCurrent);
  assert.deepEqual([current?.name, current?.irql], ['WSK', 2]);
  assert.match(
    run.threads().find((one) => one.name === 'DriverEntry')?.state ?? '',
    /^waits for the notification event/,
  );
  // Again: the completion of the next request.
  run.step('next-completion', context);
  pausedAt(run, runOn(run));
  assert.equal(run.irps().find((irp) => irp.state === 'completing')?.call, 'WskControlSocket');
});

const steps = sourceFile(
  'steps.c',
  `int twice(int n)
{
  int r = n + n;
  return r;
}
int main(void)
{
  int a = 1;
  a = twice(a);
  a = twice(a);
  return a;
}
`,
);

test('a breakpoint on a macro of several statements stops once each time', () => {
  const file = sourceFile(
    'macro.c',
    `#define ADD(n) do { sum += n; if (sum > 100) return sum; } while (0)
int main(void)
{
  int sum = 0;
  for (int i = 0; i < 3; i++)
    ADD(i);
  return sum;
}
`,
  );
  const run = readyRun(planOf([file], { entry: 'main' }));
  run.setBreakpoints(file, [5]);
  const stops = [0, 1, 2].map(() => pausedAt(run, runOn(run)).top);
  assert.deepEqual(stops, ['main:6', 'main:6', 'main:6']);
  assert.equal(runOn(run).kind, 'ended');
});

test('step in, over and out', () => {
  const run = readyRun(planOf([steps], { entry: 'main' }));
  run.setBreakpoints(steps, [8]);
  const { thread } = pausedAt(run, runOn(run));
  run.setBreakpoints(steps, []);
  const step = (kind: 'in' | 'over' | 'out'): string => {
    run.step(kind, thread);
    return pausedAt(run, runOn(run)).top;
  };
  assert.equal(step('in'), 'twice:3');
  assert.equal(step('over'), 'twice:4');
  assert.equal(step('out'), 'main:10');
  assert.equal(step('over'), 'main:11');
  const end = runOn(run);
  assert.equal(end.kind === 'ended' ? end.result.entryResult : undefined, 4);
});

test('steps go through the C of the kernel itself, into what it calls', () => {
  const file = sourceFile(
    'table.c',
    `#include <ntddk.h>
static UCHAR room[128];
static PVOID Take(PRTL_AVL_TABLE t, CLONG n)
{
  UNREFERENCED_PARAMETER(t); UNREFERENCED_PARAMETER(n);
  return room;
}
static RTL_GENERIC_COMPARE_RESULTS Compare(PRTL_AVL_TABLE t, PVOID a, PVOID b)
{
  UNREFERENCED_PARAMETER(t);
  return *(int *)a < *(int *)b ? GenericLessThan : *(int *)a > *(int *)b ? GenericGreaterThan : GenericEqual;
}
static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)
{
  static RTL_AVL_TABLE table;
  int one = 1;
  UNREFERENCED_PARAMETER(p);
  d->DriverUnload = Unload;
  RtlInitializeGenericTableAvl(&table, Compare, Take, NULL, NULL);
  RtlInsertElementGenericTableAvl(&table, &one, sizeof(one), NULL);
  RtlInsertElementGenericTableAvl(&table, &one, sizeof(one), NULL);
  return STATUS_SUCCESS;
}
`,
  );
  const run = readyRun(planOf([file]));
  run.setBreakpoints(file, [19]);
  const { thread } = pausedAt(run, runOn(run));
  run.setBreakpoints(file, []);
  const step = (kind: 'in' | 'over' | 'out'): string => {
    run.step(kind, thread);
    return pausedAt(run, runOn(run)).top;
  };
  // RtlInitializeGenericTableAvl calls nobody.
  assert.equal(step('in'), 'DriverEntry:21');
  assert.equal(step('in'), 'Take:5');
  assert.equal(step('out'), 'DriverEntry:22');
  assert.equal(step('in'), 'Compare:10');
  assert.equal(step('over'), 'Compare:11');
  assert.equal(step('over'), 'DriverEntry:23');
});

test('after a step the first breakpoint ahead stops the run, whatever the step ended at', () => {
  const run = readyRun(planOf([steps], { entry: 'main' }));
  run.setBreakpoints(steps, [7]);
  const { thread } = pausedAt(run, runOn(run));
  run.step('over', thread);
  assert.equal(pausedAt(run, runOn(run)).top, 'main:9');
  run.setBreakpoints(steps, [9]);
  run.continue();
  assert.equal(pausedAt(run, runOn(run)).top, 'main:10');
});

test('a step past the end of a thread ends in the one that goes on', () => {
  const { run, thread } = stoppedAt(listen, 'status = WaitFor(&Target->Step);');
  run.step('next-completion', thread);
  const { thread: context } = pausedAt(run, runOn(run));
  run.setBreakpoints(listen, []);
  run.step('out', context);
  const { thread: woken, top } = pausedAt(run, runOn(run));
  assert.equal(woken, thread);
  assert.match(top, /^WaitFor:/);
});

test('a pause stops an endless loop', () => {
  const run = readyRun(
    planOf([sourceFile('loop.c', 'int main(void) { int i = 0; for (;;) i++; }')], { entry: 'main' }),
  );
  assert.equal(run.advance(1000).kind, 'running');
  run.requestPause();
  assert.equal(runOn(run).kind, 'paused');
});

test('values of a driver by type', () => {
  const { run, frame } = stoppedAt(listen, 'status = WaitFor(&Target->Step);');
  const expected: readonly (readonly [string, string | RegExp])[] = [
    ['irp', /^0xFFFF8000`[0-9A-F]{8} → _IRP$/],
    ['irp->IoStatus.Status', '0x0 STATUS_SUCCESS'],
    ['status', 'not set'],
    ['Target->Socket', 'NULL'],
    ['Target->Step.Done', 'not signaled'],
    ['Target->Accept.Done', 'signaled'],
    ['Target->LocalAddress', '0.0.0.0:0'],
    ['Provider.Dispatch->WskSocket', 'WskSocket'],
    ['RequestComplete', 'RequestComplete'],
    ['STATUS_PENDING', '0x103 STATUS_PENDING'],
    ['WSK_FLAG_LISTEN_SOCKET', '1'],
    ['sizeof(IRP)', '208 (0xD0)'],
    ['sizeof irp->IoStatus', '16 (0x10)'],
    ['(ULONG)irp == (ULONG)(ULONG_PTR)irp', '1'],
    ['((PLISTENER)Target)->ExclusiveAddrUse', '0'],
    ['*&Target->ExclusiveAddrUse + 41', '41 (0x29)'],
    ['-1 >> 1', '-1'],
    ['(-2147483647 - 1) / -1', 'error: a division whose result does not fit'],
    ['0xFFFFFFFF + 1', '0'],
    ['1 ? 2 : 3', '2'],
    ["'A'", "65 'A'"],
    ["'ab'", '24930 (0x6162)'],
    ['LISTENER_TAG', /^\d+ \(0x[0-9A-F]{8}\)$/],
    ['NT_SUCCESS(irp->IoStatus.Status) && !NT_ERROR(STATUS_PENDING)', '1'],
    ['NT_SUCCESS', 'error: there is no "NT_SUCCESS" here'],
    ['FIELD_OFFSET(IRP, IoStatus) + RTL_FIELD_SIZE(IRP, IoStatus)', '64 (0x40)'],
    ['CONTAINING_RECORD(&Target->Step, LISTENER, Step) == Target', '1'],
    ['&((PLISTENER)0)->Step.Done == 0', '0'],
    ['((PSOCKADDR_IN)&Target->LocalAddress)->sin_addr.s_addr', '0'],
    ['*(PSOCKADDR)&(Target->LocalAddress)', '{…}'],
    ['nowhere', 'error: there is no "nowhere" here'],
    ['irp->Nothing', 'error: struct _IRP has no member "Nothing"'],
    ['Target->Socket->Dispatch', 'error: the pointer is NULL'],
    ['WaitFor(irp)', /^error: KeWaitForSingleObject is given IRP #2, /],
    ['1 / 0', 'error: a division by zero'],
    ['irp = 0', 'error: an expression changes nothing here; set the value instead'],
    ['irp ===', 'error: "=" is not expected here'],
    ['irp == = 0', 'error: "=" is not expected here'],
    ['irp ==', 'error: the expression is not complete'],
    ['"text"[0]', 'error: text in quotes stands nowhere in memory; compare its characters'],
    ['(irp', 'error: ")" is missing'],
    ['', 'error: an expression is missing'],
  ];
  for (const [expression, wanted] of expected) {
    const text = textOf(run, frame, expression);
    if (typeof wanted === 'string') assert.equal(text, wanted, expression);
    else assert.match(text, wanted, expression);
  }
});

test('scopes hold locals with parameters, then the variables of the file; structures open by member', () => {
  const { run, frame } = stoppedAt(listen, 'status = WaitFor(&Target->Step);');
  const [locals, file] = run.scopes(frame);
  assert.deepEqual(
    locals?.values().map((value) => value.name),
    ['status', 'irp', 'Target'],
  );
  assert.deepEqual(
    file?.values().map((value) => value.name),
    ['ClientDispatch', 'Registration', 'Provider', 'Listener'],
  );
  const target = locals?.values().find((value) => value.name === 'Target') as Value;
  const step = target.children().find((value) => value.name === 'Step') as Value;
  assert.equal(step.expression, 'Target->Step');
  assert.deepEqual(
    step.children().map((value) => value.expression),
    ['Target->Step.Done', 'Target->Step.Status', 'Target->Step.Information'],
  );
});

const shapes = sourceFile(
  'shapes.c',
  `#include <ntddk.h>
#include <wsk.h>
enum colour { RED, GREEN = 5 };
struct bits { unsigned low : 3; signed high : 5; };
int main(void)
{
  enum colour c = GREEN;
  struct bits b = { 5, -2 };
  char text[] = "abc";
  const char *p = "a string";
  int many[250] = { 0 };
  BOOLEAN yes = TRUE;
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\X");
  LARGE_INTEGER large;
  LIST_ENTRY list;
  double d = 1.5;
  KIRQL irql = 2;
  SOCKADDR_STORAGE any = { 0 };
  UCHAR bytes[8] = { 'G', 'E', 'T', 1 }, none[4] = { 0 };
  any.ss_family = AF_INET6;
  large.QuadPart = -10;
  InitializeListHead(&list);
  many[200] = 7;
  return c + b.low + text[0] + p[0] + many[0] + yes + name.Length + (int)large.QuadPart + (list.Flink == 0) + (int)d + irql + any.ss_family + bytes[0] + none[0];
}
`,
);

test('values by shape: enumerations, bit-fields, strings, long arrays, well-known structures', () => {
  const run = readyRun(planOf([shapes], { entry: 'main' }));
  run.setBreakpoints(shapes, [lineOf(shapes, 'return c')]);
  const { thread } = pausedAt(run, runOn(run));
  const frame = run.frames(thread)[0]?.id ?? 0;
  const expected: readonly (readonly [string, string])[] = [
    ['c', 'GREEN (5)'],
    ['b.low', '5'],
    ['b.high', '-2'],
    ['text', '"abc"'],
    ['yes', 'TRUE'],
    ['name', 'L"\\\\Device\\\\X"'],
    ['any', '[::]:0'],
    ['bytes', '[8] 47 45 54 01 … "GET."'],
    ['none', '[4]'],
    ['*(SOCKADDR *)&any', '[::]:0'],
    ['large', '-10 (0xFFFFFFFFFFFFFFF6)'],
    ['list', '(empty)'],
    ['d', '1.5'],
    ['irql', '2 (DISPATCH_LEVEL)'],
    ['many', '[250]'],
    ['many[200]', '7'],
    ['GREEN', '5'],
  ];
  for (const [expression, wanted] of expected) assert.equal(textOf(run, frame, expression), wanted, expression);
  assert.match(textOf(run, frame, 'p'), / "a string"$/);
  const many = run.evaluate('many', frame);
  assert.ok('value' in many);
  const groups = many.value.children();
  assert.deepEqual(
    groups.map((group) => group.name),
    ['[0..99]', '[100..199]', '[200..249]'],
  );
  assert.equal(groups[2]?.children()[0]?.text, '7');
  // Setting values: a register, memory, a bit-field.
  for (const [target, value, wanted] of [
    ['c', 'RED', 'RED (0)'],
    ['many[3]', '6 * 7', '42 (0x2A)'],
    ['b.high', '-1', '-1'],
    ['b.low', '2', '2'],
  ] as const) {
    const result = run.assign(target, value, frame);
    assert.equal('value' in result ? result.value.text : result.error, wanted, target);
  }
  assert.equal(textOf(run, frame, 'b.high'), '-1');
  assert.deepEqual(run.assign('name', '1', frame), {
    error: 'name is no number or pointer; give its members their values one by one',
  });
});

test('the IRP view of a long run keeps what is not over, however old', () => {
  const many = sourceFile(
    'many.c',
    `#include <ntddk.h>
DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PIRP kept = IoAllocateIrp(1, FALSE);
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    for (ULONG i = 0; i < 1200; i++) {
        PIRP irp = IoAllocateIrp(1, FALSE);
        if (irp != NULL) IoFreeIrp(irp);
    }
    if (kept != NULL) IoFreeIrp(kept);
    return STATUS_UNSUCCESSFUL;
}
`,
  );
  const { run } = stoppedAt(many, 'if (kept != NULL)');
  const irps = run.irps();
  assert.deepEqual([irps[0]?.id, irps[0]?.state], [1, 'idle']);
  assert.deepEqual([irps.length <= 1000, irps.at(-1)?.id], [true, 1201]);
});

test('the IRP view: a pending request with its stack location, later completed and freed', () => {
  const { run } = stoppedAt(listen, 'return Request->Status;');
  const [close, socket] = run.irps();
  assert.deepEqual([close?.state, close?.call], ['idle', undefined]);
  assert.equal(socket?.state, 'freed');
  assert.equal(socket?.call, 'WskSocket');
  assert.equal(socket?.status?.name, 'STATUS_SUCCESS');
  assert.match(socket?.information ?? '', /^WSK socket #1 at 0x/);
  const [location] = socket?.stackLocations ?? [];
  assert.equal(location?.completionRoutine?.name, 'RequestComplete');
  assert.deepEqual(location?.invokeOn, ['success', 'error', 'cancel']);
  assert.deepEqual(
    socket?.history.map((step) => step.what),
    [
      'allocated by IoAllocateIrp with 1 stack location',
      'completion routine RequestComplete set',
      'sent to WskSocket on WSK',
      'completed with STATUS_SUCCESS',
      'completion routine RequestComplete called',
      'freed',
    ],
  );
});

test('a finding stops at the statement of the crash, with its state; going on ends the run', () => {
  const file = sourceFile('null.c', 'int main(void) { int n = 3; char *p = (char *)0; return *p + n; }');
  const run = readyRun(planOf([file], { entry: 'main' }));
  const advance = runOn(run);
  assert.equal(advance.kind, 'finding');
  if (advance.kind !== 'finding') return;
  assert.equal(advance.finding.rule, 'null-dereference');
  const frame = run.frames(advance.threadId)[0];
  assert.equal(frame?.name, 'main');
  assert.equal(textOf(run, frame?.id ?? 0, 'n'), '3');
  const end = runOn(run);
  assert.equal(end.kind === 'ended' ? end.result.outcome : undefined, 'findings');
});

for (const call of ['__debugbreak()', 'DbgBreakPoint()', 'DbgBreakPointWithStatus(1)', 'KdBreakPoint()']) {
  test(`${call} stops where somebody looks on, and the run goes on behind it`, () => {
    const file = sourceFile('break.c', `#include <ntddk.h>\nint main(void) { int n = 1; ${call}; n++; return n - 2; }`);
    const run = readyRun({ ...planOf([file]), entry: 'main', hasDebugger: true });
    const stop = runOn(run);
    assert.deepEqual(stop.kind === 'paused' && stop.atInstruction, true);
    const end = runOn(run);
    assert.equal(end.kind === 'ended' && end.result.outcome, 'clean');
  });
}
