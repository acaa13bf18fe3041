/**
 * Breakpoints by file: what the client wants, where each landed, and whether one that was reached stops the run.
 *
 * A file's breakpoints are replaced as a whole, before or during a run. One that stays keeps its count of hits.
 */
import type { SourceFile, Span } from '../base/source.ts';
import type { Run } from '../emulator/index.ts';
import { type HitCondition, readHitCondition } from './hit-condition.ts';
import { logMessageText } from './log-message.ts';

export interface WantedBreakpoint {
  /** From 0. */
  readonly line: number;
  readonly condition: string | undefined;
  readonly hitCondition: string | undefined;
  readonly logMessage: string | undefined;
}

export interface Breakpoint {
  readonly id: number;
  readonly wanted: WantedBreakpoint;
  /** The statement at which it stops; undefined while there is none. */
  readonly span: Span | undefined;
  /** Why it never stops, for people. */
  readonly problem: string | undefined;
}

export interface Reached {
  /** Breakpoints at which the run is to stop. */
  readonly stops: readonly Breakpoint[];
  readonly messages: readonly { readonly text: string; readonly span: Span | undefined; readonly isError: boolean }[];
}

export interface BreakpointTable {
  /** Replaces the breakpoints under a file's key. Without a run they wait for `place`. */
  replace(key: string, wanted: readonly WantedBreakpoint[]): readonly Breakpoint[];
  /** Puts a file's breakpoints into a run; undefined says that the file is no part of it. */
  place(key: string, run: Run, file: SourceFile | undefined): readonly Breakpoint[];
  keys(): readonly string[];
  /** The breakpoints at a statement, whether they stop or not. */
  idsAt(span: Span): readonly number[];
  /** Counts hits from 0 again: the run begins anew. */
  forgetHits(): void;
  /** The run stands before `span`, with `frameId` on top: counts hits, and says what follows. */
  reach(span: Span, run: Run, frameId: number): Reached;
}

interface Entry extends Breakpoint {
  readonly hitRule: HitCondition | undefined;
  hits: number;
}

export function createBreakpoints(): BreakpointTable {
  const byKey = new Map<string, readonly Entry[]>();
  let lastId = 0;
  const entriesAt = (span: Span): readonly Entry[] =>
    [...byKey.values()].flat().filter((entry) => entry.span !== undefined && sameSpan(entry.span, span));
  return {
    keys: () => [...byKey.keys()],
    forgetHits() {
      for (const entries of byKey.values()) for (const entry of entries) entry.hits = 0;
    },
    replace(key, wanted) {
      const old = byKey.get(key) ?? [];
      const entries = wanted.map((one): Entry => {
        const same = old.find((entry) => sameWish(entry.wanted, one));
        const hitRule = one.hitCondition === undefined ? undefined : readHitCondition(one.hitCondition);
        const isWrong = one.hitCondition !== undefined && hitRule === undefined;
        return {
          id: same?.id ?? ++lastId,
          wanted: one,
          span: undefined,
          problem: isWrong
            ? `"${one.hitCondition}" is no hit count; write 5, >= 5 or % 5.`
            : 'The driver does not run yet.',
          hitRule,
          hits: same?.hits ?? 0,
        };
      });
      byKey.set(key, entries);
      return entries;
    },
    place(key, run, file) {
      const entries = byKey.get(key) ?? [];
      const isUsable = (entry: Entry): boolean =>
        entry.wanted.hitCondition === undefined || entry.hitRule !== undefined;
      const usable = entries.filter(isUsable);
      const spans =
        file === undefined
          ? []
          : run.setBreakpoints(
              file,
              usable.map((entry) => entry.wanted.line),
            );
      const none =
        file === undefined ? 'This file is no part of the driver that runs.' : 'No statement follows this line.';
      const placed = entries.map((entry): Entry => {
        if (!isUsable(entry)) return entry;
        const span = spans[usable.indexOf(entry)];
        return { ...entry, span, problem: span === undefined ? none : undefined };
      });
      byKey.set(key, placed);
      return placed;
    },
    idsAt: (span) => entriesAt(span).map(({ id }) => id),
    reach: (span, run, frameId) => reach(entriesAt(span), run, frameId),
  };
}

function reach(entries: readonly Entry[], run: Run, frameId: number): Reached {
  const stops: Breakpoint[] = [];
  const messages: Reached['messages'][number][] = [];
  for (const entry of entries) {
    const { wanted, span, hitRule } = entry;
    const held = wanted.condition === undefined ? true : holds(run, wanted.condition, frameId);
    if (typeof held === 'string') {
      messages.push({ text: `The condition "${wanted.condition}" has no value: ${held}.`, span, isError: true });
    }
    if (held === false) continue;
    entry.hits++;
    if (hitRule !== undefined && !hitRule(entry.hits)) continue;
    // A breakpoint whose condition is wrong stops: silence would look like "never reached".
    if (wanted.logMessage === undefined || typeof held === 'string') stops.push(entry);
    else messages.push({ text: logMessageText(run, wanted.logMessage, frameId), span, isError: false });
  }
  return { stops, messages };
}

/** Whether a condition holds, or why it has no value. */
function holds(run: Run, condition: string, frameId: number): boolean | string {
  const result = run.evaluate(`(${condition}) ? 1 : 0`, frameId);
  return 'error' in result ? result.error : result.value.text === '1';
}

function sameWish(a: WantedBreakpoint, b: WantedBreakpoint): boolean {
  return (
    a.line === b.line &&
    a.condition === b.condition &&
    a.hitCondition === b.hitCondition &&
    a.logMessage === b.logMessage
  );
}

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end && a.file.path === b.file.path;
}
