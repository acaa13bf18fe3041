/**
 * TraceLogging: an event comes as one call with kind, name and value of each field, and becomes one line of the run's log:
 * `MyProvider: Connected { Port = 40007, Peer = "10.0.0.1" }`. The kinds are those of TraceLoggingProvider.h. What a
 * field points at is read as Windows copies it, so that a string or an address that is gone is found.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { readText, unicodeString } from '../guest-text.ts';
import { guidText } from '../guid-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { flushLog, logText } from '../rtl/debug-print.ts';
import { type FormatArguments, variadicArguments } from '../rtl/format.ts';
import { textOfBytes } from '../rtl/utf8.ts';
import { statusText } from '../status-names.ts';

/** Fields and array elements that one line shows; an event of Windows has 128 fields at most. */
const fieldsMax = 128;
const elementsMax = 64;
/** Bytes of binary data that a line shows. */
const bytesMax = 32;

export const traceLoggingApis = {
  __wsk_trace_register: (kernel, { arguments: args }) => {
    const provider = args.pointer(0);
    const what = `The TraceLogging provider ${providerName(kernel, provider)}`;
    const undo = 'TraceLoggingUnregister';
    kernel.view('_tlgProvider_t', provider).set('IsRegistered', 1);
    kernel.parts.registrations.set(provider, { address: provider, what, undo, registeredAt: currentSpan(kernel) });
    return returns(0);
  },
  __wsk_trace_unregister: (kernel, { arguments: args }) => {
    const provider = args.pointer(0);
    kernel.view('_tlgProvider_t', provider).set('IsRegistered', 0);
    kernel.parts.registrations.delete(provider);
    return returnsVoid;
  },
  __wsk_trace_logging: (kernel, call) => writeEvent(kernel, call),
} satisfies KernelApis;

function providerName(kernel: Kernel, provider: GuestAddress): string {
  const name = kernel.view('_tlgProvider_t', provider).getPointer('Name');
  return textOfBytes(readText(kernel, name, { unit: 1 }));
}

function writeEvent(kernel: Kernel, call: NativeCall): NativeResult {
  const args = variadicArguments(call.arguments, 2);
  const parts: string[] = [];
  /** Fields that are left of each struct that is open, innermost last. */
  const open: number[] = [];
  for (let count = 0; count < fieldsMax; count++) {
    const kind = Number(BigInt.asIntN(32, args.next() ?? 0n));
    if (kind === 0) break;
    if (kind < 10 && kind !== 6) {
      const text = attribute(kind, args);
      if (text !== undefined) parts.push(text);
      continue;
    }
    const name = textOfBytes(readText(kernel, pointer(args), { unit: 1 }));
    if (open.length > 0) open[open.length - 1] = (open.at(-1) ?? 0) - 1;
    if (kind === 6) {
      const fields = number(args);
      parts.push(`${name} = {`);
      open.push(fields);
    } else parts.push(`${name} = ${fieldText(kernel, kind, args)}`);
    while (open.at(-1) === 0) {
      parts.push('}');
      open.pop();
    }
  }
  const name = textOfBytes(readText(kernel, call.arguments.pointer(1), { unit: 1 }));
  const fields = parts.join(', ').replaceAll('{, ', '{ ').replaceAll(', }', ' }');
  flushLog(kernel);
  logText(
    kernel,
    `${providerName(kernel, call.arguments.pointer(0))}: ${name}${fields === '' ? '' : ` { ${fields} }`}\n`,
  );
  return returnsVoid;
}

function number(args: FormatArguments): number {
  return Number(BigInt.asUintN(32, args.next() ?? 0n));
}

function pointer(args: FormatArguments): GuestAddress {
  return (args.next() ?? 0n) as GuestAddress;
}

