/**
 * Agreement with gcc, an oracle that nobody here wrote: values and types of generated constant expressions, and layout
 * and bytes of generated records with their initializers.
 *
 * mingw-w64's gcc has the data model of Windows, so it judges the expressions; for bytes the native gcc runs a program
 * whose types are of one size everywhere. Left out is where gcc differs from Microsoft: bit-fields in unions.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sizeOf } from '../types/layout.ts';
import { typeText } from '../types/text.ts';
import type { CType } from '../types/types.ts';
import type { InitializerEntry } from './ast.ts';
import { parse, shownProblems } from './testing.ts';
import { constantValue } from './walk.ts';

const mingw = 'x86_64-w64-mingw32-gcc';
const has = (compiler: string): boolean => spawnSync(compiler, ['--version']).status === 0;

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const types =
  'char|signed char|unsigned char|short|unsigned short|int|unsigned|long|unsigned long|long long|unsigned long long|_Bool';
const literals =
  "0|1|2|7|255|0x7fffffff|0x80000000|0xffffffffu|2147483648ll|4294967296|1ull|3l|5ul|(-1)|123456789012345ll|'a'|'\\xff'|L'x'|'ab'|E1|0777|0xFFFFFFFFFFFFFFFFull|1u|sizeof(int)";

/** A constant expression of about this depth. */
function expression(below: (n: number) => number, depth: number): string {
  const pick = (words: string): string => words.split('|')[below(words.split('|').length)] as string;
  const inner = (): string => expression(below, depth - 1);
  if (depth === 0) return pick(literals);
  switch (below(8)) {
    case 0:
      return `((${pick(types)})${inner()})`;
    case 1:
      return `(${pick('-|~|!|+')}${inner()})`;
    case 2:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    case 3:
      return `(${inner()} ${below(2) === 0 ? '&&' : '||'} ${inner()})`;
    case 4:
      return `(${inner()} ${pick('<<|>>')} ${below(8)})`;
    case 5:
      return `(${inner()} ${pick('<|>|<=|>=|==|!=')} ${inner()})`;
    default:
      return `(${inner()} ${pick('+|-|*|/|%|&|^')} ${inner()})`;
  }
}

test('constant expressions have the value, size and type that gcc gives them', (t) => {
  if (!has(mingw)) return t.skip(`${mingw} is not installed`);
  const below = random(20);
  const sources = Array.from({ length: 500 }, () => expression(below, 1 + below(4)));
  const unit = parse(`enum { E1 = 5 };\n${sources.map((e, i) => `void f${i}(void) { ${e}; }`).join('\n')}`);
  const warned = new Set(['division-by-zero', 'shift-count']);
  const others = unit.problems.filter((problem) => !warned.has(problem.code));
  assert.equal(shownProblems({ problems: others }), '');
  const lines = ['enum { E1 = 5 };'];
  unit.functions.forEach((f, i) => {
    const statement = f.body.items[0];
    const value = statement?.kind === 'expression' ? constantValue(statement.expression) : undefined;
    if (statement?.kind !== 'expression' || value === undefined) return;
    const type = statement.expression.type;
    const name = type.kind === 'integer' ? type.name : 'int';
    const literal = name.startsWith('unsigned') ? `${value}ULL` : `(${value + 1n}LL - 1)`;
    lines.push(
      `_Static_assert(${sources[i]} == (${name})${literal} && _Generic(${sources[i]}, ${name}: 1, default: 0), "");`,
    );
  });
  assert.ok(lines.length > 400);
  const run = spawnSync(mingw, ['-std=c11', '-w', '-fwrapv', '-fsyntax-only', '-x', 'c', '-'], {
    input: lines.join('\n'),
    encoding: 'utf8',
  });
  const wrong = [...run.stderr.matchAll(/^<stdin>:(\d+):\d+: error/gm)].map((match) => lines[Number(match[1]) - 1]);
  assert.deepEqual(wrong.slice(0, 5), []);
  assert.equal(run.status, 0, run.stderr.slice(0, 500));
});

