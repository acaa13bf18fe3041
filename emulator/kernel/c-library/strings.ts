/** string.h: terminated strings, narrow and wide by the same functions, which take the bytes of a character. */

import { type GuestAddress, type NativeArguments, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { readText, textMax, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';

type Unit = 1 | 2;

const errnoInvalid = 22;
const errnoRange = 34;
/** STRUNCATE: strncpy_s with _TRUNCATE had to cut. */
const errnoTruncated = 80;
const truncate = 0xffffffffffffffffn;

export const stringApis = {
  strlen: lengthOf(1),
  wcslen: lengthOf(2),
  strnlen: limitedLength(1),
  wcsnlen: limitedLength(2),
  strcmp: comparison(1, { isLimited: false, ignoresCase: false }),
  wcscmp: comparison(2, { isLimited: false, ignoresCase: false }),
  strncmp: comparison(1, { isLimited: true, ignoresCase: false }),
  wcsncmp: comparison(2, { isLimited: true, ignoresCase: false }),
  _stricmp: comparison(1, { isLimited: false, ignoresCase: true }),
  _wcsicmp: comparison(2, { isLimited: false, ignoresCase: true }),
  _strnicmp: comparison(1, { isLimited: true, ignoresCase: true }),
  _wcsnicmp: comparison(2, { isLimited: true, ignoresCase: true }),
  strcoll: comparison(1, { isLimited: false, ignoresCase: false }),
  strcpy: copyOf(1),
  wcscpy: copyOf(2),
  strncpy: limitedCopy(1),
  wcsncpy: limitedCopy(2),
  strcat: concatenation(1),
  wcscat: concatenation(2),
  strncat: (kernel, { arguments: args }) => {
    const tail = readText(kernel, args.pointer(1), { unit: 1, limit: limitOf(args.uint64(2)) });
    appendText(kernel, args.pointer(0), tail, 1);
    return returns(args.pointer(0));
  },
  strchr: firstCharacter(1),
  wcschr: firstCharacter(2),
  strrchr: lastCharacter(1),
  wcsrchr: lastCharacter(2),
  strstr: substring(1),
  wcsstr: substring(2),
  strspn: (kernel, { arguments: args }) => returns(spanOf(kernel, args, (isMember) => isMember)),
  strcspn: (kernel, { arguments: args }) => returns(spanOf(kernel, args, (isMember) => !isMember)),
  strpbrk: (kernel, { arguments: args }) => {
    const text = readText(kernel, args.pointer(0), { unit: 1 });
    const length = spanOf(kernel, args, (isMember) => !isMember);
    return returns(length < text.length ? at(args.pointer(0), length, 1) : NULL_ADDRESS);
  },
  strtok: (kernel, { arguments: args }) => {
    const from = args.pointer(0) === 0n ? kernel.parts.library.tokenAt : args.pointer(0);
    const { token, next } = nextToken(kernel, from, readText(kernel, args.pointer(1), { unit: 1 }));
    kernel.parts.library.tokenAt = next;
    return returns(token);
  },
  strtok_s: (kernel, { arguments: args }) => {
    const context = args.pointer(2);
    const from = args.pointer(0) === 0n ? kernel.memory.readPointer(context) : args.pointer(0);
    const { token, next } = nextToken(kernel, from, readText(kernel, args.pointer(1), { unit: 1 }));
    kernel.memory.writePointer(context, next);
    return returns(token);
  },
  strcpy_s: safeCopy(1),
  wcscpy_s: safeCopy(2),
  strncpy_s: safeLimitedCopy(1),
  wcsncpy_s: safeLimitedCopy(2),
  strcat_s: safeConcatenation(1),
  wcscat_s: safeConcatenation(2),
} satisfies KernelApis;

function at(address: GuestAddress, index: number, unit: Unit): GuestAddress {
  return (address + BigInt(index * unit)) as GuestAddress;
}

function limitOf(count: bigint): number {
  return count > BigInt(textMax) ? textMax : Number(count);
}

function readUnit(kernel: Kernel, address: GuestAddress, unit: Unit): number {
  return unit === 1 ? kernel.memory.readU8(address) : kernel.memory.readU16(address);
}

function lengthOf(unit: Unit): Api {
  return (kernel, { arguments: args }) => returns(readText(kernel, args.pointer(0), { unit }).length);
}

function limitedLength(unit: Unit): Api {
  return (kernel, { arguments: args }) =>
    returns(readText(kernel, args.pointer(0), { unit, limit: limitOf(args.uint64(1)) }).length);
}

/** Reads both strings in step, and no further than the first difference. */
function comparison(unit: Unit, how: { readonly isLimited: boolean; readonly ignoresCase: boolean }): Api {
  const folded = (code: number): number => (how.ignoresCase && code >= 65 && code <= 90 ? code + 32 : code);
  return (kernel, { arguments: args }) => {
    const limit = how.isLimited ? limitOf(args.uint64(2)) : textMax;
    for (let i = 0; i < limit; i++) {
      const a = folded(readUnit(kernel, at(args.pointer(0), i, unit), unit));
      const b = folded(readUnit(kernel, at(args.pointer(1), i, unit), unit));
      if (a !== b) return returns(a < b ? -1 : 1);
      if (a === 0) break;
    }
    return returns(0);
  };
}

function copyOf(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    writeText(kernel, args.pointer(0), `${readText(kernel, args.pointer(1), { unit })}\0`, unit);
    return returns(args.pointer(0));
  };
}

/** Fills up with zeros; a source that is too long leaves no terminator. */
function limitedCopy(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const limit = limitOf(args.uint64(2));
    const text = readText(kernel, args.pointer(1), { unit, limit });
    writeText(kernel, args.pointer(0), text.padEnd(limit, '\0'), unit);
    return returns(args.pointer(0));
  };
}

