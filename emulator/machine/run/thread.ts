/**
 * A thread of guest code: registers, control stack, stack memory, and the natives that wait for something on it.
 *
 * Return positions live in the control stack, an array of the host that no guest bug can reach. The stack region is
 * three times the size that counts, because red zones around locals must not use up the guest's 24 KB.
 */
import { type ValueForm, VOID_FORM } from '../compile/value-form.ts';
import type { Fault, GuestThread } from '../machine-types.ts';
import type { RegionRecord } from '../memory/region-record.ts';
import { allocateRegion } from '../memory/regions.ts';
import { DEAD_FRAME } from '../memory/shadow.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { Continuation } from '../native.ts';
import type { TryRange } from '../program.ts';
import type { VmThread } from '../vm/host.ts';

/** Where guest code stands: what must be put back to go on there. */
export interface Activation {
  readonly pc: number;
  readonly fp: number;
  readonly frame: number;
  readonly top: number;
  readonly used: number;
}

/** To whom a native's result goes. */
export type ReturnTo =
  /** To the guest's call instruction at which the thread stands. */
  | { readonly kind: 'guest'; readonly site: number; readonly window: number }
  /** To the native frame below. */
  | { readonly kind: 'native' }
  /** It is the thread's result. */
  | { readonly kind: 'thread' };

/** A native that waits for a guest call or a wake-up. */
export interface NativeFrame {
  readonly continuation: Continuation;
  readonly label: string;
  readonly returnTo: ReturnTo;
  /** Of its guest callee's result. */
  readonly resultForm: ValueForm;
  readonly activation: Activation;
  /** Height of the control stack below its callee. */
  readonly controlTop: number;
}

/** An exception as it was raised. */
export interface Raised {
  readonly code: number;
  readonly parameters: readonly bigint[];
  /** Code address that the exception record names. */
  readonly address: bigint;
  /** A filter may not ask to go on: the function that raised it does not return. */
  readonly isFinal: boolean;
  /** What it is when nobody takes it. */
  readonly fault: Fault;
  /** Where a filter's "continue" goes: after a native that raised, or to the faulting instruction again. */
  readonly continuesAt: 'next' | 'same';
}

/** An exception on its way: first the filters are asked, then the frames are unwound. */
export interface Dispatch {
  readonly raised: Raised;
  /** Where it was raised, and the height of the control stack there; a filter may ask to go on there. */
  readonly origin: Activation;
  readonly originControlTop: number;
  /** Stack memory below the origin's that holds the exception record; its EXCEPTION_POINTERS. */
  readonly recordTop: number;
  readonly pointers: bigint;
  /** The handler that is being asked or unwound to, and the height of the control stack of its frame. */
  readonly handler: TryRange;
  readonly handlerControlTop: number;
  /** Registers from `from` on as they were: a filter's temporaries lie over those of inner frames. */
  readonly saved: Int32Array;
  readonly from: number;
  /** The handler's two registers as they were: a filter that is being asked already keeps its own exception there. */
  readonly before: Int32Array;
  readonly beforeFrom: number;
  /** While it unwinds: the `__finally` that runs, and the height of the control stack of its frame. */
  finalizer: { readonly item: TryRange; readonly controlTop: number } | undefined;
  /** The exception whose filter or `__finally` was running when this one was raised. */
  outer: Dispatch | undefined;
}

/** Where a setjmp stands, and what its frame's control words were: another frame may have taken its place. */
export interface JumpTarget {
  readonly at: Activation;
  readonly controlTop: number;
  readonly control: readonly number[];
  readonly nativeCount: number;
  readonly window: number;
}

export interface ThreadState extends GuestThread, VmThread {
  id: number;
  name: string;
  words: Int32Array;
  longs: BigInt64Array;
  doubles: Float64Array;
  control: Int32Array;
  stackSize: number;
  stackStart: number;
  stack: StackBlock;
  natives: NativeFrame[];
  /** What the next run starts with. */
  next:
    | { kind: 'start'; entry: bigint; arguments: readonly bigint[] }
    | { kind: 'context' }
    | { kind: 'guest' }
    | { kind: 'resume'; value: bigint };
  /** The statement at which the thread stands was announced: go past it. */
  passesMark: boolean;
  dispatch: Dispatch | undefined;
  /** By the number that setjmp wrote into the guest's jmp_buf. */
  jumps: Map<bigint, JumpTarget>;
  /** Records that are on their way in registers, by the register's position: bytes of them that were never written. */
  unwritten: Map<number, readonly number[]>;
  /** Of the entry function's result. */
  resultForm: ValueForm;
}

/** Control words below which there is no frame. */
export const TO_THREAD = -1;
export const TO_NATIVE = -2;

