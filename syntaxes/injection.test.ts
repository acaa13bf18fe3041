/**
 * The names that the injection grammar colours in C are exactly those that the bundled WSK and Dot4 headers declare: each
 * as constant, type or function. The grammar's patterns use only what Oniguruma and JavaScript share.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = process.env.WSK_ROOT ?? '.';
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}

const grammar: { readonly patterns: readonly Rule[]; readonly repository: Readonly<Record<string, Rule>> } = JSON.parse(
  read('syntaxes/wsk.injection.tmLanguage.json'),
);

/** The scope of a text that is one name and what follows it, as the first pattern that matches the whole name says. */
function scopeOf(text: string): string | undefined {
  const rules = (rule: Rule): Rule[] => [
    ...(rule.match ? [rule] : []),
    ...(rule.patterns ?? []).flatMap(rules),
    ...(rule.include ? rules(grammar.repository[rule.include.slice(1)] ?? {}) : []),
  ];
  const name = /^\w+/.exec(text)?.[0] ?? '';
  const hit = grammar.patterns.flatMap(rules).find(({ match }) => match && new RegExp(match).exec(text)?.[0] === name);
  return ['constant', 'type', 'function'].find((kind) => hit?.name?.split('.').includes(kind));
}

const headers = ['wsk.h', 'd4drvif.h', 'd4iface.h'].map((name) => read(`catalog/headers/${name}`)).join('\n');
const ours = /WSK|Wsk|DOT4/;
const names = (pattern: RegExp) =>
  [...headers.matchAll(pattern)]
    .map((match) => match[1] ?? '')
    .filter((name) => ours.test(name) && !name.startsWith('_'));

test('every name of wsk.h, d4drvif.h and d4iface.h has the colour of its kind', () => {
  const cases: [kind: string, names: string[], after: string, least: number][] = [
    ['constant', names(/^#define (\w+) /gm).filter((n) => n !== 'WSKAPI'), ' ', 40],
    ['type', names(/^} (\w+),/gm), ' ', 30],
    ['type', names(/^} \w+, \*(\w+)/gm), ' ', 30],
    ['type', names(/\*(PFN_WSK_\w+)\)/g), ' ', 25],
    ['function', names(/^#define (\w+)\(/gm), '(', 1],
    ['function', names(/^ *PFN_WSK_\w+ (Wsk\w+);/gm), '(', 25],
    ['constant', names(/^ {2}(Wsk\w+),?$/gm), ' ', 5],
  ];
  const wrong = cases.flatMap(([kind, list, after]) =>
    list
      .filter((name) => scopeOf(`${name}${after}x`) !== kind)
      .map((name) => `${name} is no ${kind} but ${scopeOf(`${name}${after}x`)}`),
  );
  assert.deepEqual(wrong, []);
  for (const [kind, list, , least] of cases) assert.ok(list.length >= least, `only ${list.length} names for ${kind}`);
});

test('other names keep their colours', () => {
  for (const text of ['IoAllocateIrp(x', 'STATUS_PENDING ', 'Wsk ', 'WSKFOO ', 'MyWskSocket(x', 'DOT5_X '])
    assert.equal(scopeOf(text), undefined, text);
});
