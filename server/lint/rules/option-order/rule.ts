/** Some requests come before WskBind, some after it, some after the connection, some before any socket. */
import { runsByItself } from '../../driver/reach.ts';
import type { SendEvent } from '../../flow/facts/events.ts';
import { numbersOf } from '../../flow/facts/transition.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { controlAt, requestOf, type SocketControl } from '../../ways/socket-controls.ts';
import { type SocketCall, socketCall, storyOfSocket } from '../../ways/sockets.ts';

const beforeSockets: Readonly<Record<string, string>> = {
  6: 'WSK_TDI_DEVICENAME_MAPPING',
  7: 'WSK_SET_STATIC_EVENT_CALLBACKS',
  8: 'WSK_TDI_BEHAVIOR',
};

export const optionOrder: Rule = {
  id: 'option-order',
  severity: 'error',
  docRules: ['R68', 'R69', 'R70', 'R71'],
  also: [],
  summary: 'An option is set where in the life of a socket WSK takes it.',
  events: ['send'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'send') return;
    const number = numbersOf(state, event);
    checkClient(event, number('ControlCode'), { state, report });
    const call = socketCall(event, state);
    if (event.api === 'WskBind' && call?.socket.isGiven === true) {
      const early = call.socket.did.includes('bind') ? undefined : tooEarly(call);
      if (early !== undefined)
        report({
          where: event.where,
          message: `WskBind comes after ${early.words}, which a socket takes only when it is bound: that call has failed with STATUS_INVALID_DEVICE_STATE and set nothing.`,
          path: [
            ...pathTo(call.socket.where, `${call.socket.api} is called on the socket here`),
            ...pathTo(event.where, 'It is bound here'),
          ],
          docRules: [early.docRule],
        });
      return;
    }
    if (call === undefined || event.api !== 'WskControlSocket') return;
    const request = requestOf(number('RequestType'));
    const control = controlAt(request, number('Level'), number('ControlCode'));
    const problem = control === undefined || request === 'get' ? undefined : wrong(control, call);
    if (control === undefined || problem === undefined) return;
    report({
      where: event.where,
      message: `${control.name} ${problem.words}: the call fails with STATUS_INVALID_DEVICE_STATE and sets nothing.`,
      path: [...storyOfSocket(call.socket), ...pathTo(event.where, `${control.name} is asked for here`)],
      docRules: [problem.docRule],
      when: () => problem.missing.length === 0 || !runsByItself(session, fn, problem.missing),
    });
  },
};

/** What the client is asked before its first socket: that one has been asked for is remembered, whoever has it now. */
function checkClient(
  { api, where }: SendEvent,
  code: bigint | undefined,
  { state, report }: Pick<CheckContext, 'state' | 'report'>,
): void {
  if (api === 'WskSocket' || api === 'WskSocketConnect') state.marks.add(HAS_SOCKETS);
  const name = api === 'WskControlClient' ? beforeSockets[String(code)] : undefined;
  if (name === undefined || !state.marks.has(HAS_SOCKETS)) return;
  const first = [...state.wsk.sockets.values()].find(({ isGiven }) => !isGiven);
  report({
    where,
    message: `${name} comes after the first socket: WSK takes it only before the client has made any, and the call fails.`,
    path: [...(first === undefined ? [] : storyOfSocket(first)), ...pathTo(where, `${name} is asked for here`)],
    docRules: ['R71'],
  });
}

const HAS_SOCKETS = 'option-order: has made sockets';

/** What a socket that is bound only now was asked for before. */
function tooEarly({ socket: { did } }: SocketCall): Pick<Problem, 'words' | 'docRule'> | undefined {
  if (did.includes('address')) return { words: 'a fixed address was set', docRule: 'R70' };
  return did.includes('events') ? { words: 'SO_WSK_EVENT_CALLBACK', docRule: 'R69' } : undefined;
}

interface Problem {
  readonly words: string;
  readonly docRule: string;
  /** The calls that would make it right, had they come first. */
  readonly missing: readonly string[];
}

function wrong(control: SocketControl, { socket, category }: SocketCall): Problem | undefined {
  const { did, api, isGiven } = socket;
  if (control.name === 'SO_WSK_EVENT_CALLBACK') {
    if (category === 'connection' && !did.includes('connect'))
      return { words: 'comes before WskConnect', docRule: 'R69', missing: ['WskConnect', 'WskConnectEx'] };
    return (category === 'listen' || category === 'datagram') && !did.includes('bind')
      ? { words: 'comes before WskBind', docRule: 'R69', missing: ['WskBind'] }
      : undefined;
  }
  switch (control.order) {
    case 'before bind':
      return did.includes('bind') && (isGiven || api === 'WskSocket')
        ? { words: 'comes after WskBind', docRule: 'R68', missing: [] }
        : undefined;
    case 'after bind':
      // What a socket from elsewhere did before is not known; a bind that follows tells.
      if (isGiven) return undefined;
      return did.includes('bind') ? undefined : { words: 'comes before WskBind', docRule: 'R70', missing: ['WskBind'] };
    case 'after connect':
      if (isGiven) return undefined;
      return did.includes('connect')
        ? undefined
        : { words: 'comes before WskConnect', docRule: 'R70', missing: ['WskConnect', 'WskConnectEx'] };
    default:
      return undefined;
  }
}
