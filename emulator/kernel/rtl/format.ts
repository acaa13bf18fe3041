/**
 * printf formats of the kernel and of the C library: the standard conversions, Microsoft's sizes (I64, I32, I, w), counted
 * strings (%Z, %wZ), and trace formats (%!STATUS!).
 *
 * Text is a binary string: one character per byte for narrow functions, one per UTF-16 unit for wide ones. What a
 * format reads from guest memory is checked there like every other access.
 */
import { positionAt } from '../../../base/source.ts';
import type { GuestAddress, NativeArguments } from '../../machine/native.ts';
import { readText } from '../guest-text.ts';
import type { Kernel } from '../kernel-types.ts';
import { statusText } from '../status-names.ts';
import { floatText, integer, padded, signedOf, unsignedOf } from './format-numbers.ts';
import { type Conversion, piecesOf, type WrittenConversion } from './format-pieces.ts';
import { utf8Bytes } from './utf8.ts';

/** Arguments after the format, in order; undefined when there are no more. */
export interface FormatArguments {
  next(): bigint | undefined;
  nextDouble(): number | undefined;
}

export interface FormatResult {
  readonly text: string;
  /** The format asks for more arguments than were given. */
  readonly isShort: boolean;
  /** A conversion of wide characters, which needs PASSIVE_LEVEL in kernel code. */
  readonly hasWide: boolean;
}

export interface FormatOptions {
  /** In wide functions %s and %c mean wide text. */
  readonly isWide: boolean;
  /** %!FUNC! and the like, for trace messages. */
  readonly functionName?: string | undefined;
  readonly level?: string | undefined;
  readonly flags?: string | undefined;
}

/** Characters that one conversion may make; a wild width is cut here. */
const widthMax = 100_000;

export function formatText(
  kernel: Kernel,
  format: string,
  args: FormatArguments,
  options: FormatOptions,
): FormatResult {
  let text = '';
  let isShort = false;
  let hasWide = false;
  const take = (): bigint => {
    const value = args.next();
    if (value === undefined) isShort = true;
    return value ?? 0n;
  };
  for (const piece of piecesOf(kernel.parts.tables.formats, format)) {
    if (piece.kind === 'text') {
      text += piece.text;
      continue;
    }
    if (piece.kind === 'trace') {
      text += traceText(kernel, piece.name, take, options);
      continue;
    }
    const conversion = asked(piece.conversion, take);
    if (isWideConversion(conversion, options)) hasWide = true;
    if ('eEfFgGaA'.includes(conversion.type)) {
      const value = args.nextDouble();
      if (value === undefined) isShort = true;
      text += padded(floatText(value ?? 0, conversion), conversion);
    } else text += convert(kernel, conversion, take, options, text.length);
  }
  return { text, isShort, hasWide };
}

/** The variable arguments of a native call. */
export function variadicArguments(args: NativeArguments, from: number): FormatArguments {
  let index = from;
  return {
    next: () => (index < args.count ? args.uint64(index++) : undefined),
    nextDouble: () => (index < args.count ? args.double(index++) : undefined),
  };
}

/** A va_list: slots of 8 bytes in guest memory. */
export function listArguments(kernel: Kernel, list: GuestAddress): FormatArguments {
  let at = list;
  const next = (): bigint => {
    const value = kernel.memory.readU64(at);
    at = (at + 8n) as GuestAddress;
    return value;
  };
  return { next, nextDouble: () => doubleOf(next()) };
}

function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  return view.getFloat64(0);
}

/** The conversion with what it asks arguments for, and with limits. */
function asked(written: WrittenConversion, take: () => bigint): Conversion {
  if (asksNothing(written)) return written;
  const { flags, width, precision, size, type } = written;
  const ask = (written: number | '*'): number => (written === '*' ? Number(BigInt.asIntN(32, take())) : written);
  const wide = ask(width);
  const precise = precision === undefined ? undefined : ask(precision);
  return {
    // A width below zero asks for left-justified text, a precision below zero for none.
    flags: wide < 0 ? `${flags}-` : flags,
    width: Math.min(Math.abs(wide), widthMax),
    precision: precise === undefined || precise < 0 ? undefined : Math.min(precise, widthMax),
    size,
    type,
  };
}

function asksNothing(written: WrittenConversion): written is Conversion {
  const { width, precision } = written;
  const isSettled = (number: number | '*'): boolean => number !== '*' && number <= widthMax;
  return isSettled(width) && (precision === undefined || isSettled(precision));
}

