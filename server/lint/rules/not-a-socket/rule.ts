/** R28: IoStatus.Information is a socket only where IoStatus.Status is a success. */
import { socketOf } from '../../flow/facts/events.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { neverSet } from '../../flow/state/memory.ts';
import { mayBeNull, rangeOf, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { contains } from '../../flow/values/ranges.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { socketCall, storyOfSocket } from '../../sockets.ts';

export const notASocket: Rule = {
  id: 'not-a-socket',
  severity: 'error',
  docRules: ['R28'],
  also: [],
  summary: 'What WskSocket, WskSocketConnect and WskAccept bring is used where their status says that they succeeded.',
  event: (event, { state, report }) => {
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
    if (call === undefined || !mayBeNone(state, call.socket)) return;
    const { send, socket } = call;
    report({
      where: send.where,
      message: `${send.api} is called with what ${socket.api} left in IoStatus.Information, and nobody has looked whether it succeeded: after a failure there is no socket, and the call stops the machine.`,
      path: [...storyOfSocket(socket), ...pathTo(send.where, 'Its result is taken for a socket here')],
      once: siteKey(socket.where),
    });
  },
};

/** Nobody has asked: neither for the status, of either kind, nor for NULL. */
function mayBeNone(state: State, made: { socket: Value; status: Value; result: Value }): boolean {
  const { socket, status, result } = made;
  // Where ways were brought together, one name stands for several: what was asked under another is not known.
  if ([status, result, socket].some(({ kind, key }) => kind !== 'symbol' || key.startsWith('<j'))) return false;
  if (!mayBeNull(state, socket)) return false;
  const hasFailed = (value: Value): boolean => {
    const { min } = rangeOf(state, value);
    return min === undefined || min < 0n;
  };
  return hasFailed(status) && (hasFailed(result) || contains(rangeOf(state, result), STATUS_PENDING));
}
