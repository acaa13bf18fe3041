/**
 * The names that stand for an argument in the driver's text, where its number alone does not tell what was meant: flags
 * and options of different functions have equal numbers. Out: the names that match, from the argument itself, from all
 * that a local variable is given, or from what a helper's callers write; none where one of them is not known.
 *
 * It ends because each step goes one helper out, or looks at one function's assignments.
 */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../cfront/parse/walk.ts';
import { valuesGiven } from '../body/given-values.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import type { Where } from '../flow/state/where.ts';
import { functionsNamed } from './named.ts';

export interface Written {
  readonly names: readonly string[];
  /** The expression that says so, in the outermost function that has a part in it. */
  readonly at: Expression;
  /** It stands at the call itself, and not at a helper's call or in an assignment. */
  readonly isDirect: boolean;
}

/** `pattern` is global. `fn` is the function in which the outermost call stands. */
export function writtenFor(
  session: Session,
  fn: FunctionInfo,
  where: Where,
  { index, pattern }: { readonly index: number; readonly pattern: RegExp },
): Written | undefined {
  const levels = levelsOf(session, fn, where);
  let position = index;
  for (const [depth, level] of [...levels].reverse().entries()) {
    const argument = level.where.arguments[position];
    if (argument === undefined) return undefined;
    const names = namesIn(argument, pattern);
    if (names.length > 0) return { names, at: argument, isDirect: depth === 0 && levels.length === 1 };
    const e = stripConversions(argument, { casts: true });
    if (e.kind !== 'name' || e.symbol.kind !== 'variable' || level.definition === undefined) return undefined;
    const parameter = level.definition.parameters.indexOf(e.symbol);
    if (parameter < 0) return givenTo(level.definition, e.symbol, pattern, argument);
    // A parameter that the helper changes is not what its caller wrote.
    if (valuesGiven(level.definition, e.symbol).length > 0) return undefined;
    position = parameter;
  }
  return undefined;
}

interface Level {
  readonly where: Where;
  /** The function in which the call stands. */
  readonly definition: FunctionDefinition | undefined;
}

/** From the outermost call to the innermost. */
function levelsOf(session: Session, fn: FunctionInfo, where: Where): readonly Level[] {
  const levels: Level[] = [{ where, definition: fn.definition }];
  for (let at = where; at.inside !== undefined; at = at.inside.where) {
    const { helper } = at.inside;
    const named = functionsNamed(session, helper);
    levels.push({ where: at.inside.where, definition: named.length === 1 ? named[0]?.definition : undefined });
  }
  return levels;
}

/** All that a local variable is given, where each of it has such a name. */
function givenTo(
  definition: FunctionDefinition,
  variable: VariableSymbol,
  pattern: RegExp,
  at: Expression,
): Written | undefined {
  if (variable.duration !== 'automatic' || variable.isAddressTaken) return undefined;
  const names = valuesGiven(definition, variable).flatMap((value) => namesIn(value, pattern));
  return names.length === 0 ? undefined : { names, at, isDirect: false };
}

/** Those in its text; where there are none, the macros out of which a name of the driver's own makes it. */
export function namesIn(e: Expression, pattern: RegExp): readonly string[] {
  const names = textOf(e).match(pattern) ?? [];
  if (names.length > 0) return names;
  const macros: string[] = [];
  for (let from = e.first.expansion; from !== undefined; from = from.outer) macros.push(from.macro);
  return macros.flatMap((macro) => macro.match(pattern) ?? []).slice(0, 1);
}

function textOf(node: Expression): string {
  const { file, start, end } = nodePlace(node);
  return file.text.slice(start, end);
}
