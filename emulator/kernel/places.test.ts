/**
 * How findings name what lies in a global, or in a block of the pool that was cast to a pointer to a record: by its
 * member.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from './fixtures/run-driver.ts';

const rows: readonly (readonly [string, string, string])[] = [
  ['Context *c = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(Context), TAG)', '&c->Lock', "Lock in pool block 'Plac'"],
  ['Context *c = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(Context), TAG)', '&c->Lock', "Lock in pool block 'Plac'"],
  ['Context *c = Allocate()', '&c->Queues[1].Lock', "Queues[1].Lock in pool block 'Plac'"],
  ['Context *c = (Context *)Allocate()', '&c->Queues[2].Lock', "Queues[2].Lock in pool block 'Plac'"],
  ['static Context c', '&c.Lock', 'the spin lock c.Lock'],
  ['static struct { ULONG First; Context Inner[2]; } c', '&c.Inner[1].Queues[2].Lock', 'c.Inner[1].Queues[2].Lock'],
  [
    'PUCHAR c = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(Context), TAG)',
    '(PKSPIN_LOCK)(c + 8)',
    "pool block 'Plac' + 0x8",
  ],
];

for (const [allocation, lock, name] of rows) {
  test(`${lock} of ${allocation}`, () => {
    const { messages } = runDriver(`
#define TAG 'calP'
typedef struct { ULONG Count; KSPIN_LOCK Lock; struct { LIST_ENTRY Head; KSPIN_LOCK Lock; } Queues[3]; } Context;
static PVOID Allocate(void) { return ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(Context), TAG); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  KIRQL irql;
  ${allocation};
  UNREFERENCED_PARAMETER(Driver); UNREFERENCED_PARAMETER(Path); UNREFERENCED_PARAMETER(Allocate);
  KeInitializeSpinLock(${lock});
  KeAcquireSpinLock(${lock}, &irql);
  KeAcquireSpinLock(${lock}, &irql);
  return STATUS_SUCCESS;
}`);
    assert.match(messages[0] ?? '', new RegExp(name.replace(/[[\]+']/g, '\\$&')));
  });
}
