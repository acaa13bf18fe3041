/**
 * The units in which something may be named: the document's own, those of other open documents, and those of C files
 * that belong with it and are not open, which are read one after another and not kept. All of it is done in turns, in
 * which others are answered; where an open text changes meanwhile, its units are of no more use, and the client is told.
 */
import nodePath from 'node:path';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { InPieces } from '../../../base/in-pieces.ts';
import type { SourceFile } from '../../../base/source.ts';
import { createFileStore, definesEntry } from '../../../host/index.ts';
import type { Analysis } from '../../features/analysis.ts';
import { readingNames } from '../../features/names/name-index.ts';
import { referencesIn, type Target, targetAt } from '../../features/names/references.ts';
import { inTurns } from '../serving/rest.ts';
import type { Workspace } from '../workspace.ts';
import { createMayInclude } from './may-include.ts';

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
    if (file === undefined) continue;
    await turns(
      workspace,
      readingNames(unit, (one) => one === file),
      token,
    );
    if (token.isCancellationRequested) return undefined;
    const target = targetAt(unit, offset, file);
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
  const words = [target.name, ...otherWords];
  for await (const one of unitsFor(workspace, uri, { analysis, target }, words, token)) {
    await turns(
      workspace,
      readingNames(one.unit, ({ text }) => hasOneOf(text, words)),
      token,
    );
    if (token.isCancellationRequested) return;
    yield one;
  }
}

async function* unitsFor(
  workspace: Workspace,
  uri: string,
  { analysis, target }: Located,
  words: readonly string[],
  token: CancellationToken,
): AsyncGenerator<Analysis> {
  yield analysis;
  if (!target.isShared) return;
  for (const other of await togetherWith(workspace, uri, token)) if (other !== analysis) yield other;
  yield* unopenedFor(workspace, uri, words, token);
  yield* sharersOf(workspace, uri, filesNaming({ analysis, target }), words, token);
}

function hasOneOf(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}

/** Work on units in turns; undefined where the request is cancelled. */
export async function turns<Result>(
  workspace: Workspace,
  work: InPieces<Result>,
  token: CancellationToken,
): Promise<Result | undefined> {
  const texts = (): string =>
    workspace
      .openUris()
      .map((uri) => `${uri} ${workspace.version(uri)}`)
      .join();
  const before = texts();
  return inTurns(work, () => {
    if (texts() !== before) throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed.');
    return token.isCancellationRequested;
  });
}

/** A file that is not open, where it is wanted and can be read. The file's text is not kept. */
export function* readingUnopened(
  workspace: Workspace,
  path: string,
  isWanted: (file: SourceFile) => boolean = () => true,
): InPieces<{ readonly analysis: Analysis | undefined }> {
  // A store of its own, so that the texts of a whole project don't stay.
  const reading = createFileStore().read(path);
  const isRead = reading.kind === 'file' && isWanted(reading.file);
  return { analysis: isRead ? yield* workspace.analyseUnopened(reading.file) : undefined };
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
  const mayInclude = createMayInclude();
  const { parseOptions } = workspace.configurations();
  const isWanted = (file: SourceFile): boolean =>
    hasOneOf(file.text, words) && mayInclude(file, parseOptions(file.path), headers);
  for (const path of sources) {
    if (workspace.isOpen(path) || related.has(path)) continue;
    const read = await turns(workspace, readingUnopened(workspace, path, isWanted), token);
    if (read === undefined) return;
    const { analysis } = read;
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
    const isWanted = ({ text }: SourceFile): boolean => hasOneOf(text, words);
    const read = await turns(workspace, readingUnopened(workspace, path, isWanted), token);
    if (read === undefined) return;
    const { analysis } = read;
    if (analysis !== undefined && !isOtherDriver(workspace.analysis(uri), analysis)) yield analysis;
  }
}
