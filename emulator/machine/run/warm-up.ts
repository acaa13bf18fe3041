/**
 * Shows the engine every path of the interpreter before the first program runs for long.
 *
 * V8 compiles the interpreter's loop for what it has seen of it. Where a program then takes a path that it had not, the
 * machine code is thrown away, and up to seconds pass until there is new code, for every such path. So each instruction
 * is executed here on a few bytes of memory, with operands that lead into each of its branches: some thousands of
 * instructions, once a process. Nothing stays behind but what the engine has learned. A test measures that no branch of
 * the loop is left out. No position lies outside an array: the engine would check for that from then on.
 */
import { defined } from '../../../base/assert.ts';
import { RegionRecord } from '../memory/region-record.ts';
import { createStore, type MemoryStore } from '../memory/store.ts';
import { INSTRUCTIONS, Op, type OpName, partsOf, WORDS } from '../opcodes.ts';
import type { Exit, VmHost, VmProgram } from '../vm/host.ts';
import { execute } from '../vm/vm.ts';
import { createHost } from './host.ts';
import type { MachineState } from './state.ts';
import { createThreadState, type ThreadState } from './thread.ts';

let isWarm = false;

/** The first call of a process executes everything; others do nothing. */
export function warmUpOnce(): void {
  if (isWarm) return;
  isWarm = true;
  warmUp();
}

/** Executes each instruction in each way. */
export function warmUp(): void {
  const bench = createBench();
  const [host, other] = bench.hosts as [VmHost, VmHost];
  // The engine takes no notes of the first few hundred.
  for (let i = 0; i < 30; i++)
    for (const way of COMMON) attempt(bench, host, { parts: [Op.LD4], ops: [Op.LD4], statements: 0 }, way);
  for (const [op, [name]] of INSTRUCTIONS.entries()) {
    if (name === 'FORGET') continue;
    const row = rowOf(op, name);
    const ways = waysOf(row);
    for (const [k, way] of ways.entries()) attempt(bench, k % 2 === 0 ? host : other, row, way);
    const { statements } = row;
    const way = ways[0] ?? usual(ALIGNED);
    for (let k = 0; k < statements; k++) attempt(bench, host, row, { ...way, left: k });
    for (let k = 0; statements > 0 && k <= statements; k++) attempt(bench, host, row, { ...way, markAt: k });
  }
}

/** An instruction with the parts that it is fused of. */
export function rowOf(op: number, name: OpName): Row {
  const parts = partsOf(name);
  return { parts, ops: [op, ...parts.slice(1)], statements: parts.filter((part) => part === Op.STMT).length };
}

/** The ways to execute it that lead everywhere in it. */
export function waysOf({ parts }: Row): readonly Way[] {
  const special = parts.flatMap((part) => WAYS[part] ?? []);
  return special.length > 0 ? special : COMMON;
}

/** The low and high words of a register. */
type Value = readonly [number, number];

const KERNEL_HIGH = -32768;
const ALIGNED: Value = [64, KERNEL_HIGH];
const ODD: Value = [67, KERNEL_HIGH];
/** Where the shadow says that it is not ordinary memory, and four bytes before that. */
const SPECIAL: Value = [1024, KERNEL_HIGH];
const EDGE: Value = [1020, KERNEL_HIGH];
const OUTSIDE: Value = [1 << 20, KERNEL_HIGH];
const ZERO: Value = [0, 0];
const SMALL: Value = [3, 0];
const SHIFT: Value = [40, 0];
const MINUS: Value = [-1, -1];
const LEAST: Value = [0, -0x80000000];
const LEAST_INT: Value = [-0x80000000, -1];
/** As a double: 2 and a bit; as an integer beyond what a double holds. */
/** What is added to these overflows. */
const LOW_ONES: Value = [-1, 0x7fffffff];
const LARGE: Value = [0x40000001, 0x40000000];
/** As a double: 2 to the 63rd. */
const HUGE: Value = [0, 0x43e00000];

