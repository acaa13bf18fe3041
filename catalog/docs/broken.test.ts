/**
 * Broken input: every page cut in two, with bytes flipped, and text made to be expensive. The reader never throws,
 * always gives a page, and takes time in proportion to the size.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DocPage } from './page.ts';
import type { ProblemCode } from './problems.ts';
import { problemsMax } from './problems.ts';
import { readDocPage } from './read.ts';

const root = String(process.env.WSK_ROOT);
const fixtures = join(root, 'catalog/docs/fixtures');
const corpus = join(root, '../shared/docs-corpus');

/** What holds of every page, whatever the input was. */
function checkPage(page: DocPage, label: string): void {
  assert.equal(typeof page.description, 'string', label);
  assert.ok(page.problems.length <= problemsMax, label);
  for (const problem of page.problems) {
    assert.ok(problem.line >= 1, label);
    assert.ok(problem.message.length > 20 && problem.message.length < 250, `${label}: ${problem.message}`);
  }
  const said = page.title !== '' || page.description !== '' || page.sections.length > 0 || page.remarks !== '';
  assert.ok(said || page.problems.length > 0, `${label}: neither text nor problem`);
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return files(path);
      return /\.(?:md|txt)$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

/** A fixed sequence of numbers below `limit` (a linear congruential generator): the same sample on every machine. */
function numbers(seed: number, limit: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  });
}

function breakPage(path: string, cuts: number): void {
  const bytes = readFileSync(path);
  for (const at of numbers(bytes.length, bytes.length, cuts)) {
    checkPage(readDocPage(path, bytes.subarray(0, at)), `${path} cut at ${at}`);
    checkPage(readDocPage(path, bytes.subarray(at)), `${path} from ${at}`);
    const flipped = Uint8Array.from(bytes);
    for (const i of numbers(at + 1, bytes.length, 8)) flipped[i] = (flipped[i] ?? 0) ^ (1 << (i % 8));
    checkPage(readDocPage(path, flipped), `${path} flipped at ${at}`);
  }
}

test('fixtures, cut and flipped at many places', () => {
  for (const path of files(fixtures)) breakPage(path, 40);
});

test('corpus pages, cut and flipped', {
  skip: existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout',
}, () => {
  for (const path of files(corpus)) breakPage(path, 2);
});

const coded: readonly (readonly [label: string, input: string | Uint8Array, codes: readonly ProblemCode[]])[] = [
  ['nothing', '', ['empty-page']],
  ['white space', ' \n\t\n', ['empty-page']],
  ['no front matter', '# X function\n\n## -description\n\nIt is **X**.\n', ['no-front-matter']],
  ['front matter without an end', '---\ntitle: X\n\n# X\n\nText.\n', ['front-matter-unclosed']],
  ['front matter only', '---\ntitle: X', ['front-matter-unclosed']],
  ['a line that is no key', '---\n!!\ntitle: X\n---\n# X\nText.\n', ['front-matter-line']],
  ['code on the line of a fence', '# X\n\n```int x;\nint y;\n```\n', ['fence-info']],
  ['languages that few know', '# X\n\n```ManagedCPlusPlus\nint x;\n```\n\n```GPD\n*A: B\n```\n', []],
  ['unclosed fence', '# X\n\n```c\nint x;\n', ['unclosed-fence']],
  [
    'fence closed by the next section',
    '---\nUID: NF:x.X\n---\n## -syntax\n```\nvoid X();\n## -description\nIt.\n',
    ['unclosed-fence'],
  ],
  ['unclosed table', '# X\n\n<table>\n<tr><td>a\n', ['unclosed-tag']],
  ['end tag without a start', '# X\n\nText</dl>\n', ['stray-end-tag']],
  ['deep nesting', `# X\n\n${'<dl><dd>'.repeat(100)}text`, ['nested-too-deeply']],
  ['NULs', '# X\0\n\nText.\n', ['nul-characters']],
  ['Latin-1', Uint8Array.from([35, 32, 88, 10, 10, 0xfc, 10]), ['not-utf8']],
  [
    'UTF-16 without a mark',
    Uint8Array.from(Array.from('# X\n\nText.\n').flatMap((c) => [c.charCodeAt(0), 0])),
    ['utf-16'],
  ],
  [
    'UTF-16, big end first',
    Uint8Array.from([0xfe, 0xff, ...Array.from('# X\n\nText.\n').flatMap((c) => [0, c.charCodeAt(0)])]),
    ['utf-16'],
  ],
  [
    'direction that is none',
    '---\nUID: NF:x.X\n---\n## -description\nIt.\n### -param a [sideways]\nb\n',
    ['odd-direction'],
  ],
  [
    'parameter described twice',
    '---\nUID: NF:x.X\n---\n## -description\nIt.\n### -param a [in]\nb\n### -param a [in]\nb\n',
    ['duplicate-name'],
  ],
  ['IRQL that is none', '---\nUID: NF:x.X\nreq.irql: _Must_inspect_result_\n---\n## -description\nIt.\n', ['odd-irql']],
];

