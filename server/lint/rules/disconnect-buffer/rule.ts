/** An abortive disconnect sends nothing any more. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { mayBeNull, resolve } from '../../flow/state/state.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const WSK_FLAG_ABORTIVE = 1n;

export const disconnectBuffer: Rule = {
  id: 'disconnect-buffer',
  severity: 'error',
  docRules: ['R38'],
  also: [],
  summary: 'WskDisconnect with WSK_FLAG_ABORTIVE gets no buffer.',
  seesThroughHelpers: true,
  calls: ['WskDisconnect'],
  call: ({ arguments: values, parameters, where }, { state, report }) => {
    const at = (name: string): number => parameters.indexOf(name);
    const flags = resolve(state, values[at('Flags')] ?? ANYTHING);
    const buffer = values[at('Buffer')] ?? ANYTHING;
    if (flags.kind !== 'integer' || (flags.value & WSK_FLAG_ABORTIVE) === 0n) return;
    if (buffer.kind === 'anything' || mayBeNull(state, buffer)) return;
    const argument = where.arguments[at('Buffer')];
    const span = argument === undefined ? undefined : nodePlace(argument);
    report({
      where,
      ...(span === undefined ? {} : { span, fixes: [{ title: 'Pass NULL', edits: [{ span, newText: 'NULL' }] }] }),
      message:
        'WskDisconnect gets a buffer together with WSK_FLAG_ABORTIVE: an abortive disconnect sends nothing any more, and the call fails.',
      path: [],
    });
  },
};
