/**
 * Memory that is kept in a member or a global, allocated in one function and freed in another: all that is ever put there
 * is allocated with one tag, and it is freed with another.
 *
 * Silent where anything else is put there, or its address is taken, or where the tags are not written as numbers.
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { kernelEffect } from '../../flow/calls/kernel-apis.ts';
import type { Session } from '../../flow/run/session.ts';
import { nodesIn } from '../../nodes.ts';
import { memberName } from '../../record-type.ts';
import { callsOf } from '../../roles.ts';

export interface OtherTag {
  readonly free: CallExpression;
  readonly freedWith: bigint;
  /** One of the allocations, and its tag. */
  readonly made: CallExpression;
  readonly madeWith: bigint;
}

export function otherTags(session: Session): readonly OtherTag[] {
  const frees = new Map<string, CallExpression[]>();
  for (const name of ['ExFreePoolWithTag', 'ExFreePool2'])
    for (const call of callsOf(session, name)) {
      const kept = keeperOf(session, call.arguments[0]);
      if (kept !== undefined) frees.set(kept, [...(frees.get(kept) ?? []), call]);
    }
  if (frees.size === 0) return [];
  const made = madeFor(session, frees);
  return [...frees].flatMap(([kept, calls]) => {
    const [first, ...more] = made.get(kept) ?? [];
    const madeWith = first === undefined ? undefined : tagOf(first);
    if (first === undefined || madeWith === undefined || more.some((call) => tagOf(call) !== madeWith)) return [];
    return calls.flatMap((free) => {
      const freedWith = tagOf(free);
      return freedWith === undefined || freedWith === 0n || madeWith === 0n || freedWith === madeWith
        ? []
        : [{ free, freedWith, made: first, madeWith }];
    });
  });
}

/** The allocations that go to each of these; none for those that get anything else. */
function madeFor(
  session: Session,
  wanted: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly CallExpression[]> {
  const made = new Map<string, CallExpression[]>();
  const lost = new Set<string>();
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    for (const { target, value } of nodesIn(definition, 'assign')) {
      const kept = keeperOf(session, target);
      if (kept === undefined || !wanted.has(kept) || constantValue(value) === 0n) continue;
      const call = stripConversions(value, { casts: true });
      const effect = call.kind === 'call' ? kernelEffect(calledName(call) ?? '') : undefined;
      if (call.kind !== 'call' || effect?.kind !== 'make' || effect.block !== 'pool') lost.add(kept);
      else made.set(kept, [...(made.get(kept) ?? []), call]);
    }
    for (const call of nodesIn(definition, 'call'))
      for (const argument of call.arguments) {
        const e = stripConversions(argument, { casts: true });
        const kept = e.kind === 'address-of' ? keeperOf(session, e.operand) : undefined;
        if (kept !== undefined) lost.add(kept);
      }
  }
  for (const kept of lost) made.delete(kept);
  return made;
}

/** "_EXTENSION.Buffer", or the name of a variable of one file's own. */
function keeperOf({ names }: Session, e: Expression | undefined): string | undefined {
  const inner = e === undefined ? undefined : stripConversions(e, { casts: true });
  if (inner?.kind === 'name' && inner.symbol.kind === 'variable')
    return inner.symbol.duration === 'static' && inner.symbol.linkage === 'internal'
      ? names.variable(inner.symbol)
      : undefined;
  return inner?.kind === 'member' ? memberName(inner) : undefined;
}

function tagOf(call: CallExpression): bigint | undefined {
  const effect = kernelEffect(calledName(call) ?? '');
  const at = effect?.kind === 'make' || effect?.kind === 'free' ? effect.tag : undefined;
  const tag = at === undefined ? undefined : call.arguments[at];
  const value = tag === undefined ? undefined : constantValue(tag);
  return value === undefined ? undefined : BigInt.asUintN(32, value);
}
