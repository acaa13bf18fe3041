/**
 * Instructions that carry a constant, and what the compiler makes shorter: the same values as with variables, on the
 * corners of 32 and 64 bits; and that the debugger's statements are where they were.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare, program, runSource } from './testing.ts';

const WIDE = [0n, 1n, 2n, 7n, 8n, 63n, 1n << 31n, (1n << 31n) - 1n, (1n << 32n) - 1n, 1n << 32n, 0x123456789abcdefn];
const CONSTANTS = [...WIDE, -1n, -2n, -8n, -(1n << 31n), -(1n << 32n) - 5n, (1n << 63n) - 1n, -(1n << 63n)];

/** A value as C writes it in hexadecimal, by way of unsigned: -2^63 has no literal of its own. */
const literal = (type: string, value: bigint): string => `(${type})0x${BigInt.asUintN(64, value).toString(16)}ull`;

/** Every operator with a constant on its right gives what it gives with a variable there. */
for (const [type, bits] of [
  ['i64', 64],
  ['u64', 64],
  ['i32', 32],
  ['u32', 32],
] as const) {
  test(`${type} with a constant operand`, () => {
    const isSigned = type.startsWith('i');
    const lines: string[] = [];
    for (const constant of CONSTANTS) {
      const value = isSigned ? BigInt.asIntN(bits, constant) : BigInt.asUintN(bits, constant);
      const right = literal(type, constant);
      const operators = ['+', '-', '*', '&', '|', '^', '==', '!=', '<', '<=', '>', '>='];
      // The quotient of the least value and -1 is no number.
      if (value !== 0n && value !== -1n) operators.push('/', '%');
      if (value >= 0n && value < BigInt(bits)) operators.push('<<', '>>');
      for (const operator of operators) {
        lines.push(`held = ${right};`);
        lines.push(`if ((x ${operator} ${right}) != (x ${operator} held)) bad(${lines.length}, x, held);`);
        lines.push(`seen = 0; if (x ${operator} ${right}) seen = 1;`);
        lines.push(`if (seen != ((x ${operator} held) != 0)) bad(${lines.length}, x, held);`);
      }
    }
    const values = CONSTANTS.map((value) => literal(type, value)).join(', ');
    const source = `
      i32 failures;
      void bad(i32 line, u64 x, u64 held) { print(line); print(x); print(held); failures++; }
      ${type} values[] = { ${values} };
      i64 main2(void) {
        ${type} x, held; i32 seen, i;
        for (i = 0; i < ${CONSTANTS.length}; i++) { x = values[i]; ${lines.join('\n')} }
        return failures;
      }`;
    const run = runSource(source, { entry: 'main2' });
    assert.equal(run.fault?.kind, undefined, run.fault?.detail);
    const cases = run.output.slice(0, 3).map((text, i) => (i === 0 ? lines[Number(text)] : text));
    assert.equal(run.result, 0n, cases.join(' '));
  });
}

