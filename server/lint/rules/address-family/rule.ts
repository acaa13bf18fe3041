/**
 * An address is one of the family of the socket. Where the way does not show which socket it is, all that the driver
 * makes may be of one family.
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { tagOf } from '../../body/record-type.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';
import { isZero } from '../../flow/state/memory.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { ANYTHING, placeAt, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { storyOfSocket } from '../../ways/sockets.ts';

const parameterOf: Readonly<Record<string, string>> = {
  WskBind: 'LocalAddress',
  WskConnect: 'RemoteAddress',
  WskConnectEx: 'RemoteAddress',
  WskSendTo: 'RemoteAddress',
  WskSendMessages: 'RemoteAddress',
};
interface Family {
  readonly family: string;
  readonly tag: string;
  readonly type: string;
}

const families: Readonly<Record<string, Family>> = {
  2: { family: 'AF_INET', tag: 'sockaddr_in', type: 'SOCKADDR_IN' },
  23: { family: 'AF_INET6', tag: 'sockaddr_in6', type: 'SOCKADDR_IN6' },
};

export const addressFamily: Rule = {
  id: 'address-family',
  severity: 'error',
  docRules: ['R81'],
  also: [],
  summary: 'An address has the family of the socket that it is used with.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: ({ api, arguments: values, parameters, where, expression }, { state, session, report }) => {
    const at = (name: string | undefined): Family | undefined => {
      const index = name === undefined ? -1 : parameters.indexOf(name);
      return index < 0 ? undefined : familyOf(state, values[index] ?? ANYTHING, expression.arguments[index]);
    };
    const names = api === 'WskSocketConnect' ? ['LocalAddress', 'RemoteAddress'] : [parameterOf[api] ?? ''];
    for (const index of names.map((one) => parameters.indexOf(one))) {
      const argument = where.arguments[index];
      // What a helper does before its call the state here does not know.
      if (where.inside !== undefined || argument === undefined || !hasNone(state, values[index] ?? ANYTHING)) continue;
      report({
        where,
        span: nodePlace(argument),
        message: `Nothing has set the family of this address, which is 0: ${api} fails with STATUS_INVALID_PARAMETER.`,
        path: [],
      });
      return;
    }
    if (api === 'WskSocketConnect') {
      const [local, remote] = [at('LocalAddress'), at('RemoteAddress')];
      if (local === undefined || remote === undefined || local === remote) return;
      report({
        where,
        message: `The local address is a ${local.type} and the remote one a ${remote.type}: ${api} fails with STATUS_INVALID_PARAMETER, or reads beyond the end of an address.`,
        path: [],
      });
      return;
    }
    const name = parameterOf[api];
    const [socket] = values;
    const fact = socket === undefined ? undefined : state.wsk.sockets.get(socket.key);
    const given = at(name);
    if (name === undefined || given === undefined) return;
    const family = fact === undefined ? undefined : resolve(state, fact.family);
    const number = family === undefined ? onlyFamily(session) : family.kind === 'integer' ? family.value : undefined;
    const wanted = families[String(number)];
    if (wanted === undefined || given === wanted) return;
    const argument = where.arguments[parameters.indexOf(name)];
    report({
      where,
      span: argument === undefined || where.inside !== undefined ? undefined : nodePlace(argument),
      message: `${fact === undefined ? 'All sockets of the driver are' : 'The socket was'} made for ${wanted.family}, but the address is a ${given.type}: ${api} fails with STATUS_INVALID_PARAMETER, or reads beyond the end of the address.`,
      path: fact === undefined ? [] : storyOfSocket(fact),
      when: () => fact !== undefined || isWholeDriver(session),
    });
  },
};

/** The family with which each call of the driver makes its socket, where they name one and the same. */
function onlyFamily(session: Session): bigint | undefined {
  if (callsOf(session, 'WskSocketConnect').length > 0) return undefined;
  const [first, ...others] = callsOf(session, 'WskSocket').map(({ arguments: [, family] }) =>
    family === undefined ? undefined : constantValue(stripConversions(family, { casts: true })),
  );
  return others.every((other) => other === first) ? first : undefined;
}

/** A variable of the function's own whose family is zero, as the rest of it was at first. */
function hasNone(state: State, address: Value): boolean {
  const place = placeAt(resolve(state, address));
  if (place?.root.kind !== 'local' || place.steps.length > 0 || state.shared.has(place.root.key)) return false;
  const cell = state.cells.get(place.key);
  if (cell === undefined) return isZero(state, place, FAMILY_BYTES);
  const said = resolve(state, cell.value);
  return cell.size === FAMILY_BYTES && said.kind === 'integer' && said.value === 0n;
}

const FAMILY_BYTES = 2;

/** As sa_family says, if that is known; else as the variable or the argument is declared. */
function familyOf(state: State, address: Value, argument: Expression | undefined): Family | undefined {
  const place = placeAt(resolve(state, address));
  const cell = place === undefined ? undefined : state.cells.get(place.key);
  const said = cell === undefined ? undefined : resolve(state, cell.value);
  if (said?.kind === 'integer') return families[String(said.value)];
  const root = place?.steps.length === 0 ? place.root : undefined;
  const isVariable = root?.kind === 'local' || root?.kind === 'global';
  const declared = isVariable ? byType(root.variable.type) : undefined;
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  return declared ?? (type?.kind === 'pointer' ? byType(type.target) : undefined);
}

function byType(type: CType): Family | undefined {
  const tag = tagOf(type);
  return Object.values(families).find((one) => one.tag === tag);
}
