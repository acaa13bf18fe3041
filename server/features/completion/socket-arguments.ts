/**
 * Which arguments of WskSocket and WskSocketConnect fit those before them: family, type, protocol, category and the
 * client's dispatch table. The arguments come as text; an unknown one narrows nothing.
 */
import type { ApiFacts, SocketCategory } from '../../../catalog/model.ts';
import type { Analysis } from '../analysis.ts';
import { globals, localsAt } from '../places/scope.ts';
import { categoryIn, categoryOfTable, tableName } from './socket-category.ts';

type Before = Readonly<Record<string, string>>;

const protocols: Readonly<Record<string, readonly string[]>> = {
  SOCK_STREAM: ['IPPROTO_TCP'],
  SOCK_DGRAM: ['IPPROTO_UDP'],
};

const rawProtocols: Readonly<Record<string, readonly string[]>> = {
  AF_INET: ['IPPROTO_ICMP', 'IPPROTO_RAW', 'IPPROTO_UDP', 'IPPROTO_TCP'],
  AF_INET6: ['IPPROTO_ICMPV6', 'IPPROTO_RAW', 'IPPROTO_UDP', 'IPPROTO_TCP'],
};

const streamFlags = [
  'WSK_FLAG_LISTEN_SOCKET',
  'WSK_FLAG_CONNECTION_SOCKET',
  'WSK_FLAG_STREAM_SOCKET',
  'WSK_FLAG_BASIC_SOCKET',
];
const datagramFlags = ['WSK_FLAG_DATAGRAM_SOCKET', 'WSK_FLAG_BASIC_SOCKET'];

/** Undefined where the arguments before say nothing, and for other calls. */
export function socketArgument(
  analysis: Analysis,
  api: ApiFacts,
  parameter: string,
  before: Before,
  offset: number,
): readonly string[] | undefined {
  if (api.name !== 'WskSocket' && api.name !== 'WskSocketConnect') return undefined;
  const type = before.SocketType ?? '';
  switch (parameter) {
    case 'Protocol':
      return type === 'SOCK_RAW' ? rawProtocols[before.AddressFamily ?? ''] : protocols[type];
    case 'Flags':
      if (api.name === 'WskSocketConnect') return undefined;
      if (type === 'SOCK_STREAM') return streamFlags;
      return type === 'SOCK_DGRAM' || type === 'SOCK_RAW' ? datagramFlags : undefined;
    case 'SocketContext':
      return categoryOfCall(api, before) === 'basic' ? ['NULL'] : undefined;
    case 'Dispatch':
      return clientTables(analysis, categoryOfCall(api, before), offset);
    default:
      return undefined;
  }
}

function categoryOfCall(api: ApiFacts, before: Before): SocketCategory | undefined {
  if (api.name === 'WskSocketConnect') return 'connection';
  const flags = before.Flags ?? '';
  return flags === '0' ? 'basic' : categoryIn(flags);
}

/** The driver's tables and pointers to tables, of the category where it is known. */
function clientTables(
  analysis: Analysis,
  category: SocketCategory | undefined,
  offset: number,
): readonly string[] | undefined {
  if (category === 'basic') return ['NULL'];
  const found = [...localsAt(analysis, offset), ...globals(analysis)].flatMap(({ name, type }) => {
    const record = type.kind === 'pointer' ? type.target : type;
    const tag = record.kind === 'record' ? (record.definition.tag ?? '') : '';
    const isTable = /^_WSK_CLIENT_[A-Z]+_DISPATCH$/.test(tag);
    const isWanted =
      isTable &&
      categoryOfTable(record) !== undefined &&
      (category === undefined || tag === `_${tableName('CLIENT', category)}`);
    return isWanted ? [type.kind === 'pointer' ? name : `&${name}`] : [];
  });
  return found.length === 0 ? undefined : [...new Set(found)];
}
