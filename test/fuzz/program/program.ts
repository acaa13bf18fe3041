/**
 * A whole random program from a seed: types, globals with initialisers, pure functions, functions with effects, a
 * recursive one, tables of functions, variable arguments, and `main`.
 *
 * Well defined for gcc -fwrapv -fno-strict-aliasing and for us: see expressions.ts and statements.ts. Functions take
 * from one store of fuel, so that calls in loops end soon. `mark` prints a running checksum in hexadecimal at each step,
 * so the first line that differs tells where. Zeros are
 * printed without their sign: gcc folds `0.0 - (double)i` into `-(double)i`, which is -0 where i is 0.
 */
import { createRandom, type Random } from '../random.ts';
import { expressionOf, integer, type PureFunction, type Scope } from './expressions.ts';
import { type RandomRecord, randomRecord } from './records.ts';
import { type Body, block, type EffectFunction } from './statements.ts';
import {
  type ArrayShape,
  constantFor,
  floats,
  integers,
  isFloat,
  type Place,
  preludeTypes,
  type Scalar,
} from './types.ts';

const scalars: readonly Scalar[] = [...integers, ...floats];

export function randomProgram(seed: number): string {
  const random = createRandom(seed);
  const names = new Map<string, number>();
  const fresh = (stem: string): string => {
    const count = (names.get(stem) ?? 0) + 1;
    names.set(stem, count);
    return `${stem}${count}`;
  };
  const records: RandomRecord[] = [];
  for (let i = 0; i < 3; i++) records.push(randomRecord(random, `r${i}`, records));
  const globals = many(6, (i): Place => ({ text: `g${i}`, type: random.pick(scalars) }));
  const arrays = many(4, (i): ArrayShape => {
    return { name: `a${i}`, type: random.pick(scalars), length: random.pick([4, 8, 16]), isConstant: i === 3 };
  });
  const objects = records.map((record, i) => ({ text: `s${i}`, record }));
  const pure = pureFunctions(
    random,
    arrays.filter((array) => array.isConstant),
  );
  const scope: Scope = {
    places: [...globals, ...objects.flatMap(({ text, record }) => placesOf(text, record)), ...pointed(objects)],
    arrays,
    pure: pure.map((one) => one.function),
    records,
  };
  const program: Program = { random, fresh, records, globals, arrays, objects, scope };
  const effects: EffectFunction[] = [];
  const functions: string[] = [];
  for (let i = 0; i < 4; i++) {
    const made = effectFunction(program, i, effects);
    effects.push(made.function);
    functions.push(...made.lines);
  }
  const table = effects.filter(
    (one) => one.parameters.length === 1 && one.parameters[0] === 'i32' && one.result === 'i64',
  );
  return [
    preludeTypes,
    runtime,
    ...records.flatMap((record) => record.declaration),
    ...globalLines(program),
    ...pure.flatMap((one) => one.lines),
    ...functions,
    ...mainLines(program, effects, table),
    '',
  ].join('\n');
}

interface Program {
  readonly random: Random;
  readonly fresh: (stem: string) => string;
  readonly records: readonly RandomRecord[];
  readonly globals: readonly Place[];
  readonly arrays: readonly ArrayShape[];
  readonly objects: readonly { readonly text: string; readonly record: RandomRecord }[];
  readonly scope: Scope;
}

const runtime = `#include <stdio.h>
#include <string.h>
#include <stdarg.h>
static i32 fuel = 400, marks;
static u64 checksum = 1;
static void mark(u64 value) {
  char text[17];
  checksum = (checksum ^ value) * 0x100000001b3ull + (checksum >> 29);
  if (marks >= 300) return;
  marks++;
  for (i32 i = 0; i < 16; i++) text[i] = "0123456789abcdef"[checksum >> (60 - 4 * i) & 15];
  text[16] = 0;
  puts(text);
}
static i32 whole(double x) { return x > -1e6 && x < 1e6 ? (i32)x : 3; }
static u64 bits(double x) {
  u64 result;
  if (x != x) return 1;
  if (x == 0) return 0;
  memcpy(&result, &x, 8);
  return result;
}
static i64 sum(const char *kinds, ...) {
  va_list list;
  i64 total = 0;
  va_start(list, kinds);
  for (; *kinds; kinds++) {
    switch (*kinds) {
    case 'i':
      total += va_arg(list, i32);
      break;
    case 'l':
      total = total * 3 + va_arg(list, i64);
      break;
    case 'd':
      total ^= whole(va_arg(list, double));
      break;
    case 'p':
      total -= *va_arg(list, const char *);
      break;
    }
  }
  va_end(list);
  return total;
}`;

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function placesOf(text: string, record: RandomRecord): readonly Place[] {
  return record.members.map((member) => ({ ...member, text: text + member.text }));
}

