/** A reference to an object is given back, returned or stored on every way. */

import { reportKeptAtStart, reportNeverGivenBack } from '../../driver/never-given-back.ts';
import type { Rule } from '../../rule.ts';
import { lostBlocks, reportLost } from '../../ways/lost-blocks.ts';

/** What should get it, and what follows where nothing does. */
const forGood = { free: 'ObDereferenceObject', effect: 'the object never goes away' };

export const referenceLeak: Rule = {
  id: 'reference-leak',
  severity: 'warning',
  docRules: [],
  also: ['CWE-772', 'bug check 0x18'],
  summary: 'A reference is given back, returned or stored on every way.',
  exit: (exit, context) => {
    reportKeptAtStart(context, exit, 'reference', forGood);
    for (const block of lostBlocks('reference', exit, context.state, context.fn))
      reportLost(context, exit, block, {
        what: 'A reference',
        free: 'ObDereferenceObject',
        effect: 'the object never goes away: a process stays as a shell, a file stays open',
      });
  },
  finish: (context) => reportNeverGivenBack(context, 'reference', forGood),
};
