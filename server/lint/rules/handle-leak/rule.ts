/** A handle is closed, returned or stored on every way; a thread handle too, which does not end with its thread. */
import { reportKeptAtStart, reportNeverGivenBack } from '../../driver/never-given-back.ts';
import type { Rule } from '../../rule.ts';
import { lostBlocks, reportLost } from '../../ways/lost-blocks.ts';

const words = { what: 'A handle', free: 'ZwClose', effect: 'the object behind it never goes away' };

export const handleLeak: Rule = {
  id: 'handle-leak',
  severity: 'warning',
  docRules: [],
  also: ['CWE-772', 'Driver Verifier C4/0xE3'],
  summary: 'A handle is given back, returned or stored on every way.',
  exit: (exit, context) => {
    reportKeptAtStart(context, exit, 'handle', words);
    for (const block of lostBlocks('handle', exit, context.state, context.fn))
      reportLost(context, exit, block, { ...words, free: closing[block.made?.api ?? ''] ?? words.free });
  },
  finish: (context) => reportNeverGivenBack(context, 'handle', words),
};

const closing: Readonly<Record<string, string>> = {
  BCryptOpenAlgorithmProvider: 'BCryptCloseAlgorithmProvider',
  BCryptCreateHash: 'BCryptDestroyHash',
};
