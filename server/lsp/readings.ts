/**
 * The units in which something may be named: the document's own, those of other open documents, and those of C files
 * that belong with it and are not open, which are read one after another and not kept.
 */
import nodePath from 'node:path';
import type { CancellationToken } from 'vscode-languageserver';
import type { SourceFile } from '../../base/source.ts';
import { definesEntry } from '../../host/index.ts';
import type { Analysis } from '../features/analysis.ts';
import { referencesIn, type Target, targetAt } from '../features/references.ts';
import type { Workspace } from './workspace.ts';

/**
 * Analyses of the open documents that make one driver with a document, its own first: those of its project or folder,
 * and those that share a header of the driver's. Two drivers may each have a function of one name, in one folder too.
 */
export async function togetherWith(
  workspace: Workspace,
  uri: string,
  token: CancellationToken,
): Promise<readonly Analysis[]> {
  for (const open of workspace.openUris()) await workspace.whenRead(open, token);
  const own = workspace.analysis(uri);
  const others = workspace
    .openUris()
    .filter((other) => other !== uri)
    .flatMap((other) => workspace.analysis(other) ?? []);
  // What is asked about stands in a bundled header: any driver may use it.
  if (own === undefined && !uri.startsWith('file:')) return others;
  const related = new Set(workspace.relatedPaths(uri));
  // Of a header that is not open, those that include it.
  const files = own === undefined ? [] : [own.unit.file, ...ownHeaders(own)];
  const headers = new Set(own === undefined ? [workspace.pathOf(uri)] : files.map(({ path }) => path));
  const isTogether = (other: Analysis): boolean =>
    (related.has(other.unit.file.path) && !isOtherDriver(own, other)) ||
    headers.has(other.unit.file.path) ||
    ownHeaders(other).some(({ path }) => headers.has(path));
  return [...(own === undefined ? [] : [own]), ...others.filter(isTogether)];
}

/** Two drivers that lie in one folder, as samples do: each has its entry, and they have no header of their own in common. */
function isOtherDriver(own: Analysis | undefined, other: Analysis): boolean {
  if (own === undefined || other === own) return false;
  if (![own, other].every(({ unit }) => definesEntry(unit.file.text))) return false;
  const headers = new Set(ownHeaders(own).map(({ path }) => path));
  return !ownHeaders(other).some(({ path }) => headers.has(path));
}

function ownHeaders({ unit }: Analysis): readonly SourceFile[] {
  return unit.includes.flatMap(({ file }) => (file === undefined || unit.isSystemFile(file) ? [] : [file]));
}

export interface Located {
  readonly analysis: Analysis;
  readonly target: Target;
}

/** What a position names: in a header as one of the files that include it reads it, for alone it is half a program. */
export async function locate(
  workspace: Workspace,
  uri: string,
  offset: number,
  token: CancellationToken,
): Promise<Located | undefined> {
  const path = workspace.pathOf(uri);
  for (const reader of [...workspace.includersOf(uri), uri]) {
    await workspace.whenRead(reader, token);
    const analysis = workspace.analysis(reader);
    if (analysis === undefined) continue;
    const { unit } = analysis;
    const included = unit.includes.find(({ file }) => file?.path === path)?.file;
    const file = reader === uri ? unit.file : included;
    const target = file === undefined ? undefined : targetAt(unit, offset, file);
    if (target !== undefined) return { analysis, target };
  }
  return undefined;
}

/**
 * The unit of the target first, then those that name it or one of the other words. Nothing more is read once the request
 * is cancelled.
 */
export async function* readingsFor(
  workspace: Workspace,
  uri: string,
  { analysis, target }: Located,
  token: CancellationToken,
  otherWords: readonly string[] = [],
): AsyncGenerator<Analysis> {
  yield analysis;
  if (!target.isShared) return;
  for (const other of await togetherWith(workspace, uri, token)) if (other !== analysis) yield other;
  const words = [target.name, ...otherWords];
  yield* unopenedFor(workspace, uri, words, token);
  yield* sharersOf(workspace, uri, filesNaming({ analysis, target }), words, token);
}

/** Files of the driver, headers too, in which the target is named. */
export function filesNaming({ analysis: { unit }, target }: Located): ReadonlySet<string> {
  return new Set(referencesIn(unit, target).map(({ span }) => span.file.path));
}

/**
 * Files of the workspace's other projects that read one of the headers. Another driver's function of the same name is
 * another function.
 */
export async function* sharersOf(
  workspace: Workspace,
  uri: string,
  files: ReadonlySet<string>,
  words: readonly string[],
  token: CancellationToken,
): AsyncGenerator<Analysis> {
  const related = new Set(workspace.relatedPaths(uri));
  const others = [...files].filter((path) => nodePath.isAbsolute(path) && !related.has(path));
  const sources = others.length === 0 ? [] : workspace.sourcePaths();
  const headers = new Set(others.filter((path) => !sources.includes(path)));
  if (headers.size === 0) return;
  for (const path of sources) {
    if (workspace.isOpen(path) || related.has(path)) continue;
    await new Promise((resume) => setImmediate(resume));
    if (token.isCancellationRequested) return;
    const analysis = workspace.analyseUnopened(path, words);
    if (analysis !== undefined && ownHeaders(analysis).some((header) => headers.has(header.path))) yield analysis;
  }
}

/** Files with one of the words, but for those that are known. Other requests are answered between two files. */
export async function* unopenedFor(
  workspace: Workspace,
  uri: string,
  words: readonly string[],
  token: CancellationToken,
  known: ReadonlySet<string> = new Set(),
): AsyncGenerator<Analysis> {
  for (const path of workspace.relatedPaths(uri)) {
    if (workspace.isOpen(path) || known.has(path)) continue;
    await new Promise((resume) => setImmediate(resume));
    if (token.isCancellationRequested) return;
    const analysis = workspace.analyseUnopened(path, words);
    if (analysis !== undefined && !isOtherDriver(workspace.analysis(uri), analysis)) yield analysis;
  }
}