/** The same objects through constant pointers to them. */
function pointed(objects: Program['objects']): readonly Place[] {
  return objects.flatMap(({ text, record }) =>
    record.members.slice(0, 3).map((member) => ({ ...member, text: `p_${text}->${member.text.slice(1)}` })),
  );
}

function globalLines({ random, globals, arrays, objects }: Program): string[] {
  const lines = globals.map(({ text, type }) => `static ${type} ${text} = ${constantFor(random, type)};`);
  for (const { name, type, length, isConstant } of arrays) {
    const values = many(1 + random.below(length), () => constantFor(random, type));
    const [last = '0'] = values.slice(-1);
    const list = random.oneIn(3) ? `[${values.length - 1}] = ${last}, [0] = ${values[0]}` : values.join(', ');
    lines.push(`static ${isConstant ? 'const ' : ''}${type} ${name}[${length}] = {${list}};`);
    lines.push(`static ${isConstant ? 'const ' : ''}${type} *q_${name} = &${name}[${random.below(length / 2)}];`);
  }
  for (const { text, record } of objects) {
    lines.push(`static ${record.name} ${text} = ${record.initializer(random)};`);
    lines.push(`static ${record.name} *const p_${text} = &${text};`);
  }
  return lines;
}

function pureFunctions(
  random: Random,
  constants: readonly ArrayShape[],
): { function: PureFunction; lines: string[] }[] {
  const made: { function: PureFunction; lines: string[] }[] = [];
  for (let i = 0; i < 3; i++) {
    const parameters = many(1 + random.below(4), () => random.pick(scalars));
    const places = parameters.map((type, k): Place => ({ text: `p${k}`, type }));
    const scope: Scope = { places, arrays: constants, pure: made.map((one) => one.function), records: [] };
    const result = random.pick(scalars);
    const list = places.map(({ text, type }) => `${type} ${text}`).join(', ');
    made.push({
      function: { name: `pure${i}`, parameters, result },
      lines: [
        `static ${result} pure${i}(${list}) {`,
        `  if (${integer(random, scope, 1)}) return ${expressionOf(random, scope, result, 2)};`,
        `  return ${expressionOf(random, scope, result, 3)};`,
        '}',
      ],
    });
  }
  return made;
}

function effectFunction(
  program: Program,
  index: number,
  before: readonly EffectFunction[],
): { function: EffectFunction; lines: string[] } {
  const { random, records, scope, objects, arrays, fresh } = program;
  // The first ones have one type, for the table; the rest have any.
  const isPlain = index < 2;
  const parameterTypes = isPlain
    ? (['i32'] as const)
    : many(random.below(5), () => (random.oneIn(3) ? random.pick(records) : random.pick(scalars)));
  const result = isPlain ? 'i64' : random.oneIn(3) ? random.pick(records) : random.pick(scalars);
  const parameters = parameterTypes.map((type) => (typeof type === 'string' ? type : type.name));
  const name = `work${index}`;
  const own: Place[] = [];
  const ownObjects: { text: string; record: RandomRecord }[] = [];
  parameterTypes.forEach((type, i) => {
    if (typeof type === 'string') own.push({ text: `p${i}`, type });
    else ownObjects.push({ text: `p${i}`, record: type });
  });
  const declared: string[] = [];
  const initial: Scope = { ...scope, places: [...scope.places, ...own] };
  for (let i = 0; i < 3; i++) {
    const type = random.pick(scalars);
    declared.push(`  ${type} v${i} = ${expressionOf(random, initial, type, 2)};`);
    own.push({ text: `v${i}`, type });
  }
  const record = random.pick(records);
  declared.push(
    `  ${record.name} o = ${random.oneIn(2) ? `s${records.indexOf(record)}` : record.initializer(random)};`,
  );
  ownObjects.push({ text: 'o', record });
  const local: ArrayShape = { name: 'l', type: random.pick(scalars), length: 8, isConstant: false };
  declared.push(`  ${local.type} l[8] = {${constantFor(random, local.type)}, ${constantFor(random, local.type)}};`);
  declared.push(
    `  ${local.type} *q = l;`,
    `  static i32 times;`,
    `  if (--fuel < 0) return ${nothing(result)};`,
    '  mark(++times);',
  );
  const pointers = arrays.filter((array) => !array.isConstant).map((array) => ({ name: `q_${array.name}`, array }));
  const body: Body = {
    random,
    fresh,
    scope: {
      ...scope,
      places: [...scope.places, ...own, ...ownObjects.flatMap((object) => placesOf(object.text, object.record))],
      arrays: [...arrays, local],
    },
    callable: before,
    objects: [...objects, ...ownObjects],
    pointers: [...pointers, { name: 'q', array: local }],
    isInLoop: false,
  };
  const lines = block(body, 3, 5 + random.below(5));
  const recursion =
    isPlain && random.oneIn(2)
      ? [`  if (p0 > 0) v0 = (${own.find((place) => place.text === 'v0')?.type})${name}(p0 > 4 ? 3 : p0 - 1);`]
      : [];
  const value =
    typeof result === 'string'
      ? expressionOf(random, body.scope, result, 2)
      : (body.objects.filter((one) => one.record === result).at(-1)?.text ?? nothing(result));
  const safe = recursion.length > 0 && own.some((place) => place.text === 'v0' && isFloat(place.type)) ? [] : recursion;
  const list = parameters.map((type, i) => `${type} p${i}`).join(', ');
  return {
    function: { name, parameters, parameterTypes, result },
    lines: [
      `static ${typeof result === 'string' ? result : result.name} ${name}(${list === '' ? 'void' : list}) {`,
      ...declared,
      ...lines,
      ...safe,
      ...own.map(({ text, type }) => `  mark(${isFloat(type) ? `bits(${text})` : `(u64)${text}`});`),
      ...many(2, (i) => `  mark(${isFloat(local.type) ? `bits(l[${i * 3}])` : `(u64)l[${i * 3}]`});`),
      `  return ${value};`,
      '}',
    ],
  };
}

