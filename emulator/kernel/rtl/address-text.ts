/** Internet addresses as text and back (ip2string.h). */
import type { NativeArguments } from '../../machine/native.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INVALID_PARAMETER } from '../statuses.ts';

export const addressTextApis = {
  /** They return the address of the terminator. */
  RtlIpv4AddressToStringA: (kernel, { arguments: args }) => write(kernel, args, ipv4Text(kernel, args.pointer(0)), 1),
  RtlIpv4AddressToStringW: (kernel, { arguments: args }) => write(kernel, args, ipv4Text(kernel, args.pointer(0)), 2),
  RtlIpv6AddressToStringA: (kernel, { arguments: args }) => write(kernel, args, ipv6Text(kernel, args.pointer(0)), 1),
  RtlIpv6AddressToStringW: (kernel, { arguments: args }) => write(kernel, args, ipv6Text(kernel, args.pointer(0)), 2),
  RtlIpv4AddressToStringExA: (kernel, { arguments: args }) => writeEx(kernel, args, ipv4TextEx(kernel, args), 1),
  RtlIpv4AddressToStringExW: (kernel, { arguments: args }) => writeEx(kernel, args, ipv4TextEx(kernel, args), 2),
  RtlIpv6AddressToStringExA: (kernel, { arguments: args }) => writeEx(kernel, args, ipv6TextEx(kernel, args), 1),
  RtlIpv6AddressToStringExW: (kernel, { arguments: args }) => writeEx(kernel, args, ipv6TextEx(kernel, args), 2),
  RtlEthernetAddressToStringA: (kernel, { arguments: args }) =>
    write(kernel, args, ethernetText(kernel, args.pointer(0)), 1),
  RtlEthernetAddressToStringW: (kernel, { arguments: args }) =>
    write(kernel, args, ethernetText(kernel, args.pointer(0)), 2),
  RtlIpv4StringToAddressA: (kernel, { arguments: args }) => readIpv4(kernel, args, 1),
  RtlIpv4StringToAddressW: (kernel, { arguments: args }) => readIpv4(kernel, args, 2),
  RtlIpv6StringToAddressA: (kernel, { arguments: args }) => readIpv6(kernel, args, 1),
  RtlIpv6StringToAddressW: (kernel, { arguments: args }) => readIpv6(kernel, args, 2),
  RtlIpv4StringToAddressExA: (kernel, { arguments: args }) => readIpv4Ex(kernel, args, 1),
  RtlIpv4StringToAddressExW: (kernel, { arguments: args }) => readIpv4Ex(kernel, args, 2),
  RtlIpv6StringToAddressExA: (kernel, { arguments: args }) => readIpv6Ex(kernel, args, 1),
  RtlIpv6StringToAddressExW: (kernel, { arguments: args }) => readIpv6Ex(kernel, args, 2),
  RtlEthernetStringToAddressA: (kernel, { arguments: args }) => readEthernet(kernel, args, 1),
  RtlEthernetStringToAddressW: (kernel, { arguments: args }) => readEthernet(kernel, args, 2),
} satisfies KernelApis;

function write(kernel: Kernel, args: NativeArguments, text: string, unit: 1 | 2): NativeResult {
  writeText(kernel, args.pointer(1), `${text}\0`, unit);
  return returns(args.pointer(1) + BigInt(text.length * unit));
}

/** The last two arguments: the buffer, and its room in characters, where the needed length with its zero comes back. */
function writeEx(kernel: Kernel, args: NativeArguments, text: string, unit: 1 | 2): NativeResult {
  const lengthAt = args.pointer(args.count - 1);
  const room = kernel.memory.readU32(lengthAt);
  kernel.memory.writeU32(lengthAt, text.length + 1);
  if (text.length + 1 > room) return returns(STATUS_INVALID_PARAMETER);
  writeText(kernel, args.pointer(args.count - 2), `${text}\0`, unit);
  return returns(0);
}

function ipv4TextEx(kernel: Kernel, args: NativeArguments): string {
  const port = swapped(args.uint(1));
  return `${ipv4Text(kernel, args.pointer(0))}${port === 0 ? '' : `:${port}`}`;
}

function ipv6TextEx(kernel: Kernel, args: NativeArguments): string {
  const scope = args.uint(1);
  const port = swapped(args.uint(2));
  const text = `${ipv6Text(kernel, args.pointer(0))}${scope === 0 ? '' : `%${scope}`}`;
  return port === 0 ? text : `[${text}]:${port}`;
}

/** A port in the other byte order. */
function swapped(port: number): number {
  return ((port & 0xff) << 8) | ((port >>> 8) & 0xff);
}

