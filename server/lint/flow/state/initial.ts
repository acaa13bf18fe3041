/** What globals and constants hold by their initialisers. */
import type { Expression, FunctionSymbol, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { integerValue, type Root, type Step, type Value } from '../values/values.ts';
import { asSigned } from './conditions.ts';

/** Nothing writes there: text, and constants. */
export function isUnchanging(root: Root): boolean {
  return root.kind === 'literal' || (root.kind === 'global' && isConstant(root.variable.type));
}

/** A table is constant where its elements are. */
export function isConstant(type: CType): boolean {
  return type.isConst === true || (type.kind === 'array' && isConstant(type.element));
}

/** What the initializer of a constant says of a place in it; undefined where that is no number. */
export function initialNumber(variable: VariableSymbol, steps: readonly Step[]): Value | undefined {
  const found = initialOf(variable, steps);
  const value = found === undefined ? undefined : constantValue(found.value);
  return found === undefined || value === undefined ? undefined : integerValue(asSigned(value, found.type));
}

/** The function that a constant holds from its beginning, where `value` was read from one: a table of routines. */
export function initialFunction(value: Value): FunctionSymbol | undefined {
  if (value.kind !== 'symbol' || value.source.kind !== 'initial') return undefined;
  const { root, steps } = value.source.place;
  if (root.kind !== 'global' || !isConstant(root.variable.type)) return undefined;
  const found = initialOf(root.variable, steps);
  const inner = found === undefined ? undefined : stripConversions(found.value, { casts: true });
  const named = inner?.kind === 'address-of' ? stripConversions(inner.operand, { casts: true }) : inner;
  return named?.kind === 'name' && named.symbol.kind === 'function' ? named.symbol : undefined;
}

/** The part of a variable's initializer that a place in it begins with. */
function initialOf(
  { type, definition }: VariableSymbol,
  steps: readonly Step[],
): { readonly value: Expression; readonly type: CType } | undefined {
  const initializer = definition?.initializer;
  const [step, more] = steps;
  if (initializer === undefined) return undefined;
  if (initializer.kind === 'expression') return step === undefined ? { value: initializer.value, type } : undefined;
  if (more !== undefined || step?.kind === 'index') return undefined;
  const offset = step?.bytes ?? 0;
  return initializer.entries.find((one) => one.offset === offset && one.bits === undefined);
}
