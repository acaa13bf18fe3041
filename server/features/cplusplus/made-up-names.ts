/**
 * Names that C++ as C has and nobody wrote: constructors and destructors, whose own name is a type, are called by as many
 * `$` as there is room for, and operators `operator`.
 *
 * In: a name of the unit and its place. Out: whether it is one of these, and what stands there in the file.
 */
import type { Span } from '../../../base/source.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';

/** As many characters as the name that it stands for leaves. */
export function madeUpName(length: number): string {
  return '$'.repeat(length);
}

export function isMadeUp(name: string): boolean {
  return /^\$+$/.test(name) || name === 'operator';
}

/** Words that C says otherwise. */
export const madeUpMacros: Readonly<Record<string, string>> = { auto: '__auto_type', bool: '_Bool' };

export function isMadeUpMacro({ name, span }: MacroDefinition): boolean {
  return span === undefined && Object.hasOwn(madeUpMacros, name);
}

export function isCplusplus({ macros }: Pick<TranslationUnit, 'macros'>): boolean {
  const auto = macros.get('auto');
  return auto !== undefined && isMadeUpMacro(auto);
}

/** `Connection`, `~Connection`, `operator==`. */
export function writtenName({ file: { text }, start }: Span): string {
  const operator = /^operator\s*(?:\(\s*\)|[^\s\w(]{1,3}|[\w ]+(?=\())/.exec(text.slice(start, start + 80))?.[0];
  if (operator !== undefined) return operator.replace(/\s+/g, ' ');
  const before = /[\w:~]*$/.exec(text.slice(Math.max(0, start - 120), start))?.[0] ?? '';
  const whole = before + (/^[\w:~]*/.exec(text.slice(start, start + 120))?.[0] ?? '');
  // `Connection::~Connection`: the name that was made up may begin anywhere in it.
  return /~?\w+$/.exec(whole)?.[0] ?? whole;
}
