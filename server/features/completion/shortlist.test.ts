/** What a list shows where a word stands in more names than it has room for. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { complete } from '../completion.ts';
import { analyseDriver } from '../testing.ts';
import { ranks } from './item.ts';
import { Shortlist } from './shortlist.ts';

test('names are taken once each, while names of their rank and of better ones leave room', () => {
  const list = new Shortlist('Irp', [], 3);
  const takes = (...wanted: readonly (readonly [string, number])[]): readonly boolean[] =>
    wanted.map(([label, rank]) => list.takes(label, rank));
  assert.deepEqual(
    takes(
      ['IrpFar', ranks.header],
      ['IrpFar', ranks.header],
      ['IoAllocateIrp', ranks.header],
      ['_IRP', ranks.header],
      ['Wsk', ranks.own],
    ),
    [true, false, true, false, false],
  );
  assert.equal(list.isCut, false);
  assert.deepEqual(takes(['IrpOwn', ranks.own], ['IrpFarther', ranks.header]), [true, false]);
  assert.equal(list.isCut, true);
  assert.deepEqual(takes(['IrpMine', ranks.own]), [true]);
});

test('a word that stands in thousands of names: the near ones come first, and the editor is to ask again', () => {
  const { analysis, offset } = analyseDriver(`
#define OWN_STATUS_MACRO 1
static NTSTATUS OwnStatusFunction(void) { return STATUS_SUCCESS; }
void f(void) { int ownStatusLocal = 0; sta/*$*/ }`);
  const { items, isIncomplete } = complete(analysis, offset, { trigger: 'person' });
  const labels = items.map((item) => item.label);
  assert.equal(isIncomplete, true);
  assert.equal(labels.length, 400);
  assert.equal(new Set(labels).size, labels.length);
  const near = labels.filter((label) => /own/i.test(label)).slice(0, 3);
  assert.deepEqual(near, ['ownStatusLocal', 'OwnStatusFunction', 'OWN_STATUS_MACRO']);
  assert.deepEqual(
    items.map((item) => item.rank),
    items.map((item) => item.rank).toSorted((a, b) => a - b),
  );
});
