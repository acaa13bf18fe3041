/** What of locks and blocks keeps states apart, and what is known where ways meet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeBase } from '../../../../cfront/parse/ast.ts';
import { initialValue, OTHER, parameterValue, placeAt, shift, symbolValue, type Value } from '../values/values.ts';
import { type Block, emptyKernel, joinKernel, type KernelFacts, kernelKey } from './kernel.ts';
import { newBlock } from './new-block.ts';

const where = { node: {} as NodeBase, arguments: [], inside: undefined };
const given = parameterValue(0);
const found = symbolValue('7:found', OTHER);

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

test('whether what is kept is a caller’s tells states apart, and says nothing of what nobody keeps', () => {
  const kept = [true, false].map((isOut) => kernelKey(withBlock({ isKept: true, isOut })));
  const own = [true, false].map((isOut) => kernelKey(withBlock({ isKept: false, isOut })));
  assert.notEqual(kept[0], kept[1]);
  assert.equal(own[0], own[1]);
  assert.notEqual(own[0], kept[0]);
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
