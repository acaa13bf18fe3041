/**
 * What the variables of a function are given: by their declarations and by assignments, at whatever place of the body and
 * under whatever condition. In: a function. Out: the values as they stand in the tree, declarations first.
 *
 * Initialisers of arrays and records are lists, and no values of these.
 */
import { memo } from '../../../base/memo.ts';
import type {
  AssignExpression,
  CSymbol,
  Expression,
  FunctionDefinition,
  VariableDeclaration,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../cfront/parse/walk.ts';
import { nodesIn } from './nodes.ts';
import { isRecord } from './record-type.ts';

export interface Given {
  readonly variable: VariableSymbol;
  readonly value: Expression;
  readonly node: VariableDeclaration | AssignExpression;
}

export const givenIn = memo((definition: FunctionDefinition): readonly Given[] => {
  const declared = nodesIn(definition, 'variable-declaration').flatMap((node): readonly Given[] => {
    const { symbol, initializer } = node;
    return initializer?.kind === 'expression' ? [{ variable: symbol, value: initializer.value, node }] : [];
  });
  const assigned = nodesIn(definition, 'assign').flatMap((node): readonly Given[] => {
    const target = stripConversions(node.target, { casts: true });
    const symbol = target.kind === 'name' ? target.symbol : undefined;
    return symbol?.kind === 'variable' ? [{ variable: symbol, value: node.value, node }] : [];
  });
  return [...declared, ...assigned];
});

/** All that one variable is given; a parameter is given more by its callers. */
export function valuesGiven(definition: FunctionDefinition, variable: CSymbol): readonly Expression[] {
  return givenIn(definition).flatMap((given) => (given.variable === variable ? [given.value] : []));
}

/** What a local of the function's own is given, where that is one thing only. */
export function onlyValueOf(definition: FunctionDefinition, variable: VariableSymbol): Expression | undefined {
  if (variable.duration !== 'automatic' || variable.isParameter || variable.isAddressTaken) return undefined;
  const given = valuesGiven(definition, variable).filter((value) => constantValue(value) !== 0n);
  const [first, more] = given;
  return first === undefined || more !== undefined ? undefined : stripConversions(first, { casts: true });
}

/** The expression without its casts, or the one thing that the local that it names is given. */
export function throughLocal(definition: FunctionDefinition, argument: Expression): Expression {
  const e = stripConversions(argument, { casts: true });
  return (e.kind === 'name' && e.symbol.kind === 'variable' ? onlyValueOf(definition, e.symbol) : undefined) ?? e;
}

/** The variables that are given such a value, and maybe others. */
export function holdersOf(
  definition: FunctionDefinition,
  isSuch: (value: Expression) => boolean,
): ReadonlySet<CSymbol> {
  return new Set(givenIn(definition).flatMap(({ variable, value }) => (isSuch(value) ? [variable] : [])));
}

/** Some record of this kind is given what another one holds, all of it: to a variable, or to anything else. */
export function copiesRecords(definition: FunctionDefinition, tag: string): boolean {
  return (
    nodesIn(definition, 'assign').some(({ value }) => isRecord(value.type, tag)) ||
    givenIn(definition).some(({ variable }) => isRecord(variable.type, tag))
  );
}
