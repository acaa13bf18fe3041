/**
 * Binding sockets to addresses, and who may share one.
 *
 * The table is the documented result of a second bind on an address in use (guide "Sharing Transport Addresses"):
 * one row for each kind of second bind, one column for each kind of first bind. Binds to two different specific
 * hosts never meet. Where the table says "check", Windows compares security descriptors; the default one permits no
 * sharing, so the answer is the one for "access denied".
 */
import { type Endpoint, familyOf, isWildcard, unmapped } from './address.ts';
import { type Binding, ephemeralPort, type Network, newId, type Owner, ownHosts } from './network.ts';

export type BindResult =
  | { readonly kind: 'bound'; readonly binding: Binding }
  | { readonly kind: 'in-use' | 'denied' | 'not-local' };

export interface BindRequest {
  readonly protocol: 'tcp' | 'udp';
  readonly address: Endpoint;
  readonly owner: Owner;
  readonly isDual: boolean;
  readonly sharing: Binding['sharing'];
}

export function bind(network: Network, request: BindRequest): BindResult {
  const { host } = request.address;
  if (!isWildcard(host) && !isLocal(host, request.owner)) return { kind: 'not-local' };
  const port = request.address.port === 0 ? freePort(network, request) : request.address.port;
  for (const first of network.bindings.values()) {
    const result = sharingResult(first, { ...request, address: { host, port } });
    if (result !== 'success') return { kind: result };
  }
  const binding: Binding = {
    id: newId(network),
    protocol: request.protocol,
    host,
    port,
    owner: request.owner,
    isDual: request.isDual,
    sharing: request.sharing,
    isListening: false,
    isConditional: false,
    backlog: [],
  };
  network.bindings.set(binding.id, binding);
  return { kind: 'bound', binding };
}

export function unbind(network: Network, binding: number): void {
  network.bindings.delete(binding);
}

/** The binding that a packet to `address` belongs to: a specific host wins over a wildcard. */
export function findBinding(
  network: Network,
  protocol: Binding['protocol'],
  address: Endpoint,
  isFor: (binding: Binding) => boolean = () => true,
): Binding | undefined {
  const matching = [...network.bindings.values()].filter(
    (b) => b.protocol === protocol && b.port === address.port && covers(b, address.host) && isFor(b),
  );
  return matching.find((b) => !isWildcard(b.host)) ?? matching[0];
}

/** Whether packets to `host` reach the binding. */
export function covers(binding: Binding, host: string): boolean {
  if (!isWildcard(binding.host)) return unmapped(binding.host) === unmapped(host);
  if (binding.owner.kind === 'peer' && ownHosts.includes(host)) return false;
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
  const { host, port } = second.address;
  if (first.protocol !== second.protocol || first.port !== port || isElsewhere(first, second)) return 'success';
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

function isLocal(host: string, owner: Owner): boolean {
  return owner.kind === 'peer' || ownHosts.includes(unmapped(host)) || unmapped(host).startsWith('127.');
}

function freePort(network: Network, request: BindRequest): number {
  // The range has 16,384 ports; a driver that uses them all gets the last one and "in use".
  for (let tries = 0; ; tries++) {
    const port = ephemeralPort(network);
    const isTaken = [...network.bindings.values()].some((b) => b.protocol === request.protocol && b.port === port);
    if (!isTaken || tries >= 16_384) return port;
  }
}
