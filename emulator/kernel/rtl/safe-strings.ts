/**
 * The safe string functions (ntstrsafe.h): they know the size of the target, always terminate, and say
 * STATUS_BUFFER_OVERFLOW when they had to cut. Cb functions count bytes, Cch functions characters.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText, setCountedString, unicodeString, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import { STATUS_BUFFER_OVERFLOW, STATUS_INVALID_PARAMETER } from '../statuses.ts';
import { checkWide, reportShort } from './debug-print.ts';
import { type FormatArguments, formatText, listArguments, variadicArguments } from './format.ts';

type Unit = 1 | 2;

/** NTSTRSAFE_MAX_CCH. */
const charactersMax = 2_147_483_647n;

export const safeStringApis = {
  RtlStringCbPrintfA: printer({ unit: 1, counts: 'bytes' }),
  RtlStringCbPrintfW: printer({ unit: 2, counts: 'bytes' }),
  RtlStringCchPrintfA: printer({ unit: 1, counts: 'characters' }),
  RtlStringCchPrintfW: printer({ unit: 2, counts: 'characters' }),
  RtlStringCbVPrintfA: printer({ unit: 1, counts: 'bytes', isList: true }),
  RtlStringCbVPrintfW: printer({ unit: 2, counts: 'bytes', isList: true }),
  RtlStringCchVPrintfA: printer({ unit: 1, counts: 'characters', isList: true }),
  RtlStringCchVPrintfW: printer({ unit: 2, counts: 'characters', isList: true }),

  RtlStringCbCopyA: copier({ unit: 1, counts: 'bytes' }),
  RtlStringCbCopyW: copier({ unit: 2, counts: 'bytes' }),
  RtlStringCchCopyA: copier({ unit: 1, counts: 'characters' }),
  RtlStringCchCopyW: copier({ unit: 2, counts: 'characters' }),
  RtlStringCbCopyNA: copier({ unit: 1, counts: 'bytes', isLimited: true }),
  RtlStringCbCopyNW: copier({ unit: 2, counts: 'bytes', isLimited: true }),
  RtlStringCbCatA: appender({ unit: 1, counts: 'bytes' }),
  RtlStringCbCatW: appender({ unit: 2, counts: 'bytes' }),
  RtlStringCchCatA: appender({ unit: 1, counts: 'characters' }),
  RtlStringCchCatW: appender({ unit: 2, counts: 'characters' }),
  RtlStringCbLengthA: measurer({ unit: 1, counts: 'bytes' }),
  RtlStringCbLengthW: measurer({ unit: 2, counts: 'bytes' }),
  RtlStringCchLengthA: measurer({ unit: 1, counts: 'characters' }),
  RtlStringCchLengthW: measurer({ unit: 2, counts: 'characters' }),

  RtlUnicodeStringInit: (kernel, { arguments: args }) => {
    const source = args.pointer(1);
    const bytes = source === 0n ? 0 : readText(kernel, source, { unit: 2 }).length * 2;
    if (bytes > 65_532) return returns(STATUS_INVALID_PARAMETER);
    setCountedString(kernel, args.pointer(0), { length: bytes, room: source === 0n ? 0 : bytes + 2, buffer: source });
    return returns(0);
  },
  RtlUnicodeStringPrintf: (kernel, call) =>
    setCounted(
      kernel,
      call.arguments.pointer(0),
      '',
      formatted(kernel, call, call.arguments.pointer(1), variadicArguments(call.arguments, 2), 2),
    ),
  RtlUnicodeStringVPrintf: (kernel, call) => {
    const list = listArguments(kernel, call.arguments.pointer(2));
    return setCounted(
      kernel,
      call.arguments.pointer(0),
      '',
      formatted(kernel, call, call.arguments.pointer(1), list, 2),
    );
  },
  RtlUnicodeStringCopy: (kernel, { arguments: args }) =>
    setCounted(kernel, args.pointer(0), '', unicodeString(kernel, args.pointer(1))),
  RtlUnicodeStringCopyString: (kernel, { arguments: args }) =>
    setCounted(kernel, args.pointer(0), '', readText(kernel, args.pointer(1), { unit: 2 })),
  RtlUnicodeStringCat: (kernel, { arguments: args }) =>
    setCounted(kernel, args.pointer(0), unicodeString(kernel, args.pointer(0)), unicodeString(kernel, args.pointer(1))),
  RtlUnicodeStringCatString: (kernel, { arguments: args }) =>
    setCounted(
      kernel,
      args.pointer(0),
      unicodeString(kernel, args.pointer(0)),
      readText(kernel, args.pointer(1), { unit: 2 }),
    ),
} satisfies KernelApis;

