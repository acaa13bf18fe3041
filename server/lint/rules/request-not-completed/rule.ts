/** A dispatch routine completes its request, passes it on, or keeps it and returns STATUS_PENDING. */
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import type { State } from '../../flow/state/state.ts';
import type { Value } from '../../flow/values/values.ts';
import { checkRequests, isOfUnknownDevice } from '../../requests.ts';
import type { Rule } from '../../rule.ts';

export const requestNotCompleted: Rule = {
  id: 'request-not-completed',
  severity: 'error',
  docRules: ['R102'],
  also: ['SDV IrpProcessingComplete', 'Driver Verifier C9/0x226'],
  summary: 'A dispatch routine completes its request, passes it on, or keeps it pending.',
  exit: (exit, context) => checkRequests(exit, context, wrong),
};

function wrong(fact: IrpFact, value: Value | undefined, state: State): string | undefined {
  if (isOfUnknownDevice(state)) return undefined;
  if (fact.isMarked || fact.isKept || fact.life.kind !== 'idle') return undefined;
  if (value?.kind !== 'integer' || value.value === STATUS_PENDING) return undefined;
  return 'The dispatch routine returns a final status, but on this way nobody completes the request or passes it on: whoever asked for it waits for ever.';
}
