/** Strings in guest memory, as JavaScript strings of code units: one per byte, or one per UTF-16 unit. */
import type { GuestAddress } from '../machine/native.ts';
import type { Kernel } from './kernel-types.ts';
import { checkRegistryPath } from './verifier/registry-path.ts';

export interface TextRequest {
  /** Bytes per character. */
  readonly unit: 1 | 2;
  /** Characters at most. */
  readonly limit?: number | undefined;
  /** Exactly `limit` characters, zeros included. */
  readonly isCounted?: boolean;
}

/** Characters after which a string is cut: 64 MB of them, which no program here fills. */
export const textMax = 0x400_0000;

/** Characters that are looked at together at first, and in a long string. */
const chunkLength = 128;
const chunkMax = 8192;

/** Up to the terminating zero, or the limit. A string that leaves its memory is a fault there. */
export function readText(kernel: Kernel, address: GuestAddress, request: TextRequest): string {
  // Formats, and names that are printed again and again.
  const { literals } = kernel.parts.tables;
  const isWhole = request.unit === 1 && request.limit === undefined && request.isCounted !== true;
  const known = isWhole ? literals.get(address) : undefined;
  if (known !== undefined) return known;
  const text = readAnew(kernel, address, request);
  const region = isWhole ? kernel.memory.regionAt(address) : undefined;
  if (region?.kind === 'string' && region.isReadOnly && !region.isPaged) literals.set(address, text);
  return text;
}

function readAnew(kernel: Kernel, address: GuestAddress, request: TextRequest): string {
  const limit = Math.min(request.limit ?? textMax, textMax);
  const parts: string[] = [];
  for (let length = 0; length < limit; ) {
    const at = (address + BigInt(length * request.unit)) as GuestAddress;
    const most = Math.min(Math.max(chunkLength, length), chunkMax, limit - length);
    const wanted = request.isCounted === true ? most : charactersAhead(kernel, at, request.unit, most);
    const part = readChunk(kernel, at, request, wanted);
    parts.push(part.text);
    length += part.text.length;
    if (!part.isEnd) continue;
    if (request.unit === 2) checkRegistryPath(kernel, address, address + BigInt(length * 2));
    break;
  }
  return parts.join('');
}

/** No more than the block has from there on, so that looking ahead succeeds at once. */
function charactersAhead({ memory }: Kernel, at: GuestAddress, unit: 1 | 2, wanted: number): number {
  const region = memory.regionAt(at);
  const left = region === undefined ? 0 : Math.floor(Number(region.start + BigInt(region.size) - at) / unit);
  return left < 1 ? wanted : Math.min(wanted, left);
}

/** The next characters of a string: as many as are asked for, or fewer where it ends. */
function readChunk(
  kernel: Kernel,
  at: GuestAddress,
  { unit, isCounted }: TextRequest,
  wanted: number,
): { readonly text: string; readonly isEnd: boolean } {
  const { memory } = kernel;
  const ahead = isCounted === true ? undefined : memory.peek(at, wanted * unit);
  // Near the end of mapped memory there is no looking ahead.
  if (ahead === undefined && isCounted !== true && wanted > 1) return readChunk(kernel, at, { unit }, wanted >> 1);
  const zero = ahead === undefined ? -1 : zeroIn(ahead, unit);
  // Looking ahead checks nothing; reading what counts, with its zero, does.
  const bytes = memory.readBytes(at, (zero < 0 ? wanted : zero + 1) * unit);
  const isEnd = zero >= 0 || (isCounted !== true && ahead === undefined && zeroIn(bytes, unit) >= 0);
  const length = isEnd ? zeroIn(bytes, unit) : wanted;
  const units = unit === 1 ? bytes : new Uint16Array(bytes.buffer, 0, bytes.length >> 1);
  // Spreading a typed array takes five times as long.
  return { text: Reflect.apply(String.fromCharCode, undefined, units.subarray(0, length)), isEnd };
}

/** Index of the first character that is zero; -1 where there is none. */
function zeroIn(bytes: Uint8Array, unit: 1 | 2): number {
  if (unit === 1) return bytes.indexOf(0);
  for (let i = 0; i + 1 < bytes.length; i += 2) if (bytes[i] === 0 && bytes[i + 1] === 0) return i >> 1;
  return -1;
}

/** Writes characters, without a terminating zero. */
export function writeText(kernel: Kernel, address: GuestAddress, text: string, unit: 1 | 2): void {
  const bytes = new Uint8Array(text.length * unit);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i * unit] = code & 0xff;
    if (unit === 2) bytes[i * unit + 1] = code >> 8;
  }
  if (bytes.length > 0) kernel.memory.writeBytes(address, bytes);
}

/** Fills a UNICODE_STRING or an ANSI_STRING, which have one layout, with bytes that lie somewhere already. */
export function setCountedString(
  kernel: Kernel,
  address: GuestAddress,
  { length, room, buffer }: { readonly length: number; readonly room: number; readonly buffer: GuestAddress },
): void {
  const view = kernel.view('UNICODE_STRING', address);
  view.set('Length', length);
  view.set('MaximumLength', room);
  view.set('Buffer', buffer);
}

/** The text of a UNICODE_STRING. */
export function unicodeString(kernel: Kernel, address: GuestAddress): string {
  const view = kernel.view('UNICODE_STRING', address);
  const length = view.getNumber('Length') >> 1;
  return length === 0 ? '' : readText(kernel, view.getPointer('Buffer'), { unit: 2, limit: length, isCounted: true });
}