/** What is said of the event itself: its level is worth showing, descriptions are for the manifest. */
function attribute(kind: number, args: FormatArguments): string | undefined {
  const value = args.next() ?? 0n;
  switch (kind) {
    case 1:
      return `level ${BigInt.asUintN(32, value)}`;
    case 2:
      return `keyword 0x${BigInt.asUintN(64, value).toString(16)}`;
    case 3:
      return `opcode ${BigInt.asUintN(32, value)}`;
    default:
      return undefined;
  }
}

function fieldText(kernel: Kernel, kind: number, args: FormatArguments): string {
  switch (kind) {
    case 10:
      return BigInt.asIntN(64, args.next() ?? 0n).toString();
    case 11:
      return BigInt.asUintN(64, args.next() ?? 0n).toString();
    case 12:
      return `0x${BigInt.asUintN(64, args.next() ?? 0n).toString(16)}`;
    case 13:
      return statusText(kernel, Number(BigInt.asIntN(32, args.next() ?? 0n)));
    case 14:
      return number(args) === 0 ? 'false' : 'true';
    case 15:
      return String(args.nextDouble() ?? 0);
    case 16:
      return `'${String.fromCharCode(number(args) & 0xffff)}'`;
    case 20:
      return narrowText(kernel, pointer(args), undefined);
    case 21:
      return wideText(kernel, pointer(args), undefined);
    case 22:
      return narrowText(kernel, pointer(args), number(args));
    case 23:
      return wideText(kernel, pointer(args), number(args));
    case 24: {
      const text = pointer(args);
      return text === 0n ? '""' : `"${unicodeString(kernel, text)}"`;
    }
    case 25: {
      const text = pointer(args);
      if (text === 0n) return '""';
      const view = kernel.view('STRING', text);
      return narrowText(kernel, view.getPointer('Buffer'), view.getNumber('Length'));
    }
    case 26:
      return guidText(kernel.memory.readBytes(pointer(args), 16));
    case 27:
      return binaryText(kernel, pointer(args), number(args));
    case 28:
      return addressText(number(args));
    case 29:
      return binaryText(kernel, pointer(args), 16);
    case 30: {
      // In the order of the network.
      const port = number(args);
      return String(((port & 0xff) << 8) | (port >> 8));
    }
    case 40:
      return arrayText(kernel, pointer(args), number(args), Number(BigInt.asIntN(32, args.next() ?? 1n)));
    default:
      return '?';
  }
}

function narrowText(kernel: Kernel, address: GuestAddress, count: number | undefined): string {
  if (address === 0n || count === 0) return '""';
  const counted = count === undefined ? {} : { limit: count, isCounted: true };
  return `"${textOfBytes(readText(kernel, address, { unit: 1, ...counted }))}"`;
}

function wideText(kernel: Kernel, address: GuestAddress, count: number | undefined): string {
  if (address === 0n || count === 0) return '""';
  const counted = count === undefined ? {} : { limit: count, isCounted: true };
  return `"${readText(kernel, address, { unit: 2, ...counted })}"`;
}

/** A size below zero is that of a signed element. */
function arrayText(kernel: Kernel, address: GuestAddress, count: number, size: number): string {
  const bytes = Math.abs(size);
  const all = count === 0 ? new Uint8Array() : kernel.memory.readBytes(address, count * bytes);
  const values: string[] = [];
  for (let i = 0; i < Math.min(count, elementsMax); i++) {
    let value = 0n;
    for (let byte = bytes - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(all[i * bytes + byte] ?? 0);
    values.push((size < 0 ? BigInt.asIntN(bytes * 8, value) : value).toString());
  }
  return `[${values.join(', ')}${count > elementsMax ? ', …' : ''}]`;
}

function binaryText(kernel: Kernel, address: GuestAddress, size: number): string {
  if (address === 0n || size === 0) return '(empty)';
  const bytes = kernel.memory.readBytes(address, size);
  return `${hexText(bytes.subarray(0, bytesMax))}${size > bytesMax ? ` … (${size} bytes)` : ''}`;
}

function addressText(value: number): string {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24].join('.');
}

export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
