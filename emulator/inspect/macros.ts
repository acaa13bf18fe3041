/**
 * Macros in a debugger's expression, the driver's own and those of headers: NT_SUCCESS(Status), CONTAINING_RECORD(…).
 *
 * In: the words of an expression, and the units whose macros hold. Out: the words after expansion. A macro that joins
 * or quotes its arguments, or whose arguments are not all there, stays as it is, and so does one inside of itself.
 * It ends because a macro is never expanded within its own body, and because no more than so many words come out.
 */
import type { MacroDefinition, TranslationUnit } from '../../cfront/unit.ts';

const wordsMax = 10_000;

export function expandMacros(units: readonly TranslationUnit[], words: readonly string[]): readonly string[] {
  return expand(units, words, new Set());
}

function expand(
  units: readonly TranslationUnit[],
  words: readonly string[],
  within: ReadonlySet<string>,
): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < words.length && result.length < wordsMax; i++) {
    const word = words[i] as string;
    const macro = within.has(word) ? undefined : macroNamed(units, word);
    const given = macro?.parameters === undefined ? [] : argumentsAt(words, i + 1);
    const body = macro === undefined || given === undefined ? undefined : filledIn(units, macro, given, within);
    if (body === undefined) {
      result.push(word);
      continue;
    }
    result.push(...expand(units, body, new Set([...within, word])));
    if (macro?.parameters !== undefined && given !== undefined)
      i += 1 + given.reduce((sum, one) => sum + one.length + 1, 0);
  }
  return result;
}

function macroNamed(units: readonly TranslationUnit[], word: string): MacroDefinition | undefined {
  if (!/^[A-Za-z_$]/.test(word)) return undefined;
  for (const unit of units) {
    const macro = unit.macros.get(word);
    if (macro !== undefined) return macro;
  }
  return undefined;
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
  units: readonly TranslationUnit[],
  macro: MacroDefinition,
  given: readonly (readonly string[])[],
  within: ReadonlySet<string>,
): readonly string[] | undefined {
  const body = macro.body.map(({ text }) => text);
  if (macro.parameters === undefined) return body.length === 0 ? undefined : body;
  const { parameters } = macro;
  const isFitting = given.length === parameters.length || (parameters.length === 0 && given[0]?.length === 0);
  if (!isFitting || macro.isVariadic || body.includes('#') || body.includes('##')) return undefined;
  return body.flatMap((word) => {
    const at = parameters.indexOf(word);
    return at < 0 ? [word] : expand(units, given[at] ?? [], within);
  });
}