/** Operands of every type, bit-fields included; the enumeration has a negative constant, which makes it an int for gcc. */
const operandScene =
  'enum Sign { Minus = -1 }; struct Bits { unsigned three : 3; int four : 4; unsigned all : 32; _Bool one : 1; };\n' +
  'void scene(char c, signed char sc, unsigned char uc, short s, unsigned short us, int i, unsigned u, long l, ' +
  'unsigned long ul, long long ll, unsigned long long ull, _Bool b, float f, double d, long double ld, enum Sign e, ' +
  'struct Bits *p, const int ci, int *pi, const int *pci, const char *pc, void *pv, const void *pcv, int (*pf)(int), short a[3]) {\n';
const integerOperands = 'c|sc|uc|s|us|i|u|l|ul|ll|ull|b|e|ci|p->three|p->four|p->all|p->one|*pi|pc[1]|1|2u|3ll|a[0]';
const pointerOperands = 'pi|pci|pv|pcv|&i|&ci|pi + 1|0|(void *)0|(const void *)0';
const shown =
  'char|signed char|unsigned char|short|unsigned short|int|unsigned int|long|unsigned long|long long|unsigned long long|_Bool|float|double|long double|int *|const char *|const void *|void *|char *|short *|const int *';

/** An expression over the scene's operands, of about this depth. */
function operands(below: (n: number) => number, depth: number, kind: 'integer' | 'number'): string {
  const pick = (words: string): string => words.split('|')[below(words.split('|').length)] as string;
  const inner = (): string => operands(below, depth - 1, kind);
  if (depth === 0) return kind === 'number' && below(4) === 0 ? pick('f|d|ld|1.5f|2.5|3.5L') : pick(integerOperands);
  switch (below(9)) {
    case 0:
      return `((${pick(types)})${inner()})`;
    case 1:
      return `(${kind === 'integer' ? pick('-|~|!|+') : pick('-|!|+')}${inner()})`;
    case 2:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    case 3:
      // gcc keeps the width of a bare bit-field behind a comma.
      return `(${inner()}, +${inner()})`;
    case 4:
      return `(${pick('i|us|ull|b|c')} ${pick('=|+=|-=|*=')} ${inner()})`;
    case 5:
      return `(${inner()} ${pick('<|>=|==|&&')} ${inner()})`;
    case 6:
      return kind === 'integer' ? `(${inner()} ${pick('<<|>>|%|&|^|/')} ${inner()})` : `(${inner()} / ${inner()})`;
    default:
      return `(${inner()} ${pick('+|-|*')} ${inner()})`;
  }
}

test('expressions have the type that gcc gives them', (t) => {
  if (!has(mingw)) return t.skip(`${mingw} is not installed`);
  const below = random(8);
  const sources = Array.from({ length: 600 }, (_, i) => {
    if (i % 8 > 0) return operands(below, 1 + below(3), i % 2 === 0 ? 'integer' : 'number');
    const words = pointerOperands.split('|');
    const pick = (): string => words[below(words.length)] as string;
    return `(i ? ${pick()} : ${pick()})`;
  });
  const unit = parse(`${operandScene}${sources.map((e) => `${e};`).join('\n')}\n}`);
  assert.deepEqual(
    unit.problems.filter((problem) => problem.severity === 'error'),
    [],
  );
  const body = unit.functions[0]?.body.items ?? [];
  const lines = [operandScene.trimEnd()];
  body.forEach((statement, i) => {
    if (statement.kind !== 'expression') return;
    const type = typeText({ ...statement.expression.type, isConst: false });
    const known = shown.split('|').find((name) => name === type);
    if (known !== undefined) lines.push(`_Static_assert(_Generic(${sources[i]}, ${known}: 1, default: 0), "");`);
  });
  assert.ok(lines.length > 550, `${lines.length} types`);
  const run = spawnSync(mingw, ['-std=c11', '-w', '-fsyntax-only', '-x', 'c', '-'], {
    input: `${lines.join('\n')}\n}`,
    encoding: 'utf8',
  });
  const at = operandScene.split('\n').length - 1;
  const wrong = [...run.stderr.matchAll(/^<stdin>:(\d+):\d+: error/gm)].map((match) => lines[Number(match[1]) - at]);
  assert.deepEqual(wrong.slice(0, 5), []);
  assert.equal(run.status, 0, run.stderr.slice(0, 500));
});