function ethernetText(kernel: Kernel, address: GuestAddress): string {
  const bytes = [...kernel.memory.readBytes(address, 6)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('-');
}

function ipv4Text(kernel: Kernel, address: GuestAddress): string {
  return kernel.memory.readBytes(address, 4).join('.');
}

function ipv6Text(kernel: Kernel, address: GuestAddress): string {
  const bytes = kernel.memory.readBytes(address, 16);
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2] as number) << 8) | (bytes[i * 2 + 1] as number));
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`;
  // The longest run of zeros, of two words at least, is left out.
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && words[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  if (best.start < 0) return hex(words);
  return `${hex(words.slice(0, best.start))}::${hex(words.slice(best.start + best.length))}`;
}

/** Arguments: text, strict, where the address of the terminator goes, where the address goes. */
function readIpv4(kernel: Kernel, args: NativeArguments, unit: 1 | 2): NativeResult {
  const found = ipv4In(readText(kernel, args.pointer(0), { unit }), args.bool(1));
  if (found === undefined) return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writePointer(args.pointer(2), args.pointer(0) + BigInt(found.length * unit));
  kernel.memory.writeBytes(args.pointer(3), found.bytes);
  return returns(0);
}

/** Arguments: text, strict, where the address goes, where the port goes, in network order. All of the text must be read. */
function readIpv4Ex(kernel: Kernel, args: NativeArguments, unit: 1 | 2): NativeResult {
  const text = readText(kernel, args.pointer(0), { unit });
  const found = ipv4In(text, args.bool(1));
  const port = portIn(text.slice(found?.length ?? 0));
  if (found === undefined || port === undefined) return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writeBytes(args.pointer(2), found.bytes);
  kernel.memory.writeU16(args.pointer(3), swapped(port));
  return returns(0);
}

/** The address with which a text begins. */
function ipv4In(text: string, isStrict: boolean): { readonly bytes: Uint8Array; readonly length: number } | undefined {
  const match = /^(\d+|0x[0-9a-f]+)(?:\.(\d+|0x[0-9a-f]+)){0,3}/i.exec(text);
  const parts = match?.[0].split('.').map(numberOf) ?? [];
  const isShort = parts.length !== 4;
  const last = parts.length === 0 ? 0 : 256 ** (5 - parts.length);
  const isBad = parts.some((part, i) => part >= (i === parts.length - 1 ? last : 256));
  if (match === null || isBad || (isShort && isStrict)) return undefined;
  let value = parts.at(-1) ?? 0;
  for (const [i, part] of parts.slice(0, -1).entries()) value += part * 256 ** (3 - i);
  const bytes = Uint8Array.from([24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) & 0xff));
  return { bytes, length: match[0].length };
}

/** The port behind an address: 0 where there is none, undefined where something else stands there. */
function portIn(text: string): number | undefined {
  if (text === '') return 0;
  const digits = /^:(\d+|0x[0-9a-f]+)$/i.exec(text)?.[1];
  const port = digits === undefined ? 0 : numberOf(digits);
  return port > 0 && port <= 0xffff ? port : undefined;
}

function numberOf(text: string): number {
  if (/^0x/i.test(text)) return Number.parseInt(text, 16);
  return /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
}

function readIpv6(kernel: Kernel, args: NativeArguments, unit: 1 | 2): NativeResult {
  const text = readText(kernel, args.pointer(0), { unit });
  const candidate = /^[0-9a-fA-F:.]+/.exec(text)?.[0] ?? '';
  const words = ipv6Words(candidate);
  if (words === undefined) return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writePointer(args.pointer(1), args.pointer(0) + BigInt(candidate.length * unit));
  kernel.memory.writeBytes(args.pointer(2), Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff])));
  return returns(0);
}

/** Arguments: text as `fe80::1%4` or `[fe80::1%4]:80`, where address, scope and port go. All of the text must be read. */
function readIpv6Ex(kernel: Kernel, args: NativeArguments, unit: 1 | 2): NativeResult {
  const text = readText(kernel, args.pointer(0), { unit });
  const match = /^(\[?)([0-9a-f:.]+)(?:%(\d+))?(\]?)(.*)$/is.exec(text);
  const [, open = '', address = '', scope = '0', close = '', rest = ''] = match ?? [];
  const words = ipv6Words(address);
  const port = open === '' ? (rest === '' ? 0 : undefined) : portIn(rest);
  const isPaired = (open === '') === (close === '');
  if (match === null || words === undefined || port === undefined || !isPaired || Number(scope) > 0xffffffff)
    return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writeBytes(args.pointer(1), Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff])));
  kernel.memory.writeU32(args.pointer(2), Number(scope));
  kernel.memory.writeU16(args.pointer(3), swapped(port));
  return returns(0);
}

/** Arguments: text as 00-15-5D-01-02-03, where the address of the terminator goes, where the address goes. */
function readEthernet(kernel: Kernel, args: NativeArguments, unit: 1 | 2): NativeResult {
  const text = readText(kernel, args.pointer(0), { unit });
  const match = /^[0-9a-f]{1,2}(?:-[0-9a-f]{1,2}){5}/i.exec(text);
  if (match === null) return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writePointer(args.pointer(1), args.pointer(0) + BigInt(match[0].length * unit));
  const bytes = match[0].split('-').map((part) => Number.parseInt(part, 16));
  kernel.memory.writeBytes(args.pointer(2), Uint8Array.from(bytes));
  return returns(0);
}

function ipv6Words(text: string): number[] | undefined {
  const [left = '', right, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const parts = (half: string): number[] => (half === '' ? [] : half.split(':').flatMap(wordsOf));
  const [head, tail] = [parts(left), right === undefined ? [] : parts(right)];
  const missing = 8 - head.length - tail.length;
  if ([...head, ...tail].some((word) => Number.isNaN(word)) || (right === undefined ? missing !== 0 : missing < 1))
    return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** One group, or the two words of a dotted address at the end. */
function wordsOf(group: string): number[] {
  const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(group);
  if (dotted !== null) {
    const bytes = dotted.slice(1).map(Number);
    if (bytes.some((byte) => byte > 255)) return [Number.NaN];
    return [((bytes[0] as number) << 8) | (bytes[1] as number), ((bytes[2] as number) << 8) | (bytes[3] as number)];
  }
  return [/^[0-9a-fA-F]{1,4}$/.test(group) ? Number.parseInt(group, 16) : Number.NaN];
}
