/**
 * WskInspectComplete ends an inspection: it is given accept or reject, and no third thing. The guide's sample calls the
 * actions by names that the header does not have.
 */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { resolve } from '../../flow/state/state.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const WSK_INSPECT_REJECT = 0n;
const WSK_INSPECT_ACCEPT = 1n;

export const inspectAction: Rule = {
  id: 'inspect-action',
  severity: 'error',
  docRules: ['R40', 'R86'],
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
      docRules: ['R40'],
    });
  },
  finish: ({ session, report }) => {
    for (const { definition, unit, isUsers } of session.functions) {
      for (const node of isUsers && unit.problems.length > 0 ? nodesIn(definition, 'error') : []) {
        const { text } = node.first;
        if (!('isUnknownName' in node) || !/^Inspect(?:Accept|Reject|Pend)$/.test(text)) continue;
        const span = nodePlace(node);
        const newText = `Wsk${text}`;
        report({
          where: whereOf(node),
          span,
          message: `wsk.h has no ${text}: the action is called ${newText} there.`,
          path: [],
          docRules: ['R86'],
          fixes: [{ title: `Replace by '${newText}'`, edits: [{ span, newText }] }],
        });
      }
    }
  },
};
