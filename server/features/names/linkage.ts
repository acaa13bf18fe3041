/**
 * What the linker joins: functions and variables with external linkage are one thing in all files that name them, and one
 * of these files defines it. In: symbols of one unit, and other units. Out: whether they are joined, and with which.
 */
import type { CSymbol, FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

export type LinkedSymbol = FunctionSymbol | VariableSymbol;

export function isLinked(symbol: CSymbol): symbol is LinkedSymbol {
  return (symbol.kind === 'function' || symbol.kind === 'variable') && symbol.linkage === 'external';
}

/** Its own unit only declares it: another one may define it. */
export function isDeclaredOnly(symbol: CSymbol): symbol is LinkedSymbol {
  return isLinked(symbol) && symbol.definition === undefined;
}

/** The same function or variable in those units that define it. */
export function definedIn<S extends LinkedSymbol>(units: readonly TranslationUnit[], { kind, name }: S): readonly S[] {
  return units.flatMap(({ symbols }) => {
    const other = symbols.get(name);
    const isIt = other?.kind === kind && isLinked(other) && other.definition !== undefined;
    return isIt ? [other as S] : []; /* of the same kind */
  });
}
