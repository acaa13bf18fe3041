/**
 * Completion by place: directives and headers in `#include`, members behind `.` and `->`, values that fit an argument,
 * result or assignment, and otherwise names. What fits the place comes first, then the driver's own names, then the
 * rest.
 */
import { place } from '../../cfront/tokenize/token.ts';
import { type Analysis, wordAt } from './analysis.ts';
import { addressAt, behindAddress } from './completion/addressed.ts';
import { annotationArguments, annotationItems } from './completion/annotations.ts';
import { newCallbackItems } from './completion/callbacks.ts';
import { castTypeItems } from './completion/cast-types.ts';
import { directiveItems, isConditionAt } from './completion/directives.ts';
import { type Expected, expectedAt } from './completion/expected-at.ts';
import { type FindHeaders, headerItems } from './completion/headers.ts';
import { type CompletionItem, ranks } from './completion/item.ts';
import { labelItems } from './completion/labels.ts';
import { unlikelyKinds } from './completion/likely.ts';
import { memberItems } from './completion/members.ts';
import { nameItems } from './completion/names.ts';
import { patternItems } from './completion/patterns.ts';
import { scopeItems } from './completion/scope-items.ts';
import { Shortlist } from './completion/shortlist.ts';
import { valueItems } from './completion/values.ts';
import { beginsStatement, bracketsAt, lastCodeBefore, wordBefore } from './places/brackets.ts';
import { lexicalPlace } from './places/lexical-place.ts';

export interface Completion {
  readonly items: readonly CompletionItem[];
  /** There is more: the editor should ask again when the word has grown. */
  readonly isIncomplete: boolean;
}

export interface CompletionOptions {
  /** `character`: the editor asks by itself because of a character such as a blank, not because somebody wants a list. */
  readonly trigger: 'character' | 'person';
  /** What the folders hold in which `#include` looks; left out, only bundled headers are offered. */
  readonly headers?: FindHeaders;
}

/** Items of one answer at most, which keeps it below 100 KB. */
const itemsMax = 400;

const nothing: Completion = { items: [], isIncomplete: false };

export function complete(analysis: Analysis, offset: number, options: CompletionOptions): Completion {
  const { trigger } = options;
  const { unit } = analysis;
  const lexical = lexicalPlace(unit, offset);
  if (lexical.kind === 'directive' && /^(?:include|include_next|import)$/.test(lexical.name)) {
    return { items: headerItems(analysis, { span: lexical.span, offset }, options.headers), isIncomplete: false };
  }
  if (lexical.kind !== 'code') return nothing;
  const typed = wordStartAt(analysis, offset);
  const directive = directiveItems(analysis, typed.start);
  if (directive !== undefined) return { items: directive, isIncomplete: false };
  // `a->` that is half typed has nothing to do with a statement below it.
  const members = beginsStatement(unit.file.text, typed.start) ? undefined : memberItems(analysis, typed.start);
  if (members !== undefined) return { items: members, isIncomplete: false };
  const scope = scopeItems(analysis, typed.start);
  if (scope !== undefined) return { items: scope, isIncomplete: false };
  if (isNewName(analysis, typed.start)) return nothing;
  const own = labelItems(analysis, typed.start) ?? annotationArguments(analysis, typed.start);
  if (own !== undefined) return { items: own, isIncomplete: false };
  const { expected, fitting } = fittingAt(analysis, offset, typed);
  if (typed.word === '' && trigger === 'character') return { items: fitting, isIncomplete: false };
  return withNames(analysis, offset, { fitting, expected }, typed);
}

interface Fitting {
  readonly expected: Expected | undefined;
  readonly fitting: readonly CompletionItem[];
}

function fittingAt(
  analysis: Analysis,
  offset: number,
  typed: { readonly start: number; readonly word: string },
): Fitting {
  const address = addressAt(analysis.unit.file.text, typed.start);
  const cast = castTypeItems(analysis, typed.start);
  if (cast !== undefined) return { expected: undefined, fitting: cast };
  const expected = expectedAt(analysis, address ?? typed.start);
  if (expected === undefined) return { expected, fitting: patternItems(analysis, typed.start, typed.word) };
  const values = valueItems(analysis, expected, offset);
  if (address !== undefined) return { expected, fitting: behindAddress(values) };
  return { expected, fitting: [...values, ...newCallbackItems(analysis, expected, typed.start)] };
}

/** The part of the word that stands before the offset. */
function wordStartAt({ unit }: Analysis, offset: number): { readonly start: number; readonly word: string } {
  const found = wordAt(unit, offset);
  const start = found?.span.start ?? offset;
  return { start, word: unit.file.text.slice(start, offset) };
}

/** Behind a type in a block or a list of parameters: a name that nobody knows yet, which no list may replace. */
function isNewName({ unit }: Analysis, wordStart: number): boolean {
  const { text } = unit.file;
  let before = lastCodeBefore(text, wordStart);
  while (text[before] === '*') before = lastCodeBefore(text, before);
  const word = wordBefore(text, before + 1);
  if (word === '' || unit.symbols.get(word)?.kind !== 'typedef' || beginsStatement(text, wordStart)) return false;
  // `a->ULONG` is no type.
  if (/[.>]/.test(text.charAt(lastCodeBefore(text, before + 1 - word.length)))) return false;
  return bracketsAt(text, wordStart).length > 0;
}

function withNames(
  analysis: Analysis,
  offset: number,
  { fitting, expected }: Fitting,
  typed: { readonly start: number; readonly word: string },
): Completion {
  const list = new Shortlist(typed.word, fitting, itemsMax);
  // Half a word at the start of a line is read as a declaration.
  if (isDeclaredOnlyAt(analysis, typed.word, typed.start)) list.leaveOut(typed.word);
  const { text } = analysis.unit.file;
  const unlikely = unlikelyKinds(text, typed.start, expected);
  // Where the constants are listed that fit, others of the system's are for other places.
  const isListed = fitting.some(({ kind, rank }) => kind === 'constant' && rank < ranks.newCallback);
  const all = nameItems(analysis, { offset, wordStart: typed.start }, list);
  // The preprocessor knows macros only.
  const known = isConditionAt(text, typed.start) ? all.filter(({ kind }) => /^(?:constant|macro)$/.test(kind)) : all;
  const names = known.map((item) => {
    if (isListed && item.kind === 'constant' && item.rank >= ranks.common)
      return { ...item, rank: item.rank + 2 * ranks.unlikely };
    return unlikely.includes(item.kind) ? { ...item, rank: item.rank + ranks.unlikely } : item;
  });
  const found = [...annotationItems(list), ...names].toSorted((a, b) => a.rank - b.rank);
  const items = [...fitting, ...found];
  return { items: items.slice(0, itemsMax), isIncomplete: list.isCut || items.length > itemsMax };
}

function isDeclaredOnlyAt({ unit }: Analysis, name: string, offset: number): boolean {
  const places = unit.symbols.get(name)?.declarations.map((node) => {
    const { file, start } = place('nameToken' in node && node.nameToken !== undefined ? node.nameToken : node.first);
    return file === unit.file ? start : -1;
  });
  return places !== undefined && places.length > 0 && places.every((start) => start === offset);
}
