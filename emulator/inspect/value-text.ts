/** One line of text for a value: names for what has names, addresses as Windows' debuggers write them. */

import { wrap } from '../../cfront/types/arithmetic.ts';
import { fieldNamed } from '../../cfront/types/fields.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import type { CType, RecordDefinition } from '../../cfront/types/types.ts';
import { describeAddress, functionName, statusName } from '../kernel/index.ts';
import type { GuestAddress } from '../machine/native.ts';
import { hostFromBytes } from '../net/address.ts';
import type { RunContext } from '../run/context.ts';
import { socketText, wskState } from '../wsk/state.ts';
import { addressText } from './irps.ts';
import { at, isUnset, loadBits, type Operand } from './operand.ts';

/** Characters of a string that are shown. */
const TEXT_MAX = 200;

/** Bytes of an array that its line shows. */
const BYTES_MAX = 16;

const AF_INET = 2;
const AF_INET6 = 23;

export function valueText(context: RunContext, operand: Operand): string {
  const { type, home } = operand;
  if (home.kind === 'unavailable') return 'not available here';
  if (type.kind === 'record') return recordText(context, type.definition, operand);
  if (type.kind === 'array') return arrayText(context, operand);
  if (type.kind === 'function') return home.kind === 'memory' ? functionName(context.kernel, home.address) : '';
  if (isUnset(context, operand)) return 'not set';
  const bits = loadBits(context, operand);
  if (bits === undefined) return 'no memory there';
  switch (type.kind) {
    case 'integer':
      return integerText(context, type, wrap(bits, type));
    case 'enum': {
      const value = Number(BigInt.asIntN(32, bits));
      const constant = type.definition.constants?.find((one) => one.value === value);
      return constant === undefined ? String(value) : `${constant.name} (${value})`;
    }
    case 'float':
      return floatText(bits, type.size);
    case 'pointer':
      return pointerText(context, type.target, BigInt.asUintN(64, bits));
    case 'void':
    case 'error':
      return '';
  }
}

const irqlNames = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'];

function integerText(context: RunContext, type: CType & { kind: 'integer' }, value: bigint): string {
  switch (type.alias) {
    case 'NTSTATUS': {
      const status = Number(BigInt.asIntN(32, value));
      const name = statusName(context.kernel.parts.tables.headers(), status);
      return `${hexText(BigInt(status >>> 0))}${name === undefined ? '' : ` ${name}`}`;
    }
    case 'BOOLEAN':
    case 'BOOL':
      return value === 0n ? 'FALSE' : value === 1n ? 'TRUE' : `TRUE (${value})`;
    case 'KIRQL': {
      const name = irqlNames[Number(value)];
      return name === undefined ? value.toString() : `${value} (${name})`;
    }
    default:
      break;
  }
  if (type.name === '_Bool') return value === 0n ? 'false' : 'true';
  const isCharacter = type.size === 1 && type.alias !== 'UCHAR' && type.alias !== 'uint8_t';
  if (isCharacter || type.alias === 'WCHAR' || type.alias === 'wchar_t') return characterText(value);
  if (type.size === 8 && !type.isSigned && value > 0xffff_ffffn) return addressText(value);
  return value > 9n || value < -9n ? `${value} (${hexText(BigInt.asUintN(type.size * 8, value))})` : value.toString();
}

function characterText(value: bigint): string {
  const isPrintable = value >= 32n && value < 127n;
  return isPrintable ? `${value} '${String.fromCharCode(Number(value))}'` : value.toString();
}

function pointerText(context: RunContext, target: CType, address: bigint): string {
  if (address === 0n) return 'NULL';
  const { kernel } = context;
  if (target.kind === 'function') {
    const entry = kernel.machine.codeAt(address as GuestAddress);
    return entry === undefined ? `${addressText(address)} (no function)` : entry.name;
  }
  const text = textAt(context, target, address, TEXT_MAX);
  if (text !== undefined) return `${addressText(address)} ${text}`;
  const region = kernel.memory.regionAt(address as GuestAddress);
  const freed = region?.isFreed === true ? ' (freed)' : '';
  if (target.kind === 'record') return `${addressText(address)} → ${recordName(target.definition)}${freed}`;
  const what =
    target.kind === 'void' && region !== undefined ? ` → ${describeAddress(kernel, address as GuestAddress)}` : '';
  return `${addressText(address)}${what}${freed}`;
}

/** Quoted text where the target is a character type and text lies there. */
function textAt(context: RunContext, target: CType, address: bigint, limit: number): string | undefined {
  if (target.kind !== 'integer') return undefined;
  const isWide = target.size === 2 && (target.alias === 'WCHAR' || target.alias === 'wchar_t');
  const isNarrow = target.size === 1 && (target.name === 'char' || target.alias === 'CHAR') && target.alias !== 'UCHAR';
  if (!isWide && !isNarrow) return undefined;
  let text = '';
  for (let i = 0; i < limit; i++) {
    const bytes = context.kernel.memory.peek((address + BigInt(i * target.size)) as GuestAddress, target.size);
    if (bytes === undefined) return i === 0 ? undefined : quoted(text, isWide, '…');
    const code = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
    if (code === 0) return quoted(text, isWide, '');
    text += String.fromCharCode(code);
  }
  return quoted(text, isWide, '…');
}

function quoted(text: string, isWide: boolean, rest: string): string {
  return `${isWide ? 'L' : ''}${JSON.stringify(text)}${rest}`;
}

function arrayText(context: RunContext, operand: Operand): string {
  const { type, home } = operand;
  if (type.kind !== 'array' || home.kind !== 'memory') return '';
  if (!isUnset(context, operand)) {
    const text = textAt(context, type.element, home.address, type.length ?? 0);
    if (text !== undefined) return text;
    if (sizeOf(type.element) === 1) return bytesText(context, home.address, type.length ?? 0);
  }
  return `[${type.length ?? ''}]`;
}

