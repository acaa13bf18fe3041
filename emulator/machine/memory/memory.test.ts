/** Guest memory on its own: regions, red zones, what happens to freed space, copies with their state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuestFault } from '../faults.ts';
import type { Fault, GuestMemory, Region } from '../machine-types.ts';
import type { GuestAddress } from '../native.ts';
import { createGuestMemory } from './guest-memory.ts';
import { allRegions } from './region-index.ts';
import { createStore } from './store.ts';

const KB = 1024;

function memory(size = 64 * KB, limit = 1024 * KB): GuestMemory {
  return createGuestMemory(createStore(size, limit));
}

function allocate(m: GuestMemory, size: number, more: Partial<Parameters<GuestMemory['allocate']>[0]> = {}): Region {
  const region = m.allocate({ size, kind: 'pool', label: `block of ${size}`, ...more });
  assert.ok(region !== undefined, 'there is memory');
  return region;
}

const plus = (address: bigint, n: number): GuestAddress => (address + BigInt(n)) as GuestAddress;

function faultOf(access: () => unknown): Fault['kind'] | undefined {
  try {
    access();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof GuestFault);
    return error.fault.kind;
  }
}

test('values of all sizes come back, at any alignment', () => {
  const m = memory();
  const { start } = allocate(m, 64);
  for (const shift of [0, 1, 3, 5]) {
    const at = plus(start, shift);
    m.writeU64(at, 0x8877665544332211n);
    assert.equal(m.readU64(at), 0x8877665544332211n);
    assert.equal(m.readU32(plus(at, 4)), 0x88776655);
    assert.equal(m.readI32(plus(at, 4)), 0x88776655 | 0);
    assert.equal(m.readU16(plus(at, 1)), 0x3322);
    assert.equal(m.readU8(plus(at, 7)), 0x88);
  }
  m.writeBytes(start, Uint8Array.of(1, 2, 3));
  assert.deepEqual([...m.readBytes(start, 3)], [1, 2, 3]);
  m.fill(start, 2, 9);
  assert.equal(m.readU32(start) & 0xffffff, 0x030909);
});

test('a region begins as zeroes, or as never written', () => {
  const m = memory();
  assert.equal(m.readU64(allocate(m, 8).start), 0n);
  const { start } = allocate(m, 8, { isUninitialised: true });
  assert.equal(
    faultOf(() => m.readU8(start)),
    'uninitialised-read',
  );
  m.writeU8(start, 1);
  assert.equal(m.readU8(start), 1);
  assert.equal(m.isPoisoned(plus(start, 1)), true);
  assert.equal(m.isPoisoned(start), false);
  assert.equal(
    faultOf(() => m.readU16(start)),
    'uninitialised-read',
  );
  m.poison(start, 1);
  assert.equal(
    faultOf(() => m.readU8(start)),
    'uninitialised-read',
  );
});

test('every byte beside a region is refused, and belongs to it', () => {
  const m = memory();
  for (const size of [1, 7, 16, 100, 1000]) {
    const region = allocate(m, size);
    const red = Math.max(16, size >> 2);
    for (let i = 1; i <= 16; i++) {
      assert.equal(
        faultOf(() => m.readU8(plus(region.start, -i))),
        'out-of-bounds',
      );
    }
    for (let i = 0; i < red; i++) {
      const at = plus(region.start, size + i);
      assert.equal(
        faultOf(() => m.writeU8(at, 1)),
        'out-of-bounds',
      );
    }
    assert.equal(m.regionAt(plus(region.start, size)), region);
    assert.equal(m.regionAt(plus(region.start, -1)), region);
    assert.equal(m.regionAt(plus(region.start, size - 1)), region);
  }
});

test('regions are aligned as asked', () => {
  const m = memory();
  for (const alignment of [16, 64, 4096]) assert.equal(allocate(m, 10, { alignment }).start % BigInt(alignment), 0n);
});

test('freed memory is recognised until there is no other left', () => {
  const m = memory(64 * KB, 64 * KB);
  const first = allocate(m, 1000);
  m.free(first);
  m.free(first);
  assert.equal(
    faultOf(() => m.readU8(first.start)),
    'use-after-free',
  );
  const known = m.regionAt(first.start);
  assert.deepEqual([known?.label, known?.isFreed], [first.label, true]);
  let count = 0;
  while (first.isFreed && m.regionAt(first.start) === known && count < 1000) {
    m.free(allocate(m, 1000));
    count++;
  }
  assert.ok(count > 30 && count < 100, `${count} blocks before the space of the first was used again`);
  // From here on a driver may allocate and free for ever.
  for (let i = 0; i < 2000; i++) m.free(allocate(m, 50 + (i % 900)));
  assert.equal(m.allocate({ size: 100 * KB, kind: 'pool', label: 'too large' }), undefined);
});

test('the region of an address is the one that is there now', () => {
  const m = memory(64 * KB, 64 * KB);
  const labels = new Map<GuestAddress, string>();
  for (let i = 0; i < 3000; i++) {
    const region = allocate(m, 100 + (i % 7) * 30, { label: `block ${i}` });
    // Asked twice in a row, and after its space had another owner.
    for (const _ of [1, 2]) assert.equal(m.regionAt(plus(region.start, i % 100))?.label, `block ${i}`);
    labels.set(region.start, `block ${i}`);
    m.free(region);
    assert.equal(m.regionAt(region.start)?.isFreed, true);
  }
  assert.ok(labels.size < 3000, 'space was used again');
});

test('live regions are listed in order of allocation', () => {
  const m = memory(64 * KB, 64 * KB);
  const kept: Region[] = [];
  for (let i = 0; i < 400; i++) {
    const region = allocate(m, 500);
    if (i % 20 === 0) kept.push(region);
    else m.free(region);
  }
  assert.deepEqual(m.liveRegions('pool'), kept);
  assert.deepEqual(m.liveRegions('object'), []);
});

test('memory grows with its content', () => {
  const m = memory(64 * KB, 1024 * KB);
  const first = allocate(m, 100);
  m.writeU32(first.start, 77);
  allocate(m, 300 * KB);
  assert.equal(m.readU32(first.start), 77);
  assert.equal(
    faultOf(() => m.readU8(plus(first.start, 100))),
    'out-of-bounds',
  );
});

test('addresses outside are refused', () => {
  const m = memory();
  assert.equal(
    faultOf(() => m.readU8(0n as GuestAddress)),
    'null-dereference',
  );
  assert.equal(
    faultOf(() => m.readU64(0xfff8n as GuestAddress)),
    'null-dereference',
  );
  for (const wild of [0x10000n, 0x7fffffff0000n, 0xffffffffffffffffn, 0xffff8000fffffff8n]) {
    assert.equal(
      faultOf(() => m.writeU32(wild as GuestAddress, 1)),
      'wild-address',
      wild.toString(16),
    );
    assert.equal(m.peek(wild as GuestAddress, 4), undefined);
    assert.equal(m.poke(wild as GuestAddress, new Uint8Array(4)), false);
  }
});

test('no bytes may be read, written and copied anywhere', () => {
  const m = memory();
  const nowhere = 0n as GuestAddress;
  assert.deepEqual(m.readBytes(nowhere, 0), new Uint8Array(0));
  m.writeBytes(nowhere, new Uint8Array(0));
  m.fill(nowhere, 0, 1);
  m.copy(nowhere, nowhere, 0);
});

test('user-mode memory has user-mode addresses, and no others', () => {
  const m = memory();
  const user = allocate(m, 16, { kind: 'user' });
  assert.ok(user.start < 0x800000000000n);
  m.writeU32(user.start, 5);
  assert.equal(m.readU32(user.start), 5);
  const offset = user.start & 0xffffffffn;
  assert.equal(
    faultOf(() => m.readU8((0xffff800000000000n + offset) as GuestAddress)),
    'wild-address',
  );
  const kernel = allocate(m, 16);
  const mixed = (user.start & ~0xffffffffn) | (kernel.start & 0xffffffffn);
  assert.equal(
    faultOf(() => m.readU8(mixed as GuestAddress)),
    'wild-address',
  );
  m.free(user);
  assert.equal(
    faultOf(() => m.readU8(user.start)),
    'use-after-free',
  );
});

test('read-only and pageable can be set at any time', () => {
  const store = createStore(64 * KB, 64 * KB);
  const m = createGuestMemory(store);
  const region = allocate(m, 8, { isPaged: true });
  assert.equal(region.isPaged, true);
  m.writeU8(region.start, 1);
  store.irql = 2;
  assert.equal(
    faultOf(() => m.readU8(region.start)),
    'paged-at-raised-irql',
  );
  region.isPaged = false;
  assert.equal(m.readU8(region.start), 1);
  region.isReadOnly = true;
  assert.equal(
    faultOf(() => m.writeU8(region.start, 2)),
    'write-to-read-only',
  );
  assert.equal(m.readU8(region.start), 1);
});

test('a copy carries what was never written, and may overlap', () => {
  const m = memory();
  const from = allocate(m, 16, { isUninitialised: true });
  const to = allocate(m, 16);
  m.writeU32(from.start, 0x04030201);
  m.copy(to.start, from.start, 8);
  assert.equal(m.readU32(to.start), 0x04030201);
  assert.equal(m.isPoisoned(plus(to.start, 4)), true);
  assert.equal(m.isPoisoned(plus(to.start, 8)), false);
  m.copy(plus(from.start, 2), from.start, 8);
  assert.deepEqual([...m.readBytes(from.start, 6)], [1, 2, 1, 2, 3, 4]);
  assert.equal(m.isPoisoned(plus(from.start, 6)), true);
  assert.equal(
    faultOf(() => m.copy(plus(to.start, 10), from.start, 8)),
    'out-of-bounds',
  );
});

test('a refused write changes nothing', () => {
  const m = memory();
  const region = allocate(m, 10, { isUninitialised: true });
  assert.equal(
    faultOf(() => m.writeU32(plus(region.start, 8), 1)),
    'out-of-bounds',
  );
  assert.equal(m.isPoisoned(plus(region.start, 8)), true);
});

test('a number stands behind a label, also when the region is freed', () => {
  const m = memory();
  const region = allocate(m, 32, { label: 'IRP #', number: 7 });
  assert.equal(region.label, 'IRP #7');
  m.free(region);
  assert.equal(m.regionAt(region.start)?.label, 'IRP #7');
  region.label = 'stack';
  assert.equal(region.label, 'stack');
});

test('bytes are compared where they lie', () => {
  const m = memory();
  const { start } = allocate(m, 4);
  m.writeU32(start, 0x04030201);
  assert.equal(m.firstDifference(start, 4, Uint8Array.of(9, 1, 2, 3, 4), 1), 4);
  assert.equal(m.firstDifference(start, 4, Uint8Array.of(1, 2, 7, 4), 0), 2);
  assert.equal(m.firstDifference(16n as GuestAddress, 4, Uint8Array.of(1, 2, 3, 4), 0), 4, 'no memory, no difference');
});

test('poke changes what no guest may, peek sees it', () => {
  const m = memory();
  const region = allocate(m, 4, { isUninitialised: true });
  region.isReadOnly = true;
  assert.equal(m.poke(region.start, Uint8Array.of(1, 2, 3, 4)), true);
  assert.deepEqual([...(m.peek(region.start, 4) ?? [])], [1, 2, 3, 4]);
  assert.equal(m.readU32(region.start), 0x04030201);
});

test('a program that allocates and frees for ever does not use up memory', () => {
  const store = createStore(64 * KB, 64 * 1024 * KB);
  const m = createGuestMemory(store);
  const kept = allocate(m, 40);
  const old = allocate(m, 100);
  m.free(old);
  for (let i = 0; i < 60_000; i++) m.free(allocate(m, 16 + (i % 50) * 8));
  assert.ok(store.size <= 16 * 1024 * KB, `${store.size} bytes`);
  // What was freed long ago is somebody else's, or nobody's; what was freed last is known for what it is.
  const last = allocate(m, 100);
  m.free(last);
  assert.equal(
    faultOf(() => m.readU8(last.start)),
    'use-after-free',
  );
  const again = m.regionAt(last.start);
  assert.deepEqual([again?.start, again?.size, again?.label], [last.start, last.size, last.label]);
  assert.deepEqual([again?.kind, again?.isFreed], ['pool', true]);
  assert.notEqual(m.regionAt(old.start), old);
  assert.equal(m.regionAt(kept.start), kept);
  m.writeU64(kept.start, 5n);
  assert.deepEqual(m.liveRegions('pool'), [kept]);
  assert.equal(allRegions(store.regions).filter((region) => region.isFreed).length, store.quarantine.length);
});

test('bytes that are watched are those of the range about which nothing is special', () => {
  for (const [from, length] of [
    [0, 128],
    [1, 126],
    [3, 61],
    [5, 2],
    [8, 16],
    [4, 40],
  ] as const) {
    const m = memory();
    const { start } = allocate(m, 128, { isUninitialised: true });
    // Written in the middle, and in places that no word begins or ends with.
    m.fill(plus(start, 21), 50, 7);
    const isUnwritten = Array.from({ length: 128 }, (_, i) => m.isPoisoned(plus(start, i)));
    m.watch(plus(start, from), length);
    const watched = (i: number): boolean => m.firstWatched(plus(start, i), 1) !== undefined;
    for (let i = 0; i < 128; i++) assert.equal(watched(i), i >= from && i < from + length, `${from}, ${length}: ${i}`);
    m.unwatch(plus(start, from), length);
    assert.equal(m.firstWatched(start, 128), undefined);
    assert.deepEqual(
      Array.from({ length: 128 }, (_, i) => m.isPoisoned(plus(start, i))),
      isUnwritten,
    );
  }
});
