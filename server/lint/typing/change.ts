/**
 * What is different between two texts of a file, in terms of what stands at file scope.
 *
 * In: both outlines. Out: the parts that both texts have, in pairs, and the names that the other parts declare: whatever
 * mentions none of these, directly or by way of others that do, means what it meant. Undefined where more may differ.
 * Parts are taken together in the order of the text, so that one which has moved counts as gone and come.
 */
import { lowerBound } from '../../../base/lower-bound.ts';
import type { SourceFile } from '../../../base/source.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
import { indexAt } from '../../../cfront/tokenize/token-index.ts';
import { tokenize } from '../../../cfront/tokenize/tokenize.ts';
import { type Edit, editBetween } from '../../../cfront/typing/edit.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { ANYTHING, type Body, type Outline, type Part } from './outline.ts';
import { addPiece, type Piece } from './pieces.ts';

export interface Pair {
  readonly old: Part;
  readonly now: Part;
}

export interface Alignment {
  readonly pairs: readonly Pair[];
  /** What only one of the texts has. */
  readonly gone: readonly Part[];
  readonly come: readonly Part[];
}

/** The parts that both texts have with the same words and names, whatever their bodies are. */
export function aligned(old: Outline, now: Outline): Alignment {
  const isSame = sameness(old, now, editBetween(old.file.text, now.file.text));
  const max = Math.min(old.parts.length, now.parts.length);
  let top = 0;
  while (top < max && isSame(old.parts[top] as Part, now.parts[top] as Part)) top++;
  let bottom = 0;
  while (bottom < max - top && isSame(old.parts.at(-1 - bottom) as Part, now.parts.at(-1 - bottom) as Part)) bottom++;
  const [olds, nows] = [old, now].map(({ parts }) => parts.slice(top, parts.length - bottom)) as [Part[], Part[]];
  const between = middlePairs(old, olds, now, nows);
  const [atTop, atBottom] = [top, bottom].map((count, isBottom) =>
    Array.from({ length: count }, (_, i): Pair => {
      const from = ({ parts }: Outline): Part => parts[isBottom ? parts.length - bottom + i : i] as Part;
      return { old: from(old), now: from(now) };
    }),
  ) as [Pair[], Pair[]];
  const [kept, also] = [new Set(between.map((pair) => pair.old)), new Set(between.map((pair) => pair.now))];
  return {
    pairs: [...atTop, ...between, ...atBottom],
    gone: olds.filter((part) => !kept.has(part)),
    come: nows.filter((part) => !also.has(part)),
  };
}

/** Nothing of what lies beside the edit needs to be compared. */
function sameness(old: Outline, now: Outline, { start, olderEnd, newerEnd }: Edit): (a: Part, b: Part) => boolean {
  const by = newerEnd - olderEnd;
  return (a, b) => {
    if (a.names !== b.names || a.kind !== b.kind || (a.body === undefined) !== (b.body === undefined)) return false;
    if (a.end - a.start !== b.end - b.start) return false;
    if ((a.end <= start && b.start === a.start) || (a.start >= olderEnd && b.start === a.start + by)) return true;
    return old.file.text.slice(a.start, a.end) === now.file.text.slice(b.start, b.end);
  };
}

function middlePairs(old: Outline, olds: readonly Part[], now: Outline, nows: readonly Part[]): readonly Pair[] {
  const keyOf = ({ file }: Outline, { start, end, names, kind, body }: Part): string =>
    `${kind} ${names} ${body === undefined} ${file.text.slice(start, end)}`;
  const places = new Map<string, number[]>();
  for (const [i, part] of nows.entries()) {
    const key = keyOf(now, part);
    const known = places.get(key);
    if (known === undefined) places.set(key, [i]);
    else known.push(i);
  }
  const pairs: Pair[] = [];
  let next = 0;
  for (const part of olds) {
    const at = places.get(keyOf(old, part))?.find((i) => i >= next);
    if (at === undefined) continue;
    pairs.push({ old: part, now: nows[at] as Part });
    next = at + 1;
  }
  return pairs;
}

