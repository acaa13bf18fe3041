/** Everything that one machine is made of, for the files that make it run. */
import type { Fault, GuestThread, Machine, NativeCall, NativeLibrary } from '../machine-types.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { CallSite, NativeResult } from '../native.ts';
import type { LinkedProgram, Routine } from '../program.ts';
import type { VmHost, VmProgram } from '../vm/host.ts';
import type { CodeTable } from './code-table.ts';
import type { ReturnTo, StackBlock, ThreadState } from './thread.ts';
import type { WindowArguments } from './values.ts';

export interface MachineState {
  readonly program: LinkedProgram;
  readonly natives: NativeLibrary;
  readonly store: MemoryStore;
  readonly code: CodeTable;
  readonly vmProgram: VmProgram;
  readonly host: VmHost;
  /** Routines by entry position, for look-ups by instruction. */
  readonly routines: readonly Routine[];
  /** The call of a native from guest code that is under way, or was last: one is enough for all of them. */
  call: GuestCall | undefined;
  /** The thread that runs. */
  current: ThreadState | undefined;
  /** What a native said that was not a plain return, and to whom it belongs. */
  pending: { readonly result: NativeResult; readonly returnTo: ReturnTo } | undefined;
  /** Statements executed before this run, and the budget with which it began. */
  statementsBefore: number;
  budget: number;
  /** Stacks that ended threads gave back, oldest first. */
  readonly freeStacks: StackBlock[];
  /** Registers of the routine that has most. */
  readonly registersMax: number;
  nextThreadId: number;
  /** Number of the next setjmp. */
  nextJump: number;
  /** As `Machine.shouldPause` and `Machine.pauseAlways`. */
  shouldPause: (thread: GuestThread, statement: number) => boolean;
  readonly pauseMarks: Uint8Array;
  /** Whether any of `pauseMarks` is set, as of the start of this `run`. */
  hasMarks: boolean;
  /** Somebody has had `pauseMarks` in his hands: whether any is set must be looked at, in every run from then on. */
  mayHaveMarks: boolean;
  pauseAlways: boolean;
  /** As `Machine.tolerates` and `Machine.breaksAtInstruction`. */
  tolerates: (thread: GuestThread, fault: Fault) => boolean;
  breaksAtInstruction: (thread: GuestThread) => boolean;
  /** As `Machine.judgesUser`. */
  judgesUser: Machine['judgesUser'];
  /** Instructions whose fault was reported and is overlooked from then on. */
  readonly overlooked: Set<number>;
  /** The read of what was never written that was asked about last. */
  asked: { readonly pc: number; readonly from: bigint; readonly end: bigint } | undefined;
}

export interface GuestCall extends NativeCall {
  thread: GuestThread;
  name: string;
  code: number;
  readonly arguments: WindowArguments;
  site: CallSite;
}

/** The routine that an instruction belongs to. */
export function routineAt(state: Pick<MachineState, 'routines'>, pc: number): Routine | undefined {
  const { routines } = state;
  let low = 0;
  let high = routines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((routines[middle]?.entry ?? 0) <= pc) low = middle + 1;
    else high = middle;
  }
  // An element before the first is looked for as a property, which takes long.
  const found = low === 0 ? undefined : routines[low - 1];
  return found !== undefined && pc < found.end ? found : undefined;
}
