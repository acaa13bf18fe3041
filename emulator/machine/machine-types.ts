/** What the machine offers to the kernel and the debugger: threads of guest code, memory, frames. */
import type { Span } from '../../base/source.ts';
import type { FunctionSymbol, VariableSymbol } from '../../cfront/parse/ast.ts';
import type { RecordDefinition } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { CallSite, Continuation, GuestAddress, NativeArguments, NativeResult, StatementCount } from './native.ts';

/** Why an access, a call or an operation of guest code is wrong. The machine stops there and changes nothing. */
export interface Fault {
  readonly kind:
    | 'null-dereference'
    | 'wild-address' /* outside every region */
    | 'use-after-free'
    | 'out-of-bounds' /* red zone: past the end or before the start of a region */
    | 'use-after-return' /* a dead stack frame */
    | 'use-after-scope' /* a local of a block that has been left, in a frame that still stands */
    | 'index-out-of-bounds' /* past the end of a member array, inside its record: `detail` has index and length */
    | 'uninitialised-read'
    | 'write-to-read-only'
    | 'paged-at-raised-irql'
    | 'foreign-user-memory' /* user-mode memory of a process whose context this is not */
    | 'unchecked-user-memory' /* user-mode memory, where the kernel wants to know of it: `detail` is "guarded" in a __try */
    | 'watched-memory' /* bytes that the kernel watches, which are there: it is asked, and the access is made again */
    | 'misaligned'
    | 'division-by-zero'
    | 'division-overflow' /* the least signed value divided by -1 */
    | 'shift-out-of-range' /* `detail` is the count, `size` the operand's bytes */
    | 'argument-mismatch' /* va_arg takes another type than was passed */
    | 'missing-argument' /* va_arg goes past the arguments */
    | 'bad-call' /* not the address of a function */
    | 'call-mismatch' /* a function of another shape */
    | 'missing-function' /* called, but neither defined nor emulated */
    | 'missing-variable' /* used, but no file defines it */
    | 'stack-overflow'
    | 'no-return-value' /* the value of a function that fell off its end is used */
    | 'unreachable-code'
    | 'fast-fail' /* __fastfail without a kernel that knows it: `detail` is the text of the call */
    | 'not-supported' /* something that this machine has no instruction for: `detail` says what */
    | 'bad-jump' /* longjmp to a place that no longer stands */
    | 'unhandled-exception' /* a native's 'raise' that no __except took: `detail` is its code, 0xC0000005 */
    | 'breakpoint-instruction' /* __debugbreak() */;
  readonly access: 'read' | 'write' | 'execute' | 'none';
  readonly address: GuestAddress;
  /** Bytes. */
  readonly size: number;
  /** Where the access begins, when its first bytes were in order: `address` is the first that was not. */
  readonly start?: GuestAddress;
  /** The function's name, the variable's name, the divisor's expression: what a message needs. */
  readonly detail: string;
  readonly region: Region | undefined;
  /** Values of the variables in the expression: "i = 4, n = 4". */
  readonly values?: string;
  /** Of a null pointer: "member Next at offset 0x18 of a null pointer". */
  readonly member?: string;
  /** The expression at fault. */
  readonly span?: Span;
}

/** A piece of guest memory with a life of its own: a pool block, a global, a thread's stack, an object. */
export interface Region {
  readonly start: GuestAddress;
  /** Bytes that the guest may use; red zones lie around them. */
  readonly size: number;
  readonly kind: 'pool' | 'object' | 'global' | 'stack' | 'string' | 'image' | 'user';
  /** For people: "pool block 'Lstn'", "IRP", "global ListenContext". */
  label: string;
  isFreed: boolean;
  isReadOnly: boolean;
  /** Pageable: an access at DISPATCH_LEVEL or above is a fault. */
  isPaged: boolean;
  /** A variable that the driver declares and no file defines: any use of it is a fault, until the kernel defines it. */
  isMissing?: boolean;
  /** Owner's record, plain data: tag, who allocated, who freed. */
  info: unknown;
}

export interface AllocationRequest {
  readonly size: number;
  readonly alignment?: number;
  readonly kind: Region['kind'];
  readonly label: string;
  /** Stands behind the label, unless it is 0. */
  readonly number?: number;
  readonly isUninitialised?: boolean;
  readonly isPaged?: boolean;
  readonly info?: unknown;
}

