/**
 * Which functions of the driver an expression may be: one that is named, what callers pass for a parameter, what is put
 * into a variable or a member, in the units of a driver and without regard to order. For people to look at, like the
 * classes of IRPs.
 *
 * Ends because no variable, parameter or member is asked about twice for one expression.
 */
import type { Expression, FunctionDefinition, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { functionNamed } from '../../lint/driver/roles.ts';
import { functionsPutInto } from '../driver/dispatch-targets.ts';
import { type Entity, entityKey } from '../names/entity.ts';
import { functionTypeOf } from '../places/api-at.ts';
import type { Call } from './completions.ts';

/** One symbol for a function that several units declare: that of the unit which defines it, where one does. */
export type Link = (symbol: FunctionSymbol) => FunctionSymbol;

/** A pointer to a function that is copied in a function of the driver. */
export interface Copy {
  readonly around: FunctionDefinition;
  readonly target: Entity;
  readonly value: Expression;
}

export function routinesOf(
  units: readonly TranslationUnit[],
  calls: readonly Call[],
  copies: readonly Copy[],
  link: Link,
): (e: Expression, around: FunctionDefinition) => ReadonlySet<FunctionSymbol> {
  const byTarget = grouped(copies, ({ target }) => entityKey(target));
  const byCallee = grouped(calls, ({ symbol }) => symbol);
  const gather = (e: Expression, around: FunctionDefinition, seen: Set<string>, found: Set<FunctionSymbol>): void => {
    const named = functionNamed(e);
    if (named !== undefined) {
      found.add(link(named));
      return;
    }
    const entity = routineEntity(e);
    if (entity === undefined || seen.has(entityKey(entity))) return;
    seen.add(entityKey(entity));
    for (const put of units.flatMap((unit) => functionsPutInto(unit, entity))) found.add(link(put));
    for (const copy of byTarget.get(entityKey(entity)) ?? []) gather(copy.value, copy.around, seen, found);
    const index = around.parameters.findIndex((one) => entity.kind === 'symbol' && one === entity.symbol);
    for (const { call, caller } of index < 0 ? [] : (byCallee.get(link(around.symbol)) ?? [])) {
      const passed = call.arguments[index];
      if (passed !== undefined) gather(passed, caller, seen, found);
    }
  };
  return (e, around) => {
    const found = new Set<FunctionSymbol>();
    gather(e, around, new Set(), found);
    return found;
  };
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** The variable or member that holds a pointer to a function. */
export function routineEntity(e: Expression): Entity | undefined {
  const inner = stripConversions(e, { casts: true });
  if (inner.type.kind !== 'pointer' || functionTypeOf(inner.type) === undefined) return undefined;
  if (inner.kind === 'name') return { kind: 'symbol', symbol: inner.symbol };
  return inner.kind === 'member' && inner.field !== undefined
    ? { kind: 'member', field: inner.field, record: undefined }
    : undefined;
}
