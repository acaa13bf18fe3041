import assert from 'node:assert/strict';
import test from 'node:test';
import { knownValues, MappedView } from './layer-views.ts';
import { Deferred, LayeredMap } from './layers.ts';

/** Steps: `a1` sets a to 1, `-a` deletes it, `|` freezes. */
const cases = [
  'a1 b2 | c3',
  'a1 b2 | a3',
  'a1 b2 | -a',
  'a1 b2 | -a a3',
  'a1 b2 | -a | a3',
  'a1 b2 | -a a3 | b4 c5',
  'a1 b2 | -a a3 -a | a4',
  'a1 | b2 | c3 | a4 | -b | b5 d6',
  'a1 b2 | -b c3 | -c b4 | a5 c6 | -a',
  'a1 | | | -a | | b2 -b',
  '-a a1 -a | a2',
];

test('a layered map has the entries of a plain one, in the same order', () => {
  for (const steps of cases) {
    const plain = new Map<string, string>();
    const layered = new LayeredMap<string>();
    for (const step of steps.split(' ')) {
      if (step === '|') layered.freeze();
      else if (step.startsWith('-')) {
        plain.delete(step.slice(1));
        layered.delete(step.slice(1));
      } else {
        plain.set(step.charAt(0), step.slice(1));
        layered.set(step.charAt(0), step.slice(1));
      }
      assert.deepEqual([...layered], [...plain], `${steps} at ${step}`);
      assert.equal(layered.size, plain.size);
      for (const name of 'abcd') {
        assert.equal(layered.get(name), plain.get(name), `${steps}: ${name}`);
        assert.equal(layered.has(name), plain.has(name), `${steps}: ${name}`);
      }
    }
  }
});

test('an entry that is put before one below stands there, through all layers, until it is deleted', () => {
  const layered = new LayeredMap<number>();
  const keys = (): string => [...layered.keys()].join('');
  for (const name of 'abc') layered.set(name, 1);
  layered.freeze();
  layered.setBefore('x', 2, 'b');
  layered.setBefore('y', 2, 'b');
  layered.set('z', 3);
  assert.equal(keys(), 'axybcz');
  layered.freeze();
  layered.delete('b');
  layered.setBefore('w', 4, 'x');
  assert.equal(keys(), 'awxycz');
  for (let i = 0; i < 4; i++) {
    layered.set(`${i}`, i);
    layered.freeze();
  }
  layered.delete('x');
  assert.equal(keys(), 'awycz0123');
  layered.set('x', 5);
  assert.equal(keys(), 'awycz0123x');
});

test('two maps on one layer do not see each other, and the layer does not change', () => {
  const first = new LayeredMap<number>();
  first.set('a', 1);
  const layer = first.freeze();
  const second = new LayeredMap(layer);
  first.set('a', 2);
  second.delete('a');
  assert.deepEqual([[...first], [...second], [...new LayeredMap(layer)]], [[['a', 2]], [], [['a', 1]]]);
});

test('what is looked up is taken over once', () => {
  const below = new LayeredMap<{ n: number }>();
  below.set('a', { n: 1 });
  const above = new LayeredMap(below.freeze());
  above.adopt = (value) => ({ ...value });
  const own = above.get('a');
  assert.notEqual(own, below.get('a'));
  assert.equal(above.get('a'), own);
  assert.equal([...above.values()][0], own);
});

test('a view shows the entries for which its function gives something', () => {
  const view = new MappedView(new Map(Object.entries({ a: 1, b: 2, c: 3 })), (n) => (n === 2 ? undefined : `${n}`));
  assert.deepEqual(
    [...view],
    [
      ['a', '1'],
      ['c', '3'],
    ],
  );
  assert.deepEqual([view.get('b'), view.has('b'), view.get('c'), view.size], [undefined, false, '3', 2]);
});

/** Gives each name in capitals, and counts how often it was asked. */
class Capitals extends Deferred<string> {
  asked = 0;

  override valueOf(name: string): string {
    this.asked++;
    return name.toUpperCase();
  }

  override isKnown(): boolean {
    return this.asked > 0;
  }
}

test('what is deferred is found when it is looked up, and not before', () => {
  const map = new LayeredMap<string>();
  const [low, high] = [new Capitals(), new Capitals()];
  map.set('a', 'first');
  map.defer('b', low);
  for (let i = 0; i < 4; i++) map.freeze();
  map.defer('c', high);
  map.freeze();
  map.set('d', 'last');
  assert.deepEqual([map.size, map.has('b'), map.has('c'), [...map.keys()].join('')], [4, true, true, 'abcd']);
  assert.deepEqual([...knownValues(map)], ['first', 'last']);
  assert.equal(low.asked + high.asked, 0);
  assert.equal(map.get('b'), 'B');
  assert.deepEqual([...knownValues(map)], ['first', 'B', 'last']);
  assert.equal(high.asked, 0);
  assert.deepEqual([...map.values()], ['first', 'B', 'C', 'last']);
  map.adopt = (value) => `my ${value}`;
  assert.deepEqual([map.get('b'), map.get('c')], ['my B', 'my C']);
});
