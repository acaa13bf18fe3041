/** `.wsklint.yaml`: what it says, and each problem at its line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeText, sourceFile } from '../../base/source.ts';
import { isExcluded } from './exclude.ts';
import { readLintConfig } from './read.ts';

const rules = ['irp-leak', 'pool-leak', 'unused-silence'];

function read(text: string): { readonly said: string; readonly problems: readonly string[] } {
  const { config, problems } = readLintConfig(sourceFile('f', text), rules);
  const said = [...config.rules].map(([rule, level]) => `${rule}=${level}`);
  return {
    said: [...said, ...config.exclude, ...(config.isRoot ? ['root'] : [])].join(' '),
    problems: problems.map(({ span, message }) => `${placeText(span)} ${message}`),
  };
}

const cases: readonly (readonly [text: string, said: string, ...problems: readonly string[]])[] = [
  ['', ''],
  ['# nothing\n', ''],
  ['rules:\nexclude:\n', ''],
  ['rules:\n  irp-leak: off\n  pool-leak: error\n', 'irp-leak=off pool-leak=error'],
  ['rules: { irp-leak: false, unused-silence: hint }', 'irp-leak=off unused-silence=hint'],
  ['exclude: [a/**, "*.gen.c"]\nroot: true', 'a/** *.gen.c root'],
  ['exclude: third_party/**', 'third_party/**'],
  [
    'rules:\n  irp-lek: off\n  pool-leak: info\n',
    'pool-leak=info',
    'f:2:3 There is no rule irp-lek: is irp-leak meant?',
  ],
  ['rules:\n  nonsense: off\n', '', 'f:2:3 There is no rule nonsense: `wsk lint --rules` lists them.'],
  ['rules:\n  irp-leak: fatal\n', '', 'f:2:13 The level of irp-leak must be off, hint, info, warning or error.'],
  ['rules:\n  irp-leak:\n', '', 'f:2:12 The level of irp-leak must be off, hint, info, warning or error.'],
  ['rules: all\n', '', 'f:1:8 rules must be a mapping of rules to levels, as `irp-leak: error`.'],
  ['rule:\n  irp-leak: off\n', '', 'f:1:1 rule means nothing here: is rules meant?'],
  ['exclude: { a: b }\n', '', 'f:1:10 exclude must be a list of patterns, as `- third_party/**`.'],
  [
    'exclude: [1, "!x"]\n',
    '',
    'f:1:11 A pattern is a text, as "third_party/**".',
    'f:1:14 This pattern matches nothing. There is no taking back with "!".',
  ],
  ['exclude: [a\\b]\n', '', 'f:1:11 This pattern matches nothing. Folders are parted by "/".'],
  ['root: perhaps\n', '', 'f:1:7 root must be true or false.'],
  ['- irp-leak\n', '', 'f:1:1 This must be a mapping with the keys rules, exclude, root.'],
];

for (const [text, said, ...problems] of cases) {
  test(JSON.stringify(text), () => assert.deepEqual(read(text), { said, problems }));
}

test('broken YAML is told of with its place, and never thrown', () => {
  for (const text of [
    'rules: [',
    'rules:\n  irp-leak: off\n  irp-leak: info\n',
    '\t- x',
    'a: *b',
    '%YAML 9\n---\n!!x y',
    '{'.repeat(300),
    '['.repeat(100_000),
  ]) {
    const { problems } = read(text);
    assert.ok(problems.length > 0, text.slice(0, 20));
    assert.ok(
      problems.every((problem) => /^f:\d+:\d+ \S/.test(problem)),
      problems.join('\n'),
    );
  }
});

test('patterns of excluded files', () => {
  const patterns: readonly (readonly [pattern: string, yes: string, no: string])[] = [
    ['third_party/**', 'third_party/a.c third_party/x/y.c', 'a.c x/third_party/a.c third_party2/a.c'],
    ['third_party', 'third_party/a.c x/third_party/a.c', 'third_party.c'],
    ['/gen', 'gen/a.c', 'x/gen/a.c'],
    ['./gen/', 'gen/a.c', 'x/gen/a.c'],
    ['*.gen.c', 'a.gen.c x/y/a.gen.c', 'a.c agen.c'],
    ['src/*.c', 'src/a.c', 'src/x/a.c x/src/a.c'],
    ['**/test/**/x?.c', 'test/x1.c a/test/b/c/x2.c', 'test/x.c test/y1.c'],
    ['a+(b)[c].c', 'a+(b)[c].c', 'aab.c'],
  ];
  for (const [pattern, yes, no] of patterns) {
    for (const name of yes.split(' '))
      assert.ok(isExcluded(name, pattern, { ignoresCase: false }), `${pattern} ${name}`);
    for (const name of no.split(' '))
      assert.ok(!isExcluded(name, pattern, { ignoresCase: false }), `${pattern} ${name}`);
  }
  assert.ok(isExcluded('Third_Party/A.C', 'third_party/**', { ignoresCase: true }));
});
