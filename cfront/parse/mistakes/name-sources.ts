/**
 * Where a name that nothing declares may come from: a header that was not found, or one that was not included.
 *
 * With a header missing, every name that it would have declared is unknown. Those names are gathered and told in one
 * hint at the end, because the missing header is what has to be mended. Where only headers are missing that Microsoft
 * ships, they go with the hint about the first of these.
 */
import type { Fix } from '../../../base/finding.ts';
import { listed } from '../../../base/listed.ts';
import { lineBreakOf, positionAt, type SourceFile, type Span } from '../../../base/source.ts';
import type { SyntaxProblem } from '../../errors.ts';
import { headerOrigin, namesLackedBy } from '../../preprocess/known-headers.ts';
import { unbundled } from '../../preprocess/missing-header.ts';
import type { Preprocessed } from '../../preprocess/result.ts';

/** What is missing: a value, a function that is called, a type, a word that a macro should have taken away, a member. */
export type UnknownKind = 'name' | 'function' | 'type' | 'macro' | 'member';

/** A name that nothing declares, where a header is missing that may. */
export interface UnknownName {
  readonly name: string;
  readonly kind: UnknownKind;
  /** Where it stands first. */
  readonly span: Span;
  /** The bundled header that declares it; the missing one may include it. */
  readonly header?: string;
}

export type UnincludedName = UnknownName & Required<Pick<UnknownName, 'header'>>;

/** The index of its token, and its span. */
export interface UnknownPlace {
  readonly index: number;
  readonly span: Span;
}

export interface NameSources {
  /** Headers that were not found, as written. */
  readonly missing: readonly string[];
  /** Each of them is one that Microsoft ships. */
  readonly areKnown: boolean;
  /** Names of Microsoft's that bundled headers lack which are read. */
  readonly lacked: readonly RegExp[];
  /** Names that may come from them, with their first places, in the order of reading. */
  readonly unresolved: Map<string, UnknownName>;
  /** Names that bundled headers declare that are not included, likewise; gathered only where a header is missing. */
  readonly unincluded: Map<string, UnincludedName>;
  /** Every place where one of them stands, in the order of reading. */
  readonly places: UnknownPlace[];
  /** Names of which it was asked whether they are macros, and searches for a macro that is near which found none. */
  readonly asked: Set<string>;
  readonly searches: MacroSearch[];
  /** Macros as they stand at the end of the file, for names that are near. */
  readonly macros: Preprocessed['macros'];
  readonly headerOf: (name: string) => string | undefined;
  readonly counterpartOf: (name: string) => string | undefined;
  readonly main: SourceFile;
  /** Where the main file includes. */
  readonly direct: DirectIncludes;
}

/** The last `#include` of a file, and the first one of a header that may need the kernel's. */
export interface DirectIncludes {
  readonly last: Span | undefined;
  readonly firstAngled: Span | undefined;
}

/** A search for a macro, with parameters or without, that is nearer to a name than so many edits. */
export interface MacroSearch {
  readonly name: string;
  readonly isCall: boolean;
  readonly below: number;
}

/** What is needed of the preprocessor. */
export type TextSource = Pick<
  Preprocessed,
  'includes' | 'isSystemFile' | 'main' | 'headerOf' | 'counterpartOf' | 'macros'
>;

export function nameSources(source: TextSource): NameSources {
  const { includes, isSystemFile, main, headerOf, counterpartOf, macros } = source;
  const missing = includes.filter(({ file, name }) => file === undefined && !/\.tmh$/i.test(name));
  return {
    missing: [...new Set(missing.map(({ name }) => name))],
    areKnown: missing.every(({ name }) => headerOrigin(name) !== undefined),
    lacked: [...new Set(includes.flatMap((include) => namesLacked(include, isSystemFile) ?? []))],
    unresolved: new Map(),
    unincluded: new Map(),
    places: [],
    asked: new Set(),
    searches: [],
    macros,
    headerOf: headerOf ?? (() => undefined),
    counterpartOf: counterpartOf ?? (() => undefined),
    main,
    direct: directIncludes(includes),
  };
}

export function directIncludes(includes: Preprocessed['includes']): DirectIncludes {
  const direct = includes.filter(({ isDirect }) => isDirect);
  const isAngled = ({ form, name }: Preprocessed['includes'][number]): boolean =>
    form === 'angled' && name !== 'initguid.h';
  return { last: direct.at(-1)?.span, firstAngled: direct.find(isAngled)?.span };
}

function namesLacked(
  { file }: Preprocessed['includes'][number],
  isSystemFile: Preprocessed['isSystemFile'],
): RegExp | undefined {
  return file !== undefined && isSystemFile(file) ? namesLackedBy(file.path) : undefined;
}

/** Names that nothing declares may be there: of a header that was not found, or not in full. */
export function mayLack({ missing, lacked }: NameSources): boolean {
  return missing.length > 0 || lacked.length > 0;
}

/** This name, which nothing declares, may be one of them. A name for programs is in no header of the kernel's. */
export function mayLackName({ missing, lacked, counterpartOf }: NameSources, name: string): boolean {
  if (missing.length > 0) return true;
  return lacked.some((names) => names.test(name)) && counterpartOf(name) === undefined;
}

