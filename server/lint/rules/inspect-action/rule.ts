/** WskInspectComplete ends an inspection: it is given accept or reject, and no third thing. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';

const WSK_INSPECT_REJECT = 0n;
const WSK_INSPECT_ACCEPT = 1n;

export const inspectAction: Rule = {
  id: 'inspect-action',
  severity: 'error',
  docRules: ['R40'],
  also: [],
  summary: 'WskInspectComplete is given WskInspectAccept or WskInspectReject.',
  seesThroughHelpers: true,
  calls: ['WskInspectComplete'],
  call: ({ arguments: values, parameters, where }, { state, report }) => {
    const at = parameters.indexOf('Action');
    const value = values[at];
    if (value === undefined) return;
    const action = resolve(state, value);
    if (action.kind !== 'integer' || action.value === WSK_INSPECT_ACCEPT || action.value === WSK_INSPECT_REJECT) return;
    const argument = where.arguments[at];
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message:
        'WskInspectComplete ends the inspection, so it takes WskInspectAccept or WskInspectReject: with anything else the connection stays undecided until its other end gives up.',
      path: [],
    });
  },
};
