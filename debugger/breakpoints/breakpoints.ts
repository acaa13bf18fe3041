/**
 * Breakpoints: what the client wants, where each landed, and whether one that was reached stops the run.
 *
 * Those of a file, and those at functions, are replaced as a whole, before or during a run. One that stays keeps its
 * number and its count of hits.
 */
import { positionAt, type SourceFile, type Span } from '../../base/source.ts';
import type { Run } from '../../emulator/index.ts';
import { type DataPlace, isGone } from './data-breakpoints.ts';
import { type HitCondition, readHitCondition } from './hit-condition.ts';
import { logMessageText } from './log-message.ts';

export interface WantedBreakpoint {
  /** A line from 0, the beginning of a function, or memory that changes. */
  readonly at: { readonly line: number } | { readonly functionName: string } | { readonly data: DataPlace };
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

/** The groups of the breakpoints at functions and at data; other groups are files, by the key of their path. */
export const functionsGroup = '';
export const dataGroup = '\0data';

export interface BreakpointTable {
  /** Replaces the breakpoints of a group; they wait for `place`. */
  replace(group: string, wanted: readonly WantedBreakpoint[]): void;
  /** Puts all breakpoints into a run. `fileOf` knows the files that are part of it. */
  place(run: Run, fileOf: (group: string) => SourceFile | undefined): void;
  groups(): readonly string[];
  list(group: string): readonly Breakpoint[];
  /** The breakpoints at a statement, whether they stop or not. */
  idsAt(span: Span): readonly number[];
  /** Counts hits from 0 again: the run begins anew. */
  forgetHits(): void;
  /** Whether one of them stops by the number of its hits. */
  countsHits(): boolean;
  /**
   * The run stands before `span`, with `frameId` on top: counts hits, and says what follows. `changed` are the data
   * breakpoints whose memory is another now, by their place in the group.
   */
  reach(span: Span | undefined, run: Run, frameId: number, changed: readonly number[]): Reached;
}

interface Entry extends Breakpoint {
  span: Span | undefined;
  problem: string | undefined;
  readonly hitRule: HitCondition | undefined;
  hits: number;
}

export function createBreakpoints(): BreakpointTable {
  const byGroup = new Map<string, readonly Entry[]>();
  /** Files that have marks, or had some, by path. */
  const marked = new Map<string, SourceFile>();
  let lastId = 0;
  const all = (): readonly Entry[] => [...byGroup.values()].flat();
  const at = (span: Span | undefined): readonly Entry[] =>
    span === undefined ? [] : all().filter((entry) => entry.span !== undefined && sameSpan(entry.span, span));
  return {
    groups: () => [...byGroup.keys()],
    list: (group) => byGroup.get(group) ?? [],
    countsHits: () => all().some(({ hitRule }) => hitRule !== undefined),
    forgetHits() {
      for (const entry of all()) entry.hits = 0;
    },
    replace(group, wanted) {
      const old = byGroup.get(group) ?? [];
      const entries = wanted.map((one): Entry => {
        const same = old.find((entry) => sameWish(entry.wanted, one));
        const hitRule = one.hitCondition === undefined ? undefined : readHitCondition(one.hitCondition);
        return {
          id: same?.id ?? ++lastId,
          wanted: one,
          span: undefined,
          problem: 'The driver does not run yet.',
          hitRule,
          hits: same?.hits ?? 0,
        };
      });
      byGroup.set(group, entries);
    },
    place(run, fileOf) {
      const data = byGroup.get(dataGroup) ?? [];
      run.setWatches(data.flatMap(({ wanted }) => ('data' in wanted.at ? [wanted.at.data.watch] : [])));
      for (const entry of data) entry.problem = undefined;
      const spots = [...byGroup].flatMap(([group, entries]) =>
        entries.flatMap((entry) => spotOf(entry, run, fileOf(group)) ?? []),
      );
      for (const { file } of spots) marked.set(file.path, file);
      for (const file of marked.values()) {
        const here = spots.filter((spot) => spot.file.path === file.path);
        const landed = run.setBreakpoints(
          file,
          here.map(({ line }) => line),
        );
        for (const [i, { entry }] of here.entries()) {
          entry.span = landed[i];
          entry.problem = landed[i] === undefined ? 'No statement follows this line.' : undefined;
        }
      }
    },
    idsAt: (span) => at(span).map(({ id }) => id),
    reach(span, run, frameId, changed) {
      const data = byGroup.get(dataGroup) ?? [];
      const touched = changed.flatMap((index) => data[index] ?? []);
      return reach([...at(span), ...touched.filter((entry) => !isOver(entry, run))], run, frameId);
    },
  };
}

interface Spot {
  readonly entry: Entry;
  readonly file: SourceFile;
  readonly line: number;
}

/** The memory of a breakpoint at data is somebody else's now. */
function isOver(entry: Entry, run: Run): boolean {
  const { at } = entry.wanted;
  if (!('data' in at) || !isGone(run, at.data)) return false;
  entry.problem = `${at.data.owner?.functionName} has returned.`;
  return true;
}

/** Where a breakpoint is wanted; undefined, with the reason in the entry, where that is nowhere. */
function spotOf(entry: Entry, run: Run, file: SourceFile | undefined): Spot | undefined {
  const { wanted, hitRule } = entry;
  if ('data' in wanted.at) return undefined;
  entry.span = undefined;
  if (wanted.hitCondition !== undefined && hitRule === undefined) {
    entry.problem = `"${wanted.hitCondition}" is no hit count; write 5, >= 5 or % 5.`;
    return undefined;
  }
  if ('functionName' in wanted.at) {
    const begin = run.functionPlace(wanted.at.functionName.trim());
    if (begin !== undefined) return { entry, file: begin.file, line: positionAt(begin.file, begin.start).line };
    entry.problem = `The driver has no function ${wanted.at.functionName}.`;
    return undefined;
  }
  if (file !== undefined) return { entry, file, line: wanted.at.line };
  entry.problem = 'This file is no part of the driver that runs.';
  return undefined;
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
  const text = (wish: WantedBreakpoint): string =>
    JSON.stringify(wish, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return text(a) === text(b);
}

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end && a.file.path === b.file.path;
}
