/** What is made by name goes with the driver: symbolic links and devices are deleted before it is unloaded. */
import { isWhole } from '../../body/whole.ts';
import { watchStart } from '../../driver/kept-at-start.ts';
import { callsOf, unloadRoutine } from '../../driver/roles.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const STAYS =
  'the name stays and leads nowhere, and the next start of the driver fails with STATUS_OBJECT_NAME_COLLISION.';

export const symbolicLinkLeak: Rule = {
  id: 'symbolic-link-leak',
  severity: 'warning',
  docRules: [],
  also: ['CWE-772'],
  summary: 'A driver that can be unloaded deletes the symbolic links that it has made.',
  ...watchStart([
    {
      by: ['IoCreateSymbolicLink'],
      ends: ['IoDeleteSymbolicLink'],
      message: `Nothing but a start that fails gives this name to IoDeleteSymbolicLink: ${STAYS}`,
    },
  ]),
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'IoCreateSymbolicLink');
    if (
      call === undefined ||
      unloadRoutine(session) === undefined ||
      callsOf(session, 'IoDeleteSymbolicLink').length > 0
    )
      return;
    if (!session.functions.every((fn) => !fn.isUsers || isWhole(fn))) return;
    report({
      where: whereOf(call),
      message: `The driver can be unloaded, and nothing in these files calls IoDeleteSymbolicLink: ${STAYS}`,
      path: [],
    });
  },
};
