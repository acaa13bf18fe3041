/**
 * The layout of records against mingw-w64's gcc with -mms-bitfields: sizes, alignments, offsets, and the bits of every
 * bit-field, of records written by hand (records.h) and of generated ones.
 *
 * Nothing is run: the compiler puts figures into arrays of its assembly, and what a bit-field covers is seen from the
 * bytes of a variable whose initialiser sets only that field to all ones. gcc differs from Microsoft's compiler where
 * a union has bit-fields beside other members, and where packing meets an alignment that was asked for: the generated
 * records leave that out.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { Field, RecordDefinition } from '../../../cfront/types/types.ts';
import { createRandom, type Random } from '../../fuzz/random.ts';
import { compilerOutput, needs } from '../../support/compilers.ts';

const root = process.env.WSK_ROOT ?? '.';
const seed = 12;
const generatedCount = 300;

test('records written by hand', (t) => {
  if (!needs(t, 'x86_64-w64-mingw32-gcc')) return;
  assert.ok(compareLayouts(readFileSync(join(root, 'test/c/layout/records.h'), 'utf8')) >= 195);
});

test(`${generatedCount} generated records`, (t) => {
  if (!needs(t, 'x86_64-w64-mingw32-gcc')) return;
  const random = createRandom(seed);
  const prelude = 'typedef enum { ENUM_A, ENUM_B } enumeration;\n';
  const records = Array.from({ length: generatedCount }, (_, i) => recordText(random, i));
  assert.ok(compareLayouts(prelude + records.join('\n')) >= generatedCount);
});

/** Compares every record with a tag; the number of records compared. */
function compareLayouts(text: string): number {
  const ours = parseTranslationUnit(
    sourceFile('records.c', `#define ALIGN(n) __declspec(align(n))\ntypedef unsigned short wchar_t;\n${text}`),
    {
      include: () => ({ kind: 'missing', searched: [] }),
    },
  );
  const errors = ours.problems.filter((problem) => problem.severity === 'error').map((problem) => problem.message);
  assert.deepEqual(errors, []);
  const records = [...ours.records.values()].filter((record) => record.fields !== undefined);
  const lines = [`#define ALIGN(n) __attribute__((aligned(n)))\ntypedef unsigned short wchar_t;\n${text}`];
  const expected = new Map<string, string>();
  records.forEach((record, i) => {
    const name = `${record.isUnion ? 'union' : 'struct'} ${record.tag}`;
    const fields = flattened(record);
    const plain = fields.filter((field) => field.bits === undefined);
    const figures = [
      `sizeof(${name})`,
      `_Alignof(${name})`,
      ...plain.map(({ path }) => `__builtin_offsetof(${name}, ${path})`),
    ];
    // Zeros would go where no value is printed, so every figure is raised by one.
    lines.push(`unsigned figures_${i}[] = { ${figures.map((figure) => `${figure} + 1`).join(', ')} };`);
    expected.set(
      `figures_${i}`,
      `${name}: ${[record.size, record.alignment, ...plain.map((field) => field.offset)].join(' ')}`,
    );
    for (const [k, field] of fields.entries()) {
      if (field.bits === undefined) continue;
      lines.push(`const ${name} bits_${i}_${k} = { .${field.path} = -1 };`);
      expected.set(`bits_${i}_${k}`, `${name}.${field.path}: ${bitsText(record.size, field)}`);
    }
  });
  const actual = readAssembly(
    compilerOutput(
      'x86_64-w64-mingw32-gcc',
      ['-std=gnu11', '-mms-bitfields', '-fms-extensions', '-w', '-S', '-o', '-', '-x', 'c', '-'],
      lines.join('\n'),
    ),
  );
  const wrong: string[] = [];
  for (const [label, text] of expected) {
    const [name = '', should = ''] = text.split(': ');
    const bytes = actual.get(label) ?? [];
    const is = label.startsWith('figures') ? figuresOf(bytes).join(' ') : bytesText(bytes);
    if (is !== should) wrong.push(`${name}: ${should}, mingw ${is}`);
  }
  assert.deepEqual(wrong, []);
  return records.filter((record) => record.tag !== undefined).length;
}

interface FlatField {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  readonly bits: Field['bits'];
}

/** Named members, those of nameless ones among them; flexible arrays have an offset too. */
function flattened(record: RecordDefinition): readonly FlatField[] {
  return (record.fields ?? []).flatMap((field): readonly FlatField[] => {
    if (field.name === undefined) {
      if (field.type.kind !== 'record') return [];
      return flattened(field.type.definition).map((inner) => ({ ...inner, offset: inner.offset + field.offset }));
    }
    return [{ path: field.name, offset: field.offset, size: sizeOf(field.type), bits: field.bits }];
  });
}

/** The record's bytes in hexadecimal when that bit-field alone is all ones. */
function bitsText(recordSize: number, { offset, size, bits }: FlatField): string {
  const mask = bits === undefined ? 0n : ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.offset);
  const bytes = Array.from({ length: recordSize }, (_, i) => {
    const at = i - offset;
    return at >= 0 && at < size ? Number((mask >> BigInt(8 * at)) & 255n) : 0;
  });
  return bytesText(bytes);
}