function lineStart(file: SourceFile, offset: number): number {
  return file.lineStarts[positionAt(file, offset).line] ?? 0;
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

/** On these the other headers of a kit are built, as Microsoft's own do not always say themselves. */
const kernelHeader = /^(?:ntddk|ntifs|wdm)\.h$/;

/** Inserts `#include <header>` in the main file. */
export function includeFix({ main, direct }: Pick<NameSources, 'main' | 'direct'>, header: string): Fix {
  const { last, firstAngled } = direct;
  const isFirst = firstAngled !== undefined && kernelHeader.test(header);
  const behind = last === undefined ? firstCode(main) : nextLine(main, last.end);
  const includeAt = isFirst ? lineStart(main, firstAngled.start) : behind;
  const isOpen = includeAt > 0 && !/[\r\n]/.test(main.text.charAt(includeAt - 1));
  const span = { file: main, start: includeAt, end: includeAt };
  const lineBreak = lineBreakOf(main);
  const newText = `${isOpen ? lineBreak : ''}#include <${header}>${lineBreak}`;
  return { title: `Insert '#include <${header}>'`, edits: [{ span, newText }] };
}

/** Notes a name that may come from a missing header; `index` is that of its token. */
export function noteUnresolved(names: NameSources, unknown: UnknownName, index: number): void {
  if (!names.unresolved.has(unknown.name)) names.unresolved.set(unknown.name, unknown);
  noteUnknown(names, index, unknown.span);
}

/** Notes a name of a bundled header that nothing includes: a missing header may be the one that would. */
export function noteUnincluded(names: NameSources, unknown: UnincludedName, index: number): void {
  if (!names.unincluded.has(unknown.name)) names.unincluded.set(unknown.name, unknown);
  noteUnknown(names, index, unknown.span);
}

/** All names that may come from a header that was not found, or from what it includes. */
export function unresolvedNames({ unresolved, unincluded }: NameSources): readonly UnknownName[] {
  return [...unresolved.values(), ...[...byHeader(unincluded).values()].flat()];
}

/** Headers in the order of their first names. */
function byHeader(unincluded: NameSources['unincluded']): ReadonlyMap<string, readonly UnknownName[]> {
  const headers = new Map<string, UnknownName[]>();
  for (const unknown of unincluded.values()) {
    const others = headers.get(unknown.header);
    if (others === undefined) headers.set(unknown.header, [unknown]);
    else others.push(unknown);
  }
  return headers;
}

/** Notes where a name stands that was not understood, so that what follows from it is not told of. */
export function noteUnknown({ places }: NameSources, index: number, span: Span): void {
  places.push({ index, span });
}

/**
 * Whether a problem may be there only because a name of a missing header was not understood: it marks such a name, or
 * reading stumbled at most `reach` tokens behind one. `index` is that of the next token.
 */
export function isFollowUp({ places }: NameSources, span: Span, index: number, reach: number): boolean {
  return places.some(
    (place) =>
      (place.index >= index - reach && place.index <= index) ||
      (place.span.file === span.file && place.span.start >= span.start && place.span.start < span.end),
  );
}

/** Whether a name that was not understood stands at this token or behind it. */
export function hasUnknownSince({ places }: NameSources, index: number): boolean {
  return places.some((place) => place.index >= index);
}

const relatedMax = 10;

/** Hints about names that missing headers may declare or include: one for those of each bundled header, one for the rest. */
export function unresolvedHints(names: NameSources): readonly SyntaxProblem[] {
  const headers = listed(names.missing.map((header) => `'${header}'`));
  const were = names.missing.length === 1 ? 'which was not found' : 'which were not found';
  const hints: SyntaxProblem[] = [];
  for (const [header, unknown] of byHeader(names.unincluded)) {
    const why = `come${unknown.length === 1 ? 's' : ''} from <${header}>, which is not included; ${headers}, ${were}, may include it.`;
    const hint = hintAbout(unknown, (it) => `${it} ${why}`);
    const span = hint?.span;
    if (hint !== undefined) hints.push(span?.file === names.main ? { ...hint, fix: includeFix(names, header) } : hint);
  }
  if (names.areKnown) return hints;
  const rest = hintAbout([...names.unresolved.values()], (it) => `${it} may come from ${headers}, ${were}.`);
  return rest === undefined ? hints : [...hints, rest];
}

/**
 * The problems of the preprocessor, with names that may come from a header of Microsoft's under the hint about it. Of a
 * header that is bundled in part, something is said only where a name is not known.
 */
export function withUnresolved(
  { problems, includes, isSystemFile }: Pick<Preprocessed, 'problems' | 'includes' | 'isSystemFile'>,
  unresolved: readonly UnknownName[],
): readonly SyntaxProblem[] {
  const own = unresolved.filter(({ header }) => header === undefined);
  if (own.length === 0) return problems;
  const related = own.slice(0, relatedMax).map(({ name, span }) => ({ span, message: `'${name}' is not declared.` }));
  const at = problems.findIndex(({ code }) => code === unbundled);
  if (at >= 0) return problems.map((problem, i) => (i === at ? { ...problem, related } : problem));
  const partial = includes.find((include) => own.some(({ name }) => namesLacked(include, isSystemFile)?.test(name)));
  if (partial === undefined || problems.some(({ code }) => code === 'include-not-found')) return problems;
  const message = `Not all names of '${partial.name}' are known here, and rules about the others are silent.`;
  return [...problems, { code: 'partial-header', severity: 'hint', message, span: partial.span, related }];
}

function hintAbout(names: readonly UnknownName[], why: (it: string) => string): SyntaxProblem | undefined {
  const [first, ...rest] = names;
  if (first === undefined) return undefined;
  const { name, span } = first;
  const subject = rest.length === 0 ? `'${name}' is` : `${listed(names.map((other) => `'${other.name}'`))} are`;
  return {
    code: 'unknown-name',
    severity: 'hint',
    message: `${subject} not declared; ${why(rest.length === 0 ? 'it' : 'they')}`,
    span,
    related: rest.slice(0, relatedMax).map((other) => ({ span: other.span, message: `'${other.name}' stands here.` })),
  };
}
