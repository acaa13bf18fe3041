/** Who runs when: quanta, priorities, seeds, and that the same seed gives the same run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomStrategy, usualStrategy } from '../../sim/strategies.ts';
import { type DriverRun, runDriver } from '../fixtures/run-driver.ts';

/** Three threads that each add five lines to the log, unless somebody else gets in between. */
const race = `
PVOID Threads[3]; LONG Turn;
VOID Worker(PVOID Context) {
  int i;
  for (i = 0; i < 5; i++) DbgPrint("%c%d\\n", 'a' + (int)(ULONG_PTR)Context, (int)InterlockedIncrement(&Turn));
}
VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  HANDLE h; int i; UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  for (i = 0; i < 3; i++) {
    PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, (PVOID)(ULONG_PTR)i);
    ObReferenceObjectByHandle(h, THREAD_ALL_ACCESS, NULL, KernelMode, &Threads[i], NULL);
    ZwClose(h);
  }
  for (i = 0; i < 3; i++) { KeWaitForSingleObject(Threads[i], Executive, KernelMode, FALSE, NULL); ObDereferenceObject(Threads[i]); }
  return STATUS_SUCCESS;
}`;

const order = (run: DriverRun): string => run.log.map((line) => line[0]).join('');

test('usually a thread runs until it waits, and the others follow in order', () => {
  const run = runDriver(race, { strategy: usualStrategy });
  assert.deepEqual(run.messages, []);
  assert.equal(order(run), 'aaaaabbbbbccccc');
});

test('a seed mixes them, always in the same way', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 10; seed++) {
    const first = runDriver(race, { strategy: randomStrategy(seed) });
    const second = runDriver(race, { strategy: randomStrategy(seed) });
    assert.deepEqual(first.messages, []);
    assert.equal(first.timeline, second.timeline);
    assert.deepEqual(first.kernel.trace.length, second.kernel.trace.length);
    seen.add(order(first));
  }
  assert.ok(seen.size >= 8, `only ${seen.size} orders in 10 seeds`);
});

test('a thread that spins does not starve the others', () => {
  const run = runDriver(`
volatile LONG Flag;
VOID Setter(PVOID Context) { UNREFERENCED_PARAMETER(Context); Flag = 1; }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  HANDLE h; UNREFERENCED_PARAMETER(Path); UNREFERENCED_PARAMETER(Driver);
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Setter, NULL);
  while (!Flag) { }
  DbgPrint("set\\n");
  ZwClose(h);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual([...run.messages, ...run.log], ['set']);
});

test('a timer fires while code is busy, and time passes while it is', () => {
  const run = runDriver(`
volatile LONG Fired; KTIMER Timer; KDPC Dpc;
VOID Tick(PKDPC D, PVOID C, PVOID A, PVOID B) { UNREFERENCED_PARAMETER(D); UNREFERENCED_PARAMETER(C); UNREFERENCED_PARAMETER(A); UNREFERENCED_PARAMETER(B); Fired = 1; }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  LARGE_INTEGER due, before, after; UNREFERENCED_PARAMETER(Path); UNREFERENCED_PARAMETER(Driver);
  due.QuadPart = -10000;
  KeInitializeTimer(&Timer); KeInitializeDpc(&Dpc, Tick, NULL);
  KeQuerySystemTime(&before);
  KeSetTimer(&Timer, due, &Dpc);
  while (!Fired) { }
  KeQuerySystemTime(&after);
  DbgPrint("%d\\n", (int)((after.QuadPart - before.QuadPart) / 1000));
  KeStallExecutionProcessor(50);
  KeQuerySystemTime(&before);
  DbgPrint("%d\\n", (int)((before.QuadPart - after.QuadPart) / 100));
  return STATUS_SUCCESS;
}`);
  assert.deepEqual([...run.messages, ...run.log], ['10', '5']);
});

test('the higher priority runs first', () => {
  const run = runDriver(`
VOID Worker(PVOID Context) { DbgPrint("%s\\n", (char *)Context); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  HANDLE low, high; PVOID object; UNREFERENCED_PARAMETER(Path); UNREFERENCED_PARAMETER(Driver);
  PsCreateSystemThread(&low, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, "low");
  PsCreateSystemThread(&high, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, "high");
  ObReferenceObjectByHandle(high, THREAD_ALL_ACCESS, NULL, KernelMode, &object, NULL);
  DbgPrint("%d\\n", KeSetPriorityThread(object, 12));
  KeWaitForSingleObject(object, Executive, KernelMode, FALSE, NULL);
  ObDereferenceObject(object); ZwClose(low); ZwClose(high);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual([...run.messages, ...run.log.slice(0, 2)], ['8', 'high']);
});