// ---- records and initializers ----

type Shape =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'array'; readonly element: Shape; readonly length: number }
  | { readonly kind: 'record'; readonly tag: string; readonly isUnion: boolean; readonly members: readonly Member[] };

interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly bits?: number;
  /** Of `_Alignas` at the member. */
  readonly alignment?: number;
}

const scalars: readonly (readonly [name: string, bits: number])[] = [
  ['char', 8],
  ['unsigned char', 8],
  ['short', 16],
  ['unsigned short', 16],
  ['int', 32],
  ['unsigned', 32],
  ['long long', 64],
  ['_Bool', 1],
  ['enum E', 3],
];

/** gcc lowers an alignment that was asked for where the record around is packed, and Microsoft does not: one or other. */
type Special = 'packed' | 'aligned';

/** Generates declarations, counting names and values up so that every byte tells where it comes from. */
function generator(seed: number, special: Special): string {
  const below = random(seed);
  const declarations: string[] = [];
  const records: (Shape & { kind: 'record' })[] = [];
  let names = 0;
  let values = 0;
  const scalar = (): (typeof scalars)[number] => scalars[below(scalars.length)] as (typeof scalars)[number];

  function shape(depth: number): Shape {
    const choice = depth === 0 ? 0 : below(6);
    if (choice < 2) return { kind: 'scalar', name: scalar()[0] };
    return choice === 2 ? { kind: 'array', element: shape(depth - 1), length: 1 + below(3) } : record(depth - 1, false);
  }

  function record(depth: number, isUnnamed: boolean): Shape & { kind: 'record' } {
    const isUnion = below(5) === 0;
    const members: Member[] = [{ name: `m${names++}`, shape: { kind: 'scalar', name: 'int' } }];
    for (let count = below(5); count > 0; count--) {
      const [name, bits] = scalar();
      const at = below(members.length + 1);
      if (depth > 0 && below(5) === 0) members.splice(at, 0, { name: '', shape: record(depth - 1, true) });
      else if (!isUnion && below(3) === 0) {
        const width = below(6) === 0 ? 0 : 1 + below(bits);
        const own = width === 0 || below(8) === 0 ? '' : `m${names++}`;
        members.splice(at, 0, { name: own, shape: { kind: 'scalar', name }, bits: width });
      } else {
        const alignment = special === 'aligned' && below(4) === 0 ? 1 << below(6) : 0;
        members.splice(at, 0, { name: `m${names++}`, shape: shape(depth), alignment });
      }
    }
    const made = { kind: 'record', tag: isUnnamed ? '' : `R${records.length}`, isUnion, members } as const;
    if (isUnnamed) return made;
    records.push(made);
    const text = `${body(made)};`;
    const pack = below(3) === 0 ? 1 << below(4) : 16;
    // Here gcc's packing lowers what was asked for by name, whatever the limit.
    declarations.push(special === 'aligned' ? text : `#pragma pack(push, ${pack})\n${text}\n#pragma pack(pop)`);
    return made;
  }

  function body(made: Shape & { kind: 'record' }): string {
    const members = made.members.map(({ name, shape: s, bits, alignment = 0 }) => {
      if (name === '' && s.kind === 'record') return `${body(s)};`;
      const wanted = alignment > 0 ? `__attribute__((aligned(${alignment}))) ` : '';
      return `${wanted}${declared(s, name)}${bits === undefined ? '' : ` : ${bits}`};`;
    });
    return `${made.isUnion ? 'union' : 'struct'} ${made.tag} { ${members.join(' ')} }`;
  }

  function declared(s: Shape, name: string): string {
    if (s.kind === 'array') return declared(s.element, `${name}[${s.length}]`);
    return s.kind === 'scalar' ? `${s.name} ${name}` : `${s.isUnion ? 'union' : 'struct'} ${s.tag} ${name}`;
  }

  const value = (): string => `${1 + (values++ % 99)}`;

  /** Members by the names that designators can use. */
  function visible(s: Shape & { kind: 'record' }): Member[] {
    return s.members.flatMap((m) => (m.name !== '' ? [m] : m.shape.kind === 'record' ? visible(m.shape) : []));
  }

  function list(s: Shape): string {
    if (s.kind === 'scalar') return below(8) === 0 ? `{ ${value()} }` : value();
    const items = Array.from({ length: below(6) }, () => {
      if (s.kind === 'record') {
        if (below(3) > 0) return value();
        const named = visible(s);
        const m = named[below(named.length)] as Member;
        return `.${m.name} = ${below(2) === 0 ? list(m.shape) : value()}`;
      }
      const at = below(s.length);
      const choice = below(5);
      if (choice > 1) return value();
      return choice === 0 ? `[${at}] = ${list(s.element)}` : `[${at} ... ${s.length - 1}] = ${list(s.element)}`;
    });
    return `{ ${items.join(', ')} }`;
  }

  for (let i = 0; i < 40; i++) record(3, false);
  records.forEach((r, i) => {
    declarations.push(`${declared(r, `v${i}`)} = ${list(r)};`);
  });
  return declarations.join('\n');
}

