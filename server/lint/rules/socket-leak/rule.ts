/**
 * R79: a driver closes its sockets. Sure where it makes some, deregisters, and nowhere in its files names WskCloseSocket:
 * which sockets are open at an end that it does reach, only a run shows.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { isWholeDriver } from '../../reach.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const socketLeak: Rule = {
  id: 'socket-leak',
  severity: 'warning',
  docRules: ['R79'],
  also: [],
  summary: 'A driver that makes sockets closes them before it deregisters.',
  finish: ({ session, report }) => {
    const [deregister] = callsOf(session, 'WskDeregister');
    const [made] = makers.flatMap((name) => callsOf(session, name).filter(isThroughTable));
    if (deregister === undefined || made === undefined || !isWholeDriver(session)) return;
    const closes = session.functions.some(
      ({ isUsers, definition }) =>
        isUsers &&
        // By the table, or by a variable of that type, however it is called.
        (nodesIn(definition, 'member').some(({ name }) => name === 'WskCloseSocket') ||
          nodesIn(definition, 'call').some(({ callee }) => callee.type.alias === 'PFN_WSK_CLOSE_SOCKET')),
    );
    if (closes) return;
    const where = whereOf(made);
    report({
      where,
      span: nodePlace(made),
      message: `${calledName(made)} makes a socket, and no function of the driver calls WskCloseSocket: WskDeregister waits for the last socket to be closed, for ever, and the driver never unloads.`,
      path: [],
    });
  },
};

const makers = ['WskSocket', 'WskSocketConnect', 'WskAccept'];

/** Not a helper that is called so. */
function isThroughTable({ callee }: CallExpression): boolean {
  return stripConversions(callee, { casts: true }).kind === 'member';
}
