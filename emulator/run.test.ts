// Whole runs: the samples, every outcome, the same bytes twice, faults, expectations of a scenario.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { startRun } from './run/start.ts';
import type { Run, RunPlan } from './run/types.ts';
import { traceLine } from './sim/index.ts';
import { fileAt, findingsOf, finish, planOf, readyRun, root, runText, scenarioText } from './testing.ts';

const listen = fileAt('samples/listen/listen.c');

function traceOf(changes: Partial<RunPlan> = {}): string {
  const run: Run = readyRun(planOf([listen], changes));
  finish(run);
  const names = { path: () => 'listen.c', status: (code: number) => run.statusName(code) };
  return run
    .trace(0)
    .map((event) => `${traceLine(event, names)}\n`)
    .join('');
}

/** The text must equal the file of this name under fixtures; UPDATE_GOLDEN=1 writes it. */
function golden(name: string, text: string): void {
  const path = join(root, 'emulator/fixtures', name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(path, 'utf8'));
}

test('samples/listen: clean, five completions, the whole trace', () => {
  const result = finish(readyRun(planOf([listen])));
  assert.equal(result.outcome, 'clean');
  assert.deepEqual(result.findings, []);
  assert.equal(result.completions, 5);
  assert.equal(result.entryResult, 0);
  golden('listen.trace.jsonl', traceOf());
});

test('samples/listen with a peer that connects: as its scenario expects', () => {
  const scenario = scenarioText(readFileSync(join(root, 'samples/listen/accept.wsk.yaml'), 'utf8'));
  const result = finish(readyRun(planOf([listen], { scenario })));
  assert.deepEqual(findingsOf(result), []);
  assert.equal(result.outcome, 'clean');
});

test('the same plan gives the same bytes; another seed other ones', () => {
  assert.equal(traceOf(), traceOf());
  assert.equal(traceOf({ seed: 7 }), traceOf({ seed: 7 }));
  assert.notEqual(traceOf({ seed: 7 }), traceOf());
});

test('a run whose trace is only counted ends with the same result', () => {
  const buggy = fileAt('samples/listen-buggy/listen-buggy.c');
  for (const seed of [undefined, 1, 2, 3]) {
    const counted = readyRun(planOf([buggy], { seed, trace: 'counted' }));
    assert.deepEqual(finish(counted), finish(readyRun(planOf([buggy], { seed }))));
    assert.deepEqual(counted.trace(0), []);
  }
});

test('samples/listen is clean under fifty seeds', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const result = finish(readyRun(planOf([listen], { seed })));
    assert.deepEqual(findingsOf(result), [], `seed ${seed}`);
  }
});

test('samples/listen is clean whichever call fails', () => {
  const calls = ['ExAllocatePool2', 'IoAllocateIrp', 'WskRegister', 'WskCaptureProviderNPI', 'WskSocket'];
  for (const call of [...calls, 'WskControlSocket', 'WskBind', 'WskAccept']) {
    for (let occurrence = 1; occurrence <= (call === 'IoAllocateIrp' ? 5 : 1); occurrence++) {
      const scenario = scenarioText(`faults: [{ call: ${call}, occurrence: ${occurrence} }]`);
      const result = finish(readyRun(planOf([listen], { scenario })));
      assert.deepEqual(findingsOf(result), [], `${call} ${occurrence}`);
      assert.equal(result.outcome, 'entry-failed', `${call} ${occurrence}`);
      assert.equal(result.entryResult, 0xc000009a | 0, `${call} ${occurrence}`);
    }
  }
});

/** The buggy sample with all mistakes mended but one: each is found at run time by lint's rule id. */
const mistakes: readonly (readonly [string, string, string])[] = [
  ['IoAllocateIrp(0, FALSE)', 'IoAllocateIrp(1, FALSE)', 'irp-stack-size'],
  ['        Target,\n        &ConnectionDispatch,\n', '        NULL,\n        NULL,\n', 'basic-socket-dispatch'],
  [
    '    return dispatch->WskControlSocket(',
    '    KeClearEvent(&Target->Done);\n    static ULONG kept = 1;\n    return dispatch->WskControlSocket(',
    'stack-buffer-outlives-call',
  ],
  ['return irp->IoStatus.Status;', 'return Target->Status;', 'irp-touched-after-send'],
  [
    '    return dispatch->WskGetLocalAddress(Target->Socket, (PSOCKADDR)&Target->LocalAddress, irp);',
    '    KeClearEvent(&Target->Done);\n    IoSetCompletionRoutine(irp, RequestComplete, Target, TRUE, TRUE, TRUE);\n    dispatch->WskGetLocalAddress(Target->Socket, (PSOCKADDR)&Target->LocalAddress, irp);\n    return WaitForRequest(Target);',
    'completion-routine-missing',
  ],
  ['Target, TRUE, FALSE, FALSE);', 'Target, TRUE, TRUE, TRUE);', 'completion-invoke-all'],
  [
    'return STATUS_SUCCESS;\n}\n\nstatic\nNTSTATUS\nWaitForRequest',
    'return STATUS_MORE_PROCESSING_REQUIRED;\n}\n\nstatic\nNTSTATUS\nWaitForRequest',
    'completion-keeps-irp',
  ],
];

