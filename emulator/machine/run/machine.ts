/**
 * A machine: memory with the program's globals in it, threads, and the loop that runs one of them.
 *
 * Everything that can go wrong in guest code comes to `run` as a `GuestFault` and leaves it as a `RunStop`.
 */
import { assert } from '../../../base/assert.ts';
import { GuestFault } from '../faults.ts';
import type { Fault, GuestThread, Machine, NativeLibrary, Program, RunStop } from '../machine-types.ts';
import { createGuestMemory, overlookByte } from '../memory/guest-memory.ts';
import { codeAddress, kernelAddress } from '../memory/layout.ts';
import { insertRegion } from '../memory/region-index.ts';
import { RegionRecord } from '../memory/region-record.ts';
import { createStore, type MemoryStore } from '../memory/store.ts';
import type { StatementCount } from '../native.ts';
import { Op, WORDS } from '../opcodes.ts';
import type { LinkedProgram, Routine } from '../program.ts';
import { EXIT } from '../vm/host.ts';
import { execute } from '../vm/vm.ts';
import { createCodeTable } from './code-table.ts';
import { describeFault, instructionText } from './describe.ts';
import { filterEnded, isGuarded, raiseFault, unwind } from './exceptions.ts';
import { framesOf, homeOf, innermostPlace, localsOf, setLocal, statementAt } from './frames.ts';
import { createHost } from './host.ts';
import { endThread, resumeNative, settle, startThread } from './natives.ts';
import type { MachineState } from './state.ts';
import { allocateStack, createThreadState, renewStack, type ThreadState, TO_NATIVE, wipeStack } from './thread.ts';
import { registerValue } from './values.ts';

export interface MachineOptions {
  /** Bytes of guest memory at most; a power of two. */
  readonly memoryLimit?: number;
}

const MEMORY_LIMIT = 64 * 1024 * 1024;
const FIRST_MEMORY = 256 * 1024;
/** An x64 kernel stack. */
const STACK_SIZE = 24 * 1024;
/** Stacks of ended threads that wait before they are used again. */
const RESTING_STACKS = 4;

export function createMachine(program: Program, natives: NativeLibrary, options: MachineOptions = {}): Machine {
  assert(isLinked(program), 'a program comes from `link`');
  const m = createState(program, natives, options.memoryLimit ?? MEMORY_LIMIT);
  const memory = createGuestMemory(m.store);
  return {
    program,
    memory,
    get statements() {
      return (m.statementsBefore + (m.budget - m.host.left)) as StatementCount;
    },
    get irql() {
      return m.store.irql;
    },
    set irql(value) {
      m.store.irql = value;
    },
    get shouldPause() {
      return m.shouldPause;
    },
    set shouldPause(value) {
      m.shouldPause = value;
    },
    pauseMarks: m.pauseMarks,
    get pauseAlways() {
      return m.pauseAlways;
    },
    set pauseAlways(value) {
      m.pauseAlways = value;
    },
    get tolerates() {
      return m.tolerates;
    },
    set tolerates(value) {
      m.tolerates = value;
    },
    get breaksAtInstruction() {
      return m.breaksAtInstruction;
    },
    set breaksAtInstruction(value) {
      m.breaksAtInstruction = value;
    },
    get judgesUser() {
      return m.judgesUser;
    },
    set judgesUser(value) {
      m.judgesUser = value;
    },
    isGuarded: (thread) => isGuarded(m, stateOf(thread)),
    createThread: (request) => createThread(m, request),
    run: (thread, budget) => run(m, stateOf(thread), budget),
    resume: (thread, value) => {
      const state = stateOf(thread);
      assert(state.state === 'blocked', 'only a blocked thread is resumed');
      state.state = 'ready';
      state.next = { kind: 'resume', value };
    },
    destroyThread: (thread) => destroyThread(m, stateOf(thread)),
    functionAddress: (name) => {
      const index = m.code.indexOf(name);
      return index === undefined ? undefined : codeAddress(index);
    },
    codeAt: (address) => m.code.entry(address),
    globalAddress: (name) => {
      const object = m.program.globalsByName.get(name);
      return object === undefined ? undefined : kernelAddress(object.offset);
    },
    frames: (thread) => framesOf(m, stateOf(thread)),
    placeOf: (thread, isWanted) => innermostPlace(m, stateOf(thread), isWanted),
    locals: (thread, index) => localsOf(m, stateOf(thread), index),
    home: (thread, index, symbol) => homeOf(m, stateOf(thread), index, symbol),
    setLocal: (thread, index, symbol, value) => setLocal(m, stateOf(thread), index, symbol, value),
    currentStatement: (thread) => currentStatement(m, stateOf(thread)),
    depth: (thread) => stateOf(thread).controlTop / 5,
  };
}

