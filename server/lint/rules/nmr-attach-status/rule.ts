/** R105: ClientAttachProvider returns what NmrClientAttachProvider returned, or STATUS_NOINTERFACE. */
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { siteKey } from '../../flow/state/where.ts';
import { mayCall } from '../../reach.ts';
import { roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const nmrAttachStatus: Rule = {
  id: 'nmr-attach-status',
  severity: 'error',
  docRules: ['R105'],
  also: [],
  summary: 'ClientAttachProvider returns what NmrClientAttachProvider returned, or STATUS_NOINTERFACE.',
  exit: (exit, { fn, session, report }) => {
    if (roleOf(session, fn) !== 'NPI_CLIENT_ATTACH_PROVIDER_FN' || exit.value?.kind !== 'integer') return;
    const { value } = exit.value;
    if (value < 0n) return;
    const { name } = fn.definition.symbol;
    if (value === STATUS_PENDING)
      report({
        where: exit.where,
        message: `${name} returns STATUS_PENDING, but attaching cannot be put off: the registrar takes it for a failure, and the client never gets this provider.`,
        path: [],
        once: siteKey(exit.where),
      });
    else if (!mayCall(session, fn, ['NmrClientAttachProvider']))
      report({
        where: exit.where,
        message: `${name} says that it has attached, but never calls NmrClientAttachProvider: the client has no provider dispatch, and the registrar detaches what was never attached.`,
        path: [],
        once: siteKey(exit.where),
      });
  },
};
