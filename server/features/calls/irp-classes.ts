/**
 * Which expressions may be the same IRP: variables, parameters, members and function results that one is copied to, in
 * the units of a driver and without regard to order. Deliberately coarse: it joins a call that sends an IRP with the
 * places that set a completion routine for it, for people to look at, and decides nothing.
 */

import type { Expression, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { entityKey } from '../names/entity.ts';
import { isLinked } from '../names/linkage.ts';

/** What an IRP is kept in: a symbol or parameter as the object itself, a member or a result by a key. */
export type Holder = object | string;

export interface IrpClasses {
  join(a: Expression, b: Expression | Holder): void;
  /** One value for all that may be the same; undefined for what is no IRP that can be told. */
  of(e: Expression): Holder | undefined;
}

export function createIrpClasses(): IrpClasses {
  const parents = new Map<Holder, Holder>();
  const root = (holder: Holder): Holder => {
    let at = holder;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    if (at !== holder) parents.set(holder, at);
    return at;
  };
  return {
    join(a, b) {
      const left = holderOf(a);
      const right = typeof b === 'object' && 'type' in b && 'first' in b ? holderOf(b as Expression) : b;
      if (left === undefined || right === undefined) return;
      const [from, to] = [root(left), root(right)];
      if (from !== to) parents.set(from, to);
    },
    of(e) {
      const holder = holderOf(e);
      return holder === undefined ? undefined : root(holder);
    },
  };
}

export function resultHolder(symbol: FunctionSymbol): string {
  return `result of ${entityKey({ kind: 'symbol', symbol })}`;
}

/** What a variable, member, element, cast or call's result is kept in. Ends because each step goes down the tree. */
function holderOf(e: Expression): Holder | undefined {
  const inner = stripConversions(e, { casts: true });
  switch (inner.kind) {
    case 'name': {
      const { symbol } = inner;
      // Each unit has its own symbol for what the linker joins.
      const isJoined = symbol.kind === 'variable' && isLinked(symbol);
      return isJoined ? entityKey({ kind: 'symbol', symbol }) : symbol;
    }
    case 'member':
      return inner.field === undefined
        ? undefined
        : entityKey({ kind: 'member', field: inner.field, record: undefined });
    case 'index':
      return holderOf(inner.base);
    case 'dereference':
    case 'address-of':
      return holderOf(inner.operand);
    case 'assign':
      return holderOf(inner.target);
    case 'comma':
      return holderOf(inner.right);
    case 'call': {
      const callee = stripConversions(inner.callee);
      return callee.kind === 'name' && callee.symbol.kind === 'function' ? resultHolder(callee.symbol) : undefined;
    }
    default:
      return undefined;
  }
}