function nothing(result: Scalar | RandomRecord): string {
  return typeof result === 'string' ? '0' : `(${result.name}){0}`;
}

function mainLines(program: Program, effects: readonly EffectFunction[], table: readonly EffectFunction[]): string[] {
  const { random, scope, globals, arrays, objects, fresh } = program;
  const body: Body = {
    random,
    fresh,
    scope,
    callable: effects,
    objects,
    pointers: arrays.filter((array) => !array.isConstant).map((array) => ({ name: `q_${array.name}`, array })),
    isInLoop: false,
  };
  const lines: string[] = [];
  if (table.length > 0) {
    lines.push(`static i64 (*const table[])(i32) = {${table.map((one) => one.name).join(', ')}};`);
  }
  lines.push('int main(void) {', '  char text[32] = "random";');
  for (const one of effects) {
    lines.push(...block({ ...body, callable: [one] }, 2, 2));
    lines.push(...block({ ...body, callable: [one] }, 0, 3));
  }
  if (table.length > 0) lines.push(`  for (i32 k = 0; k < 4; k++) mark((u64)table[k % ${table.length}](k));`);
  const word = (): string => random.pick(['"i"', '"text"', '"a longer word"', 'text', '""']);
  lines.push(
    `  mark((u64)sum("ildp", ${integer(random, { ...scope, arrays: [] }, 0)} != 0, (i64)${integer(random, scope, 1)}, ${random.pick(['1.5', '-2.25f', '1e3'])}, ${word()}));`,
    `  memcpy(text + ${random.below(8)}, ${random.pick(['"copied"', '"x"'])}, ${1 + random.below(2)});`,
    `  memset(&text[${random.below(20)}], ${random.pick(["'z'", '0', '65'])}, ${random.below(8)});`,
    '  text[31] = 0;',
    `  mark(strlen(text) * 10 + (strcmp(text, ${word()}) > 0));`,
    '  for (i32 k = 0; k < 32; k++) mark((u8)text[k]);',
  );
  for (const { text, type } of globals) lines.push(`  mark(${isFloat(type) ? `bits(${text})` : `(u64)${text}`});`);
  for (const { name, type, length } of arrays) {
    lines.push(
      `  for (i32 k = 0; k < ${length}; k++) mark(${isFloat(type) ? `bits(${name}[k])` : `(u64)${name}[k]`});`,
    );
  }
  for (const { text, record } of objects) {
    for (const member of placesOf(text, record)) {
      lines.push(`  mark(${isFloat(member.type) ? `bits(${member.text})` : `(u64)${member.text}`});`);
    }
  }
  lines.push('  marks = 0;', '  mark(0);', '  return 0;', '}');
  return lines;
}