/** A stack and the registers that go with it. Both are used again by later threads: contexts come by the thousand. */
export interface StackBlock {
  readonly region: RegionRecord;
  /** Name of the thread that had it last. */
  owner?: string;
  readonly size: number;
  readonly words: Int32Array;
  readonly longs: BigInt64Array;
  readonly doubles: Float64Array;
  readonly control: Int32Array;
  /** Of the thread that has it. */
  readonly natives: NativeFrame[];
  readonly jumps: Map<bigint, JumpTarget>;
  readonly unwritten: Map<number, readonly number[]>;
  /** Guest code has run on it: registers, jumps and the like are not as new. Most contexts of the kernel call none. */
  isUsed: boolean;
}

export function allocateStack(store: MemoryStore, size: number, name: string): StackBlock | undefined {
  const region = allocateRegion(store, {
    size: size * 3 + 16384,
    alignment: 4096,
    kind: 'stack',
    label: `stack of ${name}`,
  });
  if (region === undefined) return undefined;
  wipeStack(store, region);
  // The last window may reach a little past what counts.
  const registers = new ArrayBuffer(size + 4096);
  return {
    region,
    owner: name,
    size,
    words: new Int32Array(registers),
    longs: new BigInt64Array(registers),
    doubles: new Float64Array(registers),
    control: new Int32Array((Math.ceil(size / 40) + 8) * 5),
    natives: [],
    jumps: new Map(),
    unwritten: new Map(),
    isUsed: false,
  };
}

/** Makes a stack that a thread has given back as good as new. */
export function renewStack(stack: StackBlock, registersMax: number): void {
  if (!stack.isUsed) return;
  wipeRegisters(stack, registersMax);
  // Clearing makes a map anew, even an empty one.
  if (stack.jumps.size > 0) stack.jumps.clear();
  if (stack.unwritten.size > 0) stack.unwritten.clear();
  stack.isUsed = false;
}

/**
 * Zeroes the registers that frames have had. The control stack still tells how deep they went: what it says of a frame
 * begins with where that frame returned to, which is never 0, and only this sets it back. Each frame begins within its
 * caller's registers or right behind them.
 */
function wipeRegisters({ words, control }: StackBlock, registersMax: number): void {
  let frames = 0;
  for (let at = 0; at < control.length && control[at] !== 0; at += 5) {
    control[at] = 0;
    frames++;
  }
  words.fill(0, 0, (frames + 1) * 2 * registersMax + PASSED_MAX);
}

/** Words of arguments that the kernel passes to a routine at most, beyond those that the routine wants. */
const PASSED_MAX = 256;

/** No frame lives in it. */
export function wipeStack(store: MemoryStore, region: RegionRecord): void {
  store.shadow8.fill(DEAD_FRAME, region.offset, region.offset + region.size);
}

export function createThreadState(o: {
  readonly id: number;
  readonly name: string;
  readonly next: ThreadState['next'];
  readonly stack: StackBlock;
}): ThreadState {
  const { size, region, words, longs, doubles, control, natives, jumps, unwritten } = o.stack;
  return {
    id: o.id,
    name: o.name,
    state: 'ready',
    result: 0n,
    words,
    longs,
    doubles,
    control,
    controlTop: 0,
    pc: TO_THREAD,
    fp: 0,
    frame: region.offset + region.size,
    top: region.offset + region.size,
    used: 0,
    stackSize: size,
    stackStart: region.offset,
    stack: o.stack,
    natives,
    next: o.next,
    passesMark: false,
    dispatch: undefined,
    jumps,
    unwritten,
    resultForm: VOID_FORM,
  };
}

/** Makes the record of a thread that has ended that of another one. */
export function renewThread(thread: ThreadState, o: Parameters<typeof createThreadState>[0]): void {
  const { size, region, words, longs, doubles, control, natives, jumps, unwritten } = o.stack;
  thread.id = o.id;
  thread.name = o.name;
  thread.state = 'ready';
  thread.result = 0n;
  thread.words = words;
  thread.longs = longs;
  thread.doubles = doubles;
  thread.control = control;
  thread.controlTop = 0;
  thread.pc = TO_THREAD;
  thread.fp = 0;
  thread.used = 0;
  thread.frame = region.offset + region.size;
  thread.top = region.offset + region.size;
  thread.stackSize = size;
  thread.stackStart = region.offset;
  thread.stack = o.stack;
  thread.natives = natives;
  thread.next = o.next;
  thread.passesMark = false;
  thread.dispatch = undefined;
  thread.jumps = jumps;
  thread.unwritten = unwritten;
  thread.resultForm = VOID_FORM;
}

export function activationOf(thread: ThreadState): Activation {
  const { pc, fp, frame, top, used } = thread;
  return { pc, fp, frame, top, used };
}

export function activate(thread: ThreadState, a: Activation): void {
  thread.pc = a.pc;
  thread.fp = a.fp;
  thread.frame = a.frame;
  thread.top = a.top;
  thread.used = a.used;
}