/**
 * Guest memory. Reads and writes of natives are checked like those of guest code: a bad one throws `GuestFault`, the
 * only exception in the emulator, which the machine catches around every native call and turns into a `Fault`.
 * Addresses may be anything; values are unsigned unless the name says otherwise.
 */
export interface GuestMemory {
  /** A new zeroed (or, with `isUninitialised`, poisoned) region with red zones; undefined when memory is used up. */
  allocate(request: AllocationRequest): Region | undefined;
  /** Marks a region freed; later accesses are faults. The space is reused as late as possible. */
  free(region: Region): void;
  /** The live or freed region that holds the address, or the one whose red zone does. */
  regionAt(address: GuestAddress): Region | undefined;
  /** All live regions of a kind, in order of allocation. */
  liveRegions(kind: Region['kind']): readonly Region[];

  /** What lies `further` bytes behind the address, where that is given: a member of a structure there. */
  readU8(address: GuestAddress, further?: number): number;
  readU16(address: GuestAddress, further?: number): number;
  readU32(address: GuestAddress, further?: number): number;
  readI32(address: GuestAddress, further?: number): number;
  readU64(address: GuestAddress, further?: number): bigint;
  /** A SIZE_T as a number, exact below 2^53: a bigint is an object each time. */
  readSize(address: GuestAddress, further?: number): number;
  readPointer(address: GuestAddress): GuestAddress;
  readBytes(address: GuestAddress, length: number): Uint8Array;
  writeU8(address: GuestAddress, value: number, further?: number): void;
  writeU16(address: GuestAddress, value: number, further?: number): void;
  writeU32(address: GuestAddress, value: number, further?: number): void;
  /** A number is a whole one that is not negative. */
  writeU64(address: GuestAddress, value: bigint | number, further?: number): void;
  writePointer(address: GuestAddress, value: bigint): void;
  writeBytes(address: GuestAddress, bytes: Uint8Array): void;
  fill(address: GuestAddress, length: number, value: number): void;
  /** Copies with shadow state, so that copying a struct with uninitialised padding is no fault. */
  copy(to: GuestAddress, from: GuestAddress, length: number): void;
  /** Marks bytes as never written. */
  poison(address: GuestAddress, length: number): void;
  /**
   * Guest code that touches these bytes is a 'watched-memory' fault until `unwatch`; natives may. Bytes of which more is
   * special than that nobody has written them are left as they are.
   */
  watch(address: GuestAddress, length: number): void;
  unwatch(address: GuestAddress, length: number): void;
  /** The first of the bytes that is watched: for natives that touch memory in the driver's name. */
  firstWatched(address: GuestAddress, length: number): GuestAddress | undefined;
  /** Without any check or fault, for debuggers and messages; undefined outside guest memory. */
  peek(address: GuestAddress, length: number): Uint8Array | undefined;
  /** As `peek`, of a pointer. */
  peekPointer(address: GuestAddress): GuestAddress | undefined;
  /** Index of the first byte that is not that of `bytes` behind `from`; `length` where there is none, or no memory. */
  firstDifference(address: GuestAddress, length: number, bytes: Uint8Array, from: number): number;
  /** Whether there is memory with these bytes. */
  holds(address: GuestAddress, bytes: Uint8Array): boolean;
  /** Changes memory without checks, for the debugger's "set value"; false outside guest memory. */
  poke(address: GuestAddress, bytes: Uint8Array): boolean;
  /** True when the byte was never written. */
  isPoisoned(address: GuestAddress): boolean;
}

/** One function of the driver, or one native with an address. */
export interface CodeEntry {
  readonly name: string;
  readonly address: GuestAddress;
  readonly symbol: FunctionSymbol | undefined;
  readonly isNative: boolean;
}

/** A thread of guest code: an execution context with its own stack. Plain data but for typed arrays. */
export interface GuestThread {
  readonly id: number;
  readonly name: string;
  state: 'ready' | 'blocked' | 'ended';
  /** Value that its entry function returned, once ended. */
  result: bigint;
}

