/**
 * A run of a driver from outside: what the CLI, the debugger and tests use. Nothing of the emulator's inside shows.
 *
 * A run is a value that is advanced: `advance` executes at most `budget` statements and says why it stopped, so that a
 * debugger stays responsive. The same plan gives the same run; to go back in time, make a new run and advance it to
 * an earlier statement.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { SyntaxProblem } from '../../cfront/errors.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import type { RunFinding } from '../kernel/kernel-types.ts';
import type { OutsideOrder } from '../net/bridge-types.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { TraceEvent } from '../sim/trace.ts';
import type { TraceKeeping } from '../sim/trace-log.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { OutsidePlan, RecordedEvent, RunEvent } from './outside-state.ts';

export interface RunPlan {
  readonly files: readonly SourceFile[];
  /** Files that stand in for what no file defines, and for kernel functions of the same name. */
  readonly stubs?: readonly SourceFile[];
  /** How each file is compiled. */
  readonly parse: ParseOptions | ((file: SourceFile) => ParseOptions);
  readonly catalog: Catalog;
  readonly scenario: Scenario;
  /** Content of the files that the scenario's peers send or expect (`dataFiles`), by the path as it is written there. */
  readonly dataFiles?: ReadonlyMap<string, Uint8Array>;
  /** Randomises every choice; undefined is "as Windows usually does it". */
  readonly seed: number | undefined;
  /** "DriverEntry" runs load, the scenario and unload; any other name (main) is called alone. */
  readonly entry: string;
  /** Statements after which a run without an end is stopped with a finding. */
  readonly statementsMax: number;
  /** Whether its events are kept for `trace` and `step`, as they are where nothing is said, or only counted. */
  readonly trace?: TraceKeeping;
  /** Who is at the other end of the scenario's bridge; undefined is nobody, and there is none then. */
  readonly outside?: OutsidePlan;
  /** Somebody looks on: __debugbreak stops there instead of ending the run with a finding. */
  readonly hasDebugger?: boolean;
}

export type RunStart =
  | {
      readonly kind: 'ready';
      readonly run: Run;
      /** The same run once more, before its first statement; with what came from outside, where that is given. */
      readonly again: (outside?: OutsidePlan) => Run;
      readonly warnings: readonly SyntaxProblem[];
    }
  /** The source can't be run: syntax errors, duplicate symbols, no entry function. */
  | { readonly kind: 'problems'; readonly problems: readonly SyntaxProblem[] };

export type Outcome =
  /** Loaded, ran, unloaded, nothing found. */
  | 'clean'
  | 'findings'
  /** DriverEntry (or main) failed of its own accord. */
  | 'entry-failed'
  /** A driver called what is not emulated. */
  | 'not-emulated'
  /** Nothing can go on any more: every thread waits for ever. */
  | 'hang'
  /** The statement limit was reached. */
  | 'limit';

export interface RunResult {
  readonly outcome: Outcome;
  readonly findings: readonly RunFinding[];
  readonly log: readonly string[];
  /** What printf and its relatives wrote: the standard output of `--entry main`. */
  readonly output: string;
  readonly statements: number;
  /** IRPs that went through completion. */
  readonly completions: number;
  readonly virtualTimeMs: number;
  /** What DriverEntry returned (NTSTATUS), or main's exit status. */
  readonly entryResult: number | undefined;
  /** What the driver was not tried with because nobody was at the other end, in sentences. */
  readonly untried: readonly string[];
}

export type Advance =
  /** The budget is used up; call again. */
  | { readonly kind: 'running' }
  /** A pause mark, a step's end, or `requestPause`: the run stands before a statement; or behind a __debugbreak. */
  | {
      readonly kind: 'paused';
      readonly threadId: number;
      readonly atInstruction?: true;
      /** One of the calls of `stepToCall` begins here. */
      readonly begins?: true;
      /** Watches whose memory has changed since the statement before, by their place in the list. */
      readonly changed?: readonly number[];
    }
  /** A finding stopped or interrupted the run; the state can be looked at. Advancing again ends it if it was a crash. */
  | { readonly kind: 'finding'; readonly threadId: number; readonly finding: RunFinding }
  /**
   * Nothing happens before `untilNs` of virtual time unless something comes from outside: to be given by
   * `outside.pass`, with the time that real time allows.
   */
  | { readonly kind: 'waiting'; readonly nowNs: number; readonly untilNs: number; readonly isUnloading: boolean }
  | { readonly kind: 'ended'; readonly result: RunResult };

/** The outside end of a bridge. */
export interface OutsidePort {
  /** How far virtual time may go while somebody is outside. */
  readonly limitNs: number;
  /** What is to be done outside and was not fetched yet; `first` counts the orders of the whole run before them. */
  takeOrders(): { readonly first: number; readonly orders: readonly OutsideOrder[] };
  /** Lets virtual time go on to `untilNs`, and hands in what has happened. */
  pass(untilNs: number, events: readonly RunEvent[]): void;
  /** What was handed in and has not happened, for a run that takes the place of this one. */
  takeBack(): readonly RunEvent[];
  /** All that has come since the beginning of the run, and what it is still to repeat. */
  record(): readonly RecordedEvent[];
  /** For a run that was put back: the record of when it was further; what has not happened yet comes again. */
  repeat(recorded: readonly RecordedEvent[]): void;
}

export interface ThreadInfo {
  readonly id: number;
  readonly name: string;
  /** "running", "waits for event ListenContext.Event since 0 ms", "DPC at DISPATCH_LEVEL" … */
  readonly state: string;
  readonly isCurrent: boolean;
  readonly irql: number;
}

