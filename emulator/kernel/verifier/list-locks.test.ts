// A list that is changed under different locks by different threads, and lists that only look so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

/** Two threads that each take `a` or `b` round by round and change the list. */
const driver = (first: string, second: string, third = ''): string => `
  typedef struct { LIST_ENTRY Link; } ITEM;
  static LIST_ENTRY Queue;
  static KSPIN_LOCK A, B;
  static FAST_MUTEX M;
  static ITEM Items[100];
  static LONG Used;
  static PVOID Threads[3];
  static void Sleep(LONG ms) { LARGE_INTEGER t; t.QuadPart = -10000LL * ms; KeDelayExecutionThread(KernelMode, FALSE, &t); }
  static void Put(void) { InsertTailList(&Queue, &Items[InterlockedIncrement(&Used)].Link); }
  static void Get(void) { if (!IsListEmpty(&Queue)) RemoveHeadList(&Queue); }
  static void GetEntry(void) { if (!IsListEmpty(&Queue)) RemoveEntryList(Queue.Blink); }
  #define UNDER(lock, change) { KIRQL old; KeAcquireSpinLock(&lock, &old); change(); KeReleaseSpinLock(&lock, old); }
  #define MUTEX(change) { ExAcquireFastMutex(&M); change(); ExReleaseFastMutex(&M); }
  static void First(PVOID c) { UNREFERENCED_PARAMETER(c); for (int i = 0; i < 6; i++) { ${first} Sleep(2); } }
  static void Second(PVOID c) { UNREFERENCED_PARAMETER(c); for (int i = 0; i < 6; i++) { Sleep(1); ${second} Sleep(1); } }
  static void Third(PVOID c) { UNREFERENCED_PARAMETER(c); Sleep(50); ${third} }
  static void Start(int i, PKSTART_ROUTINE routine) {
    HANDLE handle;
    PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, routine, NULL);
    ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &Threads[i], NULL);
    ZwClose(handle);
  }
  static void Unload(PDRIVER_OBJECT d) {
    UNREFERENCED_PARAMETER(d);
    for (int i = 0; i < 3; i++) { KeWaitForSingleObject(Threads[i], Executive, KernelMode, FALSE, NULL); ObDereferenceObject(Threads[i]); }
  }
  NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) {
    UNREFERENCED_PARAMETER(r);
    InitializeListHead(&Queue); KeInitializeSpinLock(&A); KeInitializeSpinLock(&B); ExInitializeFastMutex(&M);
    d->DriverUnload = Unload;
    UNDER(B, Put) UNDER(B, Get)
    Start(0, First); Start(1, Second); Start(2, Third);
    return STATUS_SUCCESS;
  }`;

const found: Readonly<Record<string, string>> = {
  'two spin locks': driver('UNDER(A, Put)', 'UNDER(B, Get)'),
  'an entry is removed under another lock': driver('UNDER(A, Put)', 'UNDER(B, GetEntry)'),
  'a spin lock and a mutex': driver('UNDER(A, Put)', 'MUTEX(Get)'),
  'a function that takes its own lock': driver(
    'UNDER(A, Put)',
    'ExInterlockedInsertTailList(&Queue, &Items[90 + i].Link, &B);',
  ),
  'one thread takes both, the other one of them': driver('UNDER(A, Put) UNDER(B, Put)', 'UNDER(A, Get)'),
};

const silent: Readonly<Record<string, string>> = {
  'one lock': driver('UNDER(A, Put)', 'UNDER(A, Get)'),
  'one lock, taken by a function as well': driver(
    'UNDER(A, Put)',
    'ExInterlockedInsertTailList(&Queue, &Items[90 + i].Link, &A);',
  ),
  'one of them holds both': driver('UNDER(A, Put)', 'ExAcquireFastMutex(&M); UNDER(A, Get) ExReleaseFastMutex(&M);'),
  'no lock: the list may have one owner at a time': driver('UNDER(A, Put)', 'Get();'),
  'handed over once, to somebody under another lock': driver('UNDER(A, Put)', 'UNDER(A, Get)', 'UNDER(B, Get)'),
  'emptied once under a mutex, by who has made the others rest': driver(
    'if (i == 4) MUTEX(Get) else UNDER(A, Put)',
    'UNDER(A, Get)',
  ),
  'one thread alone': driver('UNDER(A, Put) UNDER(B, Get)', ';'),
  'made anew between': driver('UNDER(A, Put)', 'InitializeListHead(&Queue); UNDER(B, Put) InitializeListHead(&Queue);'),
};

for (const [name, text] of Object.entries(found)) {
  test(`told of: ${name}`, () => {
    const { findings, messages } = runDriver(text, { unloadAfterMs: 100 });
    assert.deepEqual(
      findings.map((one) => one.replace(/:.*/, '')),
      ['list-under-two-locks'],
      messages.join('\n'),
    );
    assert.match(
      messages[0] ?? '',
      /^The list Queue is changed here under the .*, but at driver\.c:\d+:\d+ under the /,
    );
  });
}

for (const [name, text] of Object.entries(silent)) {
  test(`silent: ${name}`, () => {
    const { messages } = runDriver(text, { unloadAfterMs: 100 });
    assert.deepEqual(messages, []);
  });
}
