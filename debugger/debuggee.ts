/**
 * The runtime: one run of a driver under a debugger's hand. Knows nothing of the protocol; says through `listen` what
 * happens. It runs or it stands; while it stands, `stop` says why, and its state may be looked at and changed.
 */
import { unreachable } from '../base/assert.ts';
import type { Span } from '../base/source.ts';
import type { Advance, Run, RunFinding, RunResult, StepKind } from '../emulator/index.ts';
import type { BreakpointTable, Reached } from './breakpoints.ts';
import { createPump, type PumpOptions } from './pump.ts';
import { beginStep, resumeStep, type Step } from './step.ts';

/** Statements between two looks at the client's requests: about two milliseconds. */
const pieceStatements = 50_000;

export interface Stop {
  readonly threadId: number;
  readonly why:
    | { readonly kind: 'entry' | 'pause' | 'step' | 'completion' }
    | { readonly kind: 'breakpoint'; readonly ids: readonly number[] }
    | { readonly kind: 'finding'; readonly finding: RunFinding };
}

export type DebuggeeEvent =
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** Something may have been printed. */
  | { readonly kind: 'progress' }
  | { readonly kind: 'finding'; readonly finding: RunFinding }
  | { readonly kind: 'message'; readonly text: string; readonly span: Span | undefined; readonly isError: boolean }
  | { readonly kind: 'ended'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface DebuggeeOptions {
  readonly run: Run;
  readonly breakpoints: BreakpointTable;
  /** Asked at each finding. */
  readonly stopsAt: (finding: RunFinding) => boolean;
  readonly listen: (event: DebuggeeEvent) => void;
  readonly later: PumpOptions['later'];
}

export interface Debuggee {
  readonly run: Run;
  /** Undefined while it runs, and when it has ended. */
  readonly stop: Stop | undefined;
  readonly hasEnded: boolean;
  /** Begins to run; with `stopsOnEntry` as far as the first statement. */
  begin(options: { readonly stopsOnEntry: boolean }): void;
  goOn(): void;
  step(kind: StepKind, threadId: number): void;
  /** Stops before the next statement. */
  pause(): void;
  /** Never runs again. */
  end(): void;
}

export function createDebuggee(options: DebuggeeOptions): Debuggee {
  const { run, breakpoints, listen, later } = options;
  let stop: Stop | undefined;
  let step: Step | undefined;
  let pausing: 'entry' | 'pause' | undefined;
  let hasEnded = false;

  const stand = (reason: Stop): 'stop' => {
    run.continue();
    stop = reason;
    step = undefined;
    pausing = undefined;
    listen({ kind: 'stopped', stop: reason });
    return 'stop';
  };

  const paused = (threadId: number): 'more' | 'stop' => {
    const top = run.frames(threadId)[0];
    const reached: Reached =
      top?.span === undefined ? { stops: [], messages: [] } : breakpoints.reach(top.span, run, top.id);
    for (const message of reached.messages) listen({ kind: 'message', ...message });
    if (reached.stops.length > 0) {
      return stand({ threadId, why: { kind: 'breakpoint', ids: reached.stops.map(({ id }) => id) } });
    }
    if (pausing !== undefined) return stand({ threadId, why: { kind: pausing } });
    if (step === undefined || resumeStep(run, step, threadId) === 'goes-on') return 'more';
    return stand({ threadId, why: { kind: step.kind === 'next-completion' ? 'completion' : 'step' } });
  };

  const piece = (): 'more' | 'stop' => {
    const advance: Advance = run.advance(pieceStatements);
    listen({ kind: 'progress' });
    switch (advance.kind) {
      case 'running':
        return 'more';
      case 'paused':
        return paused(advance.threadId);
      case 'finding': {
        const { finding, threadId } = advance;
        listen({ kind: 'finding', finding });
        return options.stopsAt(finding) ? stand({ threadId, why: { kind: 'finding', finding } }) : 'more';
      }
      case 'ended':
        hasEnded = true;
        listen({ kind: 'ended', result: advance.result });
        return 'stop';
      default:
        return unreachable(advance);
    }
  };

  const pump = createPump({
    piece,
    later,
    failed: (error) => {
      hasEnded = true;
      listen({ kind: 'failed', error });
    },
  });

  const go = (): void => {
    stop = undefined;
    if (!hasEnded) pump.start();
  };

  return {
    run,
    get stop() {
      return stop;
    },
    get hasEnded() {
      return hasEnded;
    },
    begin({ stopsOnEntry }) {
      if (stopsOnEntry) {
        pausing = 'entry';
        run.requestPause();
      }
      go();
    },
    goOn() {
      run.continue();
      go();
    },
    step(kind, threadId) {
      step = beginStep(run, kind, threadId);
      go();
    },
    pause() {
      if (stop !== undefined || hasEnded) return;
      pausing ??= 'pause';
      run.requestPause();
    },
    end() {
      hasEnded = true;
      stop = undefined;
      pump.stop();
    },
  };
}