/** One frame of a thread's call stack, innermost first. */
export interface Frame {
  readonly functionName: string;
  /** Undefined for a frame of the kernel ("IoCompleteRequest"). */
  readonly symbol: FunctionSymbol | undefined;
  /** The statement it stands at (a caller: the statement with the call). */
  readonly span: Span | undefined;
  /** Distinguishes recursive calls: the frame's base address. */
  readonly base: GuestAddress;
  readonly index: number;
}

/** A call stack as positions in the code, innermost first; a text is the label of a native that waits. */
export type StackMark = readonly (number | string)[];

/** Where a local variable's value is: in memory, or in a register of the frame. A float's `value` is its bits. */
export type VariableHome =
  | { readonly kind: 'memory'; readonly address: GuestAddress }
  | { readonly kind: 'register'; readonly value: bigint; readonly isInitialised: boolean }
  | { readonly kind: 'unavailable' };

export type RunStop =
  /** The thread's entry function returned, or the thread ended itself. */
  | { readonly kind: 'ended' }
  /** A native asked to block. */
  | { readonly kind: 'blocked' }
  /** A native asked for a reschedule. */
  | { readonly kind: 'yielded' }
  /** `budget` statements were executed. */
  | { readonly kind: 'budget' }
  /**
   * About to execute a statement at which `shouldPause` said true; or, `atInstruction`, behind a __debugbreak at which
   * `breaksAtInstruction` did. Running again goes on past it.
   */
  | { readonly kind: 'paused'; readonly atInstruction?: true }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** A native stopped the run. */
  | { readonly kind: 'stopped' };

/** A statement of the program, numbered from 0 over all files. */
export interface StatementInfo {
  readonly span: Span;
  readonly functionName: string;
  /** Tells functions of one name apart: an inline function is there once for each file that includes it. */
  readonly functionStart: number;
}

export interface LinkProblem {
  readonly code: 'duplicate-symbol' | 'conflicting-types' | 'unsupported' | 'too-large' | 'syntax-error';
  /** A program with a warning can be run. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
}

/** The code of one driver, linked from its files. Immutable: any number of machines may run it. */
export interface Program {
  readonly units: readonly TranslationUnit[];
  readonly statements: readonly StatementInfo[];
  /** Functions of the driver by name; static ones of several files may repeat a name. */
  readonly functions: readonly FunctionSymbol[];
  /** Names that are called or whose address is taken, but that no file defines. */
  readonly undefinedFunctions: readonly { readonly symbol: FunctionSymbol; readonly span: Span }[];
}

export interface NativeCall {
  readonly thread: GuestThread;
  readonly name: string;
  /** Number of the function in its machine's table of code: what the kernel has found out about it is kept by it. */
  readonly code?: number;
  readonly arguments: NativeArguments;
  readonly site: CallSite;
}

/** What the kernel gives to a machine. */
export interface NativeLibrary {
  /** True when `call` knows the name. */
  has(name: string): boolean;
  /** The same for the names that a program is linked with: not what is reached through tables of pointers only. */
  links(name: string): boolean;
  call(call: NativeCall): NativeResult;
  resume(thread: GuestThread, continuation: Continuation, value: bigint): NativeResult;
  /** A block that an ExAllocatePool function has just given becomes a pointer to such a record. */
  madeFor?(address: GuestAddress, record: RecordDefinition): void;
  /** What a thread of `createContext` begins with. */
  begin(thread: GuestThread): NativeResult;
}

export interface Machine {
  readonly program: Program;
  readonly memory: GuestMemory;
  /** Statements executed so far, over all threads. */
  readonly statements: StatementCount;
  /** IRQL, for the check of pageable memory; the kernel keeps it current. */
  irql: number;

  createThread(request: {
    readonly name: string;
    readonly entry: GuestAddress;
    readonly arguments: readonly bigint[];
    /** Bytes; the default is the 24 KB of an x64 kernel stack. */
    readonly stackSize?: number;
  }): GuestThread;
  /** A thread with the usual stack that begins with `NativeLibrary.begin`: an interrupt context of the kernel. */
  createContext(name: string): GuestThread;
  /** Makes a context that was destroyed another one: whoever still has it sees another number. */
  renewContext(context: GuestThread, name: string): void;
  /** Runs a ready thread. `budget` counts statements. */
  run(thread: GuestThread, budget: number): RunStop;
  /** Makes a blocked thread ready: its continuation will get `value`. */
  resume(thread: GuestThread, value: bigint): void;
  /** Gives a thread's stack back. */
  destroyThread(thread: GuestThread): void;

