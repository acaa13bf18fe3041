/**
 * A cancel routine neither comes to an IRP that is back, nor is taken from a request without a look at whether it was
 * there still: it may be running just now, and completes the request too.
 */

import { isCalled, mayBeLocked, mayCall } from '../../driver/reach.ts';
import { setsCancelRoutines, withRole } from '../../driver/roles.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const cancelRoutineAfterCompletion: Rule = {
  id: 'cancel-routine-after-completion',
  severity: 'warning',
  docRules: [],
  also: ['bug check 0x48'],
  summary: 'A cancel routine works with a request only as long as nobody has completed it.',
  events: ['use', 'complete'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind === 'use' && event.cancel?.routine.kind === 'function') {
      const fact = state.facts.get(event.irp.key);
      if (fact?.origin !== 'own' || fact.life.kind !== 'sent' || mayBePending(state, fact.life)) return;
      report({
        where: event.where,
        message: `The IRP is back from ${fact.life.api}, and gets a cancel routine now: whoever cancels it stops the machine, because a completed IRP has none.`,
        path: [...storyOf(fact), ...pathTo(event.where, 'It gets a cancel routine here')],
        once: siteKey(event.where),
      });
    }
    if (event.kind !== 'complete') return;
    const cancel = state.facts.get(event.irp.key)?.cancel;
    if (cancel?.kind !== 'dropped') return;
    report({
      where: innermost(cancel.where),
      message:
        'Nobody looks at what IoSetCancelRoutine gives back: where that is NULL the cancel routine runs just now, and works with a request that is completed under its hands.',
      path: [
        ...pathTo(cancel.where, 'The cancel routine is taken away here'),
        ...pathTo(event.where, 'The request is completed here'),
      ],
      once: siteKey(cancel.where),
      when: () =>
        setsCancelRoutines(session) &&
        // A helper may run under a lock of its callers, who see what it does.
        !isCalled(session, fn) &&
        !mayBeLocked(session, fn, cancel.where) &&
        !withRole(session, 'DRIVER_CANCEL').some(
          (other) => other === fn || mayCall(session, other, [fn.definition.symbol.name]),
        ),
    });
  },
};
