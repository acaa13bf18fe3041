import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrontMatter } from './front-matter.ts';
import type { Problem } from './problems.ts';

function read(text: string): {
  values: Record<string, string>;
  lists: Record<string, readonly string[]>;
  codes: string[];
} {
  const problems: Problem[] = [];
  const front = readFrontMatter(text.split('\n'), problems);
  return {
    values: Object.fromEntries(front.values),
    lists: Object.fromEntries(front.lists),
    codes: problems.map((p) => p.code),
  };
}

/** Each row: the lines between the dashes, and the values of its keys. */
const cases: readonly (readonly [why: string, lines: string, values: Record<string, string>])[] = [
  ['plain', 'title: A b', { title: 'A b' }],
  [
    'colon and star in a value',
    'description: a: b\nreq.typenames: *PFOO, FOO',
    { description: 'a: b', 'req.typenames': '*PFOO, FOO' },
  ],
  ['relation', 'req.irql: <= DISPATCH_LEVEL', { 'req.irql': '<= DISPATCH_LEVEL' }],
  ['space before the colon', 'title : "x"', { title: 'x' }],
  ['double quotes', 'ms.keywords: "*PWSK_BUF, \\"x\\""', { 'ms.keywords': '*PWSK_BUF, "x"' }],
  ['single quotes', "Description: 'it''s IOCTL\\_X'", { Description: "it's IOCTL_X" }],
  ['an unfinished quote', 'title: "x', { title: 'x' }],
  ['continuation with indent', 'a: one\n   two', { a: 'one two' }],
  ['continuation without indent', 'a: one\nTwo words: three', { a: 'one Two words: three' }],
  ['folded', 'a: >-\n  one\n  two\nb: c', { a: 'one two', b: 'c' }],
  ['empty', 'a:\nb: ', { a: '', b: '' }],
  ['NBSP', 'a: x\u00A010 or later.', { a: 'x 10 or later.' }],
  ['comment', '# no key\na: b', { a: 'b' }],
];

for (const [why, lines, values] of cases) {
  test(`front matter: ${why}`, () => assert.deepEqual(read(`---\n${lines}\n---\n# X`).values, values));
}

const lists: readonly (readonly [why: string, lines: string, items: readonly string[]])[] = [
  ['dashes', 'k:\n - a\n - b', ['a', 'b']],
  ['dashes at the margin', 'k:\n- a\n- b', ['a', 'b']],
  ['a tab after the dash', 'k:\n-\ta\n-\tb', ['a', 'b']],
  ['no space after the dash', 'k: \n -SO_X a', ['SO_X a']],
  ['flow', 'k: ["a function", \'b, c\', d]', ['a function', 'b, c', 'd']],
  ['quoted items', 'k:\n - "a: b"', ['a: b']],
];

for (const [why, lines, items] of lists) {
  test(`front matter list: ${why}`, () => assert.deepEqual(read(`---\n${lines}\n---\n`).lists.k, items));
}

test('a text without front matter has none', () => {
  assert.deepEqual(read('# X\n\n---\na: b\n---'), { values: {}, lists: {}, codes: [] });
});

test('what is no key is a problem, and the rest is read', () => {
  assert.deepEqual(read('---\n%%%\na: b\n---'), { values: { a: 'b' }, lists: {}, codes: ['front-matter-line'] });
});

test('without a closing line it ends at the first heading', () => {
  assert.deepEqual(read('---\na: b\n\n# X\n\nc: d'), {
    values: { a: 'b' },
    lists: {},
    codes: ['front-matter-unclosed'],
  });
});
