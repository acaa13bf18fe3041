/** The way to a finding is told step by step, through helpers too, and findings stand where people can see them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionAt } from '../../base/source.ts';
import { lintTexts } from './testing.ts';

const text = `NTSTATUS Done(PDEVICE_OBJECT D, PIRP Irp, PVOID C) {
  D; C;
  IoFreeIrp(Irp);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static PIRP New(PVOID C) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (irp)
    IoSetCompletionRoutine(irp, Done, C, TRUE, TRUE, TRUE);
  return irp;
}
#define CLOSE(s, irp) ((const WSK_PROVIDER_BASIC_DISPATCH *)(s)->Dispatch)->WskCloseSocket(s, irp)
VOID Close(PWSK_SOCKET S) {
  PIRP irp = New(S);
  if (!irp)
    return;
  CLOSE(S, irp);
  irp->Cancel = TRUE;
}`;

test('a finding has the steps that lead to it', () => {
  const { findings } = lintTexts(text);
  assert.equal(findings.length, 1);
  const steps = findings[0]?.path.map(
    ({ span, message }) => `${positionAt(span.file, span.start).line - 1} ${message}`,
  );
  assert.deepEqual(steps, [
    '14 New is called here',
    '7 The IRP is allocated or reused here',
    '14 New is called here',
    '9 It gets its completion routine here',
    '17 WskCloseSocket takes it here',
    '3 Done frees it here',
    '18 It is used here',
  ]);
});

test('the step before is told where the text of the function has one only', () => {
  const rows: readonly (readonly [string, ...string[]])[] = [
    ['PVOID bad = NULL;\nExFreePool(bad);', '2 It becomes NULL here', '3 ExFreePool is called here'],
    ['PULONG bad;\nbad = NULL;\n*bad = 1;', '3 It becomes NULL here'],
    ['PULONG bad = NULL;\nbad = NULL;\n*bad = 1;'],
    [
      'KeSetEvent(E, 0, TRUE);\nDbgPrint("x");\nKeWaitForSingleObject(E, Executive, KernelMode, FALSE, NULL);',
      '2 A wait is promised here',
      '3 The next call is not a wait',
    ],
    ['KeSetEvent(E, 0, TRUE);', '2 A wait is promised here', '3 The function returns here without a wait'],
    [
      'KIRQL old;\nKeRaiseIrql(DISPATCH_LEVEL, &old);\nKeWaitForSingleObject(E, Executive, KernelMode, FALSE, NULL);\nKeLowerIrql(old);',
      '3 The level is raised here',
      '4 KeWaitForSingleObject waits here',
    ],
    [
      'KIRQL old;\nKeRaiseIrql(DISPATCH_LEVEL, &old);',
      '3 The level is raised here',
      '4 The function returns here without KeLowerIrql',
    ],
  ];
  for (const [body, ...expected] of rows) {
    const { findings } = lintTexts(`VOID F(PKEVENT E) { E;\n${body}\n}`);
    const steps = findings.map(({ path }) =>
      path.map(({ span, message }) => `${positionAt(span.file, span.start).line - 1} ${message}`),
    );
    assert.ok(
      steps.some((list) => list.join('\n') === expected.join('\n')),
      `${body}\n${JSON.stringify(findings.map(({ rule, path }) => [rule, path.map(({ message }) => message)]))}`,
    );
  }
});

test('what a macro does is found at its use', () => {
  const { findings } = lintTexts(
    `#define ALLOCATE(n) \\\n  IoAllocateIrp(n, FALSE)\nPIRP F(VOID) {\n  return ALLOCATE(0);\n}`,
  );
  assert.deepEqual(
    findings.map((f) => [
      positionAt(f.span.file, f.span.start).line - 1,
      f.span.file.text.slice(f.span.start, f.span.end),
    ]),
    [[4, '0']],
  );
});

test('findings come sorted by place', () => {
  const { findings } = lintTexts(
    'VOID A(VOID) { IoFreeIrp(IoAllocateIrp(0, FALSE)); }\nPIRP B(VOID) { return IoAllocateIrp(0, FALSE); }',
    'PIRP C(VOID) { return IoAllocateIrp(0, FALSE); }',
  );
  const places = findings.map((f) => `${f.span.file.path}:${positionAt(f.span.file, f.span.start).line - 1} ${f.rule}`);
  assert.deepEqual(places, [
    'file0.c:1 irp-null-check',
    'file0.c:1 irp-stack-size',
    'file0.c:2 irp-stack-size',
    'file1.c:1 irp-stack-size',
  ]);
});

test('flags are told as they are written, the highest one too', () => {
  const { findings } = lintTexts(`NTSTATUS Send(PWSK_SOCKET S, PWSK_BUF B, PIRP Irp) {
  ULONG flags = 0x80000000;
  return ((PWSK_PROVIDER_CONNECTION_DISPATCH)S->Dispatch)->WskSend(S, B, flags, Irp);
}`);
  assert.match(findings.map(({ message }) => message).join('\n'), /with the bit 0x80000000,/);
});