/** Where what both texts have stands in the newer one. Of a body that differs, what is before and behind the difference. */
export function piecesOf(old: Outline, now: Outline, pairs: readonly Pair[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let isFirst = true;
  for (const pair of pairs) {
    const last = pieces.at(-1);
    const by = pair.now.start - pair.old.start;
    // What lies between two parts that have moved alike has moved with them.
    if (isFirst ? by === 0 : last?.by === by) addPiece(pieces, last?.end ?? 0, pair.old.start, by);
    addPiece(pieces, pair.old.start, pair.old.end, by);
    isFirst = false;
    const [a, b] = [pair.old.body, pair.now.body];
    if (a === undefined || b === undefined) continue;
    const { start, olderEnd, newerEnd } = bodyEdit(old, a, now, b);
    addPiece(pieces, a.start, a.start + start, by);
    addPiece(pieces, a.start + olderEnd, a.end, by + newerEnd - olderEnd);
  }
  return pieces;
}

/** Where two texts of a body differ, in offsets from its start. */
export function bodyEdit(old: Outline, a: Body, now: Outline, b: Body): Edit {
  return editBetween(bodyText(old, a), bodyText(now, b));
}

export function bodyText({ file }: Outline, { start, end }: Body): string {
  return file.text.slice(start, end);
}

/** What is concerned by a change at file scope. */
export interface Concerned {
  /** Names that may mean something else now. */
  readonly names: ReadonlySet<string>;
  /** Parts whose body mentions one of them. */
  readonly bodies: ReadonlySet<Part>;
}

/** Names that are looked for: half of a long file may go with a comment that is being typed, and concern few of the rest. */
const namesMax = 10_000;

/** Undefined where nobody can say. */
export function concernedBy(
  { gone, come, pairs }: Alignment,
  old: Outline,
  now: Outline,
  unit: TranslationUnit,
): Concerned | undefined {
  const changed = [...gone, ...come].filter(({ names }) => names !== '');
  if (changed.length === 0) return { names: new Set(), bodies: new Set() };
  const open = pairs.flatMap((pair) => (pair.now.isOpen ? [pair.now] : []));
  const names = new Set([...changed, ...open].flatMap((part) => part.names.split(' ')));
  // Headers see what stands above them.
  const isAbove = ([parts, { includesEnd }]: readonly [readonly Part[], Outline]): boolean =>
    parts.some((part) => part.names !== '' && part.start < includesEnd);
  const all: readonly (readonly [readonly Part[], Outline])[] = [
    [gone, old],
    [come, now],
  ];
  if (names.has(ANYTHING) || all.some(isAbove) || joinsWords(unit)) return undefined;
  const bodies = mentioning(names, now);
  if (bodies === undefined) return undefined;
  const macros = changed.flatMap((part) => (part.kind === 'directive' ? [part.names] : []));
  return isSaidInHeaders(unit, names, new Set(macros)) ? undefined : { names, bodies };
}

/** Adds all names that are declared by way of these, and gives the parts whose bodies have any. */
function mentioning(names: Set<string>, { file, parts }: Outline): ReadonlySet<Part> | undefined {
  const { tokens } = tokenize(file);
  const bodies = new Set<Part>();
  for (let before = -1; before !== names.size && names.size <= namesMax; ) {
    before = names.size;
    for (const part of parts) {
      if (part.names.split(' ').every((name) => names.has(name)) || !hasAny(tokens, part, names)) continue;
      for (const name of part.names.split(' ')) if (name !== '') names.add(name);
    }
  }
  if (names.has(ANYTHING) || names.size > namesMax) return undefined;
  for (const part of parts) if (part.body !== undefined && hasAny(tokens, part.body, names)) bodies.add(part);
  return bodies;
}

function hasAny(tokens: readonly Token[], { start, end }: Body, names: ReadonlySet<string>): boolean {
  for (let i = indexAt(tokens, start); i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.start >= end) return false;
    if (names.has(token.text)) return true;
  }
  return false;
}

/** Names may be made of others where nobody sees them: `a##b`, and words that go on in the next line. */
function joinsWords({ file, includes, isSystemFile }: TranslationUnit): boolean {
  const joins = ({ text }: SourceFile): boolean => text.includes('##') || /\w\\\r?\n\w/.test(text);
  return joins(file) || includes.some((one) => one.file !== undefined && !isSystemFile(one.file) && joins(one.file));
}

/** A macro of a header may mention what is declared behind it; those of bundled headers may mention macros. */
function isSaidInHeaders(
  { includes, isSystemFile }: TranslationUnit,
  names: ReadonlySet<string>,
  macros: ReadonlySet<string>,
): boolean {
  const [any, macro] = [names, macros].map(finderOf);
  return includes.some(({ file }) => {
    if (file === undefined) return false;
    return isSystemFile(file)
      ? macro?.(file.text) === true && isInMacros(file.text, macros)
      : any?.(file.text) === true;
  });
}

/** A macro that the text defines says one of the words, and not as a parameter of its own. */
function isInMacros(text: string, words: ReadonlySet<string>): boolean {
  return [...text.matchAll(definitions)].some(([, parameters = '', body = '']) => {
    const own = new Set(parameters.match(/\w+/g));
    return body.match(/\w+/g)?.some((word) => words.has(word) && !own.has(word)) === true;
  });
}

const definitions = /^[ \t]*#[ \t]*define[ \t]+\w+(?:\(([^)]*)\))?((?:\\\r?\n|.)*)/gm;

/** Words that one expression looks for: of more, each word of a text is looked up. */
const alternativesMax = 100;

function finderOf(words: ReadonlySet<string>): ((text: string) => boolean) | undefined {
  const plain = [...words].filter((word) => /^\w+$/.test(word));
  if (plain.length === 0) return undefined;
  if (plain.length > alternativesMax) return (text) => text.match(/\w+/g)?.some((word) => words.has(word)) === true;
  const any = new RegExp(`\\b(?:${plain.join('|')})\\b`);
  return (text) => any.test(text);
}

/** Some part stands in another line than before, or a body has more of them: what says the number of its line says another. */
export function areLinesMoved(old: Outline, now: Outline, pairs: readonly Pair[]): boolean {
  const lineOf = ({ file }: Outline, offset: number): number =>
    lowerBound(file.lineStarts.length, (i) => (file.lineStarts[i] as number) <= offset);
  return pairs.some((pair) =>
    (['start', 'end'] as const).some((side) => {
      const [a, b] = [pair.old.body ?? pair.old, pair.now.body ?? pair.now];
      return lineOf(old, a[side]) !== lineOf(now, b[side]);
    }),
  );
}
