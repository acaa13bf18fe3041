// Calls in a debugger's expressions: what they give, and that they leave nothing behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionAt, sourceFile } from '../../base/source.ts';
import type { Run } from '../run/types.ts';
import { planOf, readyRun } from '../testing.ts';

const driver = sourceFile(
  'calls.c',
  `#include <ntddk.h>

typedef struct _ITEM { LIST_ENTRY Link; ULONG Size; } ITEM, *PITEM;
LIST_ENTRY Items;
LONG Calls;
KEVENT Event;
PITEM Missing;

static ULONG Total(PLIST_ENTRY Head)
{
    ULONG sum = 0;
    Calls++;
    for (PLIST_ENTRY at = Head->Flink; at != Head; at = at->Flink) sum += CONTAINING_RECORD(at, ITEM, Link)->Size;
    return sum;
}
static LONG Depth(LONG n) { return n == 0 ? 0 : Depth(n - 1) - 1; }
static VOID Forever(VOID) { for (;;) Calls++; }
static ULONG SizeOf(PITEM Item) { return Item->Size; }
static LARGE_INTEGER Whole(VOID) { LARGE_INTEGER all; all.QuadPart = 1; return all; }

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ITEM first = { { NULL, NULL }, 3 }, second = { { NULL, NULL }, 4 };
    PIRP irp = IoAllocateIrp(2, FALSE);
    NTSTATUS status = STATUS_PENDING;
    ULONG (*total)(PLIST_ENTRY) = Total;
    UNREFERENCED_PARAMETER(DriverObject);
    InitializeListHead(&Items);
    InsertTailList(&Items, &first.Link);
    InsertTailList(&Items, &second.Link);
    KeInitializeEvent(&Event, SynchronizationEvent, FALSE);
    IoSetNextIrpStackLocation(irp);
    IoGetCurrentIrpStackLocation(irp)->MajorFunction = IRP_MJ_WRITE;
    status = total(&Items) == 7 && Depth(1) == -1 && SizeOf(&first) == 3 ? status : STATUS_UNSUCCESSFUL;
    if (Calls > 1) Forever();
    Whole();
    IoFreeIrp(irp);
    return RegistryPath->Length == 0 ? status : STATUS_SUCCESS;
}
`,
);

function stopped(): { run: Run; frame: number } {
  const run = readyRun(planOf([driver]));
  run.setBreakpoints(driver, [positionAt(driver, driver.text.indexOf('Whole();')).line]);
  const advance = run.advance(100_000);
  assert.equal(advance.kind, 'paused');
  return { run, frame: run.frames(advance.kind === 'paused' ? advance.threadId : 0)[0]?.id ?? 0 };
}

test('functions of the driver, of headers and of the kernel are called, and whatever they did is put back', () => {
  const { run, frame } = stopped();
  const text = (expression: string): string => {
    const result = run.evaluate(expression, frame);
    return 'error' in result ? `error: ${result.error}` : result.value.text;
  };
  const before = JSON.stringify([run.statements, run.traceLength, text('Calls'), run.threads(), run.irps().length]);
  const expected: readonly (readonly [string, string | RegExp])[] = [
    ['Total(&Items)', '7'],
    ['total(&Items) + Total(&Items)', '14 (0xE)'],
    ['Depth(3)', '-3'],
    ['SizeOf(&second)', '4'],
    ['IsListEmpty(&Items)', 'FALSE'],
    ['MmGetMdlByteCount((PMDL)&Items)', /^\d/],
    ['IsListEmpty(Items.Flink) + IsListEmpty((PLIST_ENTRY)&Items + 0)', '0'],
    ['CONTAINING_RECORD(Items.Flink, ITEM, Link)->Size', '3'],
    ['NT_SUCCESS(status) && !NT_ERROR(status)', '1'],
    ['IoGetCurrentIrpStackLocation(irp)->MajorFunction', '4'],
    ['KeGetCurrentIrql()', '0 (PASSIVE_LEVEL)'],
    ['KeReadStateEvent(&Event)', '0'],
    ['KeSetEvent(&Event, 0, FALSE) + KeReadStateEvent(&Event)', '0'],
    ['PsGetCurrentThread() == KeGetCurrentThread()', '1'],
    ['IoAllocateIrp(1, 0) != 0', '1'],
    // What C would not compute is not computed.
    ['Missing && Missing->Size', '0'],
    ['!Missing || SizeOf(Missing)', '1'],
    ['Missing ? Missing->Size : 9', '9'],
    ['Calls == 0 && 1 / Calls', '0'],
    ['SizeOf(Missing)', /^error: .*NULL|null/],
    ['SizeOf()', 'error: the function takes 1 argument, and 0 are given'],
    ['Depth(1, 2)', 'error: the function takes 1 argument, and 2 are given'],
    ['SizeOf(&first', 'error: ")" is missing'],
    ['Calls(1)', 'error: LONG is no function'],
    ['Whole()', 'error: a function that returns a structure can not be called from here'],
    ['Forever()', 'error: Forever does not return from here'],
    [
      'KeWaitForSingleObject(&Event, Executive, KernelMode, 0, 0)',
      'error: KeWaitForSingleObject waits for something, and nobody else runs while an expression is computed',
    ],
    ['Nobody(1)', 'error: there is no "Nobody" here'],
  ];
  for (const [expression, wanted] of expected) {
    if (typeof wanted === 'string') assert.equal(text(expression), wanted, expression);
    else assert.match(text(expression), wanted, expression);
  }
  assert.equal(
    JSON.stringify([run.statements, run.traceLength, text('Calls'), run.threads(), run.irps().length]),
    before,
  );
});

test('a run goes on after calls from expressions as it does without', () => {
  const end = (expressions: readonly string[]): string => {
    const { run, frame } = stopped();
    for (const expression of expressions) run.evaluate(expression, frame);
    run.continue();
    for (;;) {
      const advance = run.advance(100_000);
      if (advance.kind === 'ended') return JSON.stringify([advance.result, run.trace(0)]);
    }
  };
  assert.equal(
    end(['Total(&Items)', 'IoAllocateIrp(1, 0)', 'Forever()', 'IoFreeIrp(irp)', 'SizeOf(Missing)']),
    end([]),
  );
});
