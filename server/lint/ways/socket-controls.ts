/**
 * The requests of WskControlSocket that lint knows: by level and code, what they are called, with what request they
 * go, which sockets have them, what they take and give. The numbers are those of ws2def.h, mstcpip.h and wsk.h.
 */
import { heldBehind } from '../flow/calls/behind.ts';
import type { ApiCall } from '../flow/facts/events.ts';
import { OFFSET } from '../flow/facts/layout.ts';
import type { SocketCategory } from '../flow/facts/sockets.ts';
import { resolve, type State } from '../flow/state/state.ts';
import { ANYTHING, type Value } from '../flow/values/values.ts';

export interface SocketControl {
  readonly name: string;
  readonly kind: 'option' | 'ioctl';
  /** May only be set, or only be asked for. */
  readonly only?: 'set' | 'get';
  /** Bytes of the value, where it has one size. */
  readonly size?: { readonly bytes: bigint; readonly type: string };
  readonly output?: { readonly bytes: bigint; readonly type: string };
  /** Sockets that have it; all where it is not said. */
  readonly categories?: readonly SocketCategory[];
  readonly irp: 'required' | 'forbidden' | 'optional';
  readonly order?: 'before bind' | 'after bind' | 'after connect';
  readonly isDeprecated?: boolean;
}

const ULONG = { bytes: 4n, type: 'ULONG' };
const POINTER = { bytes: 8n, type: 'PSECURITY_DESCRIPTOR' };
const SIZE_T = { bytes: 8n, type: 'SIZE_T' };
const tcp: readonly SocketCategory[] = ['listen', 'connection', 'stream'];

const option = (name: string, more: Partial<SocketControl> = {}): SocketControl => ({
  name,
  kind: 'option',
  irp: 'required',
  size: ULONG,
  output: ULONG,
  ...more,
});
const ioctl = (name: string, more: Partial<SocketControl> = {}): SocketControl => ({
  name,
  kind: 'ioctl',
  irp: 'required',
  ...more,
});

const SOL_SOCKET = 0xffff;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const IPPROTO_IPV6 = 41;

const ofTcp = (name: string): SocketControl => option(name, { categories: tcp });
const ofUdp = (name: string): SocketControl => option(name, { categories: ['datagram'] });

/** Options of the protocols, by their level. */
const protocolOptions: Readonly<Record<number, Readonly<Record<number, SocketControl>>>> = {
  [IPPROTO_TCP]: {
    1: ofTcp('TCP_NODELAY'),
    3: ofTcp('TCP_KEEPIDLE'),
    5: ofTcp('TCP_MAXRT'),
    16: ofTcp('TCP_KEEPCNT'),
    17: ofTcp('TCP_KEEPINTVL'),
  },
  [IPPROTO_UDP]: { 2: ofUdp('UDP_SEND_MSG_SIZE'), 3: ofUdp('UDP_RECV_MAX_COALESCED_SIZE') },
  [IPPROTO_IPV6]: { 27: option('IPV6_V6ONLY', { order: 'before bind' }) },
};

/** Options of SOL_SOCKET. */
const options: Readonly<Record<number, SocketControl>> = {
  4: option('SO_REUSEADDR', { order: 'before bind' }),
  [0xfffffffb]: option('SO_EXCLUSIVEADDRUSE', { order: 'before bind' }),
  8: option('SO_KEEPALIVE', { categories: tcp }),
  32: option('SO_BROADCAST', { categories: ['datagram'] }),
  4098: option('SO_RCVBUF'),
  12290: option('SO_CONDITIONAL_ACCEPT', { categories: ['listen', 'stream'], order: 'before bind' }),
  16385: option('SO_WSK_SECURITY', { size: POINTER, output: POINTER, order: 'before bind' }),
  16386: {
    name: 'SO_WSK_EVENT_CALLBACK',
    kind: 'option',
    only: 'set',
    irp: 'optional',
    size: { bytes: 16n, type: 'WSK_EVENT_CALLBACK_CONTROL' },
  },
};