  /** Address of a function by name: of the driver, or a native (given an address on first use). */
  functionAddress(name: string): GuestAddress | undefined;
  /** The same for a debugger: that it has asked makes no difference to the addresses that natives get. */
  lookUpFunction(name: string): GuestAddress | undefined;
  codeAt(address: GuestAddress): CodeEntry | undefined;
  /** Address of a global by name. */
  globalAddress(name: string): GuestAddress | undefined;

  frames(thread: GuestThread): readonly Frame[];
  /** The stack as it stands now, for `markedFrames` at any later time. */
  stackMark(thread: GuestThread): StackMark;
  markedFrames(mark: StackMark): readonly Pick<Frame, 'functionName' | 'span'>[];
  /** The place of the innermost frame whose place is wanted: what `frames` would find, without making them. */
  placeOf(thread: GuestThread, isWanted: (span: Span) => boolean): Span | undefined;
  /** The statement with which the function that the kernel called last has returned: for the continuation of that call. */
  returnPlace(): Span | undefined;
  /** Variables in scope at a frame, innermost block first: locals, parameters. */
  locals(thread: GuestThread, frameIndex: number): readonly VariableSymbol[];
  home(thread: GuestThread, frameIndex: number, symbol: VariableSymbol): VariableHome;
  /** Sets a scalar variable; a float's `value` is its bits. False for records, arrays and what is not in scope. */
  setLocal(thread: GuestThread, frameIndex: number, symbol: VariableSymbol, value: bigint): boolean;
  /** The statement the thread will execute next: an index into `program.statements`. */
  currentStatement(thread: GuestThread): number | undefined;
  /** Number of guest frames on the thread's stack: for step over and out. */
  depth(thread: GuestThread): number;
  /**
   * Whether the thread stands before the first statement of a call. `after` is what its frame at that depth executed last:
   * a statement; 'less-deep' where the thread has been in a caller since, 'unknown' where nobody has looked.
   */
  beginsCall(thread: GuestThread, after: number | 'less-deep' | 'unknown'): boolean;
  /** Lets a thread that stands before a statement go on at another one of the same call; why not, where it can't. */
  jump(thread: GuestThread, statement: number): string | undefined;

  /**
   * Set by the debugger: called before a statement that is marked in `pauseMarks`, or before every statement while
   * `pauseAlways` is set. Returns true to stop there. Marks are set between runs, `pauseAlways` at any time.
   */
  shouldPause: (thread: GuestThread, statement: number) => boolean;
  readonly pauseMarks: Uint8Array;
  pauseAlways: boolean;
  /**
   * Set by the kernel: asked about a fault after which the run could go on: a read of what was never written (which
   * then counts as written), a shift by too many bits, a variadic argument of another type. True lets it go on.
   */
  tolerates: (thread: GuestThread, fault: Fault) => boolean;
  /**
   * Set by the kernel: what is wrong with an access to user-mode memory that is there, or to bytes of the kernel by an
   * address of user mode, which may not be one of them (any more). 'unchecked-user-memory' comes
   * back to `tolerates`, with where the thread stands and whether a __try is around it; the access is then made again.
   */
  judgesUser: (
    access: UserAccess,
  ) => 'foreign-user-memory' | 'unchecked-user-memory' | 'wild-address' | 'write-to-read-only' | undefined;
  /** Whether an __except block is around the place at which the thread stands. */
  isGuarded(thread: GuestThread): boolean;
  /** Set by a debugger: whether __debugbreak stops the thread as a breakpoint does. Without one it is a fault. */
  breaksAtInstruction: (thread: GuestThread) => boolean;
}

/** An access of guest code, or of a native on its behalf, to user-mode memory. */
export interface UserAccess {
  readonly address: GuestAddress;
  readonly size: number;
  readonly access: 'read' | 'write';
  readonly region: Region | undefined;
}
