/** A dispatch routine that returns STATUS_PENDING has marked its request, or has it from the driver below. */
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import type { Exit } from '../../flow/run/session.ts';
import type { State } from '../../flow/state/state.ts';
import { rangeOf } from '../../flow/state/state.ts';
import { single } from '../../flow/values/ranges.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { checkRequests } from '../../ways/requests.ts';

export const pendingNotMarked: Rule = {
  id: 'pending-not-marked',
  severity: 'error',
  docRules: ['R102'],
  also: ['SDV MarkIrpPending2', 'Driver Verifier C9/0x23D', 'Driver Verifier C9/0x24C'],
  summary: 'A dispatch routine that returns STATUS_PENDING has called IoMarkIrpPending.',
  exit: (exit, context) => checkRequests(exit, context, wrong),
};

function wrong(fact: IrpFact, value: Value | undefined, state: State, { given }: Exit): string | undefined {
  // That the result of some call is compared with STATUS_PENDING does not say that it ever is that.
  if (given?.kind !== 'integer' && !(fact.life.kind === 'sent' && given?.key === fact.life.result.key))
    return undefined;
  if (fact.isMarked || value?.kind !== 'integer' || value.value !== STATUS_PENDING) return undefined;
  const { life } = fact;
  if (life.kind === 'unknown' || life.kind === 'freed') return undefined;
  // What the driver below has marked needs no mark here.
  if (life.kind === 'sent' && single(rangeOf(state, life.result)) === STATUS_PENDING) return undefined;
  return 'The dispatch routine returns STATUS_PENDING for a request that was never marked: the I/O manager does not know that it is to wait for it, and its caller waits for ever or gets no result.';
}
