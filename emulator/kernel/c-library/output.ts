/**
 * stdio.h: formatted text to standard output and to strings. Output is kept as pieces of bytes (binary strings) in
 * `kernel.output`; standard error goes to the log, files to memory.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { logText, reportShort } from '../rtl/debug-print.ts';
import { type FormatArguments, formatText, listArguments, variadicArguments } from '../rtl/format.ts';
import { textOfBytes } from '../rtl/utf8.ts';
import { firstStream, targetOf, writeTo } from './streams.ts';

const endOfFile = -1;
const standardOutput = (firstStream + 1n) as GuestAddress;
/** Bytes of output kept. */
const outputMax = 64_000_000;

export const outputApis = {
  __wsk_standard_stream: (_kernel, { arguments: args }) => returns(firstStream + BigInt(args.uint(0) & 3)),
  printf: (kernel, call) => print(kernel, call, 0, standardOutput),
  fprintf: (kernel, call) => print(kernel, call, 1, call.arguments.pointer(0)),
  vprintf: (kernel, call) => printList(kernel, call, 0, standardOutput),
  vfprintf: (kernel, call) => printList(kernel, call, 1, call.arguments.pointer(0)),
  puts: (kernel, { arguments: args }) => {
    write(kernel, 'puts', standardOutput, `${readText(kernel, args.pointer(0), { unit: 1 })}\n`);
    return returns(0);
  },
  fputs: (kernel, { arguments: args, name }) =>
    write(kernel, name, args.pointer(1), readText(kernel, args.pointer(0), { unit: 1 })) ?? returns(0),
  putchar: (kernel, { arguments: args }) => putCharacter(kernel, args.uint(0), standardOutput),
  putc: (kernel, { arguments: args }) => putCharacter(kernel, args.uint(0), args.pointer(1)),
  fputc: (kernel, { arguments: args }) => putCharacter(kernel, args.uint(0), args.pointer(1)),
  fwrite: (kernel, { arguments: args, name }) => {
    const bytes = Number(args.uint64(1) * args.uint64(2));
    const text = readText(kernel, args.pointer(0), { unit: 1, limit: bytes, isCounted: true });
    return write(kernel, name, args.pointer(3), text, 0) ?? returns(args.uint64(2));
  },
  fflush: () => returns(0),
  /** There is no input. */
  getchar: () => returns(endOfFile),

  sprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 1, unit: 1, room: undefined }),
  vsprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 1, unit: 1, room: undefined, isList: true }),
  snprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 1, room: roomOf(call) }),
  vsnprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 1, room: roomOf(call), isList: true }),
  sprintf_s: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 1, room: roomOf(call) }),
  vsprintf_s: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 1, room: roomOf(call), isList: true }),
  /** A driver that declares it itself may mean the old one, whose second argument is an address. */
  swprintf: (kernel, call) =>
    kernel.memory.regionAt(call.arguments.pointer(1)) === undefined
      ? toBuffer(kernel, call, { formatAt: 2, unit: 2, room: roomOf(call) })
      : toBuffer(kernel, call, { formatAt: 1, unit: 2, room: undefined }),
  _swprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 1, unit: 2, room: undefined }),
  swprintf_s: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 2, room: roomOf(call) }),
  _snprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 1, room: roomOf(call), isOld: true }),
  _vsnprintf: (kernel, call) =>
    toBuffer(kernel, call, { formatAt: 2, unit: 1, room: roomOf(call), isOld: true, isList: true }),
  _snwprintf: (kernel, call) => toBuffer(kernel, call, { formatAt: 2, unit: 2, room: roomOf(call), isOld: true }),
  _snprintf_s: (kernel, call) => toBuffer(kernel, call, { formatAt: 3, unit: 1, room: roomOf(call) }),
} satisfies KernelApis;

function roomOf({ arguments: args }: NativeCall): number {
  const room = args.uint64(1);
  return room > 0x7fff_ffffn ? 0x7fff_ffff : Number(room);
}

function print(kernel: Kernel, call: NativeCall, formatAt: number, stream: GuestAddress): NativeResult {
  return printWith(kernel, call, formatAt, stream, variadicArguments(call.arguments, formatAt + 1));
}

function printList(kernel: Kernel, call: NativeCall, formatAt: number, stream: GuestAddress): NativeResult {
  return printWith(kernel, call, formatAt, stream, listArguments(kernel, call.arguments.pointer(formatAt + 1)));
}

function printWith(
  kernel: Kernel,
  call: NativeCall,
  formatAt: number,
  stream: GuestAddress,
  args: FormatArguments,
): NativeResult {
  const format = readText(kernel, call.arguments.pointer(formatAt), { unit: 1 });
  const result = formatText(kernel, format, args, { isWide: false });
  if (result.isShort) reportShort(kernel, call);
  return write(kernel, call.name, stream, result.text) ?? returns(result.text.length);
}

function putCharacter(kernel: Kernel, character: number, stream: GuestAddress): NativeResult {
  return write(kernel, 'putc', stream, String.fromCharCode(character & 0xff)) ?? returns(character & 0xff);
}

/** What the call returns where not all was written (`failed`), or the run is over; undefined when it was. */
function write(
  kernel: Kernel,
  call: string,
  stream: GuestAddress,
  bytes: string,
  failed = endOfFile,
): NativeResult | undefined {
  const target = targetOf(kernel, call, stream);
  if (target.kind === 'stopped') return target.result;
  const isWritten = writeTo(target, bytes, (number) => {
    if (number !== 1) logText(kernel, textOfBytes(bytes));
    else if (kernel.output.length < outputMax) kernel.output.push(bytes);
  });
  return isWritten ? undefined : returns(failed);
}

interface BufferTarget {
  readonly formatAt: number;
  readonly unit: 1 | 2;
  /** Characters in the buffer; undefined where the caller promises enough. */
  readonly room: number | undefined;
  /** Microsoft's older functions: -1 when it does not fit, and then no terminator. */
  readonly isOld?: boolean;
  readonly isList?: boolean;
}

function toBuffer(kernel: Kernel, call: NativeCall, target: BufferTarget): NativeResult {
  const { formatAt, unit, room, isOld } = target;
  const format = readText(kernel, call.arguments.pointer(formatAt), { unit });
  const args =
    target.isList === true
      ? listArguments(kernel, call.arguments.pointer(formatAt + 1))
      : variadicArguments(call.arguments, formatAt + 1);
  const result = formatText(kernel, format, args, { isWide: unit === 2 });
  if (result.isShort) reportShort(kernel, call);
  const { text } = result;
  const buffer = call.arguments.pointer(0);
  if (room === undefined) {
    writeText(kernel, buffer, `${text}\0`, unit);
    return returns(text.length);
  }
  if (isOld === true) {
    writeText(kernel, buffer, text.length < room ? `${text}\0` : text.slice(0, room), unit);
    return returns(text.length > room ? -1 : text.length);
  }
  if (room > 0) writeText(kernel, buffer, `${text.slice(0, room - 1)}\0`, unit);
  return returns(text.length);
}
