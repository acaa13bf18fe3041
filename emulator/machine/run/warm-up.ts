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
import { ALIGNED, COMMON, usual, type Way, waysOf, ZERO } from './warm-up-ways.ts';

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
