/**
 * Memory that is kept in a member or a global, allocated in one function and freed in another: all that is ever put there
 * is allocated with one tag, and it is freed with another.
 *
 * Silent where anything else is put there, or its address is taken, or where the tags are not written as numbers.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../driver/callee.ts';
import { allocationsFor, keeperOf } from '../../driver/pool-keepers.ts';
import { callsOf } from '../../driver/roles.ts';
import { kernelEffect } from '../../flow/calls/kernel-apis.ts';
import type { Session } from '../../flow/run/session.ts';

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
  const made = allocationsFor(session, (kept) => frees.has(kept));
  return [...frees].flatMap(([kept, calls]) => {
    const [first, ...more] = made.get(kept) ?? [];
    const madeWith = first === undefined ? undefined : poolTagOf(first);
    if (first === undefined || madeWith === undefined || more.some((call) => poolTagOf(call) !== madeWith)) return [];
    return calls.flatMap((free) => {
      const freedWith = poolTagOf(free);
      return freedWith === undefined || freedWith === 0n || madeWith === 0n || freedWith === madeWith
        ? []
        : [{ free, freedWith, made: first, madeWith }];
    });
  });
}

/** The tag that an allocation or a free is given, where it is written as a number. */
export function poolTagOf(call: CallExpression): bigint | undefined {
  const effect = kernelEffect(calledName(call) ?? '');
  const at = effect?.kind === 'make' || effect?.kind === 'free' ? effect.tag : undefined;
  const tag = at === undefined ? undefined : call.arguments[at];
  const value = tag === undefined ? undefined : constantValue(tag);
  return value === undefined ? undefined : BigInt.asUintN(32, value);
}
