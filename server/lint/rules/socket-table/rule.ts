/** Each category of sockets has a table of its own, and in it its functions only. */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { SocketCategory } from '../../flow/facts/sockets.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { categoryName, socketCall, storyOfSocket } from '../../ways/sockets.ts';

const listening = ['WskBind', 'WskAccept', 'WskInspectComplete', 'WskGetLocalAddress'];
const connected = [
  'WskBind',
  'WskConnect',
  'WskConnectEx',
  'WskGetLocalAddress',
  'WskGetRemoteAddress',
  'WskSend',
  'WskSendEx',
  'WskReceive',
  'WskReceiveEx',
  'WskDisconnect',
  'WskRelease',
];

/** What each category has besides WskControlSocket and WskCloseSocket. */
const functions: Readonly<Record<SocketCategory, readonly string[]>> = {
  basic: [],
  listen: listening,
  datagram: ['WskBind', 'WskSendTo', 'WskSendMessages', 'WskReceiveFrom', 'WskRelease', 'WskGetLocalAddress'],
  connection: connected,
  stream: [...connected, ...listening, 'WskListen'],
};

export const socketTable: Rule = {
  id: 'socket-table',
  severity: 'error',
  docRules: ['R66', 'R67', 'R84'],
  also: [],
  summary: 'A socket is used through the dispatch table of its own category.',
  events: ['send'],
  event: (event, { state, report }) => {
    const call = socketCall(event, state);
    if (call === undefined) return;
    const { send, socket, category } = call;
    if (send.api === 'WskCloseSocket') return;
    const isSilent = socket.did.includes('silent');
    const isForeign =
      category !== undefined && send.api !== 'WskControlSocket' && !functions[category].includes(send.api);
    if (!isForeign && !isSilent) return;
    report({
      where: send.where,
      message:
        isForeign && category !== undefined
          ? `${send.api} is called on ${categoryName(category)}, whose table has no such function: the call goes to another function, or beyond the end of the table.`
          : `${send.api} is called on a connection in silent mode: after SIO_WSK_SET_TCP_SILENT_MODE nothing but WskCloseSocket works, and the call fails.`,
      path: [...storyOfSocket(socket), ...pathTo(send.where, `${send.api} is called here`)],
      docRules: [isForeign ? (category === 'basic' && send.api === 'WskBind' ? 'R67' : 'R66') : 'R84'],
    });
  },
  // By a variable that lasts, nobody follows which socket it is; where all are basic ones, it is one of those.
  finish: ({ session, report }) => {
    const makers = callsOf(session, 'WskSocket');
    const flags = makers.map((call) => call.arguments[FLAGS]);
    if (makers.length === 0 || !makers.every(isThroughTable)) return;
    if (!flags.every((e) => e !== undefined && constantValue(e) === 0n)) return;
    const others = ['WskSocketConnect', 'WskAccept', 'WskAcceptEvent'];
    if (others.some((name) => callsOf(session, name).length > 0) || !isWholeDriver(session)) return;
    for (const call of callsOf(session, 'WskBind')) {
      if (!isThroughTable(call)) continue;
      report({
        where: whereOf(call, call.arguments),
        message:
          'WskBind is called on a basic socket, as all sockets of this driver are: their table has no such function, and the call goes beyond the end of the table.',
        path: makers.slice(0, 1).flatMap((made) => pathTo(whereOf(made), 'Basic sockets are made here')),
        docRules: ['R67'],
      });
    }
  },
};

/** Not a function of the driver's own that is called so. */
function isThroughTable({ callee }: CallExpression): boolean {
  return stripConversions(callee, { casts: true }).kind === 'member';
}

/** Position of WskSocket's Flags. */
const FLAGS = 4;
