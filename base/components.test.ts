import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentsOf } from './components.ts';

/** Edges as `ab` for one from a to b; the components in order, each as its nodes. */
const graphs: readonly (readonly [roots: string, edges: string, expected: string])[] = [
  ['a', '', 'a'],
  ['ab', '', 'b a'],
  ['a', 'aa', 'a'],
  ['a', 'ab bc', 'a b c'],
  ['c', 'ab bc', 'c'],
  ['a', 'ab ba', 'ab'],
  ['a', 'ab bc ca cd', 'abc d'],
  // Two circles that share a node, and two with a way from one to the other.
  ['a', 'ab ba bc cb', 'abc'],
  ['a', 'ab ba bc cd dc', 'ab cd'],
  ['abc', 'cb ba', 'c b a'],
];

test('nodes that reach each other are together, before what they lead to', () => {
  for (const [roots, edges, expected] of graphs) {
    const successors = (node: string): readonly string[] =>
      edges.split(' ').flatMap(([from, to]) => (from === node && to !== undefined ? [to] : []));
    const found = componentsOf(roots, successors).map((component) => component.join(''));
    assert.equal(found.join(' '), expected, `${roots}: ${edges}`);
  }
});

test('a chain may be long', () => {
  const last = 200_000;
  const components = componentsOf([0], (node) => (node === last ? [0] : [node + 1]));
  assert.deepEqual(
    components.map(({ length }) => length),
    [last + 1],
  );
});