function concatenation(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    appendText(kernel, args.pointer(0), readText(kernel, args.pointer(1), { unit }), unit);
    return returns(args.pointer(0));
  };
}

function appendText(kernel: Kernel, target: GuestAddress, tail: string, unit: Unit): void {
  const head = readText(kernel, target, { unit });
  writeText(kernel, at(target, head.length, unit), `${tail}\0`, unit);
}

function firstCharacter(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const wanted = args.uint(1) & (unit === 1 ? 0xff : 0xffff);
    for (let i = 0; i < textMax; i++) {
      const code = readUnit(kernel, at(args.pointer(0), i, unit), unit);
      if (code === wanted) return returns(at(args.pointer(0), i, unit));
      if (code === 0) break;
    }
    return returns(NULL_ADDRESS);
  };
}

function lastCharacter(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const wanted = String.fromCharCode(args.uint(1) & (unit === 1 ? 0xff : 0xffff));
    const index = `${readText(kernel, args.pointer(0), { unit })}\0`.lastIndexOf(wanted);
    return returns(index < 0 ? NULL_ADDRESS : at(args.pointer(0), index, unit));
  };
}

function substring(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const text = readText(kernel, args.pointer(0), { unit });
    const index = text.indexOf(readText(kernel, args.pointer(1), { unit }));
    return returns(index < 0 ? NULL_ADDRESS : at(args.pointer(0), index, unit));
  };
}

/** How many characters from the start are wanted ones. */
function spanOf(kernel: Kernel, args: NativeArguments, wants: (isMember: boolean) => boolean): number {
  const text = readText(kernel, args.pointer(0), { unit: 1 });
  const set = readText(kernel, args.pointer(1), { unit: 1 });
  let length = 0;
  while (length < text.length && wants(set.includes(text.charAt(length)))) length++;
  return length;
}

function nextToken(
  kernel: Kernel,
  from: GuestAddress,
  delimiters: string,
): { readonly token: GuestAddress; readonly next: GuestAddress } {
  if (from === 0n) return { token: NULL_ADDRESS, next: NULL_ADDRESS };
  const text = readText(kernel, from, { unit: 1 });
  let start = 0;
  while (start < text.length && delimiters.includes(text.charAt(start))) start++;
  if (start === text.length) return { token: NULL_ADDRESS, next: NULL_ADDRESS };
  let end = start;
  while (end < text.length && !delimiters.includes(text.charAt(end))) end++;
  if (end === text.length) return { token: at(from, start, 1), next: at(from, end, 1) };
  kernel.memory.writeU8(at(from, end, 1), 0);
  return { token: at(from, start, 1), next: at(from, end + 1, 1) };
}

function safeCopy(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const room = limitOf(args.uint64(1));
    if (args.pointer(0) === 0n || room === 0) return returns(errnoInvalid);
    if (args.pointer(2) === 0n) return refuse(kernel, args.pointer(0), unit, errnoInvalid);
    const text = readText(kernel, args.pointer(2), { unit });
    if (text.length >= room) return refuse(kernel, args.pointer(0), unit, errnoRange);
    writeText(kernel, args.pointer(0), `${text}\0`, unit);
    return returns(0);
  };
}

function safeLimitedCopy(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const room = limitOf(args.uint64(1));
    const cuts = args.uint64(3) === truncate;
    if (args.pointer(0) === 0n || room === 0) return returns(errnoInvalid);
    const text = readText(kernel, args.pointer(2), { unit, limit: limitOf(args.uint64(3)) });
    if (text.length >= room && !cuts) return refuse(kernel, args.pointer(0), unit, errnoRange);
    writeText(kernel, args.pointer(0), `${text.slice(0, room - 1)}\0`, unit);
    return returns(text.length >= room ? errnoTruncated : 0);
  };
}

function safeConcatenation(unit: Unit): Api {
  return (kernel, { arguments: args }) => {
    const room = limitOf(args.uint64(1));
    if (args.pointer(0) === 0n || room === 0) return returns(errnoInvalid);
    const head = readText(kernel, args.pointer(0), { unit, limit: room });
    const tail = readText(kernel, args.pointer(2), { unit });
    if (head.length + tail.length >= room) return refuse(kernel, args.pointer(0), unit, errnoRange);
    writeText(kernel, at(args.pointer(0), head.length, unit), `${tail}\0`, unit);
    return returns(0);
  };
}

function refuse(kernel: Kernel, target: GuestAddress, unit: Unit, errno: number): ReturnType<typeof returns> {
  writeText(kernel, target, '\0', unit);
  return returns(errno);
}
