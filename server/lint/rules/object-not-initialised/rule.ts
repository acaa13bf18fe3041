/** An event, mutex, timer, DPC, list head or the like is initialised before anybody uses it. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { checkSent, noteObject } from './late.ts';
import { effectOn, neverInitialised, uninitialisedLocals } from './never-initialised.ts';

export const objectNotInitialised: Rule = {
  id: 'object-not-initialised',
  severity: 'error',
  docRules: ['R93'],
  also: ['C6001'],
  summary: 'An event, a mutex, a timer, a DPC, a list head or the like is initialised before its use.',
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
        message: `${name} is used here, and nothing in these files initialises it: ${effectOn(use)}, and the machine stops.`,
        path: [],
      });
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      for (const { name, use } of uninitialisedLocals(session, fn.definition))
        report({
          where: whereOf(use),
          span: nodePlace(use),
          message: `${name} is used here and nothing initialises it: ${effectOn(use)}, and the machine stops.`,
          path: [],
        });
    }
  },
};
