/** The status that a dispatch routine returns is the one that it has completed the request with. */
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { checkRequests } from '../../ways/requests.ts';
import { statusText } from '../../ways/wording.ts';

export const dispatchStatusMismatch: Rule = {
  id: 'dispatch-status-mismatch',
  severity: 'error',
  docRules: ['R117'],
  also: ['SDV LowerDriverReturn', 'SDV CompleteRequestStatusCheck', 'Driver Verifier C9/0x224'],
  summary: 'A dispatch routine returns the status with which it completed the request.',
  exit: (exit, context) => checkRequests(exit, context, wrong),
};

function wrong(fact: IrpFact, value: Value | undefined): string | undefined {
  if (fact.isMarked || fact.life.kind !== 'completed' || value?.kind !== 'integer') return undefined;
  const { status } = fact.life;
  if (status.kind !== 'integer' || status.value === value.value || value.value === STATUS_PENDING) return undefined;
  return `The request was completed with ${statusText(status.value)}, but the dispatch routine returns ${statusText(value.value)}: part of the system believes the one, part the other.`;
}