function createState(program: LinkedProgram, natives: NativeLibrary, limit: number): MachineState {
  let size = FIRST_MEMORY;
  while (size < program.image.length * 2 + 64 * 1024) size *= 2;
  const store = createStore(size, Math.max(size, limit));
  loadGlobals(store, program);
  const routines = program.codeSymbols.flatMap((entry): Routine[] =>
    entry.routine === undefined ? [] : [entry.routine],
  );
  const pauseMarks = new Uint8Array(program.statements.length);
  const state: Omit<MachineState, 'host'> = {
    program,
    natives,
    store,
    code: createCodeTable(program, natives, (instruction) => instructionText(m, instruction)),
    vmProgram: {
      code: program.code,
      routineTable: program.routineTable,
      frameShadows: program.codeSymbols.map((entry) => entry.routine?.frameShadow ?? NO_FRAME),
      jumpTables: program.jumpTables,
      usedResults: Uint8Array.from(program.calls, (shape) => (shape.isResultUsed ? 1 : 0)),
    },
    routines: routines.sort((a, b) => a.entry - b.entry),
    current: undefined,
    pending: undefined,
    statementsBefore: 0,
    budget: 0,
    freeStacks: [],
    nextThreadId: 1,
    nextJump: 1,
    shouldPause: () => true,
    pauseMarks,
    hasMarks: false,
    pauseAlways: false,
    tolerates: (_thread, fault) => fault.kind !== 'uninitialised-read',
    breaksAtInstruction: () => false,
    judgesUser: () => undefined,
    overlooked: new Set(),
    asked: undefined,
  };
  const m = state as MachineState;
  store.forgives = (fault) => m.current !== undefined && m.tolerates(m.current, describeFault(m, m.current, fault));
  store.judgesUser = (access) => m.judgesUser(access);
  return Object.assign(m, { host: createHost(m) });
}

const NO_FRAME = new Int32Array(0);

function loadGlobals(store: MemoryStore, program: LinkedProgram): void {
  store.u8.set(program.image);
  store.shadow8.set(program.imageShadow);
  store.top = program.image.length;
  for (const object of program.globals) {
    const { offset, size, kind, label, redBefore, redAfter } = object;
    const serial = store.serial++;
    const region = new RegionRecord(store, { offset, size, kind, label, info: undefined, redBefore, redAfter, serial });
    region.isMissing = object.isUndefined;
    if (object.isReadOnly || object.isUndefined) region.isReadOnly = true;
    insertRegion(store.regions, region);
  }
}

function createThread(m: MachineState, request: Parameters<Machine['createThread']>[0]): GuestThread {
  const size = request.stackSize ?? STACK_SIZE;
  const resting = m.freeStacks.findIndex((block) => block.size === size);
  const isRested = resting >= 0 && m.freeStacks.length > RESTING_STACKS;
  const fresh = isRested ? undefined : allocateStack(m.store, size, request.name);
  // A driver that has used up all memory still gets its threads, from stacks that have not rested.
  const stack = fresh ?? m.freeStacks.splice(Math.max(0, resting), 1)[0];
  assert(stack !== undefined, 'there is memory for a stack');
  if (fresh === undefined) {
    renewStack(stack);
    stack.region.label = `stack of ${request.name}`;
  }
  const { name, entry } = request;
  return createThreadState({ id: m.nextThreadId++, name, entry, arguments: request.arguments, stack });
}

function destroyThread(m: MachineState, thread: ThreadState): void {
  if (thread.state !== 'ended') endThread(thread, 0n);
  const { region } = thread.stack;
  // Frames that returned are dead already; those of a thread that ended in the middle are not.
  if (thread.top !== region.offset + region.size) wipeStack(m.store, region);
  m.freeStacks.push(thread.stack);
}

function run(m: MachineState, thread: ThreadState, budget: number): RunStop {
  assert(m.current === undefined, 'a machine runs one thread at a time');
  assert(budget < 2 ** 31, 'the interpreter counts statements in 32 bits');
  if (thread.state === 'ended') return { kind: 'ended' };
  if (thread.state === 'blocked') return { kind: 'blocked' };
  m.current = thread;
  m.budget = budget;
  m.host.left = budget;
  m.hasMarks = m.pauseMarks.includes(1);
  // Where the statement of the last pause has no mark any more, the interpreter runs over it without asking.
  if (m.host.marks[m.program.code[thread.pc + 1] ?? 0] === 0) thread.passesMark = false;
  try {
    for (;;) {
      const stop = step(m, thread);
      if (stop !== undefined) return stop;
    }
  } finally {
    m.statementsBefore += budget - m.host.left;
    m.budget = 0;
    m.host.left = 0;
    m.current = undefined;
  }
}

