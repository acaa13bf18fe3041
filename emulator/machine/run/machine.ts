/**
 * A machine: memory with the program's globals in it, threads, and what the kernel and a debugger ask of both. The loop
 * that runs a thread is in execution.ts.
 */
import { assert } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import type { VariableSymbol } from '../../../cfront/parse/ast.ts';
import type {
  Frame,
  GuestMemory,
  GuestThread,
  Machine,
  NativeLibrary,
  Program,
  RunStop,
  StackMark,
  VariableHome,
} from '../machine-types.ts';
import { createGuestMemory } from '../memory/guest-memory.ts';
import { codeAddress, kernelAddress } from '../memory/layout.ts';
import { insertRegion } from '../memory/region-index.ts';
import { RegionRecord } from '../memory/region-record.ts';
import { createStore, type MemoryStore } from '../memory/store.ts';
import type { GuestAddress, StatementCount } from '../native.ts';
import type { LinkedProgram, Routine } from '../program.ts';
import { beginsCall } from './beginning.ts';
import { createCodeTable } from './code-table.ts';
import { describeFault, instructionText } from './describe.ts';
import { isGuarded } from './exceptions.ts';
import { run } from './execution.ts';
import {
  framesOf,
  homeOf,
  innermostPlace,
  localsOf,
  markedFrames,
  setLocal,
  stackMark,
  statementAt,
} from './frames.ts';
import { jump } from './goto.ts';
import { createHost } from './host.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';
import { createContext, createThread, destroyThread, renewContext } from './thread-life.ts';

export interface MachineOptions {
  /** Bytes of guest memory at most; a power of two. */
  readonly memoryLimit?: number;
}

const MEMORY_LIMIT = 64 * 1024 * 1024;
const FIRST_MEMORY = 256 * 1024;

export function createMachine(program: Program, natives: NativeLibrary, options: MachineOptions = {}): Machine {
  assert(isLinked(program), 'a program comes from `link`');
  return new RunningMachine(createState(program, natives, options.memoryLimit ?? MEMORY_LIMIT));
}

/**
 * A class, because its accessors are asked at every step of a run: an object made by a literal with accessors is a hash
 * table to V8, and so is each look at any of its properties.
 */
class RunningMachine implements Machine {
  readonly program: Program;
  readonly memory: GuestMemory;
  private readonly m: MachineState;

  constructor(m: MachineState) {
    this.m = m;
    this.program = m.program;
    this.memory = createGuestMemory(m.store);
  }

  get statements(): StatementCount {
    return (this.m.statementsBefore + (this.m.budget - this.m.host.left)) as StatementCount;
  }
  get irql(): number {
    return this.m.store.irql;
  }
  set irql(value: number) {
    this.m.store.irql = value;
  }
  get pauseMarks(): Uint8Array {
    // Whoever asks may set some.
    this.m.mayHaveMarks = true;
    return this.m.pauseMarks;
  }
  get shouldPause(): Machine['shouldPause'] {
    return this.m.shouldPause;
  }
  set shouldPause(value: Machine['shouldPause']) {
    this.m.shouldPause = value;
  }
  get pauseAlways(): boolean {
    return this.m.pauseAlways;
  }
  set pauseAlways(value: boolean) {
    this.m.pauseAlways = value;
  }
  get tolerates(): Machine['tolerates'] {
    return this.m.tolerates;
  }
  set tolerates(value: Machine['tolerates']) {
    this.m.tolerates = value;
  }
  get breaksAtInstruction(): Machine['breaksAtInstruction'] {
    return this.m.breaksAtInstruction;
  }
  set breaksAtInstruction(value: Machine['breaksAtInstruction']) {
    this.m.breaksAtInstruction = value;
  }
  get judgesUser(): Machine['judgesUser'] {
    return this.m.judgesUser;
  }
  set judgesUser(value: Machine['judgesUser']) {
    this.m.judgesUser = value;
  }

