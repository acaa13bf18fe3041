/**
 * Counted strings: UNICODE_STRING, ANSI_STRING, UTF8_STRING. ANSI is Latin-1 here, byte for unit; letters are matched
 * without case as JavaScript folds single UTF-16 units.
 */

import type { NativeArguments } from '../../machine/native.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { allocatePool, freePool } from '../ex/pool.ts';
import { readText, setCountedString, unicodeString, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import {
  STATUS_BUFFER_OVERFLOW,
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_PARAMETER_2,
  STATUS_NAME_TOO_LONG,
  STATUS_NO_MEMORY,
  STATUS_SOME_NOT_MAPPED,
} from '../statuses.ts';
import { strictTextOfBytes, textOfBytes, utf8Bytes } from './utf8.ts';

/** Bytes that a USHORT length can say, with room for the terminator. */
const bytesMax = 65_534;
/** 'Strg': the tag of strings that the run-time library allocates. */
const stringTag = 0x67727453;

// RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE and _ALLOCATE_NULL_STRING (wdm.h).
const duplicateTerminated = 1;
const duplicateNullString = 2;
const duplicateFlags = 3;

export const unicodeStringApis = {
  RtlInitUnicodeString: (kernel, { arguments: args }) => initialise(kernel, args, 2),
  RtlInitAnsiString: (kernel, { arguments: args }) => initialise(kernel, args, 1),
  RtlInitString: (kernel, { arguments: args }) => initialise(kernel, args, 1),
  RtlInitUTF8String: (kernel, { arguments: args }) => initialise(kernel, args, 1),
  RtlInitUnicodeStringEx: (kernel, { arguments: args }) => {
    const source = args.pointer(1);
    if (source !== 0n && readText(kernel, source, { unit: 2 }).length * 2 > bytesMax - 2)
      return returns(STATUS_NAME_TOO_LONG);
    initialise(kernel, args, 2);
    return returns(0);
  },

  RtlAnsiStringToUnicodeString: (kernel, { name, arguments: args }) => {
    const text = ansiString(kernel, args.pointer(1));
    return convert(kernel, name, args.pointer(0), text, { unit: 2, allocates: args.bool(2) });
  },
  RtlUnicodeStringToAnsiString: (kernel, { name, arguments: args }) => {
    const text = unicodeString(kernel, args.pointer(1)).replace(/[^\0-\xff]/g, '?');
    return convert(kernel, name, args.pointer(0), text, { unit: 1, allocates: args.bool(2) });
  },
  RtlUTF8StringToUnicodeString: (kernel, { name, arguments: args }) => {
    const text = textOfBytes(ansiString(kernel, args.pointer(1)));
    return convert(kernel, name, args.pointer(0), text, { unit: 2, allocates: args.bool(2) });
  },
  RtlUnicodeStringToUTF8String: (kernel, { name, arguments: args }) => {
    const text = utf8Bytes(unicodeString(kernel, args.pointer(1)));
    return convert(kernel, name, args.pointer(0), text, { unit: 1, allocates: args.bool(2) });
  },
  RtlxUnicodeStringToAnsiSize: (kernel, { arguments: args }) =>
    returns(unicodeString(kernel, args.pointer(0)).length + 1),
  RtlFreeUnicodeString: freeString(),
  RtlFreeAnsiString: freeString(),
  RtlFreeUTF8String: freeString(),
  RtlUTF8ToUnicodeN: (kernel, { arguments: args }) => {
    const bytes = readText(kernel, args.pointer(3), { unit: 1, limit: args.uint(4), isCounted: true });
    const { text, isComplete } = strictTextOfBytes(bytes);
    return writeBounded(kernel, args, text, 2, isComplete ? 0 : STATUS_SOME_NOT_MAPPED);
  },
  RtlUnicodeToUTF8N: (kernel, { arguments: args }) => {
    const text = readText(kernel, args.pointer(3), { unit: 2, limit: args.uint(4) >> 1, isCounted: true });
    return writeBounded(kernel, args, utf8Bytes(text), 1, 0);
  },

  /** Cuts what does not fit. */
  RtlCopyUnicodeString: (kernel, { arguments: args }) => {
    const text = args.pointer(1) === 0n ? '' : unicodeString(kernel, args.pointer(1));
    return copyCut(kernel, args.pointer(0), text, 2);
  },
  RtlCopyString: (kernel, { arguments: args }) =>
    copyCut(kernel, args.pointer(0), args.pointer(1) === 0n ? '' : ansiString(kernel, args.pointer(1)), 1),
  RtlAppendUnicodeStringToString: (kernel, { arguments: args }) =>
    append(kernel, args.pointer(0), unicodeString(kernel, args.pointer(1))),
  RtlAppendUnicodeToString: (kernel, { arguments: args }) =>
    append(kernel, args.pointer(0), args.pointer(1) === 0n ? '' : readText(kernel, args.pointer(1), { unit: 2 })),
  RtlCreateUnicodeString: (kernel, { name, arguments: args }) => {
    const made = convert(kernel, name, args.pointer(0), readText(kernel, args.pointer(1), { unit: 2 }), {
      unit: 2,
      allocates: true,
    });
    return made.kind === 'return' ? returns(Number(made.value) === 0 ? 1 : 0) : made;
  },
  RtlDuplicateUnicodeString: (kernel, { name, arguments: args }) =>
    duplicate(kernel, name, { flags: args.uint(0), source: args.pointer(1), target: args.pointer(2) }),

  RtlCompareUnicodeString: (kernel, { arguments: args }) =>
    returns(compare(unicodeString(kernel, args.pointer(0)), unicodeString(kernel, args.pointer(1)), args.bool(2))),
  RtlEqualUnicodeString: (kernel, { arguments: args }) => {
    const [a, b] = [unicodeString(kernel, args.pointer(0)), unicodeString(kernel, args.pointer(1))];
    return returns(compare(a, b, args.bool(2)) === 0 ? 1 : 0);
  },
  RtlPrefixUnicodeString: (kernel, { arguments: args }) => {
    const [prefix, text] = [unicodeString(kernel, args.pointer(0)), unicodeString(kernel, args.pointer(1))];
    return returns(compare(prefix, text.slice(0, prefix.length), args.bool(2)) === 0 ? 1 : 0);
  },
  RtlCompareString: (kernel, { arguments: args }) =>
    returns(compare(ansiString(kernel, args.pointer(0)), ansiString(kernel, args.pointer(1)), args.bool(2))),
  RtlEqualString: (kernel, { arguments: args }) => {
    const [a, b] = [ansiString(kernel, args.pointer(0)), ansiString(kernel, args.pointer(1))];
    return returns(compare(a, b, args.bool(2)) === 0 ? 1 : 0);
  },
  RtlUpcaseUnicodeChar: (_kernel, { arguments: args }) =>
    returns(upcase(String.fromCharCode(args.uint(0) & 0xffff)).charCodeAt(0)),
  RtlUpcaseUnicodeString: (kernel, { name, arguments: args }) =>
    upcaseString(kernel, name, args.pointer(0), upcase(unicodeString(kernel, args.pointer(1))), args.bool(2)),
  RtlHashUnicodeString: (kernel, { arguments: args }) => {
    if (args.uint(2) > 1) return returns(STATUS_INVALID_PARAMETER);
    const text = unicodeString(kernel, args.pointer(0));
    let hash = 0;
    for (const c of args.bool(1) ? upcase(text) : text) hash = (Math.imul(hash, 65_599) + c.charCodeAt(0)) >>> 0;
    kernel.memory.writeU32(args.pointer(3), hash);
    return returns(0);
  },

  RtlIntegerToUnicodeString: (kernel, { arguments: args }) =>
    numberString(kernel, BigInt(args.uint(0)), args.uint(1), args.pointer(2)),
  RtlInt64ToUnicodeString: (kernel, { arguments: args }) =>
    numberString(kernel, args.uint64(0), args.uint(1), args.pointer(2)),
  RtlUnicodeStringToInteger: (kernel, { arguments: args }) =>
    parseNumber(kernel, unicodeString(kernel, args.pointer(0)), args.uint(1), args.pointer(2)),
  RtlCharToInteger: (kernel, { arguments: args }) =>
    parseNumber(kernel, readText(kernel, args.pointer(0), { unit: 1 }), args.uint(1), args.pointer(2)),

  RtlStringFromGUID: (kernel, { name, arguments: args }) => {
    const bytes = kernel.memory.readBytes(args.pointer(0), 16);
    const digits = (from: number, to: number, step: number): string => {
      let text = '';
      for (let i = from; i !== to; i += step) text += (bytes[i] as number).toString(16).padStart(2, '0');
      return text.toUpperCase();
    };
    const text = `{${digits(3, -1, -1)}-${digits(5, 3, -1)}-${digits(7, 5, -1)}-${digits(8, 10, 1)}-${digits(10, 16, 1)}}`;
    return convert(kernel, name, args.pointer(1), text, { unit: 2, allocates: true });
  },
  RtlGUIDFromString: (kernel, { arguments: args }) => {
    const text = unicodeString(kernel, args.pointer(0));
    const match = /^\{([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}$/i.exec(text);
    if (match === null) return returns(STATUS_INVALID_PARAMETER);
    const [, a = '', b = '', c = '', d = '', e = ''] = match;
    const reversed = (hex: string): number[] => bytesOf(hex).reverse();
    kernel.memory.writeBytes(
      args.pointer(1),
      Uint8Array.from([...reversed(a), ...reversed(b), ...reversed(c), ...bytesOf(d), ...bytesOf(e)]),
    );
    return returns(0);
  },
} satisfies KernelApis;

/** The bytes of an ANSI_STRING, one character each. */
function ansiString(kernel: Kernel, address: GuestAddress): string {
  const view = kernel.view('STRING', address);
  const length = view.getNumber('Length');
  return length === 0 ? '' : readText(kernel, view.getPointer('Buffer'), { unit: 1, limit: length, isCounted: true });
}

/** Letters in upper case, one unit for one unit. */
function upcase(text: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const upper = text.charAt(i).toUpperCase();
    result += upper.length === 1 ? upper : text.charAt(i);
  }
  return result;
}

function bytesOf(hex: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < hex.length; i += 2) bytes.push(Number.parseInt(hex.slice(i, i + 2), 16));
  return bytes;
}

function initialise(kernel: Kernel, args: NativeArguments, unit: 1 | 2): NativeResult {
  const source = args.pointer(1);
  const length = source === 0n ? 0 : Math.min(readText(kernel, source, { unit }).length * unit, bytesMax - unit);
  setCountedString(kernel, args.pointer(0), { length, room: source === 0n ? 0 : length + unit, buffer: source });
  return returnsVoid;
}

/** Writes text into a counted string, or into new pool for it, with a terminator where there is room. */
function convert(
  kernel: Kernel,
  call: string,
  target: GuestAddress,
  text: string,
  { unit, allocates }: { readonly unit: 1 | 2; readonly allocates: boolean },
): NativeResult {
  const view = kernel.view('UNICODE_STRING', target);
  const bytes = text.length * unit;
  if (bytes + unit > bytesMax + 1) return returns(STATUS_INVALID_PARAMETER_2);
  if (allocates) {
    const size = bytes + unit;
    const how = { isPaged: true, isUninitialised: true, isCacheAligned: false };
    const buffer = allocatePool(kernel, { size, tag: stringTag, ...how, call });
    if (buffer === 0n) return returns(STATUS_NO_MEMORY);
    view.set('Buffer', buffer);
    view.set('MaximumLength', size);
  } else if (view.getNumber('MaximumLength') < bytes + unit) return returns(STATUS_BUFFER_OVERFLOW);
  const buffer = view.getPointer('Buffer');
  writeText(kernel, buffer, `${text}\0`, unit);
  view.set('Length', bytes);
  return returns(0);
}

/** A copy with a terminator where the flags ask for one; of an empty string nothing is allocated but for both flags. */
function duplicate(
  kernel: Kernel,
  call: string,
  { flags, source, target }: { readonly flags: number; readonly source: GuestAddress; readonly target: GuestAddress },
): NativeResult {
  const from = kernel.view('UNICODE_STRING', source);
  const [length, room] = [from.getNumber('Length'), from.getNumber('MaximumLength')];
  const isOdd = length > room || (length === 0 && room > 0 && from.getPointer('Buffer') === 0n);
  if (isOdd || flags === duplicateNullString || (flags & ~duplicateFlags) !== 0)
    return returns(STATUS_INVALID_PARAMETER);
  const isEmpty = length === 0 && flags !== duplicateFlags;
  const text = `${unicodeString(kernel, source)}${(flags & duplicateTerminated) === 0 ? '' : '\0'}`;
  const how = { isPaged: true, isUninitialised: true, isCacheAligned: false };
  const size = isEmpty ? 0 : text.length * 2;
  const buffer = isEmpty ? NULL_ADDRESS : allocatePool(kernel, { size, tag: stringTag, ...how, call });
  if (buffer === 0n && !isEmpty) return returns(STATUS_NO_MEMORY);
  if (!isEmpty) writeText(kernel, buffer, text, 2);
  setCountedString(kernel, target, { length, room: size, buffer });
  return returns(0);
}

/** Unlike the other conversions, this one ends its target with no terminator and asks for no room for one. */
function upcaseString(
  kernel: Kernel,
  call: string,
  target: GuestAddress,
  text: string,
  allocates: boolean,
): NativeResult {
  const view = kernel.view('UNICODE_STRING', target);
  const size = text.length * 2;
  if (allocates) {
    const how = { isPaged: true, isUninitialised: true, isCacheAligned: false };
    const buffer = allocatePool(kernel, { size, tag: stringTag, ...how, call });
    if (buffer === 0n) return returns(STATUS_NO_MEMORY);
    view.set('Buffer', buffer);
    view.set('MaximumLength', size);
  } else if (view.getNumber('MaximumLength') < size) return returns(STATUS_BUFFER_OVERFLOW);
  writeText(kernel, view.getPointer('Buffer'), text, 2);
  view.set('Length', size);
  return returns(0);
}

function freeString(): Api {
  return (kernel, { name, arguments: args }) => {
    const view = kernel.view('UNICODE_STRING', args.pointer(0));
    const buffer = view.getPointer('Buffer');
    if (buffer === 0n) return returnsVoid;
    const bad = freePool(kernel, name, buffer, 0);
    if (bad !== undefined) return bad;
    setCountedString(kernel, args.pointer(0), { length: 0, room: 0, buffer: NULL_ADDRESS });
    return returnsVoid;
  };
}

/** Arguments: buffer, its bytes, where the result's bytes go; a NULL buffer asks for the size alone. */
function writeBounded(kernel: Kernel, args: NativeArguments, text: string, unit: 1 | 2, done: number): NativeResult {
  const [target, room, actualAt] = [args.pointer(0), args.uint(1), args.pointer(2)];
  const needed = text.length * unit;
  if (target === 0n) {
    if (actualAt === 0n) return returns(STATUS_INVALID_PARAMETER);
    kernel.memory.writeU32(actualAt, needed);
    return returns(done);
  }
  const fits = text.slice(0, Math.floor(room / unit));
  writeText(kernel, target, fits, unit);
  if (actualAt !== 0n) kernel.memory.writeU32(actualAt, fits.length * unit);
  return returns(needed > room ? STATUS_BUFFER_TOO_SMALL : done);
}

function copyCut(kernel: Kernel, target: GuestAddress, text: string, unit: 1 | 2): NativeResult {
  const view = kernel.view('UNICODE_STRING', target);
  const room = Math.floor(view.getNumber('MaximumLength') / unit);
  const cut = text.slice(0, room);
  const terminated = cut.length < room ? `${cut}\0` : cut;
  if (terminated !== '') writeText(kernel, view.getPointer('Buffer'), terminated, unit);
  view.set('Length', cut.length * unit);
  return returnsVoid;
}

function append(kernel: Kernel, target: GuestAddress, text: string): NativeResult {
  const view = kernel.view('UNICODE_STRING', target);
  const length = view.getNumber('Length');
  const room = view.getNumber('MaximumLength');
  if (length + text.length * 2 > room) return returns(STATUS_BUFFER_TOO_SMALL);
  const terminated = length + text.length * 2 + 2 <= room ? `${text}\0` : text;
  writeText(kernel, (view.get('Buffer') + BigInt(length)) as GuestAddress, terminated, 2);
  view.set('Length', length + text.length * 2);
  return returns(0);
}

function compare(a: string, b: string, ignoresCase: boolean): number {
  const [x, y] = ignoresCase ? [upcase(a), upcase(b)] : [a, b];
  const shared = Math.min(x.length, y.length);
  for (let i = 0; i < shared; i++) {
    const difference = x.charCodeAt(i) - y.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

function numberString(kernel: Kernel, value: bigint, base: number, target: GuestAddress): NativeResult {
  const radix = base === 0 ? 10 : base;
  if (![2, 8, 10, 16].includes(radix)) return returns(STATUS_INVALID_PARAMETER);
  const text = value.toString(radix).toUpperCase();
  const view = kernel.view('UNICODE_STRING', target);
  const room = view.getNumber('MaximumLength');
  if (text.length * 2 > room) return returns(STATUS_BUFFER_OVERFLOW);
  writeText(kernel, view.getPointer('Buffer'), text.length * 2 + 2 <= room ? `${text}\0` : text, 2);
  view.set('Length', text.length * 2);
  return returns(0);
}

/** Leading blanks, a sign, a prefix 0x, 0o or 0b where no base is given; digits up to the first other character. */
function parseNumber(kernel: Kernel, text: string, base: number, target: GuestAddress): NativeResult {
  if (![0, 2, 8, 10, 16].includes(base)) return returns(STATUS_INVALID_PARAMETER);
  const match = /^[\0-\x20]*([+-]?)(0x|0o|0b)?(.*)$/s.exec(text);
  const prefix = base === 0 ? (match?.[2] ?? '') : '';
  const rest = base === 0 ? (match?.[3] ?? '') : `${match?.[2] ?? ''}${match?.[3] ?? ''}`;
  const radix = prefix === '0x' ? 16 : prefix === '0o' ? 8 : prefix === '0b' ? 2 : base === 0 ? 10 : base;
  let value = 0n;
  for (const c of rest) {
    const digit = Number.parseInt(c, radix);
    if (Number.isNaN(digit)) break;
    value = value * BigInt(radix) + BigInt(digit);
  }
  kernel.memory.writeU32(target, Number(BigInt.asUintN(32, match?.[1] === '-' ? -value : value)));
  return returns(0);
}
