/**
 * How an expression leads on from a variable: the variable, and the way from it as text. In: an expression of a function.
 * Out: `session` and "->Side.Irp" for `session->Side.Irp`; undefined for what is worked out, or lies in an array.
 *
 * A local that is given one thing only stands for that; the call of a helper of the driver's own for what it returns, where
 * that is the same way from one of its parameters on all of its ways. It ends because each step looks into fewer helpers
 * than the one before, or at a smaller expression, and locals that stand for each other are no way.
 */
import type { CallExpression, Expression, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { onlyValueOf, valuesGiven } from '../body/given-values.ts';
import { nodesIn } from '../body/nodes.ts';
import { isInUnion } from '../body/record-type.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { calledFunction } from './callee.ts';

export interface ObjectPath {
  readonly base: VariableSymbol;
  /** "" for what the variable holds; one that ends with "&" is the address of what stands before. */
  readonly path: string;
}

const DEEPEST = 8;

export function objectPath(session: Session, fn: FunctionInfo, value: Expression, depth = 0): ObjectPath | undefined {
  const e = stripConversions(value, { casts: true });
  if (depth > DEEPEST) return undefined;
  switch (e.kind) {
    case 'name': {
      if (e.symbol.kind !== 'variable') return undefined;
      const only = e.symbol.duration === 'automatic' ? onlyValueOf(fn.definition, e.symbol) : undefined;
      if (only !== undefined) return objectPath(session, fn, only, depth + 1) ?? { base: e.symbol, path: '' };
      return isSteady(fn, e.symbol) ? { base: e.symbol, path: '' } : undefined;
    }
    case 'member': {
      const object = isInUnion(e) ? undefined : objectPath(session, fn, e.object, depth + 1);
      return object && { base: object.base, path: leadOn(object.path, e.name, e.isArrow) };
    }
    case 'address-of': {
      const place = objectPath(session, fn, e.operand, depth + 1);
      return place && { base: place.base, path: `${place.path}&` };
    }
    case 'call':
      return resultPath(session, fn, e, depth + 1);
    default:
      return undefined;
  }
}

/** The way on from what is found at `from`: "->Irp" for "->Session->Irp" behind "->Session"; undefined where it is no part of the way. */
export function behindPath(from: string, path: string): string | undefined {
  if (!from.endsWith('&'))
    return path.startsWith(from) && /^(?:->|$)/.test(path.slice(from.length)) ? path.slice(from.length) : undefined;
  const place = `${from.slice(0, -1)}.`;
  return path.startsWith(place) ? `->${path.slice(place.length)}` : undefined;
}

function leadOn(path: string, name: string, isArrow: boolean): string {
  return isArrow && path.endsWith('&') ? `${path.slice(0, -1)}.${name}` : `${path}${isArrow ? '->' : '.'}${name}`;
}

/** It is the same throughout the function: a parameter that nothing is assigned to, or a variable that lasts. */
function isSteady({ definition }: FunctionInfo, variable: VariableSymbol): boolean {
  if (variable.duration === 'static') return true;
  return variable.isParameter && !variable.isAddressTaken && valuesGiven(definition, variable).length === 0;
}

function resultPath(session: Session, fn: FunctionInfo, call: CallExpression, depth: number): ObjectPath | undefined {
  const helper = calledFunction(session, call);
  if (helper?.isUsers !== true) return undefined;
  const values = nodesIn(helper.definition, 'return').map(({ value }) => value);
  const paths = values.map((value) => value && objectPath(session, helper, value, depth + DEEPEST / 2));
  const [first] = paths;
  if (first === undefined || paths.some((one) => one?.base !== first.base || one.path !== first.path)) return undefined;
  return fromCall(session, fn, call, { helper, path: first, depth });
}

/** A way from a parameter of a helper, as it leads on from what a call of the helper gives. */
export function fromCall(
  session: Session,
  fn: FunctionInfo,
  call: CallExpression,
  inHelper: { readonly helper: FunctionInfo; readonly path: ObjectPath; readonly depth?: number },
): ObjectPath | undefined {
  const { helper, path, depth = 0 } = inHelper;
  if (path.base.duration === 'static') return path;
  const argument = call.arguments[helper.definition.parameters.indexOf(path.base)];
  const given = argument && objectPath(session, fn, argument, depth);
  if (given === undefined) return undefined;
  const isOn = given.path.endsWith('&') && path.path.startsWith('->');
  return {
    base: given.base,
    path: isOn ? `${given.path.slice(0, -1)}.${path.path.slice(2)}` : `${given.path}${path.path}`,
  };
}