/** `size of the record, offset of the first byte that is not 0, those bytes`. */
function bytesText(bytes: readonly number[]): string {
  const first = bytes.findIndex((byte) => byte !== 0);
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return `${bytes.length} ${first} ${bytes
    .slice(first, last + 1)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Bytes of each variable in gcc's assembly. */
function readAssembly(text: string): Map<string, readonly number[]> {
  const found = new Map<string, number[]>();
  let current: number[] = [];
  const sizes: Readonly<Record<string, number>> = { '.byte': 1, '.word': 2, '.long': 4, '.quad': 8 };
  for (const line of text.split('\n')) {
    const label = /^(\w+):/.exec(line)?.[1];
    if (label !== undefined) found.set(label, (current = []));
    const [, directive = '', argument = ''] = /^\s+(\.\w+)\s*(.*)$/.exec(line) ?? [];
    const size = sizes[directive];
    if (size !== undefined) {
      const value = BigInt.asUintN(64, BigInt(argument));
      for (let i = 0; i < size; i++) current.push(Number((value >> BigInt(8 * i)) & 255n));
    } else if (directive === '.space' || directive === '.skip') {
      for (let i = 0; i < Number(argument.split(',')[0]); i++) current.push(0);
    } else if (directive === '.ascii' || directive === '.string') {
      current.push(...asciiBytes(argument), ...(directive === '.string' ? [0] : []));
    }
  }
  return found;
}

function asciiBytes(quoted: string): number[] {
  const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, '"': 34, '\\': 92 };
  return [...quoted.slice(1, -1).matchAll(/\\([0-7]{1,3})|\\(.)|(.)/g)].map(([, octal, escaped, plain]) =>
    octal !== undefined
      ? Number.parseInt(octal, 8)
      : escaped !== undefined
        ? (escapes[escaped] ?? 0)
        : (plain ?? ' ').charCodeAt(0),
  );
}

function figuresOf(bytes: readonly number[]): number[] {
  return Array.from(
    { length: bytes.length / 4 },
    (_, i) => [3, 2, 1, 0].reduce((sum, k) => sum * 256 + (bytes[i * 4 + k] ?? 0), 0) - 1,
  );
}

const scalars: readonly (readonly [name: string, bits: number])[] = [
  ['char', 8],
  ['unsigned char', 8],
  ['_Bool', 1],
  ['short', 16],
  ['unsigned short', 16],
  ['int', 32],
  ['unsigned', 32],
  ['long', 32],
  ['enumeration', 32],
  ['long long', 64],
  ['unsigned long long', 64],
  ['void *', 0],
  ['double', 0],
  ['float', 0],
];

/** A record of up to ten members: scalars, arrays, earlier records, nameless ones, bit-fields; some are packed. */
function recordText(random: Random, index: number): string {
  let names = 0;
  const isUnion = random.oneIn(8);
  // Every second record is of a family with packing, the others of one with alignments that are asked for.
  const isPackable = index % 2 === 0;
  const pack = isPackable && random.oneIn(2) ? random.pick([1, 2, 4, 8, 16]) : undefined;
  const isAligned = !isPackable && random.oneIn(3);
  const member = (depth: number, inUnion: boolean): string => {
    const [type, bits] = random.pick(scalars);
    const name = `m${names++}`;
    switch (random.below(9)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        if (bits === 0 || inUnion) return `${type} ${name};`;
        if (random.oneIn(8)) return `${type} : ${random.oneIn(2) || bits === 1 ? 0 : 1 + random.below(bits - 1)};`;
        return `${type} ${name} : ${1 + random.below(bits)};`;
      }
      case 4:
        return `${type} ${name}[${1 + random.below(4)}];`;
      case 5:
        return index > 1 ? `struct g${earlier(random, index)} ${name};` : `${type} ${name};`;
      case 6: {
        if (depth === 0) return `${type} ${name};`;
        const nested = random.oneIn(3);
        const members = Array.from({ length: 1 + random.below(3) }, () => member(depth - 1, nested));
        return `${nested ? 'union' : 'struct'} { int m${names++}; ${members.join(' ')} };`;
      }
      default:
        return isAligned && random.oneIn(2)
          ? `ALIGN(${random.pick([1, 2, 4, 8, 16, 32])}) ${type} ${name};`
          : `${type} ${name};`;
    }
  };
  const members = Array.from({ length: 1 + random.below(9) }, () => member(2, isUnion));
  const body = isUnion ? `union { char first; ${members.join(' ')} } u;` : `int first_${index}; ${members.join(' ')}`;
  const text = `struct g${index} { ${body} };`;
  return pack === undefined ? text : `#pragma pack(push, ${pack})\n${text}\n#pragma pack(pop)`;
}

/** A record of the same family; sizes stay small because only the first ones are nested. */
function earlier(random: Random, index: number): number {
  return (index % 2) + 2 * random.below(Math.min(20, index >> 1));
}
