/**
 * The interpreter against BigInt: every 64-bit instruction on corners and on random values; and its text: opcode numbers,
 * and that nothing is written twice in two ways.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { INSTRUCTIONS, Op, type OpName } from '../opcodes.ts';
import { EXIT, type VmHost, type VmThread } from './host.ts';
import { execute } from './vm.ts';

const text = readFileSync(join(process.env.WSK_ROOT as string, 'emulator/machine/vm/vm.ts'), 'utf8');

test('the numbers of the cases are those of the table', () => {
  const found = [...text.matchAll(/case (\d+): \/\/ ([\w+]+)/g)].map(
    ([, number, name]) => [name, Number(number)] as const,
  );
  const cases = found.sort(([, a], [, b]) => a - b);
  const executed = INSTRUCTIONS.map(([name], index) => [name, index]).filter(([name]) => name !== 'FORGET');
  assert.deepEqual(cases, executed);
});

test('the case of several instructions in a row is theirs, one behind the other', () => {
  const cases = text.matchAll(/^ {8}case \d+: \/\/ (\S+)\n([\s\S]*?)(?=^ {8}(?:case|\/\/ ----)|^ {6}\}\n)/gm);
  const bodies = new Map([...cases].map(([, name = '', body = '']) => [name, withoutEnd(body)]));
  const rows = [...bodies].filter(([name]) => name.includes('+'));
  assert.ok(rows.length > 10, `saw only ${rows.length} rows`);
  for (const [name, body] of rows) {
    const parts = name.replaceAll('STMT_', 'STMT+').split('+');
    assert.equal(body, parts.map((part) => bodies.get(part)).join(' pc = AT & (pc + 5); '), name);
  }
});

/** A case's code in one line, without what leads out of the switch. */
function withoutEnd(body: string): string {
  const code = body
    .replace(/\/\/.*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return code.replace(/ ?break;( \})?$/, '$1').trim();
}

const CORNERS = [
  0n,
  1n,
  -1n,
  2n,
  10n,
  31n,
  32n,
  63n,
  1n << 31n,
  1n << 32n,
  -(1n << 31n),
  (1n << 32n) - 1n,
  -(1n << 47n),
];
const VALUES = [...CORNERS, -(1n << 63n), (1n << 63n) - 1n, (1n << 53n) + 1n, -(1n << 53n) - 1n, 0x123456789abcdefn];

type Reference = (a: bigint, b: bigint) => bigint | undefined;
const unsigned = (a: bigint): bigint => BigInt.asUintN(64, a);
const truth = (isTrue: boolean): bigint => (isTrue ? 1n : 0n);
const isOverflow = (a: bigint, b: bigint): boolean => b === 0n || (b === -1n && a === -(1n << 63n));

const BINARY: Readonly<Partial<Record<OpName, Reference>>> = {
  ADD8: (a, b) => a + b,
  SUB8: (a, b) => a - b,
  MUL8: (a, b) => a * b,
  DIV8: (a, b) => (isOverflow(a, b) ? undefined : a / b),
  MOD8: (a, b) => (isOverflow(a, b) ? undefined : a % b),
  UDIV8: (a, b) => (b === 0n ? undefined : unsigned(a) / unsigned(b)),
  UMOD8: (a, b) => (b === 0n ? undefined : unsigned(a) % unsigned(b)),
  AND8: (a, b) => a & b,
  OR8: (a, b) => a | b,
  XOR8: (a, b) => a ^ b,
  SHL8: (a, b) => a << (b & 63n),
  SHR8: (a, b) => a >> (b & 63n),
  USHR8: (a, b) => unsigned(a) >> (b & 63n),
  EQ8: (a, b) => truth(a === b),
  NE8: (a, b) => truth(a !== b),
  LT8: (a, b) => truth(a < b),
  LE8: (a, b) => truth(a <= b),
  ULT8: (a, b) => truth(unsigned(a) < unsigned(b)),
  ULE8: (a, b) => truth(unsigned(a) <= unsigned(b)),
};

const COMPARISONS = new Set<string>(['EQ8', 'NE8', 'LT8', 'LE8', 'ULT8', 'ULE8']);

