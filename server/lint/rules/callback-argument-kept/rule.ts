/** R41, R82: what a callback is given is there until it returns: addresses and inspection identifiers are copied. */
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

/** Positions of such parameters, by the callback. */
const lent: Readonly<Record<string, readonly number[]>> = {
  WSK_ACCEPT_EVENT: [2, 3],
  WSK_INSPECT_EVENT: [1, 2, 3],
  WSK_ABORT_EVENT: [1],
};

export const callbackArgumentKept: Rule = {
  id: 'callback-argument-kept',
  severity: 'error',
  docRules: ['R41', 'R82'],
  also: ['CWE-825'],
  summary: 'Addresses and inspection identifiers that a callback is given are copied, not kept.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      const positions = lent[roleOf(session, fn) ?? ''];
      if (!fn.isUsers || positions === undefined) continue;
      const given = positions.map((index) => fn.definition.parameters[index]);
      for (const node of nodesIn(fn.definition, 'assign')) {
        const value = stripConversions(node.value, { casts: true });
        if (value.kind !== 'name' || value.symbol.kind !== 'variable' || !given.includes(value.symbol)) continue;
        // A local lasts no longer than the callback.
        const { target } = node;
        const isKept =
          target.kind === 'member' ||
          (target.kind === 'name' && target.symbol.kind === 'variable' && target.symbol.duration === 'static');
        if (!isKept || (target.kind === 'member' && !target.isArrow && isLocal(target.object))) continue;
        const isInspect =
          value.symbol.name !== '' && /INSPECT/.test(roleOf(session, fn) ?? '') && given.at(-1) === value.symbol;
        report({
          where: whereOf(node),
          span: nodePlace(node),
          message: `${value.symbol.name} leads to memory of WSK that is gone when the callback returns: whoever reads it later finds something else there. What it leads to has to be copied.`,
          path: [],
          docRules: [isInspect ? 'R41' : 'R82'],
        });
      }
    }
  },
};

function isLocal(e: Parameters<typeof stripConversions>[0]): boolean {
  const inner = stripConversions(e);
  if (inner.kind === 'member') return !inner.isArrow && isLocal(inner.object);
  return inner.kind === 'name' && inner.symbol.kind === 'variable' && inner.symbol.duration === 'automatic';
}
