/**
 * What a driver's files say of calls and completions beyond those that are open. Files that are not open are read for it
 * and not kept; of what they send is kept what a code lens tells, until one of them changes, because an editor asks for
 * lenses after each rest in typing.
 */
import { statSync } from 'node:fs';
import type { CancellationToken } from 'vscode-languageserver';
import type { Analysis } from '../features/analysis.ts';
import { type CallItem, completionRoutines, wordsBeyond } from '../features/call-hierarchy.ts';
import { type CompletionSends, completionSends } from '../features/code-lens.ts';
import { sharersOf, togetherWith, unopenedFor } from './readings.ts';
import type { Workspace } from './workspace.ts';

export type Asked = Pick<CallItem, 'key' | 'name'>;

/** Open documents, then files that name what is asked for, then those that may know more of it: each is read once. */
export async function driverAnalyses(
  workspace: Workspace,
  uri: string,
  asked: readonly Asked[],
  token: CancellationToken,
): Promise<readonly Analysis[]> {
  const analyses = [...togetherWith(workspace, uri)];
  const names = asked.map(({ name }) => name);
  for await (const analysis of unopenedFor(workspace, uri, names, token)) analyses.push(analysis);
  // What stands in a header is called by each of the drivers that share it.
  const file = new Set([workspace.pathOf(uri)]);
  for await (const analysis of sharersOf(workspace, uri, file, names, token)) analyses.push(analysis);
  const keys = asked.map(({ key }) => key);
  const words = wordsBeyond(analyses, keys);
  if (words.length === 0) return analyses;
  const known = new Set(analyses.map(({ unit }) => unit.file.path));
  for await (const analysis of unopenedFor(workspace, uri, words, token, known)) analyses.push(analysis);
  return analyses;
}

/** Gives the calls whose IRPs complete in the routines of an open document, those of the whole driver. */
export function createDriverSends(
  workspace: Workspace,
): (uri: string, token: CancellationToken) => Promise<CompletionSends> {
  const unopened = new Map<string, { readonly state: string; readonly sends: CompletionSends }>();
  return async (uri, token) => {
    const open = new Set(workspace.openUris());
    for (const known of unopened.keys()) if (!open.has(known)) unopened.delete(known);
    const analysis = workspace.analysis(uri);
    const routines = analysis === undefined ? [] : completionRoutines(analysis);
    if (routines.length > 0) {
      const state = stateOf(workspace, uri, routines);
      if (unopened.get(uri)?.state !== state) {
        const analyses = await driverAnalyses(workspace, uri, routines, token);
        const sends = elsewhere(workspace, completionSends(analyses));
        if (!token.isCancellationRequested) unopened.set(uri, { state, sends });
      }
    }
    return together(completionSends(togetherWith(workspace, uri)), unopened.get(uri)?.sends ?? new Map());
  };
}

/** Tells a later state of the files that are not open, and of what they are asked. */
function stateOf(workspace: Workspace, uri: string, routines: readonly Asked[]): string {
  const paths = workspace.relatedPaths(uri).filter((path) => !workspace.isOpen(path));
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
