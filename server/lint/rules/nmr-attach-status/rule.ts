/** ClientAttachProvider returns what NmrClientAttachProvider returned, or STATUS_NOINTERFACE. */
import { nodesIn, standsAlone } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import { roleOf } from '../../driver/roles.ts';
import { hasFailed, hasSucceeded } from '../../flow/calls/kernel.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { rangeOf } from '../../flow/state/state.ts';
import { siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const ATTACH = 'NmrClientAttachProvider';

export const nmrAttachStatus: Rule = {
  id: 'nmr-attach-status',
  severity: 'error',
  docRules: ['R105'],
  also: [],
  summary: 'ClientAttachProvider returns what NmrClientAttachProvider returned, or STATUS_NOINTERFACE.',
  exit: (exit, { state, fn, session, report }) => {
    if (roleOf(session, fn) !== 'NPI_CLIENT_ATTACH_PROVIDER_FN' || exit.value === undefined) return;
    const { name } = fn.definition.symbol;
    const { max } = rangeOf(state, exit.value);
    if (max !== undefined && max < 0n && state.marks.has(hasSucceeded(ATTACH)))
      report({
        where: exit.where,
        message: `${name} returns a failure after NmrClientAttachProvider has attached: the registrar takes the binding for one that never was, while the provider has the client's dispatch table and goes on calling it.`,
        path: [],
        once: siteKey(exit.where),
      });
    if (exit.value.kind !== 'integer') return;
    const { value } = exit.value;
    if (value < 0n) return;
    if (value === STATUS_PENDING)
      report({
        where: exit.where,
        message: `${name} returns STATUS_PENDING, but attaching cannot be put off: the registrar takes it for a failure, and the client never gets this provider.`,
        path: [],
        once: siteKey(exit.where),
      });
    else if (!mayCall(session, fn, [ATTACH]))
      report({
        where: exit.where,
        message: `${name} says that it has attached, but never calls NmrClientAttachProvider: the client has no provider dispatch, and the registrar detaches what was never attached.`,
        path: [],
        once: siteKey(exit.where),
      });
    else if (state.marks.has(hasFailed(ATTACH)) || ignoresAnswer(fn))
      report({
        where: exit.where,
        message: `${name} says that it has attached, also where NmrClientAttachProvider has failed: there is no provider dispatch, and the registrar detaches what was never attached.`,
        path: [],
        once: siteKey(exit.where),
      });
  },
};

/** The call stands by itself, and so does every other of the kind. */
function ignoresAnswer({ definition }: FunctionInfo): boolean {
  const calls = nodesIn(definition, 'call').filter((call) => calledName(call) === ATTACH);
  return calls.length > 0 && calls.every((call) => standsAlone(definition, call));
}
