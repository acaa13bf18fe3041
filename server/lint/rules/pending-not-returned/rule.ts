/** R102: a dispatch routine that has marked its request pending returns STATUS_PENDING, and nothing else. */
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import type { State } from '../../flow/state/state.ts';
import { rangeOf } from '../../flow/state/state.ts';
import { single } from '../../flow/values/ranges.ts';
import type { Value } from '../../flow/values/values.ts';
import { sameValue } from '../../flow/values/values.ts';
import { checkRequests } from '../../requests.ts';
import type { Rule } from '../../rule.ts';

export const pendingNotReturned: Rule = {
  id: 'pending-not-returned',
  severity: 'error',
  docRules: ['R102'],
  also: ['SDV MarkIrpPending', 'C28143', 'Driver Verifier C9/0x23E'],
  summary: 'A dispatch routine that marked its request pending returns STATUS_PENDING.',
  exit: (exit, context) => checkRequests(exit, context, wrong),
};

function wrong(fact: IrpFact, value: Value | undefined, state: State): string | undefined {
  if (value === undefined) return undefined;
  if (!fact.isMarked) {
    if (value.kind !== 'integer' || value.value === STATUS_PENDING) return undefined;
    return fact.life.kind === 'sent' && mayBePending(state, fact.life)
      ? `${fact.life.api} may have returned STATUS_PENDING, but the dispatch routine returns another status: the I/O manager then finishes the request here and once more when the driver below completes it.`
      : undefined;
  }
  if (value.kind === 'integer')
    return value.value === STATUS_PENDING
      ? undefined
      : 'The request is marked pending, but the dispatch routine returns another status: the I/O manager then finishes the request here and once more when it completes.';
  // The status of the driver below may be a final one.
  if (fact.life.kind !== 'sent' || !sameValue(value, fact.life.result)) return undefined;
  return single(rangeOf(state, value)) === STATUS_PENDING
    ? undefined
    : `The request is marked pending, but what ${fact.life.api} returns may be another status: the I/O manager then finishes the request here and once more when it completes.`;
}