export interface FrameInfo {
  readonly id: number;
  readonly name: string;
  readonly span: Span | undefined;
  /** A label between synchronous frames: "issued at listen.c:41 by WskSocket (IRP #1)". */
  readonly presentation: 'normal' | 'subtle' | 'label';
}

/** A value for people, with children that are read when asked for. */
export interface Value {
  readonly name: string;
  /** Expression that evaluates to it, where there is one. */
  readonly expression: string | undefined;
  readonly type: CType | undefined;
  readonly typeText: string;
  /** One line: "0x103 STATUS_PENDING", "0xFFFF8000`00012340 → _IRP", "\"abc\"". */
  readonly text: string;
  /** Guest address of an object in memory. */
  readonly address: bigint | undefined;
  /** Of a bit-field, where it lies in what is at the address. */
  readonly bits?: BitPlace | undefined;
  readonly childCount: number;
  readonly children: () => readonly Value[];
}

export interface StackLocationInfo {
  readonly index: number;
  readonly isCurrent: boolean;
  readonly major: string;
  readonly completionRoutine: { readonly name: string; readonly span: Span | undefined } | undefined;
  readonly invokeOn: readonly ('success' | 'error' | 'cancel')[];
  readonly context: string;
}

/** One IRP for the tree view. Ids are stable over a run, so that the view keeps its expansion. */
export interface IrpInfo {
  readonly id: number;
  readonly address: string;
  readonly state: 'idle' | 'sent' | 'pending' | 'completing' | 'completed' | 'freed';
  /** "WskSocket", "WskAccept"; undefined before it was sent. */
  readonly call: string | undefined;
  /** What it asks for, where the call alone does not say: "IOCTL_DOT4_READ", "WskGetOption, SO_RCVBUF". */
  readonly subject: string | undefined;
  readonly issuedAt: Span | undefined;
  readonly allocatedAt: Span | undefined;
  readonly status: { readonly code: number; readonly name: string } | undefined;
  readonly information: string | undefined;
  readonly stackLocations: readonly StackLocationInfo[];
  readonly history: readonly { readonly what: string; readonly span: Span | undefined; readonly statements: number }[];
}

/** Bits of an integer, `offset` counted from the lowest. */
export interface BitPlace {
  readonly offset: number;
  readonly width: number;
}

/** A place in guest memory; of a bit-field, its bits in what lies there, whose neighbours may change. */
export interface Watch {
  readonly address: bigint;
  readonly bytes: number;
  readonly bits?: BitPlace | undefined;
}

/** The calls that stand so deep on a thread's stack, one after the other; 1 is the thread's own function. */
export interface Call {
  readonly threadId: number;
  readonly depth: number;
}

/** The last of them, if it has begun. */
export interface FrameCall extends Call {
  /** It may be that it begins where the run stands. */
  readonly mayBeginNow: boolean;
}

export type StepKind = 'in' | 'over' | 'out' | 'next-completion';

export interface Run {
  advance(budget: number): Advance;
  /**
   * Ends at the next statement of `threadId` as the kind says; 'next-completion' at the first line of any completion
   * routine.
   */
  step(kind: StepKind, threadId: number): void;
  /** The call that a frame is of; undefined where it is none of the driver's. */
  callOf(frameId: number): FrameCall | undefined;
  /** Pauses before the first statement of each such call (`begins`), until a pause or `continue`. */
  stepToCall(call: Call): void;
  /** The statements that begin on a line (from 0), else the one that a breakpoint there stops at. */
  statementsOn(file: SourceFile, line: number): readonly Span[];
  /** Lets a thread that stands before a statement go on at another one of the same call; why not, where it can't. */
  jump(threadId: number, to: Span): string | undefined;
  /** Forgets a step under way. */
  continue(): void;
  requestPause(): void;
  /** The run as it stands between two calls of `advance`; it shares what has not changed with an earlier checkpoint. */
  checkpoint(before: Checkpoint | undefined): Checkpoint;
  /** Goes back to a checkpoint of this run, with the breakpoints and steps that it had then. */
  putBack(checkpoint: Checkpoint): void;
  /** There where the run has a bridge. */
  readonly outside: OutsidePort | undefined;
  /** Marks the statements at which to pause; returns, for each wanted line (from 0), where it really lands. */
  setBreakpoints(file: SourceFile, lines: readonly number[]): readonly (Span | undefined)[];
  /** Pauses before the statement after which one of these places is no longer what it was; replaces earlier ones. */
  setWatches(watches: readonly Watch[]): void;
  /** Memory without checks, as far as there is any from the address on. */
  readMemory(address: bigint, bytes: number): Uint8Array;
  /** Where a function of the driver begins: its first statement. */
  functionPlace(name: string): Span | undefined;
  readonly statements: number;
  /** Events of the trace so far. */
  readonly traceLength: number;
  threads(): readonly ThreadInfo[];
  frames(threadId: number): readonly FrameInfo[];
  /** Locals and parameters, then file-scope variables of the frame's file. */
  scopes(frameId: number): readonly { readonly name: string; readonly values: () => readonly Value[] }[];
  /** A C expression without calls, in a frame. */
  evaluate(expression: string, frameId: number | undefined): { readonly value: Value } | { readonly error: string };
  /** Assigns to a local, parameter or memory. */
  assign(
    expression: string,
    value: string,
    frameId: number | undefined,
  ): { readonly value: Value } | { readonly error: string };
  irps(): readonly IrpInfo[];
  /** Events from `sequence` on. */
  trace(from: number): readonly TraceEvent[];
  /** Standard output so far, from its piece number `from` on: pieces are what single calls of printf wrote. */
  output(from: number): readonly string[];
  /** "STATUS_PENDING"; undefined where the headers have no name for the value. */
  statusName(status: number): string | undefined;
  result(): RunResult;
}