/** What a driver sends and receives, as a dump has it: the first bytes, and the text that they are. */
function bytesText(context: RunContext, address: GuestAddress, length: number): string {
  const bytes = [...(context.kernel.memory.peek(address, Math.min(length, BYTES_MAX)) ?? [])];
  const last = bytes.findLastIndex((byte) => byte !== 0);
  const shown = bytes.slice(0, last + 1);
  if (shown.length === 0) return `[${length}]`;
  const hex = shown.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
  const text = shown.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
  return `[${length}] ${hex}${shown.length < length ? ' …' : ''} ${JSON.stringify(text)}`;
}

/** What a structure is for, where it is one that people know. */
function recordText(context: RunContext, definition: RecordDefinition, operand: Operand): string {
  if (operand.home.kind !== 'memory') return '{…}';
  const { address } = operand.home;
  const known = knownRecords[(definition.tag ?? definition.typedefName ?? '').replace(/^_/, '').toUpperCase()];
  const text = known === undefined || isUnset(context, operand) ? undefined : known(context, definition, address);
  return text ?? '{…}';
}

type KnownRecord = (context: RunContext, definition: RecordDefinition, address: GuestAddress) => string | undefined;

const knownRecords: Readonly<Record<string, KnownRecord>> = {
  UNICODE_STRING: countedText,
  STRING: countedText,
  LARGE_INTEGER: (context, definition, address) => memberText(context, definition, address, 'QuadPart'),
  IO_STATUS_BLOCK: (context, definition, address) => memberText(context, definition, address, 'Status'),
  LIST_ENTRY: (context, definition, address) => {
    const next = memberBits(context, definition, address, 'Flink');
    return next === BigInt(address) ? '(empty)' : next === undefined ? undefined : `Flink ${addressText(next)}`;
  },
  KEVENT: (context, definition, address) => {
    const header = fieldNamed(definition, 'Header');
    if (header?.type.kind !== 'record') return undefined;
    const start = (address + BigInt(header.offset)) as GuestAddress;
    const signal = memberBits(context, header.type.definition, start, 'SignalState');
    return signal === undefined ? undefined : BigInt.asIntN(32, signal) > 0n ? 'signaled' : 'not signaled';
  },
  SOCKADDR_IN: (context, _definition, address) => socketAddress(context, address, AF_INET),
  SOCKADDR_IN6: (context, _definition, address) => socketAddress(context, address, AF_INET6),
  SOCKADDR: socketAddressOfAnyFamily,
  SOCKADDR_STORAGE: socketAddressOfAnyFamily,
  SOCKADDR_INET: socketAddressOfAnyFamily,
  WSK_SOCKET: (context, _definition, address) => {
    const state = wskState(context.kernel);
    const socket = state.sockets.get(state.socketAt.get(address) ?? -1);
    return socket === undefined ? undefined : socketText(socket);
  },
};

function memberBits(
  context: RunContext,
  definition: RecordDefinition,
  address: GuestAddress,
  name: string,
): bigint | undefined {
  const field = fieldNamed(definition, name);
  return field === undefined ? undefined : loadBits(context, at(address + BigInt(field.offset), field.type));
}

function memberText(
  context: RunContext,
  definition: RecordDefinition,
  address: GuestAddress,
  name: string,
): string | undefined {
  const field = fieldNamed(definition, name);
  return field === undefined ? undefined : valueText(context, at(address + BigInt(field.offset), field.type));
}

/** UNICODE_STRING and ANSI_STRING: as many characters as Length says. */
function countedText(context: RunContext, definition: RecordDefinition, address: GuestAddress): string | undefined {
  const length = memberBits(context, definition, address, 'Length');
  const buffer = memberBits(context, definition, address, 'Buffer');
  const field = fieldNamed(definition, 'Buffer');
  if (length === undefined || buffer === undefined || field?.type.kind !== 'pointer') return undefined;
  const size = sizeOf(field.type.target);
  const bytes = context.kernel.memory.peek(buffer as GuestAddress, Math.min(Number(length), TEXT_MAX * size));
  if (buffer === 0n || bytes === undefined) return '""';
  let text = '';
  for (let i = 0; i + size <= bytes.length; i += size) {
    text += String.fromCharCode((bytes[i] ?? 0) | (size === 2 ? (bytes[i + 1] ?? 0) << 8 : 0));
  }
  return quoted(text, size === 2, Number(length) > bytes.length ? '…' : '');
}

/** The structures that may hold an address of either family say in their first member which it is. */
function socketAddressOfAnyFamily(
  context: RunContext,
  _definition: RecordDefinition,
  address: GuestAddress,
): string | undefined {
  const [family] = context.kernel.memory.peek(address, 2) ?? [];
  return family === undefined ? undefined : socketAddress(context, address, family);
}

function socketAddress(context: RunContext, address: GuestAddress, family: number): string | undefined {
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const [hostOffset, hostSize] = family === AF_INET ? [4, 4] : [8, 16];
  const bytes = context.kernel.memory.peek(address, hostOffset + hostSize);
  if (bytes === undefined) return undefined;
  const text = hostFromBytes(bytes.subarray(hostOffset));
  const port = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

function recordName(definition: RecordDefinition): string {
  return definition.tag ?? definition.typedefName ?? (definition.isUnion ? 'union' : 'struct');
}

function floatText(bits: bigint, size: 4 | 8): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, bits), true);
  return String(size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true));
}

function hexText(value: bigint): string {
  return `0x${value.toString(16).toUpperCase()}`;
}
