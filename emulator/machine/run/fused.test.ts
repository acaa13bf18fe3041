/** An instruction that stands for several does what they do one by one, wherever it is left: state against state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTRUCTIONS } from '../opcodes.ts';
import type { VmHost } from '../vm/host.ts';
import { attempt, type Bench, createBench, type Row, rowOf, STOPPED } from './warm-up.ts';
import { type Way, waysOf } from './warm-up-ways.ts';

const FUSED = INSTRUCTIONS.flatMap(([name], op) => {
  const row = rowOf(op, name);
  return row.parts.length > 1 ? [{ name, row }] : [];
});

/** Every memory access that is not ordinary faults. */
const REFUSING: Partial<VmHost> = Object.fromEntries(
  ['read', 'write', 'copy'].map((name) => [
    name,
    (): never => {
      throw STOPPED;
    },
  ]),
);

for (const { name, row } of FUSED) {
  test(`${name} is its parts, one by one`, () => {
    const apart: Row = { ...row, ops: row.parts };
    let leavings = 0;
    for (const way of waysOf(row).flatMap((plain) => interrupted(plain, row))) {
      for (const refusing of [{}, REFUSING]) {
        const together = stateAfter(row, way, refusing);
        assert.deepEqual(together, stateAfter(apart, way, refusing), JSON.stringify(way));
        if (together.isInside) leavings++;
      }
    }
    assert.ok(leavings > 0 || row.statements <= 1, `${name} was never left between its parts`);
  });
}

/** The way itself, with each smaller budget of statements, and with a pause before each statement. */
function interrupted(way: Way, { statements }: Row): Way[] {
  const each = Array.from({ length: statements }, (_, k) => k);
  return [way, ...each.map((left) => ({ ...way, left })), ...each.map((markAt) => ({ ...way, markAt }))];
}

/** Everything that an instruction may change, and whether the thread stands at a part that is not the first. */
function stateAfter(row: Row, way: Way, replaced: Partial<VmHost>) {
  const bench: Bench = createBench();
  const host = Object.assign(bench.hosts[0] as VmHost, replaced);
  const exit = attempt(bench, host, row, way);
  const { thread, store, marks } = bench;
  const { pc, fp, frame, top, used, controlTop } = thread;
  const { left, returnedAt } = host;
  return {
    exit,
    ...{ pc, fp, frame, top, used, controlTop, left, returnedAt },
    words: [...thread.words],
    control: [...thread.control],
    memory: Buffer.from(store.u8).toString('latin1'),
    shadow: Buffer.from(store.shadow8).toString('latin1'),
    marks: [...marks],
    isInside: pc > 10 && pc < 10 + row.parts.length * 5,
  };
}