/** A way to execute an instruction. */
export interface Way {
  /** The values of its registers. */
  readonly registers: readonly [Value, Value, Value];
  /** What stands where it has numbers; the last one is repeated. */
  readonly numbers: readonly number[];
  /** Statements that may be executed; as many as there are, if absent. */
  readonly left?: number;
  /** Which of its statements is marked; the one after it, if there are not so many. */
  readonly markAt?: number;
  readonly irql?: number;
  /** What the host says of the function that is called. */
  readonly isGuest?: boolean;
  readonly returns?: boolean;
  /** Where the running function returns to, and the top of its caller's stack. */
  readonly back?: number;
  readonly callerTop?: number;
  /** The result of the running function is used. */
  readonly isUsed?: boolean;
}

const usual = (value: Value, ...numbers: number[]): Way => ({ registers: [value, value, value], numbers });
const mixed = (a: Value, b: Value, c: Value, ...numbers: number[]): Way => ({ registers: [a, b, c], numbers });

const COMMON: readonly Way[] = [
  usual(ALIGNED, 8, 1),
  usual(ALIGNED, 64, 4),
  usual(ODD, 2, 2),
  usual(SPECIAL, 4, 8),
  usual(EDGE, 0),
  usual(OUTSIDE, 1),
  usual(ZERO, 0, 32),
  usual(SMALL, 3, 0),
  usual(SMALL, 2, 0),
  usual(MINUS, 40, 4096),
  usual(MINUS, 1 << 23),
  usual(LARGE, 33, 32),
  usual(HUGE, 1),
  usual(LEAST, 5),
  usual(LOW_ONES, 3),
  usual(LEAST, -4, 1),
  usual(LEAST_INT, 1 << 23),
  mixed(ALIGNED, SPECIAL, ZERO, 0),
  mixed(SPECIAL, ALIGNED, ZERO, 0),
  mixed(SMALL, LARGE, SMALL, 2, 4096),
  mixed(LARGE, SMALL, LARGE, 4096, 1),
  mixed(SMALL, MINUS, LARGE, 3, 1),
  mixed(MINUS, SMALL, MINUS, 4, 0),
  mixed(ZERO, LARGE, SHIFT, 1),
  mixed(ZERO, LEAST, SMALL, 1),
  mixed(ZERO, LEAST, LOW_ONES, 1),
  mixed(ZERO, LEAST_INT, SMALL, 1),
  mixed(ZERO, SMALL, LEAST, 1),
  mixed(ZERO, LEAST, MINUS, 1),
  mixed(ZERO, LEAST_INT, MINUS, 1),
  mixed(ZERO, SMALL, ZERO, 1),
  mixed(ZERO, SMALL, ZERO, -4, 1),
  mixed(ZERO, MINUS, SMALL, 8),
  { ...usual(SPECIAL, 0), irql: 2 },
];

const direct: readonly Way[] = [64, 67, 1024, 1020].map((number) => usual(LARGE, number));
/** By routine of the table below, with two arguments. */
const calls: readonly Way[] = [0, 1, 2, 3, 4].map((index) => usual(ZERO, index, 2, 0));
const natives: readonly Way[] = [
  usual(ZERO, 0),
  { ...usual(ZERO, 0), returns: true },
  { ...usual(ZERO, 0), returns: true, irql: 2 },
  { ...usual(ZERO, 0), returns: true, markAt: 1 },
];
const returns: readonly Way[] = [
  usual(LARGE),
  { ...usual(LARGE), callerTop: 3088 },
  { ...usual(LARGE), back: -1 },
  { ...usual(LARGE), isUsed: true },
];

const bits: readonly Way[] = [usual(LARGE, 3, 5), usual(MINUS, 0, 33)];

