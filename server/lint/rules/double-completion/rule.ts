/** A request is completed once: the second IoCompleteRequest takes memory that the first has given back. */
import type { SendEvent } from '../../flow/facts/events.ts';
import { completedBy } from '../../flow/run/run.ts';
import type { Session } from '../../flow/run/session.ts';
import type { State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const doubleCompletion: Rule = {
  id: 'double-completion',
  severity: 'error',
  docRules: ['R17'],
  also: ['SDV DoubleCompletion', 'bug check 0x44'],
  summary: 'A request is completed once.',
  events: ['send', 'complete'],
  event: (event, { state, session, report }) => {
    if (event.kind === 'send') noteCompleted(session, state, event);
    if (event.kind !== 'complete') return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.life.kind !== 'completed') {
      const by = state.isVague ? undefined : completerOf(state, event.irp);
      if (by !== undefined)
        report({
          where: event.where,
          message: `The request is completed here, and ${by} completes it too: a completion routine runs whatever the call returned, and the second time the machine stops with MULTIPLE_IRP_COMPLETE_REQUESTS.`,
          path: pathTo(event.where, 'It is completed here'),
          docRules: [],
          once: siteKey(event.where),
        });
      return;
    }
    const mark = `double-completion@${siteKey(fact.life.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    report({
      where: event.where,
      message:
        'The request is completed a second time: the machine stops with MULTIPLE_IRP_COMPLETE_REQUESTS, or completes whatever lies in that memory by now.',
      path: [...storyOf(fact), ...pathTo(event.where, 'It is completed again here')],
    });
  },
};

/** Remembers the requests that the completion routine of what is sent here completes, whatever comes of it. */
function noteCompleted(session: Session, state: State, { irp }: SendEvent): void {
  const known = completedBy(session, state, irp);
  for (const key of known?.irps ?? []) if (key !== ANYTHING.key) state.marks.add(`${MARK}${key} ${known?.routine}`);
}

function completerOf(state: State, { key }: Value): string | undefined {
  const begin = `${MARK}${key} `;
  const mark = state.marks.size === 0 ? undefined : [...state.marks].find((one) => one.startsWith(begin));
  return mark?.slice(begin.length);
}

const MARK = 'completed-by-routine@';
