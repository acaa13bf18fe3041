/** What of locks and blocks keeps states apart, and what is known where ways meet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeBase } from '../../../../cfront/parse/ast.ts';
import { initialValue, OTHER, parameterValue, placeAt, shift, symbolValue, type Value } from '../values/values.ts';
import {
  type Block,
  emptyKernel,
  joinKernel,
  type KeptBy,
  type KernelFacts,
  keptOnEither,
  kernelKey,
} from './kernel.ts';
import { newBlock } from './new-block.ts';

const where = { node: {} as NodeBase, arguments: [], inside: undefined };
const given = parameterValue(0);
const found = symbolValue('7:found', OTHER);
const keepers: readonly KeptBy[] = ['nobody', 'callers', 'variables', 'others', { mdl: given }, { mdl: found }];

function withBlock(change: Partial<Block>): KernelFacts {
  const facts = emptyKernel();
  facts.blocks.set(given.key, { ...newBlock('pool', given, undefined), ...change });
  return facts;
}

function withReleased(...locks: readonly Value[]): KernelFacts {
  const facts = emptyKernel();
  for (const lock of locks) facts.released.set(lock.key, { lock, kind: 'spin', api: 'KeReleaseSpinLock', where });
  return facts;
}

function joined(a: KernelFacts, b: KernelFacts): KernelFacts {
  const isNull = (): boolean => false;
  return joinKernel(a, b, [
    { blocks: a.blocks, isNull },
    { blocks: b.blocks, isNull },
  ]);
}

test('who keeps a block tells states apart', () => {
  assert.equal(new Set(keepers.map((keptBy) => kernelKey(withBlock({ keptBy })))).size, keepers.length);
});

test('where ways meet, two keepers are others of whom nothing is known; nobody is no keeper', () => {
  const table = keepers.map((a) => keepers.map((b) => keepers.indexOf(keptOnEither(a, b))));
  assert.deepEqual(table, [
    [0, 1, 2, 3, 4, 5],
    [1, 1, 3, 3, 3, 3],
    [2, 3, 2, 3, 3, 3],
    [3, 3, 3, 3, 3, 3],
    [4, 3, 3, 3, 4, 3],
    [5, 3, 3, 3, 3, 5],
  ]);
});

test('locks that callers have no name for are released or not: which they are tells no states apart', () => {
  const other = shift(found, 8);
  assert.equal(kernelKey(withReleased(found)), kernelKey(withReleased(other)));
  assert.notEqual(kernelKey(withReleased(found)), kernelKey(withReleased()));
  const member = placeAt(shift(given, 8));
  assert.ok(member !== undefined);
  const inside = initialValue(member);
  assert.notEqual(kernelKey(withReleased(given)), kernelKey(withReleased(inside)));
});

test('a lock that one way releases: a caller’s makes what is held doubtful, another is one that may be released', () => {
  assert.equal(joined(withReleased(given), withReleased()).isVague, true);
  const both = joined(withReleased(given), withReleased(given, found));
  assert.equal(both.isVague, false);
  assert.deepEqual(
    [...both.released.values()].map(({ lock, isOnSomeWays }) => [lock.key, isOnSomeWays]),
    [
      [given.key, undefined],
      [found.key, true],
    ],
  );
});
