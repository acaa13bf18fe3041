/** A socket has one category, and its type and protocol fit it. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';
import { bitsText } from '../../ways/wording.ts';

const categories: Readonly<Record<string, string>> = {
  1: 'WSK_FLAG_LISTEN_SOCKET',
  2: 'WSK_FLAG_CONNECTION_SOCKET',
  4: 'WSK_FLAG_DATAGRAM_SOCKET',
  8: 'WSK_FLAG_STREAM_SOCKET',
};
const CONNECTION = 2n;
const SOCK_STREAM = 1n;
const SOCK_DGRAM = 2n;
const IPPROTO_TCP = 6n;
const IPPROTO_UDP = 17n;

export const socketCategory: Rule = {
  id: 'socket-category-flags',
  severity: 'error',
  docRules: ['R32', 'R33'],
  also: [],
  summary: 'A socket is created with one category, and with the type and protocol of that category.',
  seesThroughHelpers: true,
  calls: ['WskSocket', 'WskSocketConnect'],
  call: ({ api, arguments: values, parameters, where }, { state, report }) => {
    const number = (name: string): bigint | undefined => {
      const value = values[parameters.indexOf(name)];
      const known = value === undefined ? undefined : resolve(state, value);
      return known?.kind === 'integer' ? known.value : undefined;
    };
    // Its flags are reserved, and it makes sockets of one category.
    const flags = api === 'WskSocketConnect' ? CONNECTION : number('Flags');
    if (flags === undefined || flags === 0n) return;
    const name = categories[String(flags)];
    const problem =
      name === undefined
        ? `Flags ${bitsText(flags)} are not one category`
        : unfit(name, number('SocketType'), number('Protocol'));
    if (problem === undefined) return;
    const argument = where.arguments[parameters.indexOf(name === undefined ? 'Flags' : 'SocketType')];
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${api} cannot make this socket: ${problem}.`,
      path: [],
      docRules: [name === undefined ? 'R32' : 'R33'],
    });
  },
};

function unfit(category: string, type: bigint | undefined, protocol: bigint | undefined): string | undefined {
  if (category === 'WSK_FLAG_DATAGRAM_SOCKET') {
    if (type === SOCK_STREAM) return `${category} goes with SOCK_DGRAM or SOCK_RAW, not with SOCK_STREAM`;
    return type === SOCK_DGRAM && protocol === IPPROTO_TCP
      ? 'SOCK_DGRAM goes with IPPROTO_UDP, not with IPPROTO_TCP'
      : undefined;
  }
  if (type !== undefined && type !== SOCK_STREAM) return `${category} goes with SOCK_STREAM alone`;
  return protocol === IPPROTO_UDP ? `${category} goes with IPPROTO_TCP, not with IPPROTO_UDP` : undefined;
}
