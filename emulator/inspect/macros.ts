/**
 * Macros in a debugger's expression, the driver's own and those of headers: NT_SUCCESS(Status), CONTAINING_RECORD(…).
 *
 * In: the words of an expression, and the units whose macros hold. Out: the words after expansion. A macro that joins
 * or quotes its arguments, or whose arguments are not all there, stays as it is, and so does one inside of itself.
 * An inline function that the program has no code for, since nothing calls it, is read as a macro where all that it does
 * is to return an expression (MmGetMdlByteCount). It ends because a macro is never expanded within its own body, and
 * because no more than so many words come out.
 */

import type { FunctionSymbol } from '../../cfront/parse/ast.ts';
import { nodePlace } from '../../cfront/parse/node-place.ts';
import { typeText } from '../../cfront/types/text.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { wordsOf } from './expression-reader.ts';

const wordsMax = 10_000;

export interface MacroSource {
  readonly units: readonly TranslationUnit[];
  /** A function of that name can be called. */
  readonly hasCode: (name: string) => boolean;
}

/** What a word stands for. */
interface Expansion {
  readonly parameters: readonly string[] | undefined;
  readonly body: readonly string[];
  /** Members that are named as a parameter is are no parameters: of a function. */
  readonly isFunction: boolean;
}

export function expandMacros(source: MacroSource, words: readonly string[]): readonly string[] {
  return expand(source, words, new Set());
}

function expand(source: MacroSource, words: readonly string[], within: ReadonlySet<string>): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < words.length && result.length < wordsMax; i++) {
    const word = words[i] as string;
    const macro = within.has(word) ? undefined : expansionOf(source, word);
    const given = macro?.parameters === undefined ? [] : argumentsAt(words, i + 1);
    const body = macro === undefined || given === undefined ? undefined : filledIn(source, macro, given, within);
    if (body === undefined) {
      result.push(word);
      continue;
    }
    result.push(...expand(source, body, new Set([...within, word])));
    if (macro?.parameters !== undefined && given !== undefined)
      i += 1 + given.reduce((sum, one) => sum + one.length + 1, 0);
  }
  return result;
}

function expansionOf({ units, hasCode }: MacroSource, word: string): Expansion | undefined {
  if (!/^[A-Za-z_$]/.test(word)) return undefined;
  for (const unit of units) {
    const macro = unit.macros.get(word);
    if (macro?.isVariadic === true) return undefined;
    if (macro !== undefined) {
      return { parameters: macro.parameters, body: macro.body.map(({ text }) => text), isFunction: false };
    }
  }
  for (const unit of units) {
    const symbol = unit.symbols.get(word);
    if (symbol?.kind === 'function' && !hasCode(word)) return returned(symbol);
  }
  return undefined;
}

/** What a function gives that does nothing but return an expression. */
function returned({ definition, type }: FunctionSymbol): Expansion | undefined {
  const [only, more] = definition?.body.items ?? [];
  if (definition === undefined || only?.kind !== 'return' || only.value === undefined || more !== undefined)
    return undefined;
  const { file, start, end } = nodePlace(only.value);
  const value = wordsOf(file.text.slice(start, end));
  const body = ['(', '(', ...wordsOf(typeText(type.result)), ')', '(', ...value, ')', ')'];
  return { parameters: type.parameters.map(({ name }) => name ?? ''), body, isFunction: true };
}

/** The words of each argument behind a macro's name; undefined where no whole list of them stands there. */
function argumentsAt(words: readonly string[], at: number): readonly (readonly string[])[] | undefined {
  if (words[at] !== '(') return undefined;
  let depth = 0;
  let last: string[] = [];
  const all = [last];
  for (const word of words.slice(at + 1)) {
    if (word === ')' && depth === 0) return all;
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (word === ',' && depth === 0) all.push((last = []));
    else last.push(word);
  }
  return undefined;
}

function filledIn(
  source: MacroSource,
  { parameters, body, isFunction }: Expansion,
  given: readonly (readonly string[])[],
  within: ReadonlySet<string>,
): readonly string[] | undefined {
  if (parameters === undefined) return body.length === 0 ? undefined : body;
  const isFitting = given.length === parameters.length || (parameters.length === 0 && given[0]?.length === 0);
  if (!isFitting || body.includes('#') || body.includes('##')) return undefined;
  return body.flatMap((word, i) => {
    const isMember = isFunction && /^(?:->|\.)$/.test(body[i - 1] ?? '');
    const at = isMember ? -1 : parameters.indexOf(word);
    if (at < 0) return [word];
    const argument = expand(source, given[at] ?? [], within);
    return isFunction ? ['(', ...argument, ')'] : argument;
  });
}
