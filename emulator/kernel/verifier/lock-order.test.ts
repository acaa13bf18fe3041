/** Orders of locks: the cycles that two threads can meet in are found, and no others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

interface Case {
  readonly what: string;
  /** What each of two threads does; the second starts when the first has ended. */
  readonly first: string;
  readonly second: string;
  readonly found: boolean;
  /** Statements of DriverEntry before them. */
  readonly load?: string;
}

const take = (mutex: string): string => `ExAcquireFastMutex(&${mutex});`;
const drop = (mutex: string): string => `ExReleaseFastMutex(&${mutex});`;
const nested = (...mutexes: string[]): string => [...mutexes.map(take), ...mutexes.toReversed().map(drop)].join(' ');
const push = (a: string, b: string, mode: 'Shared' | 'Exclusive'): string =>
  `KeEnterCriticalRegion(); ExAcquirePushLock${mode}(&${a}); ExAcquirePushLock${mode}(&${b}); ExReleasePushLock${mode}(&${b}); ExReleasePushLock${mode}(&${a}); KeLeaveCriticalRegion();`;

const cases: readonly Case[] = [
  { what: 'two mutexes both ways', first: nested('A', 'B'), second: nested('B', 'A'), found: true },
  { what: 'two mutexes one way', first: nested('A', 'B'), second: nested('A', 'B'), found: false },
  {
    what: 'a circle that needs three threads, of which two are one',
    first: `${nested('A', 'B')} ${nested('B', 'C')}`,
    second: nested('C', 'A'),
    found: false,
  },
  { what: 'both ways under a third', first: nested('C', 'A', 'B'), second: nested('C', 'B', 'A'), found: false },
  { what: 'one way under a third', first: nested('C', 'A', 'B'), second: nested('B', 'A'), found: true },
  { what: 'both ways in one thread', first: `${nested('A', 'B')} ${nested('B', 'A')}`, second: '', found: false },
  { what: 'the other way while loading', load: nested('B', 'A'), first: nested('A', 'B'), second: '', found: false },
  {
    what: 'one after the other',
    first: `${nested('A')} ${nested('B')}`,
    second: `${nested('B')} ${nested('A')}`,
    found: false,
  },
  { what: 'sharers both ways', first: push('P', 'Q', 'Shared'), second: push('Q', 'P', 'Shared'), found: false },
  { what: 'a writer and a sharer', first: push('P', 'Q', 'Shared'), second: push('Q', 'P', 'Exclusive'), found: true },
  {
    what: 'a lock that is tried and not awaited',
    first: nested('A', 'B'),
    second: `${take('B')} if (ExTryToAcquireFastMutex(&A)) ${drop('A')} ${drop('B')}`,
    found: false,
  },
  {
    what: 'hand over hand along a list',
    first:
      'KeEnterCriticalRegion(); ExAcquirePushLockExclusive(&P); ExAcquirePushLockExclusive(&Q); ExReleasePushLockExclusive(&P); ExReleasePushLockExclusive(&Q); KeLeaveCriticalRegion();',
    second: push('P', 'Q', 'Exclusive'),
    found: false,
  },
];

for (const { what, first, second, found, load = '' } of cases) {
  test(`${what}: ${found ? 'found' : 'nothing to find'}`, () => {
    const run = runDriver(`
FAST_MUTEX A, B, C; EX_PUSH_LOCK P, Q;
VOID First(PVOID c) { UNREFERENCED_PARAMETER(c); ${first} }
VOID Second(PVOID c) { UNREFERENCED_PARAMETER(c); ${second} }
VOID Run(PKSTART_ROUTINE Routine) {
  HANDLE h; PVOID thread;
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, NULL);
  ObReferenceObjectByHandle(h, SYNCHRONIZE, *PsThreadType, KernelMode, &thread, NULL);
  ZwClose(h);
  KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL);
  ObDereferenceObject(thread);
}
VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  ExInitializeFastMutex(&A); ExInitializeFastMutex(&B); ExInitializeFastMutex(&C);
  ExInitializePushLock(&P); ExInitializePushLock(&Q);
  ${load}
  Run(First); Run(Second);
  return STATUS_SUCCESS;
}`);
    const rules = run.kernel.findings.map(({ rule }) => rule);
    assert.deepEqual(rules, found ? ['lock-order'] : [], run.messages.join('\n'));
    if (!found) return;
    const steps = run.kernel.findings[0]?.history.map((step) => step.what) ?? [];
    assert.ok(
      steps.some((step) => step.startsWith('First')) && steps.some((step) => step.startsWith('Second')),
      steps.join('; '),
    );
  });
}
