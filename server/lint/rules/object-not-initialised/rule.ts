/** R93: an event, mutex, semaphore or timer is initialised before anybody waits for it or signals it. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { checkSent, noteObject } from './late.ts';
import { neverInitialised, uninitialisedLocals } from './never-initialised.ts';

export const objectNotInitialised: Rule = {
  id: 'object-not-initialised',
  severity: 'error',
  docRules: ['R93'],
  also: ['C6001'],
  summary: 'An event, mutex, semaphore or timer is initialised before its use.',
  call: noteObject,
  events: ['send'],
  event: (event, context) => {
    if (event.kind === 'send') checkSent(event, context);
  },
  finish: ({ session, report }) => {
    for (const { name, use } of neverInitialised(session))
      report({
        where: whereOf(use),
        span: nodePlace(use),
        message: `${name} is used here, and nothing in these files initialises it: the kernel takes what lies there for its list of waiting threads, and the machine stops.`,
        path: [],
      });
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      for (const { name, use } of uninitialisedLocals(session, fn.definition))
        report({
          where: whereOf(use),
          span: nodePlace(use),
          message: `${name} is used here and nothing initialises it: the kernel takes whatever lies on the stack for its list of waiting threads, and the machine stops.`,
          path: [],
        });
    }
  },
};
