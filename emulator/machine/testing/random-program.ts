/**
 * Random well-defined C programs for comparing the machine with a real compiler.
 *
 * In: a seed. Out: a file with `unsigned long long run(void)`, and calls of `print(unsigned long long)` on the way.
 * Well-defined means: types of fixed width, signed overflow wraps (gcc -fwrapv), shift counts are masked, divisors are
 * small and positive, floating values are kept small before they become integers, array indices are masked, loops
 * count to a constant, bit-fields have less than 32 bits (gcc computes with wider ones in a type of its own). Evaluation
 * order never matters: an expression has no side effects inside.
 */

type Random = (below: number) => number;

interface Variable {
  readonly name: string;
  readonly type: string;
}

const INTEGERS = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'bool'];
const TYPES = [...INTEGERS, 'float', 'double'];
const NUMBERS = ['0', '1', '-1', '2', '7', '127', '128', '255', '-128', '32767', '65535', '2147483647', '0x80000000u'];
const WIDE_NUMBERS = [
  '0x7fffffffffffffffLL',
  '0x8000000000000000uLL',
  '4294967296LL',
  '-4294967297LL',
  '0x123456789abcdefuLL',
];

export function randomProgram(seed: number): string {
  const random = generator(seed);
  const globals = many(random, 8, (i) => ({ name: `g${i}`, type: pick(random, TYPES) }));
  const lines = [PRELUDE];
  for (const g of globals) lines.push(`static ${g.type} ${g.name} = ${pick(random, NUMBERS)};`);
  lines.push(`static i32 words[16]; static u8 bytes[16]; static i64 wides[16];`);
  lines.push(recordText(random));
  const functions = many(random, 4, (i) => functionText(random, i, globals));
  lines.push(...functions, mainText(random, globals));
  return lines.join('\n');
}

const PRELUDE = `typedef signed char i8; typedef unsigned char u8; typedef short i16; typedef unsigned short u16;
typedef int i32; typedef unsigned int u32; typedef long long i64; typedef unsigned long long u64; typedef _Bool bool;
void print(u64 value);
static i32 small(double x) { return x > -1e6 && x < 1e6 ? (i32)x : 3; }`;

/** A small generator of its own (xorshift), so that a seed means the same for ever. */
function generator(seed: number): Random {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)] as T;
}

