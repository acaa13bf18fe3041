/** A reference to an object is given back, returned or stored on every way. */
import { reportKeptAtStart, reportNeverGivenBack } from '../../driver/never-given-back.ts';
import type { Rule } from '../../rule.ts';
import { reportLostBlocks } from '../../ways/lost-blocks.ts';

const words = { what: 'A reference', free: 'ObDereferenceObject', effect: 'the object never goes away' };

export const referenceLeak: Rule = {
  id: 'reference-leak',
  severity: 'warning',
  docRules: [],
  also: ['CWE-772', 'bug check 0x18'],
  summary: 'A reference is given back, returned or stored on every way.',
  exit: (exit, context) => {
    reportKeptAtStart(context, exit, 'reference', words);
    reportLostBlocks(context, exit, 'reference', {
      ...words,
      effect: `${words.effect}: a process stays as a shell, a file stays open`,
    });
  },
  finish: (context) => reportNeverGivenBack(context, 'reference', words),
};