function buggy(keep: string | undefined): string {
  let text = fileAt('samples/listen-buggy/listen-buggy.c').text;
  for (const [wrong, right, rule] of mistakes) {
    assert.ok(text.includes(wrong), `${rule}: the sample still has its mistake`);
    if (rule === keep) continue;
    text = text.replace(wrong, right);
    if (rule === 'stack-buffer-outlives-call') text = text.replace('&exclusive,', '&kept,');
  }
  return text;
}

test('samples/listen-buggy: each mistake alone is found at run time, none of them mended is clean', () => {
  assert.deepEqual(findingsOf(runText(buggy(undefined))), []);
  for (const [, , rule] of mistakes) {
    const [first] = runText(buggy(rule)).findings;
    assert.equal(first?.rule, rule, first?.message);
  }
});

test('irp-null-check: a NULL IRP of the buggy sample, when memory is short', () => {
  const scenario = scenarioText('faults: [{ call: IoAllocateIrp, occurrence: 6 }]');
  const [first] = runText(buggy(undefined), { scenario }).findings;
  assert.equal(first?.rule, 'irp-null-check', first?.message);
});

const entry = (body: string): string =>
  `#include <ntddk.h>\n#include <wsk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)\n{\n${body}\n}\n`;

test('outcomes', () => {
  assert.equal(runText(entry('return STATUS_SUCCESS;')).outcome, 'clean');
  const failed = runText(entry('return STATUS_UNSUCCESSFUL;'));
  assert.deepEqual([failed.outcome, failed.entryResult], ['entry-failed', 0xc0000001 | 0]);
  const missing = runText(
    entry('ZwThawRegistry(r); return 0;').replace(
      'NTSTATUS D',
      'NTSTATUS ZwThawRegistry(PUNICODE_STRING);\nNTSTATUS D',
    ),
  );
  assert.equal(missing.outcome, 'not-emulated');
  assert.match(missing.findings[0]?.message ?? '', /ZwThawRegistry/);
  const loop = runText(entry('for (;;) ;'), { statementsMax: 10_000 });
  assert.deepEqual([loop.outcome, loop.findings[0]?.rule], ['limit', 'statement-limit']);
  assert.ok((loop.findings[0]?.span.start ?? 0) > 0, 'it stands where the driver stood');
  const wait = runText(
    entry(
      'KEVENT e; KeInitializeEvent(&e, NotificationEvent, FALSE); KeWaitForSingleObject(&e, Executive, KernelMode, FALSE, NULL); return 0;',
    ),
  );
  assert.deepEqual([wait.outcome, wait.findings[0]?.rule], ['hang', 'hang']);
  const poll = runText(
    entry('LARGE_INTEGER t; t.QuadPart = -10; for (;;) KeDelayExecutionThread(KernelMode, FALSE, &t);'),
  );
  assert.deepEqual([poll.outcome, poll.findings[0]?.rule], ['hang', 'hang']);
  assert.match(poll.findings[0]?.message ?? '', /Meanwhile DriverEntry has woken up \d+ times in a row/);
  const other = runText(`#include <ntddk.h>
static VOID Idle(PVOID c) { LARGE_INTEGER t; (void)c; t.QuadPart = -10000000; for (;;) KeDelayExecutionThread(KernelMode, FALSE, &t); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {
  HANDLE h; KEVENT e; OBJECT_ATTRIBUTES o; (void)d; (void)p;
  InitializeObjectAttributes(&o, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
  KeInitializeEvent(&e, NotificationEvent, FALSE);
  PsCreateSystemThread(&h, SYNCHRONIZE, &o, NULL, NULL, Idle, NULL);
  KeWaitForSingleObject(&e, Executive, KernelMode, FALSE, NULL);
  ZwClose(h); return STATUS_SUCCESS; }`);
  assert.match(
    other.findings[0]?.message ?? '',
    /DriverEntry waits .*\. Meanwhile Idle has woken up \d+ times in a row/,
  );
});

