/** A datagram has an address to go to: its own, or one that was set for the socket. */
import { constantValue } from '../../../../cfront/parse/walk.ts';
import { runsByItself } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isNull } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { socketCall, storyOfSocket } from '../../ways/sockets.ts';

export const sendToAddress: Rule = {
  id: 'send-to-address',
  severity: 'error',
  docRules: ['R43'],
  also: [],
  summary:
    'WskSendTo has a RemoteAddress, or the socket has one by SIO_WSK_SET_REMOTE_ADDRESS or SIO_WSK_SET_SENDTO_ADDRESS.',
  events: ['send'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'send' || (event.api !== 'WskSendTo' && event.api !== 'WskSendMessages')) return;
    const at = event.parameters.indexOf('RemoteAddress');
    if (at < 0 || !isNull(state, event.arguments[at] ?? ANYTHING)) return;
    const known = socketCall(event, state)?.socket;
    if (known?.did.includes('fixed-address') === true) return;
    const made = known?.isGiven === true ? undefined : known;
    report({
      where: event.where,
      message: `${event.api} has no RemoteAddress, and the socket has no fixed one: nobody knows where the datagram is to go, and the call fails with STATUS_INVALID_PARAMETER.`,
      path: [...(made === undefined ? [] : storyOfSocket(made)), ...pathTo(event.where, 'It is sent here')],
      when: () => (made === undefined ? nobodyFixes(session) : !mayBeFixed(session, fn)),
    });
  },
};

/** The whole driver is here, and asks for no fixed address anywhere. */
function nobodyFixes(session: Session): boolean {
  const isWhole = session.functions.some(({ definition }) => definition.symbol.name === 'DriverEntry');
  return isWhole && !callsOf(session, 'WskControlSocket').some((call) => mayFix(call.arguments[2]));
}

function mayBeFixed(session: Session, fn: FunctionInfo): boolean {
  return runsByItself(session, fn, ['WskControlSocket']);
}

/** SIO_WSK_SET_REMOTE_ADDRESS, SIO_WSK_SET_SENDTO_ADDRESS, or a code that is not written there. */
function mayFix(code: Parameters<typeof constantValue>[0] | undefined): boolean {
  const number = code === undefined ? undefined : constantValue(code);
  return number === undefined || [0x8f000001n, 0x8f000006n].includes(BigInt.asUintN(32, number));
}