/** What may not be executed with just any operands. */
const WAYS: Readonly<Record<number, readonly Way[]>> = {
  [Op.LDL4]: direct,
  [Op.LDL8]: direct,
  [Op.STL4]: direct,
  [Op.STL8]: direct,
  [Op.LDG4]: direct,
  [Op.LDG8]: direct,
  [Op.STG4]: direct,
  [Op.STG8]: direct,
  [Op.DISTANCE]: [usual(ALIGNED, 8)],
  [Op.MULI8]: [usual(LOW_ONES, -1, 0x7fffffff), usual(SMALL, 3, 0), usual(LARGE, 0x7fffffff, 0x7fffffff)],
  [Op.BITSS8]: bits,
  [Op.BITSU8]: bits,
  [Op.PUTBITS8]: bits,
  // Each fault takes its time.
  [Op.TRAP]: [usual(ZERO, 0)],
  [Op.BOUND]: [usual(SMALL, 8), usual(SMALL, 2)],
  [Op.BOUND8]: [usual(SMALL, 8), usual(SMALL, 2), usual(MINUS, 2)],
  [Op.MARK]: [usual(ZERO, 2048, 8, 0)],
  [Op.BEGIN]: [usual(ZERO, 0, 8, 1)],
  [Op.SWITCH]: [usual(ZERO, 0, 2, 0), usual(SMALL, 0, 2, 0), usual(MINUS, 0, 2, 0)],
  [Op.CALL]: calls,
  [Op.CALLI]: [...calls.map((way) => ({ ...way, isGuest: true })), ...natives],
  [Op.CALLN]: natives,
  [Op.RET]: returns,
  [Op.RETV]: returns,
  [Op.RETNONE]: returns,
  [Op.ENDSUB]: [usual(ZERO), usual(MINUS)],
};

/** What is executed: single instructions, with what their opcodes become where they are fused. */
export interface Row {
  readonly parts: readonly number[];
  readonly ops: readonly number[];
  readonly statements: number;
}

/** Position of the instruction: two statements stand before it, to which it may jump or return. */
const START = 2 * WORDS;
const RETURN = WORDS;
/** Word positions of its registers, and of the window of a call. */
const REGISTERS = [8, 10, 12];
const WINDOW = 32;
const TOP = 3072;

export interface Bench {
  readonly store: MemoryStore;
  readonly thread: ThreadState;
  readonly marks: Uint8Array;
  readonly program: VmProgram;
  readonly hosts: VmHost[];
  way: Way;
}

/** A machine's parts around a few bytes of memory, to execute single instructions on. */
export function createBench(): Bench {
  const store = createStore(4096, 4096);
  store.shadow8.fill(0).fill(1, 1024, 1088);
  const record = {
    offset: 2048,
    size: 2048,
    kind: 'stack',
    label: '',
    info: undefined,
    redBefore: 0,
    redAfter: 0,
  } as const;
  const words = new Int32Array(256);
  const thread = createThreadState({
    id: 0,
    name: '',
    next: { kind: 'guest' },
    stack: {
      region: new RegionRecord(store, record, { ...record, serial: 0 }),
      size: 1 << 16,
      words,
      longs: new BigInt64Array(words.buffer),
      doubles: new Float64Array(words.buffer),
      control: new Int32Array(64),
      natives: [],
      jumps: new Map(),
      unwritten: new Map(),
      isUsed: false,
      owner: '',
    },
  });
  const marks = new Uint8Array(8);
  const bench: Bench = {
    store,
    thread,
    marks,
    program: {
      code: new Int32Array(64),
      // A function without frame memory; with it; with variadic arguments; with both; and one for which there is no room.
      routineTable: Int32Array.from([
        ...[0, 0, 0, 0, -1, 0, 0, 0],
        ...[0, 0, 0, 16, -1, 16, 0, 0],
        ...[0, 0, 0, 0, 0, 0, 0, 0],
        ...[0, 0, 0, 16, 3, 16, 0, 0],
        ...[0, 0, 1 << 20, 0, -1, 0, 0, 0],
      ]),
      frameShadows: Array.from({ length: 5 }, () => new Int32Array(4)),
      jumpTables: [new Int32Array(2)],
      usedResults: new Uint8Array(1),
    },
    hosts: [],
    way: usual(ZERO),
  };
  // The stack that counts has no place in so little memory.
  Object.assign(thread, { stackStart: -(1 << 16) });
  bench.hosts.push(createBenchHost(bench), withOtherFunctions(bench));
  return bench;
}

