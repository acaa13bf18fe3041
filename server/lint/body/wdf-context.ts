/**
 * Functions that find a structure of the driver's in the framework object that carries it: KMDF's macros declare one for
 * each such type, and the framework has its body. In: what is called. Out: the type's name, by which each object has one.
 */
import { memo } from '../../../base/memo.ts';
import type { CallExpression, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';

/** The macro that declares such a function has done so. */
export const isContextGetter = memo((symbol: FunctionSymbol): boolean =>
  symbol.declarations.some(({ first }) => isMadeBy(first, 'WDF_DECLARE_CASTING_FUNCTION')),
);

function isMadeBy({ expansion }: Token, macro: string): boolean {
  for (let from = expansion; from !== undefined; from = from.outer) if (from.macro === macro) return true;
  return false;
}

/** The name of the type that the call finds; undefined where it finds none that the text names. */
export function contextTypeOf(symbol: FunctionSymbol, { arguments: [, info] }: CallExpression): string | undefined {
  if (isContextGetter(symbol)) return symbol.type.result.alias?.replace(/^WDF_POINTER_TYPE_/, '');
  if (symbol.name !== 'WdfObjectGetTypedContextWorker' || info === undefined) return undefined;
  const unique = stripConversions(info, { casts: true });
  const object = unique.kind === 'member' ? stripConversions(unique.object) : undefined;
  const named = object?.kind === 'address-of' ? stripConversions(object.operand) : undefined;
  return named?.kind === 'name' ? named.symbol.name.replace(/^_WDF_(\w+)_TYPE_INFO$/, '$1') : undefined;
}
