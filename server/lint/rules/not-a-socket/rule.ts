/** IoStatus.Information is a socket only where IoStatus.Status is a success. */
import { placeText } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { mayBeNone } from '../../flow/calls/made-sockets.ts';
import { socketOf } from '../../flow/facts/events.ts';
import type { SocketFact } from '../../flow/facts/sockets.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { neverSet } from '../../flow/state/memory.ts';
import { pathTo, siteKey, type Where, whereOf, whereSpan } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { socketCall, storyOfSocket } from '../../ways/sockets.ts';
import { takenUnasked } from './taken-unasked.ts';

export const notASocket: Rule = {
  id: 'not-a-socket',
  severity: 'error',
  docRules: ['R28'],
  also: [],
  summary: 'What WskSocket, WskSocketConnect and WskAccept bring is used where their status says that they succeeded.',
  acts: ['touch'],
  act: (action, context) => {
    const socket = action.kind === 'touch' ? context.state.wsk.sockets.get(action.pointer.key) : undefined;
    if (socket !== undefined) check(socket, action.where, 'This access', context);
  },
  events: ['send'],
  event: (event, context) => {
    const { state, report } = context;
    const given = event.kind === 'send' ? socketOf(event) : undefined;
    const unset = given === undefined ? undefined : neverSet(state, given);
    if (event.kind === 'send' && unset !== undefined) {
      report({
        where: event.where,
        message: `${event.api} is called with ${unset}, which nobody has set on this way: whatever lay on the stack is taken for a socket, and the call stops the machine.`,
        path: pathTo(event.where, 'It is taken for a socket here'),
        once: siteKey(event.where),
      });
      return;
    }
    const call = socketCall(event, state);
    if (call !== undefined) check(call.socket, call.send.where, call.send.api, context);
  },
  finish: ({ session, registrations, report }) => {
    for (const routine of new Set(registrations.map((one) => one.routine))) {
      const node = routine.isUsers ? takenUnasked(session, routine.definition) : undefined;
      if (node === undefined) continue;
      report({
        where: whereOf(node),
        once: placeText(nodePlace(node)),
        message: `${routine.definition.symbol.name} takes IoStatus.Information for a socket, and nobody has looked whether the call succeeded: after a failure there is no socket, and the machine stops.`,
        path: [],
      });
    }
  },
};

function check(socket: SocketFact, where: Where, who: string, { state, fn, report }: CheckContext): void {
  if (socket.isGiven || !mayBeNone(state, socket) || (socket.isUnchecked === true && asksForStatus(fn))) return;
  report({
    where,
    message: `${who} takes what ${socket.api} left in IoStatus.Information for a socket, and nobody has looked whether it succeeded: after a failure there is none, and the machine stops.`,
    path: [...storyOfSocket(socket), ...pathTo(where, 'Its result is taken for a socket here')],
    once: placeText(whereSpan(socket.where)),
  });
}

/** The function looks at some status, which may be that of the call that a helper has made. */
function asksForStatus({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'member').some(({ name }) => name === 'Status');
}
