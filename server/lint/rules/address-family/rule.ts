/** R81: an address is one of the family of the socket. */
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';
import { storyOfSocket } from '../../sockets.ts';

const parameterOf: Readonly<Record<string, string>> = {
  WskBind: 'LocalAddress',
  WskConnect: 'RemoteAddress',
  WskConnectEx: 'RemoteAddress',
  WskSendTo: 'RemoteAddress',
  WskSendMessages: 'RemoteAddress',
};
const families: Readonly<Record<string, { readonly family: string; readonly tag: string; readonly type: string }>> = {
  2: { family: 'AF_INET', tag: 'sockaddr_in', type: 'SOCKADDR_IN' },
  23: { family: 'AF_INET6', tag: 'sockaddr_in6', type: 'SOCKADDR_IN6' },
};

export const addressFamily: Rule = {
  id: 'address-family',
  severity: 'error',
  docRules: ['R81'],
  also: [],
  summary: 'An address has the family of the socket that it is used with.',
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, report }) => {
    const name = isWsk ? parameterOf[api] : undefined;
    const [socket] = values;
    const fact = socket === undefined ? undefined : state.wsk.sockets.get(socket.key);
    const argument = name === undefined ? undefined : where.arguments[parameters.indexOf(name)];
    if (fact === undefined || argument === undefined) return;
    const family = resolve(state, fact.family);
    const wanted = family.kind === 'integer' ? families[String(family.value)] : undefined;
    const { type } = stripConversions(argument, { casts: true });
    const tag = type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition.tag : undefined;
    const given = Object.values(families).find((one) => one.tag === tag);
    if (wanted === undefined || given === undefined || given === wanted) return;
    report({
      where,
      span: nodePlace(argument),
      message: `The socket was made for ${wanted.family}, but the address is a ${given.type}: ${api} fails with STATUS_INVALID_PARAMETER, or reads beyond the end of the address.`,
      path: storyOfSocket(fact),
    });
  },
};