const ioctls: Readonly<Record<number, SocketControl>> = {
  1207959574: ioctl('SIO_ADDRESS_LIST_QUERY', { irp: 'forbidden' }),
  671088663: ioctl('SIO_ADDRESS_LIST_CHANGE'),
  [0xc8000019]: ioctl('SIO_ADDRESS_LIST_SORT'),
  [0x8f000001]: ioctl('SIO_WSK_SET_REMOTE_ADDRESS', { categories: ['datagram'], order: 'after bind' }),
  [0x8f000006]: ioctl('SIO_WSK_SET_SENDTO_ADDRESS', { categories: ['datagram'], order: 'after bind' }),
  1325400067: ioctl('SIO_WSK_QUERY_IDEAL_SEND_BACKLOG', {
    categories: ['connection', 'stream'],
    output: SIZE_T,
    order: 'after connect',
  }),
  1325400068: ioctl('SIO_WSK_QUERY_RECEIVE_BACKLOG', {
    categories: ['connection', 'stream'],
    output: SIZE_T,
    order: 'after connect',
  }),
  1325400069: ioctl('SIO_WSK_QUERY_INSPECT_ID', { irp: 'forbidden' }),
  [0xcf000002]: ioctl('SIO_WSK_REGISTER_EXTENSION', { irp: 'forbidden' }),
  788529159: ioctl('SIO_WSK_SET_TCP_SILENT_MODE', { categories: ['connection', 'stream'] }),
  [0x98000010]: ioctl('SIO_LOOPBACK_FAST_PATH', { isDeprecated: true }),
};

export type ControlRequest = 'set' | 'get' | 'ioctl';

/** WskSetOption, WskGetOption, WskIoctl by number. */
export function requestOf(type: bigint | undefined): ControlRequest | undefined {
  return type === 0n ? 'set' : type === 1n ? 'get' : type === 2n ? 'ioctl' : undefined;
}

function wordOf(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(BigInt.asUintN(32, value));
}

/** The option or IOCTL that a whole request names, if it is one that lint knows. */
export function controlAt(
  request: ControlRequest | undefined,
  level: bigint | undefined,
  code: bigint | undefined,
): SocketControl | undefined {
  const number = wordOf(code);
  const at = wordOf(level);
  if (number === undefined || request === undefined) return undefined;
  // An IOCTL's code has no level. One that is asked for as an option is none, and the other way round.
  const control = ioctls[number];
  if (control !== undefined) return request === 'ioctl' ? control : undefined;
  if (request === 'ioctl' || at === undefined) return undefined;
  return at === SOL_SOCKET ? options[number] : protocolOptions[at]?.[number];
}

export interface EventControl {
  /** Events, as an unsigned number, where they are known. */
  readonly mask: bigint | undefined;
  readonly npi: Value;
  /** Position of the argument that leads to the WSK_EVENT_CALLBACK_CONTROL. */
  readonly input: number;
  /** For all sockets of the client. */
  readonly isStatic: boolean;
}

/** What a call says of event callbacks; undefined for other calls. */
export function eventMaskAt(call: ApiCall, state: State): EventControl | undefined {
  if (!call.isWsk) return undefined;
  const { api, parameters } = call;
  const number = (name: string): bigint | undefined =>
    numberOf(state, call.arguments[parameters.indexOf(name)] ?? ANYTHING);
  const isStatic = api === 'WskControlClient' && number('ControlCode') === WSK_SET_STATIC_EVENT_CALLBACKS;
  const control =
    api === 'WskControlSocket'
      ? controlAt(requestOf(number('RequestType')), number('Level'), number('ControlCode'))
      : undefined;
  const at = parameters.indexOf('InputBuffer');
  if ((!isStatic && control?.name !== 'SO_WSK_EVENT_CALLBACK') || at < 0) return undefined;
  const mask = numberOf(
    state,
    heldBehind(state, call, { index: at, offset: OFFSET['_WSK_EVENT_CALLBACK_CONTROL.EventMask'], size: 4 }),
  );
  return {
    mask: mask === undefined ? undefined : BigInt.asUintN(32, mask),
    npi: heldBehind(state, call, { index: at, offset: OFFSET['_WSK_EVENT_CALLBACK_CONTROL.NpiId'], size: 8 }),
    input: at,
    isStatic,
  };
}

const WSK_SET_STATIC_EVENT_CALLBACKS = 7n;

export function numberOf(state: State, value: Value): bigint | undefined {
  const known = resolve(state, value);
  return known.kind === 'integer' ? known.value : undefined;
}
