/**
 * Binding sockets to addresses, and who may share one.
 *
 * The table is the documented result of a second bind on an address in use (guide "Sharing Transport Addresses"):
 * one row for each kind of second bind, one column for each kind of first bind. Binds to two different specific
 * hosts never meet. Where the table says "check", Windows compares security descriptors; the default one permits no
 * sharing, so the answer is the one for "access denied".
 */
import { type Endpoint, familyOf, isLoopback, isMulticast, isWildcard, unmapped } from './address.ts';
import { exposePort, hidePort } from './bridge-ports.ts';
import { type Binding, FIRST_EPHEMERAL_PORT, type Network, newId, type Owner } from './network.ts';

export type BindResult =
  | { readonly kind: 'bound'; readonly binding: Binding }
  | { readonly kind: 'in-use' | 'denied' | 'not-local' | 'no-port' };

export interface BindRequest {
  readonly protocol: 'tcp' | 'udp';
  readonly address: Endpoint;
  readonly owner: Owner;
  readonly isDual: boolean;
  readonly sharing: Binding['sharing'];
}

export function bind(network: Network, request: BindRequest): BindResult {
  const { protocol, owner, isDual, sharing } = request;
  const { host } = request.address;
  if (!isWildcard(host) && !isLocal(network, host, request)) return { kind: 'not-local' };
  const port = request.address.port === 0 ? freePort(network, protocol) : request.address.port;
  if (port === undefined) return { kind: 'no-port' };
  const key = portKey(protocol, port);
  const others = network.ports.get(key) ?? [];
  for (const first of others) {
    const result = sharingResult(first, { ...request, address: { host, port } });
    if (result !== 'success') return { kind: result };
  }
  const binding: Binding = {
    id: newId(network),
    protocol,
    host,
    port,
    owner,
    isDual,
    sharing,
    isListening: false,
    isConditional: false,
    backlog: [],
    groups: new Set(),
  };
  network.bindings.set(binding.id, binding);
  if (protocol === 'udp') exposePort(network, binding);
  if (others.length === 0) network.ports.set(key, [binding]);
  else others.push(binding);
  return { kind: 'bound', binding };
}

/** Lets connections arrive at a binding. */
export function listen(network: Network, binding: Binding): void {
  binding.isListening = true;
  exposePort(network, binding);
}

export function unbind(network: Network, id: number): void {
  const binding = network.bindings.get(id);
  if (binding === undefined) return;
  network.bindings.delete(id);
  hidePort(network, id);
  const key = portKey(binding.protocol, binding.port);
  const left = (network.ports.get(key) ?? []).filter((other) => other !== binding);
  if (left.length === 0) network.ports.delete(key);
  else network.ports.set(key, left);
}

/** The binding that a packet to `address` belongs to: a specific host wins over a wildcard, then the older one. */
export function findBinding(
  network: Network,
  protocol: Binding['protocol'],
  address: Endpoint,
  isFor: (binding: Binding) => boolean = () => true,
): Binding | undefined {
  let found: Binding | undefined;
  for (const binding of bindingsOfPort(network, protocol, address.port)) {
    if (!covers(network, binding, address.host) || !isFor(binding)) continue;
    if (!isWildcard(binding.host)) return binding;
    found ??= binding;
  }
  return found;
}

/** In the order in which they were bound. */
export function bindingsOfPort(network: Network, protocol: Binding['protocol'], port: number): readonly Binding[] {
  return network.ports.get(portKey(protocol, port)) ?? [];
}

/** Whether packets to `host` reach the binding. */
function covers(network: Network, binding: Binding, host: string): boolean {
  if (!isWildcard(binding.host)) return unmapped(binding.host) === unmapped(host);
  if (binding.owner.kind === 'peer' && network.ownHosts.includes(unmapped(host))) return false;
  return binding.isDual || familyOf(binding.host) === familyOf(unmapped(host));
}

// Rows: the second bind; columns: the first, wildcard then specific, for no option, SO_REUSEADDR, SO_EXCLUSIVEADDRUSE.
type Cell = 'success' | 'in-use' | 'denied' | 'check';
const sharingTable: Readonly<Record<string, readonly [Cell, Cell, Cell, Cell, Cell, Cell]>> = {
  'none wildcard': ['in-use', 'success', 'in-use', 'success', 'in-use', 'success'],
  'none specific': ['check', 'in-use', 'check', 'denied', 'denied', 'in-use'],
  'reuse wildcard': ['denied', 'success', 'success', 'success', 'denied', 'success'],
  'reuse specific': ['check', 'denied', 'success', 'success', 'denied', 'denied'],
  'exclusive wildcard': ['in-use', 'in-use', 'in-use', 'in-use', 'in-use', 'in-use'],
  'exclusive specific': ['check', 'in-use', 'check', 'in-use', 'denied', 'in-use'],
};
const firstColumn: Readonly<Record<Binding['sharing'], number>> = { none: 0, reuse: 2, exclusive: 4 };

function sharingResult(first: Binding, second: BindRequest): 'success' | 'in-use' | 'denied' {
  const { host } = second.address;
  if (isElsewhere(first, second)) return 'success';
  if (!familiesMeet(first, second)) return 'success';
  const bothSpecific = !isWildcard(first.host) && !isWildcard(host);
  if (bothSpecific && unmapped(first.host) !== unmapped(host)) return 'success';
  const row = sharingTable[`${second.sharing} ${isWildcard(host) ? 'wildcard' : 'specific'}`];
  const cell = row?.[firstColumn[first.sharing] + (isWildcard(first.host) ? 0 : 1)] ?? 'in-use';
  return cell === 'check' ? 'denied' : cell;
}

/** Peers are other machines, unless they use loopback. */
function isElsewhere(first: Binding, second: BindRequest): boolean {
  return first.owner.kind !== second.owner.kind && unmapped(first.host) !== unmapped(second.address.host);
}

function familiesMeet(first: Binding, second: BindRequest): boolean {
  const a = familyOf(unmapped(first.host));
  const b = familyOf(unmapped(second.address.host));
  return a === b || first.isDual || second.isDual;
}

/** Hosts of this machine; a peer is wherever its script says. Datagram sockets may stand on a group's address. */
function isLocal(network: Network, host: string, request: BindRequest): boolean {
  if (request.owner.kind === 'peer' || isLoopback(host)) return true;
  return network.ownHosts.includes(unmapped(host)) || (request.protocol === 'udp' && isMulticast(host));
}

/** The next free port of the dynamic range, which goes round; undefined when all 16,384 are taken. */
function freePort(network: Network, protocol: Binding['protocol']): number | undefined {
  for (let tries = FIRST_EPHEMERAL_PORT; tries <= 0xffff; tries++) {
    const port = network.nextPort;
    network.nextPort = port === 0xffff ? FIRST_EPHEMERAL_PORT : port + 1;
    if (!network.ports.has(portKey(protocol, port))) return port;
  }
  return undefined;
}

function portKey(protocol: Binding['protocol'], port: number): number {
  return protocol === 'tcp' ? port : port + 0x10000;
}
