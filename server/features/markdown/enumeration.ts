/**
 * The enumeration that a constant belongs to, which its type does not say: to C it is an int. In: the constant's symbol.
 * Out: the definition, found at its declaration, so that no list of the unit's enumerations is gone through.
 */
import type { EnumConstantSymbol } from '../../../cfront/parse/ast.ts';
import type { EnumDefinition } from '../../../cfront/types/types.ts';

export function enumerationOf({ declarations }: EnumConstantSymbol): EnumDefinition | undefined {
  const node = declarations[0];
  return node?.kind === 'enum-constant-declaration' ? node.enumeration : undefined;
}
