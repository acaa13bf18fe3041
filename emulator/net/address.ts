/**
 * Internet addresses as canonical text, and their bytes.
 *
 * Hosts are kept as text ("127.0.0.1", "::1") in one canonical spelling (RFC 5952 for IPv6), so that they compare with
 * `===` and read well in traces. Everything that comes from outside (guest memory, scenario) goes through here once.
 */

export type Family = 'inet' | 'inet6';

/** A host and a port. The family follows from the host. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const WILDCARD: Readonly<Record<Family, string>> = { inet: '0.0.0.0', inet6: '::' };

const SUBNET_BROADCAST = '192.0.2.255';

export function familyOf(host: string): Family {
  return host.includes(':') ? 'inet6' : 'inet';
}

export function isWildcard(host: string): boolean {
  return host === WILDCARD.inet || host === WILDCARD.inet6;
}

export function isLoopback(host: string): boolean {
  return host === '::1' || unmapped(host).startsWith('127.');
}

/** The limited broadcast address, and that of the one subnet that there is. */
export function isBroadcast(host: string): boolean {
  const plain = unmapped(host);
  return plain === '255.255.255.255' || plain === SUBNET_BROADCAST;
}

export function isMulticast(host: string): boolean {
  const plain = unmapped(host);
  if (plain.includes(':')) return plain.startsWith('ff') && plain.indexOf(':') === 4;
  const first = Number.parseInt(plain, 10);
  return first >= 224 && first <= 239;
}

/** "127.0.0.1:80", "[::1]:80". */
export function endpointText(endpoint: Endpoint): string {
  return familyOf(endpoint.host) === 'inet6'
    ? `[${endpoint.host}]:${endpoint.port}`
    : `${endpoint.host}:${endpoint.port}`;
}

/** Reads "127.0.0.1:80" or "[::1]:80"; undefined for anything else. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.trim());
  if (match === null) return undefined;
  const host = parseHost(match[1] ?? match[2] ?? '');
  const port = Number(match[3]);
  if (host === undefined || port > 0xffff) return undefined;
  if ((match[1] !== undefined) !== (familyOf(host) === 'inet6')) return undefined;
  return { host, port };
}

/** Canonical text of an address as people write it; undefined when it is none. */
export function parseHost(text: string): string | undefined {
  const bytes = text.includes(':') ? parseInet6(text) : parseInet(text);
  return bytes === undefined ? undefined : hostFromBytes(bytes);
}

/** Canonical text of 4 or 16 bytes in network order. */
export function hostFromBytes(bytes: ArrayLike<number>): string {
  if (bytes.length === 4) return Array.from(bytes).join('.');
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  if (isMapped) return `::ffff:${Array.from(bytes).slice(12).join('.')}`;
  const run = longestZeroRun(words);
  const hex = (from: number, to: number): string =>
    words
      .slice(from, to)
      .map((word) => word.toString(16))
      .join(':');
  return run === undefined ? hex(0, 8) : `${hex(0, run.start)}::${hex(run.start + run.length, 8)}`;
}

/** The bytes of a canonical host in network order: 4 or 16. */
export function hostBytes(host: string): number[] {
  return (host.includes(':') ? parseInet6(host) : parseInet(host)) ?? [];
}

/** The IPv4 host behind an IPv4-mapped IPv6 one; any other host as it is. */
export function unmapped(host: string): string {
  return host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
}

/** The host as a socket of `family` sees it: an IPv4 host is mapped for an IPv6 socket. */
export function asFamily(host: string, family: Family): string {
  const plain = unmapped(host);
  return family === 'inet6' && familyOf(plain) === 'inet' ? `::ffff:${plain}` : plain;
}

function parseInet(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseInet6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = words(halves[0] ?? '');
  const tail = halves.length === 2 ? words(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail].flatMap((word) => [word >> 8, word & 0xff]);
}

/** The 16-bit words of one side of `::`; a dotted tail counts as two. */
function words(text: string): number[] | undefined {
  if (text === '') return [];
  const result: number[] = [];
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const bytes = parseInet(part);
      if (bytes === undefined) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = bytes;
      result.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) result.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return result;
}

/** Where `::` goes: the first of the longest runs of two or more zero words. */
function longestZeroRun(list: readonly number[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  for (let start = 0; start < list.length; start++) {
    let length = 0;
    while (list[start + length] === 0) length++;
    if (length >= 2 && length > (best?.length ?? 0)) best = { start, length };
  }
  return best;
}