interface Kind {
  readonly unit: Unit;
  readonly counts: 'bytes' | 'characters';
  readonly isList?: boolean;
  readonly isLimited?: boolean;
}

/** A size argument in characters; undefined where it is zero or beyond the limit. */
function charactersOf(size: bigint, { unit, counts }: Kind): bigint | undefined {
  const characters = counts === 'bytes' ? size / BigInt(unit) : size;
  return characters === 0n || characters > charactersMax ? undefined : characters;
}

function printer(kind: Kind): Api {
  return (kernel, call) => {
    const { arguments: args } = call;
    const room = charactersOf(args.uint64(1), kind);
    if (room === undefined) return returns(STATUS_INVALID_PARAMETER);
    const values = kind.isList === true ? listArguments(kernel, args.pointer(3)) : variadicArguments(args, 3);
    const text = formatted(kernel, call, args.pointer(2), values, kind.unit);
    return returns(writeCut(kernel, args.pointer(0), room, text, kind.unit));
  };
}

function formatted(
  kernel: Kernel,
  call: NativeCall,
  formatAt: GuestAddress,
  args: FormatArguments,
  unit: Unit,
): string {
  const result = formatText(kernel, readText(kernel, formatAt, { unit }), args, { isWide: unit === 2 });
  if (result.isShort) reportShort(kernel, call);
  if (result.hasWide && unit === 1) checkWide(kernel, call);
  return result.text;
}

/** Writes as much as fits, with a terminator; gives the status. */
function writeCut(kernel: Kernel, target: GuestAddress, room: bigint, text: string, unit: Unit): number {
  const fits = BigInt(text.length) < room;
  const cut = fits ? text : text.slice(0, Number(room - 1n));
  writeText(kernel, target, `${cut}\0`, unit);
  return fits ? 0 : STATUS_BUFFER_OVERFLOW;
}

function copier(kind: Kind): Api {
  return (kernel, { arguments: args }) => {
    const room = charactersOf(args.uint64(1), kind);
    if (room === undefined) return returns(STATUS_INVALID_PARAMETER);
    const limit = kind.isLimited === true ? Number(args.uint64(3)) / kind.unit : undefined;
    const text = readText(kernel, args.pointer(2), { unit: kind.unit, limit });
    return returns(writeCut(kernel, args.pointer(0), room, text, kind.unit));
  };
}

function appender(kind: Kind): Api {
  return (kernel, { arguments: args }) => {
    const room = charactersOf(args.uint64(1), kind);
    if (room === undefined) return returns(STATUS_INVALID_PARAMETER);
    const head = readText(kernel, args.pointer(0), { unit: kind.unit, limit: Number(room) });
    if (BigInt(head.length) >= room) return returns(STATUS_INVALID_PARAMETER);
    const tail = readText(kernel, args.pointer(2), { unit: kind.unit });
    const end = (args.pointer(0) + BigInt(head.length * kind.unit)) as GuestAddress;
    return returns(writeCut(kernel, end, room - BigInt(head.length), tail, kind.unit));
  };
}

function measurer(kind: Kind): Api {
  return (kernel, { arguments: args }) => {
    const room = charactersOf(args.uint64(1), kind);
    if (args.pointer(0) === 0n || room === undefined) return returns(STATUS_INVALID_PARAMETER);
    const { length } = readText(kernel, args.pointer(0), { unit: kind.unit, limit: Number(room) });
    if (BigInt(length) >= room) return returns(STATUS_INVALID_PARAMETER);
    const result = kind.counts === 'bytes' ? length * kind.unit : length;
    if (args.pointer(2) !== 0n) kernel.memory.writeU64(args.pointer(2), BigInt(result));
    return returns(0);
  };
}

/** Sets a UNICODE_STRING to `head` (which it holds already) and `tail`, cut where it is full; no terminator is written. */
function setCounted(kernel: Kernel, target: GuestAddress, head: string, tail: string): NativeResult {
  const view = kernel.view('UNICODE_STRING', target);
  const room = (view.getNumber('MaximumLength') >> 1) - head.length;
  const cut = tail.slice(0, room);
  writeText(kernel, (view.get('Buffer') + BigInt(head.length * 2)) as GuestAddress, cut, 2);
  view.set('Length', (head.length + cut.length) * 2);
  return returns(cut.length < tail.length ? STATUS_BUFFER_OVERFLOW : 0);
}