test('main: exit status, output, a null dereference', () => {
  const seven = runText('int main(void) { return 7; }', { entry: 'main' });
  assert.deepEqual([seven.outcome, seven.entryResult], ['entry-failed', 7]);
  const hello = runText(
    '#include <stdio.h>\nint main(int argc, char **argv) { printf("hello %d\\n", argc); return 0; }',
    { entry: 'main' },
  );
  assert.deepEqual([hello.outcome, hello.output], ['clean', 'hello 1\n']);
  const left = runText('#include <stdlib.h>\nint main(void) { exit(3); }', { entry: 'main' });
  assert.equal(left.entryResult, 3);
  const null_ = runText('int main(void){ char *p = (char*)0; return *p; }', { entry: 'main' });
  assert.deepEqual(findingsOf(null_), ['null-dereference 1']);
});

test('source that can not be run', () => {
  const problemsOf = (text: string, changes: Partial<RunPlan> = {}): string[] => {
    const start = startRun(planOf([sourceFile('bad.c', text)], changes));
    return start.kind === 'problems' ? start.problems.map(({ code }) => code) : [];
  };
  assert.deepEqual(problemsOf('int x;'), ['no-entry']);
  const misspelt = startRun(planOf([sourceFile('bad.c', 'void Unload(void) {}\nint Driverentry(void) { return 0; }')]));
  const [problem] = misspelt.kind === 'problems' ? misspelt.problems : [];
  assert.match(problem?.message ?? '', /^No file defines DriverEntry, .* Did you mean Driverentry\?$/);
  assert.equal(problem?.span.start, 'void Unload(void) {}\nint '.length);
  assert.deepEqual(problemsOf('int DriverEntry(void) { return 0; }', { entry: 'main' }), ['no-entry']);
  assert.notDeepEqual(
    problemsOf('#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r){ if ( }\n'),
    [],
  );
});

test('an unload that waits for an open socket names it and where it was made', () => {
  const text = listen.text
    .replace(
      '    if (Target->Socket != NULL) {\n        CloseSocket',
      '    if (Target->Socket == NULL) {\n        CloseSocket',
    )
    .replace(
      '    KeWaitForSingleObject(&Target->Accept.Done, Executive',
      '    if (Target->Connection != NULL) KeWaitForSingleObject(&Target->Accept.Done, Executive',
    );
  const result = finish(readyRun(planOf([sourceFile('listen.c', text)])));
  assert.deepEqual([result.outcome, result.findings[0]?.rule], ['hang', 'unload-blocked']);
  assert.match(
    result.findings[0]?.message ?? '',
    /^ListenUnload can't return: WskDeregister waits for socket #1 \(listening on 0\.0\.0\.0:40007\), created at listen\.c:\d+\./,
  );
});

test('several files make one driver', () => {
  const one = sourceFile(
    'one.c',
    '#include <ntddk.h>\nNTSTATUS Two(void);\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { return Two(); }',
  );
  const two = sourceFile(
    'two.c',
    '#include <ntddk.h>\nNTSTATUS Two(void) { DbgPrint("two\\n"); return STATUS_SUCCESS; }',
  );
  assert.deepEqual(finish(readyRun(planOf([one, two]))).log, ['two']);
});

test('a scenario whose expectations do not come true', () => {
  const scenario = scenarioText('expect: { log: [one, three], findings: [pool-leak] }');
  const result = runText(entry('DbgPrint("one\\n"); DbgPrint("two\\n"); return 0;'), { scenario });
  assert.deepEqual(
    result.findings.map(({ rule, span }) => [rule, span.file.text.slice(span.start, span.end)]),
    [
      ['expected-log', 'three'],
      ['expected-findings', 'pool-leak'],
    ],
  );
  const near = (log: string): string | undefined =>
    runText(entry('DbgPrint("one 1\\n"); DbgPrint("two\\n"); return 0;'), {
      scenario: scenarioText(`expect: { log: [${log}] }`),
    }).findings[0]?.message;
  assert.match(near('one') ?? '', /"one 1" has it as a part/);
  assert.match(near('two, one 1') ?? '', /It came before that/);
  const leak = scenarioText('expect: { findings: [pool-leak] }');
  const leaking = 'd->DriverUnload = U; return ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, 1) ? 0 : STATUS_NO_MEMORY;';
  const text = entry(leaking).replace(
    'NTSTATUS D',
    'static void U(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }\nNTSTATUS D',
  );
  assert.deepEqual(
    runText(text, { scenario: leak }).findings.map(({ rule }) => rule),
    ['pool-leak'],
  );
});

test('to return from main ends the program the same way, with the value of main', () => {
  const text = `
#include <stdlib.h>
#include <stdio.h>
void last(void) { printf("3"); }
void first(void) { printf("1"); }
void second(void) { atexit(last); printf("2"); }
int main(void) { atexit(second); atexit(first); printf("0"); return 7; }`;
  const { output, entryResult, outcome } = runText(text, { entry: 'main' });
  assert.deepEqual({ output, entryResult, outcome }, { output: '0123', entryResult: 7, outcome: 'entry-failed' });
});
