/** Histories of freed IRPs: the same lines come back, as long as the IRP is remembered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestAddress } from '../../machine/native.ts';
import { createFreedIrps, IrpLife, pushFreed } from './freed-irps.ts';

const span = { file: { path: 'a.c', text: '', lineStarts: [0] }, start: 1, end: 2 };

function irp(id: number, lines: number): IrpLife {
  const address = BigInt(id * 512) as GuestAddress;
  const life = new IrpLife({ id, address, stackSize: 1, owner: 'driver', allocatedAt: span });
  for (let i = 0; i < lines; i++) life.remember(`${id}: ${i}`, i % 2 === 0 ? span : undefined, i);
  return life;
}

for (const lines of [0, 1, 12, 13, 60]) {
  test(`a history of ${lines} lines is the same after the IRP was freed`, () => {
    const freed = createFreedIrps();
    const one = irp(1, lines);
    pushFreed(freed, one);
    pushFreed(freed, irp(2, 5));
    assert.deepEqual(one.history, irp(1, lines).history);
    const before = one.history;
    one.remember('given to IoFreeIrp again', span, 9);
    assert.equal(one.history.length, Math.min(60, lines + 1));
    assert.equal(before.length, lines);
  });
}

for (const lines of [61, 62, 119, 120, 500]) {
  test(`of ${lines} lines the first and the latest are kept, oldest first`, () => {
    const { history, origin } = irp(1, lines);
    const latest = Array.from({ length: 59 }, (_, i) => `1: ${lines - 59 + i}`);
    assert.deepEqual(
      history.map(({ what }) => what),
      ['1: 0', ...latest],
    );
    assert.equal(origin, '1: 0');
  });
}

test('4,096 are remembered, and the oldest goes first', () => {
  const freed = createFreedIrps();
  const first = irp(1, 3);
  assert.equal(pushFreed(freed, first), undefined);
  for (let id = 2; id <= 4096; id++) assert.equal(pushFreed(freed, irp(id, 2)), undefined);
  assert.equal(first.history.length, 3);
  assert.equal(pushFreed(freed, irp(4097, 2)), first);
  const second = irp(4098, 4);
  assert.equal(pushFreed(freed, second)?.id, 2);
  assert.deepEqual(second.history, irp(4098, 4).history);
});

/** What a record holds, but for the parts of its lines. */
function besideHistory(life: IrpLife): object {
  return Object.fromEntries(Object.entries(life).filter(([name]) => name !== 'lines' && name !== 'count'));
}

test('a record that is used again knows nothing of the IRP before, and a finding keeps the lines it has', () => {
  for (const lines of [3, 13]) {
    const freed = createFreedIrps();
    const life = irp(1, lines);
    life.state = 'freed';
    life.routineSetAt = span;
    life.sentFrom = 1;
    const told = life.history;
    pushFreed(freed, life);
    const known = {
      id: 9,
      address: 9n as GuestAddress,
      stackSize: 2,
      owner: 'io-manager',
      allocatedAt: undefined,
    } as const;
    life.renew(known);
    assert.equal(life.history.length, 0);
    life.remember('allocated', span, 1);
    assert.equal(told.length, lines);
    pushFreed(freed, life);
    assert.deepEqual(life.history, [{ what: 'allocated', span, statements: 1 }]);
    assert.deepEqual(besideHistory(life), besideHistory(new IrpLife(known)));
  }
});

test('of a long history the first line and the latest are kept', () => {
  const { history } = irp(1, 70);
  assert.deepEqual(
    history.map(({ statements }) => statements),
    [0, ...Array.from({ length: 59 }, (_, i) => 11 + i)],
  );
  assert.equal(history.at(-1)?.what, '1: 69');
});