function many<T>(_random: Random, count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function recordText(random: Random): string {
  const field = (i: number): string => {
    const type = pick(random, ['i32', 'u32', 'i64', 'u64', 'u8', 'i16']);
    const width = type.endsWith('64') ? 1 + random(31) : type.endsWith('8') ? 1 + random(7) : 1 + random(15);
    return random(2) === 0 ? `${type} f${i} : ${width};` : `${type} f${i};`;
  };
  return `struct record { ${many(random, 6, field).join(' ')} double d; }; static struct record shared;
static struct record changed(struct record r, i32 n) { r.f0 = n; r.f1 += r.f0; r.f2 ^= n; r.d = r.d * 0.5 + n; return r; }`;
}

function functionText(random: Random, index: number, globals: readonly Variable[]): string {
  const parameters = many(random, 1 + random(3), (i) => ({ name: `p${i}`, type: pick(random, TYPES) }));
  const locals = many(random, 4, (i) => ({ name: `v${i}`, type: pick(random, TYPES) }));
  const scope = [...globals, ...parameters, ...locals];
  const body = locals.map((v) => `  ${v.type} ${v.name} = ${expression(random, [...globals, ...parameters], 2)};`);
  body.push('  struct record r = shared;', '  i32 *p = &words[3]; u8 *q = bytes + 5;');
  for (let i = 0; i < 6; i++) body.push(statement(random, scope, 2, index));
  const list = parameters.map((p) => `${p.type} ${p.name}`).join(', ');
  const result = pick(random, INTEGERS);
  return `static ${result} fn${index}(${list}) {\n${body.join('\n')}\n  shared = r;\n  return ${expression(random, scope, 2)};\n}
#define CALL${index} fn${index}(${parameters.map(() => expression(random, globals, 1)).join(', ')})`;
}

function mainText(random: Random, globals: readonly Variable[]): string {
  const body: string[] = [];
  for (let i = 0; i < 4; i++) {
    body.push(`  print((u64)CALL${i});`, `  { i32 n = ${i} + (i32)CALL${random(4)}; shared = changed(shared, n); }`);
    body.push(`  print((u64)shared.f0 ^ ((u64)shared.f1 << 8) ^ (u64)shared.f2);`);
  }
  for (const g of globals) {
    body.push(
      g.type === 'float' || g.type === 'double' ? `  print((u64)small(${g.name} * 16));` : `  print((u64)${g.name});`,
    );
  }
  return `u64 run(void) {\n  u64 hash = 1; i32 i;\n${body.join('\n')}
  for (i = 0; i < 16; i++) hash = hash * 31 + (u64)words[i] + bytes[i] * 7 + (u64)wides[i];
  return hash;\n}`;
}

function statement(random: Random, scope: readonly Variable[], depth: number, index: number): string {
  const target = (): string => assignable(random, scope);
  const value = (): string => expression(random, scope, 3);
  switch (random(depth > 0 ? 13 : 7)) {
    case 0:
    case 1:
      return `  ${target()} = ${value()};`;
    case 2: {
      const operator = pick(random, ['+=', '-=', '*=', '&=', '|=', '^=']);
      const integers = scope.filter((v) => INTEGERS.includes(v.type));
      const name = pick(random, [
        ...integers.map((v) => v.name),
        'r.f0',
        'r.f3',
        `words[${random(16)}]`,
        '*p',
        '*q',
        'wides[2]',
      ]);
      return `  ${name} ${operator} ${integer(random, scope, 2)};`;
    }
    case 3:
      return `  ${pick(random, ['r.f1', 'r.f2', 'words[1]', '(*q)', 'wides[5]', 'bytes[9]'])}${pick(random, ['++', '--'])};`;
    case 4:
      return `  wides[${random(16)}] ${pick(random, ['<<=', '>>='])} ${random(64)};`;
    case 5:
      return `  ${pick(random, ['r.f4', 'r.f5', 'words[7]', '*p', 'wides[1]'])} ${pick(random, ['/=', '%='])} ${1 + random(100)};`;
    case 6:
      return `  p = words + (${integer(random, scope, 1)} & 15); q = &bytes[${random(16)}]; *p += (i32)(p - words);`;
    case 7:
      return `  if (${value()}) {\n${statement(random, scope, depth - 1, index)}\n  } else {\n${statement(random, scope, depth - 1, index)}\n  }`;
    case 8:
      return `  for (i32 k = 0; k < ${1 + random(6)}; k++) {\n${statement(random, scope, depth - 1, index)}\n  if (words[k] > 1000000) continue;\n  words[k] += k;\n  }`;
    case 9:
      return `  switch (${integer(random, scope, 2)} & ${pick(random, ['3', '7', '1023'])}) {\n  case 0: ${target()} = ${value()};\n  case 1: ${target()} = 5; break;\n  case 2 : { ${target()} = ${value()}; break; }\n  case 5: r.f0++; break;\n  case 700: r.f1--; break;\n  default: ${target()} = ${value()};\n  }`;
    case 10:
      return `  { i32 n = ${1 + random(5)}; do { ${target()} = ${value()}; if (n == 2) break; } while (--n > 0); }`;
    case 11:
      return index > 0 ? `  ${target()} = CALL${random(index)};` : `  r = changed(r, ${random(100)});`;
    default:
      return `  r = ${value()} ? changed(r, 3) : shared;`;
  }
}

function assignable(random: Random, scope: readonly Variable[]): string {
  const places = [
    'r.f0',
    'r.f1',
    'r.f2',
    'r.f3',
    'r.f4',
    'r.f5',
    `words[${random(16)}]`,
    `bytes[${random(16)}]`,
    '*p',
    '*q',
    'wides[3]',
  ];
  const integers = scope.filter((v) => INTEGERS.includes(v.type)).map((v) => v.name);
  return pick(random, [...places, ...integers, ...integers]);
}

/** An expression of any arithmetic type that converts to any other without undefined behaviour. */
function expression(random: Random, scope: readonly Variable[], depth: number): string {
  return random(5) === 0 ? `small(${floating(random, scope, depth)})` : integer(random, scope, depth);
}

function integer(random: Random, scope: readonly Variable[], depth: number): string {
  if (depth === 0) return leaf(random, scope);
  const next = (): string => integer(random, scope, depth - 1);
  switch (random(13)) {
    case 0:
    case 1:
      return `(${next()} ${pick(random, ['+', '-', '*'])} ${next()})`;
    case 2:
      return `(${next()} ${pick(random, ['&', '|', '^'])} ${next()})`;
    case 3:
      return `(${next()} ${pick(random, ['/', '%'])} ((${next()} & 15) + 1))`;
    case 4:
      return `((${pick(random, INTEGERS)})${next()})`;
    case 5:
      return `((i32)${next()} ${pick(random, ['<<', '>>'])} (${next()} & 31))`;
    case 6:
      return `((u64)${next()} ${pick(random, ['<<', '>>'])} (${next()} & 63))`;
    case 7:
      return `((i64)${next()} >> ${random(64)})`;
    case 8:
      return `(${next()} ${pick(random, ['==', '!=', '<', '>', '<=', '>='])} ${next()})`;
    case 9:
      return `(${next()} ${pick(random, ['&&', '||'])} ${next()})`;
    case 10:
      return `(${next()} ? ${next()} : ${next()})`;
    case 11:
      return `(${pick(random, ['-', '~', '!', '+'])} ${next()})`;
    default:
      return `(${floating(random, scope, depth - 1)} ${pick(random, ['<', '>', '==', '<=', '>=', '!='])} ${floating(random, scope, depth - 1)})`;
  }
}

function floating(random: Random, scope: readonly Variable[], depth: number): string {
  const floats = scope.filter((v) => v.type === 'float' || v.type === 'double').map((v) => v.name);
  if (depth === 0 || random(4) === 0)
    return pick(random, [...floats, '0.5', '1.25f', '-3.0', '1e3', '(double)words[2]']);
  const next = (): string => floating(random, scope, depth - 1);
  switch (random(5)) {
    case 0:
      return `(${next()} ${pick(random, ['+', '-', '*'])} ${next()})`;
    case 1:
      return `(${next()} / 4)`;
    case 2:
      return `((${pick(random, ['float', 'double'])})${integer(random, scope, depth - 1)})`;
    case 3:
      return `(- ${next()})`;
    default:
      return `(${integer(random, scope, depth - 1)} ? ${next()} : ${next()})`;
  }
}

function leaf(random: Random, scope: readonly Variable[]): string {
  const integers = scope.filter((v) => INTEGERS.includes(v.type)).map((v) => v.name);
  switch (random(6)) {
    case 0:
      return `(${pick(random, NUMBERS)})`;
    case 1:
      return `(${pick(random, WIDE_NUMBERS)})`;
    case 2:
      return pick(random, [`words[${random(16)}]`, `bytes[${random(16)}]`, `wides[${random(16)}]`]);
    case 3:
      return pick(random, ['shared.f0', 'shared.f1', 'shared.f2', 'shared.f3', 'shared.f4', 'shared.f5']);
    default:
      return integers.length === 0 ? '1' : pick(random, integers);
  }
}