  isGuarded(thread: GuestThread): boolean {
    return isGuarded(this.m, stateOf(thread));
  }
  createThread(request: Parameters<Machine['createThread']>[0]): GuestThread {
    return createThread(this.m, request);
  }
  createContext(name: string): GuestThread {
    return createContext(this.m, name);
  }
  renewContext(context: GuestThread, name: string): void {
    renewContext(this.m, stateOf(context), name);
  }
  run(thread: GuestThread, budget: number): RunStop {
    return run(this.m, stateOf(thread), budget);
  }
  resume(thread: GuestThread, value: bigint): void {
    const state = stateOf(thread);
    assert(state.state === 'blocked', 'only a blocked thread is resumed');
    state.state = 'ready';
    state.next = { kind: 'resume', value };
  }
  destroyThread(thread: GuestThread): void {
    destroyThread(this.m, stateOf(thread));
  }
  functionAddress(name: string): GuestAddress | undefined {
    const index = this.m.code.indexOf(name);
    return index === undefined ? undefined : codeAddress(index);
  }
  lookUpFunction(name: string): GuestAddress | undefined {
    const index = this.m.code.lookUp(name);
    return index === undefined ? undefined : codeAddress(index);
  }
  codeAt(address: GuestAddress): ReturnType<Machine['codeAt']> {
    return this.m.code.entry(address);
  }
  globalAddress(name: string): GuestAddress | undefined {
    const object = this.m.program.globalsByName.get(name);
    return object === undefined ? undefined : kernelAddress(object.offset);
  }
  frames(thread: GuestThread): readonly Frame[] {
    return framesOf(this.m, stateOf(thread));
  }
  stackMark(thread: GuestThread): StackMark {
    return stackMark(this.m, stateOf(thread));
  }
  markedFrames(mark: StackMark): readonly Pick<Frame, 'functionName' | 'span'>[] {
    return markedFrames(this.m, mark);
  }
  placeOf(thread: GuestThread, isWanted: (span: Span) => boolean): Span | undefined {
    return innermostPlace(this.m, stateOf(thread), isWanted);
  }
  returnPlace(): Span | undefined {
    const statement = statementAt(this.m, this.m.host.returnedAt);
    return statement === undefined ? undefined : this.m.program.statements[statement]?.span;
  }
  locals(thread: GuestThread, index: number): readonly VariableSymbol[] {
    return localsOf(this.m, stateOf(thread), index);
  }
  home(thread: GuestThread, index: number, symbol: VariableSymbol): VariableHome {
    return homeOf(this.m, stateOf(thread), index, symbol);
  }
  setLocal(thread: GuestThread, index: number, symbol: VariableSymbol, value: bigint): boolean {
    return setLocal(this.m, stateOf(thread), index, symbol, value);
  }
  currentStatement(thread: GuestThread): number | undefined {
    return currentStatement(this.m, stateOf(thread));
  }
  depth(thread: GuestThread): number {
    return stateOf(thread).controlTop / 5;
  }
  beginsCall(thread: GuestThread, after: Parameters<Machine['beginsCall']>[1]): boolean {
    return beginsCall(this.m, stateOf(thread), after);
  }
  jump(thread: GuestThread, statement: number): string | undefined {
    return jump(this.m, stateOf(thread), statement);
  }
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
    call: undefined,
    current: undefined,
    pending: undefined,
    statementsBefore: 0,
    budget: 0,
    freeStacks: [],
    registersMax: routines.reduce((most, { registers }) => Math.max(most, registers), 0),
    nextThreadId: 1,
    nextJump: 1,
    shouldPause: () => true,
    pauseMarks,
    hasMarks: false,
    mayHaveMarks: false,
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
    const region = new RegionRecord(store, { kind, label }, { offset, size, redBefore, redAfter, serial });
    region.isMissing = object.isUndefined;
    const type = object.symbol?.type;
    if (type?.kind === 'record') region.info = { madeFor: type.definition };
    if (object.isReadOnly || object.isUndefined) region.isReadOnly = true;
    insertRegion(store.regions, region);
  }
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

export function isLinked(program: Program): program is LinkedProgram {
  return 'routineTable' in program;
}