/** One for all: an error of its own for each would cost more than everything else here. */
export const STOPPED = new Error('the instruction faults');

/** A host as machines have it, with functions that do nothing: the engine tells objects apart by how they were made. */
function createBenchHost(bench: Bench): VmHost {
  const stop = (): never => {
    throw STOPPED;
  };
  const place = (): number => 64;
  const nothing = (): void => undefined;
  // No function of a host is called before it is replaced, so none asks for the machine.
  const host = createHost({ store: bench.store } as MachineState);
  return Object.assign(host, {
    marks: () => bench.marks,
    isWatched: () => bench.way.markAt !== undefined,
    read: place,
    write: place,
    raw: place,
    copy: nothing,
    shift: nothing,
    bound: stop,
    caller: nothing,
    variadic: nothing,
    reserve: () => TOP - 64,
    target: () => defined(bench.way.numbers[0], 'the number of a function'),
    isGuest: () => bench.way.isGuest === true,
    pass: nothing,
    receive: nothing,
    native: () => bench.way.returns === true,
    fail: stop,
    builtin: () => 1,
    trap: stop,
    uninitialised: nothing,
  } satisfies Partial<VmHost>);
}

/** The same with other functions: a call that always went to one would be compiled for that one. */
function withOtherFunctions(bench: Bench): VmHost {
  const host = createBenchHost(bench);
  const wrapped = Object.entries(host).flatMap(([name, member]: [string, unknown]) =>
    typeof member === 'function'
      ? [[name, (...values: readonly unknown[]): unknown => member(...values)] as const]
      : [],
  );
  return Object.assign(host, Object.fromEntries(wrapped));
}

/** Executes the instructions in a row; what the host stops ends there, and gives undefined. */
export function attempt(bench: Bench, host: VmHost, { parts, ops, statements }: Row, way: Way): Exit | undefined {
  const { thread, program, marks } = bench;
  const { code } = program;
  bench.way = way;
  bench.store.irql = way.irql ?? 0;
  code.fill(0);
  for (const [k, part] of parts.entries()) code.set([ops[k] ?? part, ...operandsOf(part, k, way)], START + k * WORDS);
  marks.fill(0);
  if (way.markAt !== undefined && way.markAt < statements) {
    let seen = 0;
    marks[parts.findIndex((part) => part === Op.STMT && seen++ === way.markAt)] = 1;
  }
  for (const [k, value] of way.registers.entries()) thread.words.set(value, REGISTERS[k]);
  thread.control.set([way.back ?? RETURN, 0, 0, way.callerTop ?? TOP, 0]);
  program.usedResults[0] = way.isUsed === true ? 1 : 0;
  thread.controlTop = WORDS;
  thread.pc = START;
  thread.fp = 0;
  thread.frame = 0;
  thread.top = TOP;
  thread.used = 0;
  host.left = way.left ?? statements;
  try {
    return execute(program, thread, host);
  } catch (error) {
    if (error !== STOPPED) throw error;
    return undefined;
  }
}

/** A statement's number is its position in the row; jumps go to the first statement. */
function operandsOf(op: number, position: number, way: Way): number[] {
  if (op === Op.STMT) return [position];
  let registers = 0;
  let numbers = 0;
  return [...defined(INSTRUCTIONS[op], 'an instruction')[1]].map((letter): number => {
    switch (letter) {
      case 'i':
        return way.numbers[numbers++] ?? way.numbers.at(-1) ?? 0;
      case 'j':
        return 0;
      case 'b':
        return WINDOW;
      default:
        return REGISTERS[registers++] ?? 0;
    }
  });
}