function step(m: MachineState, thread: ThreadState): RunStop | undefined {
  try {
    return advance(m, thread);
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error;
    const { fault } = error;
    if (overlook(m, thread, fault)) return undefined;
    if (fault.kind === 'breakpoint-instruction' && m.breaksAtInstruction(thread)) {
      thread.pc += WORDS;
      return { kind: 'paused', atInstruction: true };
    }
    // What it is about is described where it happened: filters run in other frames.
    return raiseFault(m, thread, describeFault(m, thread, fault));
  }
}

/** Reports a fault after which the run may go on; the instruction is executed once more and passes. */
function overlook(m: MachineState, thread: ThreadState, fault: Fault): boolean {
  switch (fault.kind) {
    case 'shift-out-of-range':
    case 'argument-mismatch':
      if (!m.tolerates(thread, describeFault(m, thread, fault))) return false;
      m.overlooked.add(thread.pc);
      return true;
    case 'unchecked-user-memory':
      // The kernel has been told, and lets the same access pass.
      return m.tolerates(thread, { ...describeFault(m, thread, fault), detail: isGuarded(m, thread) ? 'guarded' : '' });
    case 'uninitialised-read': {
      // A native that was asked already says so itself; what it has done can't be done again.
      const op = m.program.code[thread.pc];
      if (op === Op.CALLN || op === Op.CALLI) return false;
      // The other bytes of the same access come one by one.
      const isSame = m.asked?.pc === thread.pc && fault.address > m.asked.from && fault.address < m.asked.end;
      if (!isSame && !m.tolerates(thread, describeFault(m, thread, fault))) return false;
      if (!isSame) m.asked = { pc: thread.pc, from: fault.address, end: fault.address + BigInt(fault.size) };
      if (op === Op.CHECK) thread.words[thread.fp + (m.program.code[thread.pc + 1] ?? 0)] = 1;
      else overlookByte(m.store, fault.address);
      return true;
    }
    default:
      return false;
  }
}

function advance(m: MachineState, thread: ThreadState): RunStop | undefined {
  const { next } = thread;
  thread.next = { kind: 'guest' };
  if (next.kind === 'start') return startThread(m, thread, next.entry, next.arguments);
  if (next.kind === 'resume') return resumeNative(m, thread, next.value);
  switch (execute(m.vmProgram, thread, m.host)) {
    case EXIT.attention:
      return attend(m, thread);
    case EXIT.returned: {
      const type = thread.pc === TO_NATIVE ? thread.natives.at(-1)?.resultType : thread.resultType;
      const value = registerValue(thread, thread.fp, type ?? thread.resultType);
      return thread.pc === TO_NATIVE ? resumeNative(m, thread, value) : endThread(thread, value);
    }
    case EXIT.native: {
      const { pending } = m;
      assert(pending !== undefined, 'a native left what it said');
      m.pending = undefined;
      return settle(m, thread, pending.result, pending.returnTo);
    }
    case EXIT.unwind:
      return unwind(m, thread);
    case EXIT.filter:
      return filterEnded(m, thread);
  }
}

/** Before a statement: the budget is used up, or somebody wants to look. */
function attend(m: MachineState, thread: ThreadState): RunStop | undefined {
  if (m.host.left === 0) return { kind: 'budget' };
  const statement = m.program.code[thread.pc + 1] ?? 0;
  if (!thread.passesMark && (m.pauseAlways || m.pauseMarks[statement] !== 0) && m.shouldPause(thread, statement)) {
    thread.passesMark = true;
    return { kind: 'paused' };
  }
  thread.passesMark = false;
  m.host.left--;
  thread.pc += 5;
  return undefined;
}

function currentStatement(m: MachineState, thread: ThreadState): number | undefined {
  if (thread.next.kind === 'start') {
    const entry = m.code.entry(thread.next.entry);
    const routine = entry === undefined ? undefined : m.routines.find((r) => r.symbol === entry.symbol);
    return routine === undefined ? undefined : statementAt(m, routine.entry);
  }
  return statementAt(m, thread.pc);
}

function stateOf(thread: GuestThread): ThreadState {
  // Every GuestThread of a machine was made by its createThread.
  return thread as ThreadState;
}

function isLinked(program: Program): program is LinkedProgram {
  return 'routineTable' in program;
}
