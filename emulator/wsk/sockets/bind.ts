/** WskBind: gives a socket its local address. A listening socket listens from then on. */
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { endpointText, isWildcard } from '../../net/address.ts';
import { type BindResult, bind, listen } from '../../net/binding.ts';
import { isOptionSet } from '../control/options.ts';
import { isOwnHost } from '../data/raw.ts';
import { begin, settle } from '../requests.ts';
import { readSockAddr, type SockAddr } from '../sockaddr.ts';
import { type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { refuse } from './create-socket.ts';
import { socketOf } from './sockets.ts';

const WskBind: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (call.arguments.uint(2) !== 0) return refuse(kernel, request, reservedFlags('WskBind'));
  const address = readSockAddr(kernel, call.arguments.pointer(1));
  if (!('family' in address) || address.family !== socket.family) {
    return refuse(kernel, request, wrongFamily('WskBind', socket));
  }
  if (socket.category === 'listen' && socket.type !== 'stream') {
    return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_NOT_IMPLEMENTED') });
  }
  if (socket.state !== 'created') {
    return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_ADDRESS_ALREADY_ASSOCIATED') });
  }
  const result = bindSocket(kernel, socket, address);
  return settle(kernel, request, { status: bindStatus(kernel, result) }, { mayBeInline: true });
};

export const bindApis = { WskBind };

/** Binds on the wire and brings the socket into its next state. */
export function bindSocket(kernel: Kernel, socket: Socket, address: SockAddr): { readonly kind: BindResult['kind'] } {
  if (socket.type === 'raw') return bindRaw(kernel, socket, address);
  const { network } = wskState(kernel);
  const result = bind(network, {
    protocol: socket.type === 'stream' ? 'tcp' : 'udp',
    address: address.endpoint,
    owner: { kind: 'socket', id: socket.id },
    isDual: socket.family === 'inet6' && isWildcard(address.endpoint.host) && !isOptionSet(socket, 'IPV6_V6ONLY'),
    sharing: isOptionSet(socket, 'SO_EXCLUSIVEADDRUSE')
      ? 'exclusive'
      : isOptionSet(socket, 'SO_REUSEADDR')
        ? 'reuse'
        : 'none',
  });
  if (result.kind !== 'bound') return result;
  socket.binding = result.binding.id;
  socket.local = { host: result.binding.host, port: result.binding.port };
  socket.state = 'bound';
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'bound', detail: endpointText(socket.local) });
  if (socket.category === 'listen') startListening(kernel, socket);
  return result;
}

/** A raw socket has a host and no port. */
function bindRaw(kernel: Kernel, socket: Socket, { endpoint }: SockAddr): { readonly kind: BindResult['kind'] } {
  if (!isOwnHost(kernel, endpoint.host)) return { kind: 'not-local' };
  socket.local = { host: endpoint.host, port: 0 };
  socket.state = 'bound';
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'bound', detail: endpoint.host });
  return { kind: 'bound' };
}

/** Lets connections arrive at a bound socket. */
export function startListening(kernel: Kernel, socket: Socket): void {
  const { network } = wskState(kernel);
  const binding = network.bindings.get(socket.binding ?? -1);
  if (binding === undefined || socket.local === undefined) return;
  listen(network, binding);
  binding.isConditional = isOptionSet(socket, 'SO_CONDITIONAL_ACCEPT');
  socket.state = 'listening';
  socket.role = 'listen';
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'listening', detail: endpointText(socket.local) });
}

export function bindStatus(kernel: Kernel, result: { readonly kind: BindResult['kind'] }): number {
  switch (result.kind) {
    case 'bound':
      return ntstatus(kernel, 'STATUS_SUCCESS');
    case 'in-use':
      return ntstatus(kernel, 'STATUS_ADDRESS_ALREADY_EXISTS');
    case 'denied':
      return ntstatus(kernel, 'STATUS_ACCESS_DENIED');
    case 'no-port':
      return ntstatus(kernel, 'STATUS_TOO_MANY_ADDRESSES');
    case 'not-local':
      return ntstatus(kernel, 'STATUS_INVALID_ADDRESS_COMPONENT');
  }
}

/** The reason for a call with a flag in a parameter that must be zero. */
export function reservedFlags(call: string): Parameters<typeof refuse>[2] {
  return { rule: 'reserved-flags', message: `${call}: Flags is reserved and must be zero.`, docRules: ['R34'] };
}

export function wrongFamily(call: string, socket: Socket): Parameters<typeof refuse>[2] {
  const wanted = socket.family === 'inet' ? 'SOCKADDR_IN with AF_INET' : 'SOCKADDR_IN6 with AF_INET6';
  return {
    rule: 'address-family',
    message: `${call}: the address is not of the family that socket #${socket.id} was created with; it takes a ${wanted}.`,
    docRules: ['R81'],
  };
}