function convert(
  kernel: Kernel,
  conversion: Conversion,
  take: () => bigint,
  options: FormatOptions,
  written: number,
): string {
  switch (conversion.type) {
    case '%':
      return '%';
    case 'd':
    case 'i':
      return integer(signedOf(take(), conversion), conversion, 10);
    case 'u':
      return integer(unsignedOf(take(), conversion), conversion, 10);
    case 'o':
      return integer(unsignedOf(take(), conversion), conversion, 8);
    case 'x':
    case 'X':
      return integer(unsignedOf(take(), conversion), conversion, 16);
    case 'b':
      return integer(unsignedOf(take(), conversion), conversion, 2);
    case 'p':
      return padded(BigInt.asUintN(64, take()).toString(16).toUpperCase().padStart(16, '0'), conversion);
    case 'c':
    case 'C':
      return padded(character(take(), conversion, options), conversion);
    case 's':
    case 'S':
      return padded(string(kernel, take() as GuestAddress, conversion, options), conversion);
    case 'Z':
      return padded(countedString(kernel, take() as GuestAddress, conversion, options), conversion);
    case 'n': {
      kernel.memory.writeU32(take() as GuestAddress, written);
      return '';
    }
    default:
      // An unknown conversion prints as it stands, as the kernel does it.
      return conversion.type;
  }
}

function isWideConversion({ type, size }: Conversion, options: FormatOptions): boolean {
  if (type === 'S' || type === 'C') return !options.isWide;
  if (type === 'Z') return size === 'w' || size === 'l';
  return (type === 's' || type === 'c') && (size === 'l' || size === 'w');
}

/** Whether the text that a %s or %c argument gives is wide. */
function argumentIsWide({ type, size }: Conversion, options: FormatOptions): boolean {
  if (size === 'h') return false;
  if (size === 'l' || size === 'w') return true;
  return type === type.toUpperCase() ? !options.isWide : options.isWide;
}

function character(value: bigint, conversion: Conversion, options: FormatOptions): string {
  const isWide = argumentIsWide(conversion, options);
  const unit = Number(value & (isWide ? 0xffffn : 0xffn));
  return asOutput(String.fromCharCode(unit), isWide, options);
}

function string(kernel: Kernel, address: GuestAddress, conversion: Conversion, options: FormatOptions): string {
  const isWide = argumentIsWide(conversion, options);
  const limit = conversion.precision;
  const text = address === 0n ? '(null)' : readText(kernel, address, { unit: isWide ? 2 : 1, limit });
  return (address === 0n ? text : asOutput(text, isWide, options)).slice(0, limit);
}

/** %Z and %wZ: ANSI_STRING and UNICODE_STRING. */
function countedString(kernel: Kernel, address: GuestAddress, conversion: Conversion, options: FormatOptions): string {
  if (address === 0n) return '(null)';
  const isWide = conversion.size === 'w' || conversion.size === 'l';
  const view = kernel.view('UNICODE_STRING', address);
  const buffer = view.getPointer('Buffer');
  const unit = isWide ? 2 : 1;
  const length = Math.floor(view.getNumber('Length') / unit);
  if (buffer === 0n) return length === 0 ? '' : '(null)';
  const text = readText(kernel, buffer, {
    unit,
    limit: Math.min(length, conversion.precision ?? length),
    isCounted: true,
  });
  return asOutput(text, isWide, options);
}

/** Wide text in a narrow function becomes UTF-8 bytes; narrow text in a wide one stays as it is. */
function asOutput(text: string, isWide: boolean, options: FormatOptions): string {
  return isWide && !options.isWide ? utf8Bytes(text) : text;
}

/** WPP's own conversions. Those about the place take no argument. */
function traceText(kernel: Kernel, name: string, take: () => bigint, options: FormatOptions): string {
  const site = kernel.parts.currentCall?.site;
  switch (name) {
    case 'FUNC':
      return options.functionName ?? site?.functionName ?? '';
    case 'FILE': {
      const path = site?.span?.file.path ?? '';
      return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
    case 'LINE': {
      const span = site?.span;
      return span === undefined ? '' : String(positionAt(span.file, span.start).line + 1);
    }
    case 'FLAGS':
      return options.flags ?? '';
    case 'LEVEL':
      return options.level ?? '';
    case 'MOD':
    case 'COMPNAME':
      return '';
    case 'STATUS':
    case 'NTSTATUS':
    case 'status':
    case 'ntstatus': {
      const status = Number(BigInt.asIntN(32, take()));
      return `0x${(status >>> 0).toString(16).padStart(8, '0')}(${statusText(kernel, status)})`;
    }
    case 'BOOLEAN':
    case 'bool':
    case 'boolean':
      return (take() & 0xffn) === 0n ? 'FALSE' : 'TRUE';
    case 'HRESULT':
    case 'WINERROR':
    case 'irql':
      return `0x${BigInt.asUintN(32, take()).toString(16)}`;
    case 'IPADDR': {
      const address = Number(BigInt.asUintN(32, take()));
      return [0, 8, 16, 24].map((shift) => (address >>> shift) & 0xff).join('.');
    }
    default:
      return `0x${BigInt.asUintN(64, take()).toString(16)}`;
  }
}