/** [name, body of a function that returns i64, value] */
const SHORTER: readonly (readonly [name: string, body: string, value: bigint | number])[] = [
  [
    'a narrowing of what fits',
    'u8 x = 0xff, y = 0xee; return (u16)(x << 8 | y) + (u8)(x == y) + (u8)(y & 0xf0);',
    0xfff6 - 8 + 0xe0,
  ],
  ['a narrowing of what does not', 'u8 x = 0xff; return (u8)(x << 1) + (u16)(x << 9) + (u8)(x + 1);', 0xfe + 0xfe00],
  [
    'a narrowing to a signed type',
    'u8 x = 0x80, y = 0x7f; return (i8)x * 1000 + (i8)(y & 0x7f) + (i8)(y | x);',
    -127874,
  ],
  ['a shift of a negative value', 'i32 x = -1; return (u8)(x >> 28) + (u16)(x >> 31);', 0xff + 0xffff],
  [
    'a shift of an unsigned value',
    'u32 x = 0xffffffff; return (u8)(x >> 28) + (u8)(x >> 24) + (u8)(x >> 23);',
    15 + 255 + 255,
  ],
  [
    'a store that narrows',
    'u8 b[2]; u16 w[1]; i64 x = 0x12345; b[0] = (u8)(u16)x; w[0] = (u16)x; return b[0] + w[0];',
    0x45 + 0x2345,
  ],
  ['a store with its value', 'u8 b[1]; i32 x = 0x1ff; i32 y = b[0] = (u8)x; return y + b[0];', 0x1fe],
  ['a store of a sign', 'i8 b[1]; i32 x = 0x1ff; b[0] = (i8)(u8)x; return b[0];', -1],
  ['a store through a narrower type', 'u16 w[1]; i32 x = 0x1ff; w[0] = (u8)x; return w[0];', 0xff],
  ['a store of a truth', 'u8 b[1]; i32 x = 0x100; b[0] = (_Bool)x; return b[0];', 1],
  [
    'bytes copied by stepping',
    'u8 a[3], b[3] = { 1, 2, 3 }, *p = a, *q = b; i32 i; for (i = 0; i < 3; i++) *p++ = *q++; return a[2] * 100 + (p - a) * 10 + (q - b);',
    333,
  ],
  [
    'words copied by stepping back',
    'i64 a[3], b[3] = { 1, 2, 3 }, *p = a + 2, *q = b; *p-- = *q++; *p-- = *q++; return a[2] * 1000 + a[1] * 100 + (p - a) * 10 + (q - b);',
    1202,
  ],
  [
    'a pointer copied to itself by stepping',
    'u8 a[3] = { 1, 2, 3 }, *p = a, *q = a + 1; *p++ = *q++; *p++ = *q++; return a[0] * 100 + a[1] * 10 + a[2];',
    233,
  ],
  ['a negative index', 'i32 a[4] = { 1, 2, 3, 4 }, *p = a + 3, i = -2; return p[i];', 2],
  ['a negative index of 8 bits', 'i32 a[4] = { 1, 2, 3, 4 }, *p = a + 3; i8 i = -1; return p[i];', 3],
  ['an unsigned index of 8 bits', 'static u8 a[256]; u8 i = 0xff; a[255] = 9; return a[i];', 9],
  ['an index of 64 bits', 'i32 a[4] = { 1, 2, 3, 4 }, *p = a + 3; i64 i = -3; return p[i];', 1],
  [
    'a wrapped unsigned index',
    'char a[4]; u32 i = 0; char *p = a + 1; return (i64)(p + (i - 1)) - (i64)p;',
    4294967295n,
  ],
  [
    'an element of a member',
    'struct { i32 n; i32 a[4]; } s = { 1, { 2, 3, 4, 5 } }, *p = &s; i32 i = 2; return p->a[i] * 10 + s.a[i];',
    44,
  ],
  ['two dimensions', 'i32 a[3][4]; i32 i = 2, j = 3; a[i][j] = 7; return (&a[0][0])[11];', 7],
  ['the index changes the pointer', 'i32 a[4] = { 1, 2, 3, 4 }, *p = a; return p[(p++, 1)];', 2],
  [
    'old and new value',
    'i32 a[4] = { 1, 2, 3, 4 }, *p = a; i32 first = *p++; return first * 100 + *p-- * 10 + *p;',
    121,
  ],
  ['the carry of a step', 'u64 x = 0xffffffff; u64 old = x++; return (old == 0xffffffff) * 2 + (x == 0x100000000);', 3],
  ['the borrow of a step', 'i64 x = 0; i64 old = x--; return old * 10 + x;', -1],
  ['32 bits of 64', 'u32 n = 5; n -= sizeof(i64); return n;', 0xfffffffd],
  ['8 bits of 64', 'u8 n = 250; n += 0x10000000000000aull; return n;', 4],
  ['a product whose high half is dropped', 'u32 n = 0x10001; n *= 0x100010001ull; return n;', 0x20001],
  ['the high half counts in a shift', 'u32 n = 1; n <<= 31; n >>= 31; return n;', 1],
  ['the high half counts in a quotient', 'u32 n = 7; n /= 0x100000007ull; return n;', 0],
  ['int against sizeof', 'i32 n = -1; return n < sizeof(i64);', 0],
  [
    'int against sizeof, as a condition',
    'i32 n = -1; if (n < sizeof(i64)) return 1; if (n > sizeof(i64)) return 2; return 3;',
    2,
  ],
  ['unsigned against a wide constant', 'u32 n = 0xffffffff; if (n < 0x100000000ll) return 1; return 2;', 1],
  ['unsigned against a negative wide constant', 'u32 n = 0xffffffff; if (n > -1ll) return 1; return 2;', 1],
  ['greater than the greatest', 'u64 n = ~0ull; if (n > ~0ull) return 1; if (n <= ~0ull) return 2; return 3;', 2],
];

test('what the compiler makes shorter means the same', () => {
  for (const [name, body, value] of SHORTER) {
    const run = runSource(`i64 main2(void) { ${body} }`, { entry: 'main2' });
    assert.equal(run.fault?.kind, undefined, `${name}: ${run.fault?.detail}`);
    assert.equal(run.result, BigInt(value), name);
  }
});

test('a pointer without a value does not step', () => {
  const run = runSource('i32 main2(void) { i32 *p; i32 *q = p++; return q == 0; }', { entry: 'main2' });
  assert.equal(run.fault?.kind, 'uninitialised-read');
});

test('each statement is counted and can be paused at, however few instructions it takes', () => {
  const linked = program(`
    i32 f(i32 n) { i32 sum = 0; for (i32 i = 0; i < n; i++) sum += i; return sum; }
    i32 main(void) { i32 a[4]; a[0] = f(3); return a[0]; }`);
  const whole = prepare(linked);
  assert.equal(whole.machine.run(whole.thread, 1000).kind, 'ended');
  // main: 2, f: sum, i, 4 tests, 3 bodies, 3 steps, return.
  assert.equal(whole.machine.statements, 15);
  const places = (advance: (one: ReturnType<typeof prepare>) => void): number[] => {
    const one = prepare(linked);
    const seen: number[] = [];
    while (one.thread.state !== 'ended' && seen.length < 100) {
      seen.push(one.machine.currentStatement(one.thread) ?? -1);
      advance(one);
    }
    return seen;
  };
  const byBudget = places(({ machine, thread }) => machine.run(thread, 1));
  const byPause = places(({ machine, thread }) => {
    machine.pauseAlways = true;
    machine.run(thread, 1000);
  });
  assert.equal(new Set(byBudget).size, 8);
  assert.deepEqual([...new Set(byPause)], [...new Set(byBudget)]);
  const marked = prepare(linked);
  const body = byBudget[4] ?? 0;
  marked.machine.pauseMarks[body] = 1;
  const stops: (number | undefined)[] = [];
  while (marked.machine.run(marked.thread, 1000).kind === 'paused') {
    stops.push(marked.machine.currentStatement(marked.thread));
  }
  assert.deepEqual(stops, [body, body, body]);
  assert.equal(marked.machine.statements, 15);
});
