/** The Flags of most WSK functions are reserved: 0. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';

const reserved = new Set([
  'WskBind',
  'WskConnect',
  'WskConnectEx',
  'WskAccept',
  'WskSendTo',
  'WskSendMessages',
  'WskReceiveFrom',
  'WskSocketConnect',
]);

export const reservedFlags: Rule = {
  id: 'reserved-flags',
  severity: 'error',
  docRules: ['R34'],
  also: [],
  summary: 'A reserved Flags argument is 0.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: ({ api, arguments: values, parameters, where }, { state, report }) => {
    if (!reserved.has(api)) return;
    const index = parameters.indexOf('Flags');
    const value = values[index];
    const flags = value === undefined ? undefined : resolve(state, value);
    if (flags?.kind !== 'integer' || flags.value === 0n) return;
    const argument = where.arguments[index];
    const span = argument === undefined ? undefined : nodePlace(argument);
    report({
      where,
      ...(span === undefined
        ? {}
        : { span, fixes: [{ title: 'Pass 0', isCertain: true, edits: [{ span, newText: '0' }] }] }),
      message: `${api} is given Flags ${flags.value}, but they are reserved: with anything but 0 the call fails with STATUS_INVALID_PARAMETER.`,
      path: [],
    });
  },
};
