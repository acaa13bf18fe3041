/**
 * What a driver's files say of calls and completions beyond those that are open. Files that are not open are read for it
 * and not kept; of what they send is kept what a code lens tells, until one of them changes, because an editor asks for
 * lenses after each rest in typing.
 */
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CancellationToken } from 'vscode-languageserver';
import type { Analysis } from '../../features/analysis.ts';
import {
  type CallItem,
  completionRoutines,
  declaringFiles,
  definedCalls,
  wordsBeyond,
} from '../../features/call-hierarchy.ts';
import { type CompletionSends, completionSends } from '../../features/code-lens.ts';
import type { Workspace } from '../workspace.ts';
import { sharersOf, togetherWith, unopenedFor } from './readings.ts';

export type Asked = Pick<CallItem, 'key' | 'name'>;

/** Open documents, then files that name what is asked for, then those that may know more of it: each is read once. */
export async function driverAnalyses(
  workspace: Workspace,
  uri: string,
  asked: readonly Asked[],
  token: CancellationToken,
): Promise<readonly Analysis[]> {
  const analyses = [...(await togetherWith(workspace, uri, token))];
  const names = asked.map(({ name }) => name);
  for await (const analysis of unopenedFor(workspace, uri, names, token)) analyses.push(analysis);
  // What stands in a header is called by each of the drivers that share it, and from other folders of this one.
  const keys = asked.map(({ key }) => key);
  const files = new Set([workspace.pathOf(uri), ...declaringFiles(analyses, keys)]);
  const sharers: Analysis[] = [];
  for await (const analysis of sharersOf(workspace, uri, files, names, token)) sharers.push(analysis);
  analyses.push(...ofThisDriver(workspace, analyses, sharers, keys));
  const words = wordsBeyond(analyses, keys);
  if (words.length === 0) return analyses;
  const known = new Set(analyses.map(({ unit }) => unit.file.path));
  for await (const analysis of unopenedFor(workspace, uri, words, token, known)) analyses.push(analysis);
  return analyses;
}

/** Without the files of drivers that have a function of their own for what one of these here defines. */
function ofThisDriver(
  workspace: Workspace,
  near: readonly Analysis[],
  sharers: readonly Analysis[],
  keys: readonly string[],
): readonly Analysis[] {
  const isDefiner = (analysis: Analysis): boolean =>
    keys.some((key) => definedCalls([analysis], key).some(({ nameSpan }) => nameSpan.file === analysis.unit.file));
  if (!near.some(isDefiner)) return sharers;
  const definers = sharers.filter(isDefiner).map(({ unit }) => pathToFileURL(unit.file.path).href);
  const others = new Set(definers.flatMap((uri) => workspace.relatedPaths(uri)));
  return sharers.filter(({ unit }) => !others.has(unit.file.path));
}

/** Gives the calls whose IRPs complete in the routines of an open document, those of the whole driver. */
export function createDriverSends(
  workspace: Workspace,
): (uri: string, token: CancellationToken) => Promise<CompletionSends> {
  const unopened = new Map<string, Known>();
  return async (uri, token) => {
    const open = new Set(workspace.openUris());
    for (const known of unopened.keys()) if (!open.has(known)) unopened.delete(known);
    const analysis = workspace.analysis(uri);
    const routines = analysis === undefined ? [] : completionRoutines(analysis);
    if (routines.length > 0) {
      const known = unopened.get(uri);
      if (known?.state !== stateOf(workspace, uri, routines, known?.read ?? [])) {
        const analyses = await driverAnalyses(workspace, uri, routines, token);
        const sends = elsewhere(workspace, completionSends(analyses));
        const read = analyses.map(({ unit }) => unit.file.path);
        const state = stateOf(workspace, uri, routines, read);
        if (!token.isCancellationRequested) unopened.set(uri, { state, read, sends });
      }
    }
    return together(completionSends(await togetherWith(workspace, uri, token)), unopened.get(uri)?.sends ?? new Map());
  };
}

/** What the files that are not open say. */
interface Known {
  readonly state: string;
  /** Those that it was read from, which may lie in other folders. */
  readonly read: readonly string[];
  readonly sends: CompletionSends;
}

/** Tells a later state of the files that are not open, and of what they are asked. */
function stateOf(workspace: Workspace, uri: string, routines: readonly Asked[], read: readonly string[]): string {
  const all = new Set([...workspace.relatedPaths(uri), ...read]);
  const paths = [...all].filter((path) => !workspace.isOpen(path)).sort();
  const times = paths.map((path) => [path, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0]);
  return JSON.stringify([routines.map(({ key }) => key), times]);
}

/** Those in files that are not open: what stands in the others is asked anew each time. */
function elsewhere(workspace: Workspace, sends: CompletionSends): CompletionSends {
  return new Map([...sends].map(([key, all]) => [key, all.filter(({ span }) => !workspace.isOpen(span.file.path))]));
}

function together(near: CompletionSends, far: CompletionSends): CompletionSends {
  const keys = new Set([...near.keys(), ...far.keys()]);
  return new Map([...keys].map((key) => [key, [...(near.get(key) ?? []), ...(far.get(key) ?? [])]]));
}
