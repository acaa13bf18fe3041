/**
 * Where a name that nothing declares may come from: a header that was not found, or one that was not included.
 *
 * With a header missing, every name that it would have declared is unknown. Those names are gathered and told in one
 * hint at the end, because the missing header is what has to be mended.
 */
import type { Fix } from '../../base/finding.ts';
import { lineBreakOf, positionAt, type SourceFile, type Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Preprocessed } from '../preprocess/result.ts';

export interface NameSources {
  /** Headers that were not found, as written. */
  readonly missing: readonly string[];
  /** Names that may come from them, with their first places. */
  readonly unresolved: Map<string, Span>;
  /** Every place where one of them stands: by index of the token, and by offset in each file. */
  readonly indexes: Set<number>;
  readonly offsets: Map<SourceFile, number[]>;
  /** Macros as they stand at the end of the file, for names that are near. */
  readonly macros: Preprocessed['macros'];
  readonly headerOf: (name: string) => string | undefined;
  readonly main: SourceFile;
  /** The last `#include` of the main file. */
  readonly lastInclude: Span | undefined;
}

export function nameSources({ includes, main, headerOf, macros }: Preprocessed): NameSources {
  const missing = includes.filter(({ file, name }) => file === undefined && !/\.tmh$/i.test(name));
  const direct = includes.filter(({ isDirect }) => isDirect);
  return {
    missing: [...new Set(missing.map(({ name }) => name))],
    unresolved: new Map(),
    indexes: new Set(),
    offsets: new Map(),
    macros,
    headerOf: headerOf ?? (() => undefined),
    main,
    lastInclude: direct[direct.length - 1]?.span,
  };
}

function nextLine(file: SourceFile, offset: number): number {
  return file.lineStarts[positionAt(file, offset).line + 1] ?? file.text.length;
}

/** The line behind the comments that a file begins with. */
function firstCode({ text }: SourceFile): number {
  let at = 0;
  for (;;) {
    while (/\s|\ufeff/.test(text.charAt(at))) at++;
    const isLine = text.startsWith('//', at);
    if (!isLine && !text.startsWith('/*', at)) break;
    const end = text.indexOf(isLine ? '\n' : '*/', at + 2);
    if (end < 0) return 0;
    at = end + (isLine ? 1 : 2);
  }
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Inserts `#include <header>` in the main file. */
export function includeFix({ main, lastInclude }: NameSources, header: string): Fix {
  const includeAt = lastInclude === undefined ? firstCode(main) : nextLine(main, lastInclude.end);
  const isOpen = includeAt > 0 && !/[\r\n]/.test(main.text.charAt(includeAt - 1));
  const span = { file: main, start: includeAt, end: includeAt };
  const lineBreak = lineBreakOf(main);
  const newText = `${isOpen ? lineBreak : ''}#include <${header}>${lineBreak}`;
  return { title: `Insert '#include <${header}>'`, edits: [{ span, newText }] };
}

/** Notes a name that may come from a missing header; `index` is that of its token. */
export function noteUnresolved(names: NameSources, name: string, index: number, span: Span): void {
  if (!names.unresolved.has(name)) names.unresolved.set(name, span);
  noteUnknown(names, index, span);
}

/** Notes where a name stands that was not understood, so that what follows from it is not told of. */
export function noteUnknown(names: NameSources, index: number, span: Span): void {
  names.indexes.add(index);
  const offsets = names.offsets.get(span.file);
  if (offsets === undefined) names.offsets.set(span.file, [span.start]);
  else offsets.push(span.start);
}

/** How many tokens before a mistake a name may stand to be its cause: `FORCEINLINE VOID f(`, `TRY {`, `IN PVOID x`. */
const reach = 2;

/**
 * Whether a problem may be there only because a name of a missing header was not understood: it marks such a name, or
 * reading stumbled right behind one. `index` is that of the next token.
 */
export function isFollowUp({ missing, indexes, offsets }: NameSources, span: Span, index: number): boolean {
  if (missing.length === 0) return false;
  for (let i = index - reach; i <= index; i++) if (indexes.has(i)) return true;
  return offsets.get(span.file)?.some((offset) => offset >= span.start && offset < span.end) === true;
}

const relatedMax = 10;

/** The hint about names that missing headers may declare; undefined where there is none. */
export function unresolvedHint({ missing, unresolved }: NameSources): SyntaxProblem | undefined {
  const [first, ...rest] = unresolved;
  if (first === undefined) return undefined;
  const [name, span] = first;
  const headers = listed(missing.map((header) => `'${header}'`));
  const were = missing.length === 1 ? 'which was not found' : 'which were not found';
  const subject = rest.length === 0 ? `'${name}' is` : `${listed([...unresolved.keys()].map((n) => `'${n}'`))} are`;
  return {
    code: 'unknown-name',
    severity: 'hint',
    message: `${subject} not declared; ${rest.length === 0 ? 'it' : 'they'} may come from ${headers}, ${were}.`,
    span,
    related: rest.slice(0, relatedMax).map(([other, at]) => ({ span: at, message: `'${other}' stands here.` })),
  };
}

/** "A, B and 7 more". */
function listed(names: readonly string[]): string {
  if (names.length === 1) return names[0] ?? '';
  if (names.length === 2) return names.join(' and ');
  if (names.length === 3) return `${names.slice(0, 2).join(', ')} and ${names[2]}`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