for (const [label, input, codes] of coded) {
  test(`${label}: ${codes.join(', ')}`, () => {
    const page = readDocPage('x.md', input);
    checkPage(page, label);
    const found = page.problems.map((p) => p.code).filter((code) => code !== 'unclosed-tag' || codes.includes(code));
    assert.deepEqual([...new Set(found)], codes);
  });
}

test('recovered text is not lost', () => {
  const page = readDocPage(
    'x.md',
    '---\nUID: NF:x.X\n---\n## -syntax\n```\nvoid X(int a);\n## -description\nIt.\n## -remarks\nR.\n',
  );
  assert.equal(page.signature?.name, 'X');
  assert.equal(page.description, 'It.');
  assert.equal(page.remarks, 'R.');
});

test('too many problems end in one that says so', () => {
  const page = readDocPage('x.md', `# X\n\n${'</dl>\n'.repeat(500)}`);
  assert.equal(page.problems.length, problemsMax);
  assert.equal(page.problems.at(-1)?.code, 'too-many-problems');
});

/** Pieces that, repeated, are hard on parsers: nothing that opens here closes. */
const pieces = [
  '<',
  '<a ',
  '<a "',
  '<dl><dd>',
  '<td>',
  '</p>',
  '[',
  '](',
  '[a](',
  '![',
  '`',
  '``a`',
  '*',
  '_a',
  '\\',
  '&',
  '&#3',
  '|',
  '> ',
  '>',
  '- a\n',
  '  - a\n',
  '1. a\n',
  '# a\n',
  '### -param x\n',
  '### -field A_B\n',
  '```\n',
  '```a\n',
  '<!--',
  '     \n     x\n',
  'aA',
  'Aa_',
  '**a**  \nb\n\n',
  '<a href="" id="x"></a>T  \nb\n\n',
  '(',
  '{',
  '<b><i>',
  '<pre>',
  '\0',
  '<dl><dt>A</dt></dl><p>x</p>',
  'a: b\n',
  '"a',
  '<td rowspan=200>',
  '| a | b |\n|-|-|\n',
  '#### A_B\n\nx\n\n',
  'applies only to ',
];

const heads = [
  '',
  '---\nUID: NF:x.X\n---\n## -description\n',
  '---\nUID: NF.x.X\n---\n## -parameters\n<dl>\n',
  '---\nUID: NS:x.X\n---\n## -syntax\n```\ntypedef struct X {\n',
  '---\nDescription: x\n---\n# X structure\n## Members\n',
  '---\ntitle: SO_X\n---\n# SO_X\nWskControlSocket *ControlCode*\n',
  '---\ntitle: ',
];

test('expensive text takes time in proportion to its length', () => {
  // Quadratic time would take hours for this much; linear time takes a few milliseconds for each piece.
  for (const head of heads) {
    for (const piece of pieces) {
      const page = readDocPage('x.md', head + piece.repeat(Math.ceil(20_000 / piece.length)));
      checkPage(page, JSON.stringify(head + piece));
    }
  }
});

test('five megabytes of garbage', () => {
  const bytes = Uint8Array.from(numbers(7, 256, 5_000_000));
  checkPage(readDocPage('x.md', bytes), 'random bytes');
  const signs = '<>[]()`*_#|-&;"\'\\\n ab';
  const text = numbers(11, signs.length, 1_000_000)
    .map((i) => signs[i])
    .join('');
  checkPage(readDocPage('x.md', text), 'random signs');
});