function bytesOf(type: CType, entries: readonly InitializerEntry[]): Uint8Array {
  const bytes = new Uint8Array(sizeOf(type));
  for (const { offset, type: part, bits, value } of entries) {
    const size = sizeOf(part);
    const constant = BigInt.asUintN(64, constantValue(value) ?? 0n);
    let unit = constant;
    if (bits !== undefined) {
      const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.offset);
      let old = 0n;
      for (let i = 0; i < size; i++) old |= BigInt(bytes[offset + i] ?? 0) << BigInt(8 * i);
      unit = (old & ~mask) | ((constant << BigInt(bits.offset)) & mask);
    }
    for (let i = 0; i < size; i++) bytes[offset + i] = Number((unit >> BigInt(8 * i)) & 255n);
  }
  return bytes;
}

const runs: readonly (readonly [special: Special, seed: number])[] = [
  ['packed', 7],
  ['aligned', 8],
];

for (const [special, seed] of runs)
  test(`${special} records have the layout, and their initializers the bytes, that gcc gives them`, (t) => {
    if (!has('gcc')) return t.skip('gcc is not installed');
    const source = `enum E { E0 };\n${generator(seed, special)}`;
    const unit = parse(source);
    const others = unit.problems.filter((problem) => problem.code !== 'too-many-initializers');
    assert.deepEqual(others, []);
    const lines = ['#include <stdio.h>', '#include <string.h>', source];
    for (const r of unit.records.values()) {
      const name = `${r.isUnion ? 'union' : 'struct'} ${r.tag}`;
      lines.push(`_Static_assert(sizeof(${name}) == ${r.size} && _Alignof(${name}) == ${r.alignment}, "${name}");`);
      for (const field of r.fields ?? []) {
        if (field.name === undefined || field.bits !== undefined) continue;
        lines.push(
          `_Static_assert(__builtin_offsetof(${name}, ${field.name}) == ${field.offset}, "${name}.${field.name}");`,
        );
      }
    }
    lines.push('int main(void) {');
    let count = 0;
    for (const node of unit.declarations) {
      if (node.kind !== 'variable-declaration' || node.initializer?.kind !== 'list') continue;
      const bytes = bytesOf(node.symbol.type, node.initializer.entries);
      const { name } = node.symbol;
      lines.push(`{ static const unsigned char e[] = { ${[...bytes].join(', ')} };`);
      lines.push(`if (memcmp(&${name}, e, sizeof ${name})) puts("${name}"); }`);
      count++;
    }
    lines.push('return 0; }');
    assert.ok(count > 40, `${count} variables`);
    const folder = mkdtempSync(join(tmpdir(), 'wsk-gcc-'));
    try {
      writeFileSync(join(folder, 'a.c'), lines.join('\n'));
      const built = spawnSync('gcc', ['-std=gnu11', '-w', '-mms-bitfields', '-o', 'a', 'a.c'], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(built.status, 0, built.stderr.slice(0, 1000));
      assert.equal(spawnSync(join(folder, 'a'), { encoding: 'utf8' }).stdout, '');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
