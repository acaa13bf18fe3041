/**
 * Before a request goes to the driver below, that driver's stack location is set up, or the own one given up; then
 * there is none for a completion routine.
 */
import { isNull } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const stackLocationNotPrepared: Rule = {
  id: 'stack-location-not-prepared',
  severity: 'error',
  docRules: [],
  also: ['SDV CompletionRoutineRegistered', 'Driver Verifier C9/0x206'],
  summary: 'IoSkipCurrentIrpStackLocation or IoCopyCurrentIrpStackLocationToNext comes before each IoCallDriver.',
  events: ['set-routine', 'clear-routine', 'send'],
  event: (event, { state, report }) => {
    if (event.kind === 'set-routine' && !isNull(state, event.routine)) {
      const given = state.facts.get(event.irp.key)?.givenUp;
      if (given === undefined) return;
      report({
        where: event.where,
        message:
          'The completion routine goes where the driver has no stack location any more: it replaces that of the driver above, or is never called. IoCopyCurrentIrpStackLocationToNext keeps the location.',
        path: [
          ...pathTo(given, 'IoSkipCurrentIrpStackLocation gives the location up here'),
          ...pathTo(event.where, 'The routine is set here'),
        ],
        once: siteKey(event.where),
      });
      return;
    }
    if (event.kind === 'clear-routine') {
      const fact = state.facts.get(event.irp.key);
      if (fact?.routine.kind !== 'set' || fact.life.kind === 'sent') return;
      report({
        where: event.where,
        message:
          'The copy clears the completion routine that was set before it: nobody calls that. The location is copied first, then the routine is set.',
        path: [
          ...pathTo(fact.routine.where, 'The routine is set here'),
          ...pathTo(event.where, 'The location is copied here'),
        ],
        once: siteKey(event.where),
      });
      return;
    }
    if (event.kind !== 'send' || event.isWsk || isNull(state, event.irp)) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'received' || fact.isPrepared) return;
    const again = fact.life.kind === 'sent' ? 'since it was sent the last time' : 'on this way';
    report({
      where: event.where,
      message: `Nobody has set up the next stack location ${again}: the driver below finds what was left there by others, or nothing, and takes that for its request.`,
      path: [...storyOf(fact), ...pathTo(event.where, `${event.api} sends it on here`)],
      once: siteKey(event.where),
    });
  },
};