for (const [name, reference] of Object.entries(BINARY)) {
  test(`${name} agrees with BigInt`, () => {
    const random = randomValues(name.length * 1000 + name.charCodeAt(0));
    for (let i = 0; i < 400; i++) {
      const a = i < VALUES.length ** 2 ? (VALUES[i % VALUES.length] as bigint) : random();
      const b = i < VALUES.length ** 2 ? (VALUES[Math.floor(i / VALUES.length)] as bigint) : random();
      const expected = reference(a, b);
      if (expected === undefined) continue;
      // The result may overwrite an operand.
      for (const result of [0, 1, 2]) {
        const actual = run(name as OpName, [result * 2, 2, 4, 0], [0n, a, b])[result] as bigint;
        const shown = COMPARISONS.has(name) ? actual & 0xffffffffn : actual;
        assert.equal(shown, BigInt.asIntN(64, expected), `${name} ${a} ${b} into register ${result}`);
      }
    }
  });
}

test('addresses carry into the high word, backwards too', () => {
  const random = randomValues(7);
  for (let i = 0; i < 2000; i++) {
    const base = i < VALUES.length ? (VALUES[i] as bigint) : random();
    const offset = Number(BigInt.asIntN(32, random()));
    const index = Number(BigInt.asIntN(32, random()));
    const size = Number(BigInt.asUintN(16, random())) - 20000;
    const wide = random();
    assert.equal(run('ADDI8', [0, 2, offset, 0], [0n, base])[0], BigInt.asIntN(64, base + BigInt(offset)));
    const product = BigInt(index) * BigInt(size);
    const registers = [0n, base, BigInt(index)];
    assert.equal(run('INDEX', [0, 2, 4, size], registers)[0], BigInt.asIntN(64, base + product));
    const unsignedProduct = BigInt(index >>> 0) * BigInt(size);
    assert.equal(run('UINDEX', [0, 2, 4, size], registers)[0], BigInt.asIntN(64, base + unsignedProduct));
    const wideProduct = wide * BigInt(size);
    assert.equal(run('INDEX8', [0, 2, 4, size], [0n, base, wide])[0], BigInt.asIntN(64, base + wideProduct));
    assert.equal(run('NEG8', [0, 2, 0, 0], [0n, base])[0], BigInt.asIntN(64, -base));
  }
});

/** Executes one instruction on registers (positions in words, as final code has them). */
function run(
  op: OpName,
  operands: readonly [number, number, number, number],
  registers: readonly bigint[],
): BigInt64Array {
  const words = new Int32Array(16);
  const longs = new BigInt64Array(words.buffer);
  for (const [i, value] of registers.entries()) longs[i] = BigInt.asIntN(64, value);
  const thread: VmThread = {
    words,
    longs,
    doubles: new Float64Array(words.buffer),
    control: new Int32Array(16),
    controlTop: 0,
    pc: 0,
    fp: 0,
    frame: 0,
    top: 0,
    used: 0,
    stackSize: 0,
    stackStart: 0,
  };
  const code = Int32Array.of(Op[op], ...operands, Op.STMT, 0, 0, 0, 0);
  const empty = new Int32Array(0);
  const program = { code, routineTable: empty, frameShadows: [], jumpTables: [], usedResults: new Uint8Array(0) };
  assert.equal(execute(program, thread, idleHost()), EXIT.attention);
  return longs;
}

/** A host of which a single arithmetic instruction needs nothing. */
function idleHost(): VmHost {
  const refuse = (): never => assert.fail('the instruction needs no host');
  const buffer = new ArrayBuffer(16);
  const views = { u8: new Uint8Array(buffer), i16: new Int16Array(buffer), i32: new Int32Array(buffer) };
  const shadows = { shadow8: views.u8, shadow16: views.i16, shadow32: views.i32 };
  const noMarks = new Uint8Array(1);
  return {
    memory: { size: 16, irql: 0, view: new DataView(buffer), ...views, ...shadows },
    marks: () => noMarks,
    isWatched: () => false,
    left: 0,
    returnedAt: -1,
    read: refuse,
    write: refuse,
    raw: refuse,
    copy: refuse,
    // A count that is too large is no business of the arithmetic: the run goes on.
    shift: () => undefined,
    bound: refuse,
    caller: refuse,
    variadic: refuse,
    builtin: refuse,
    reserve: refuse,
    target: refuse,
    isGuest: refuse,
    pass: refuse,
    receive: refuse,
    native: refuse,
    fail: refuse,
    trap: refuse,
    uninitialised: refuse,
  };
}

/** Values of all magnitudes, the same for a seed. */
function randomValues(seed: number): () => bigint {
  let state = seed | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return () => {
    const whole = (BigInt(next()) << 32n) | BigInt(next());
    return BigInt.asIntN(64, whole) >> BigInt(next() % 64);
  };
}
