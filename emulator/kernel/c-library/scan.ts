/** sscanf: numbers, words, characters and sets out of a text. */
import { type GuestAddress, returns } from '../../machine/native.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { writeUnsigned } from '../struct-view.ts';
import { parseDouble, parseInteger } from './number-text.ts';

const endOfFile = -1;

export const scanApis = {
  sscanf: (kernel, { arguments: args }) => {
    const text = readText(kernel, args.pointer(0), { unit: 1 });
    const format = readText(kernel, args.pointer(1), { unit: 1 });
    let index = 2;
    const next = (): GuestAddress => args.pointer(index++);
    return returns(scanText(kernel, text, format, next).stored);
  },
} satisfies KernelApis;

const directive = /^%(\*)?(\d+)?(hh|h|ll|l|I64|I32|z|j|t|L)?(\[\^?\]?[^\]]*\]|[a-zA-Z%])/;

/** Number of values stored, or -1 when the text ended before the first; and how much of the text was taken. */
export function scanText(
  kernel: Kernel,
  text: string,
  format: string,
  next: () => GuestAddress,
): { readonly stored: number; readonly length: number } {
  let at = 0;
  let stored = 0;
  for (let f = 0; f < format.length; ) {
    const c = format.charAt(f);
    if (/\s/.test(c)) {
      while (/\s/.test(text.charAt(at))) at++;
      f++;
      continue;
    }
    const match = c === '%' ? directive.exec(format.slice(f)) : null;
    if (match === null || match[4] === '%') {
      if (match?.[4] === '%') while (/\s/.test(text.charAt(at))) at++;
      if (text.charAt(at) !== c) break;
      at++;
      f += match === null ? 1 : match[0].length;
      continue;
    }
    const [whole, star, width, size = '', type = ''] = match;
    f += whole.length;
    if (type === 'n') {
      if (star === undefined) kernel.memory.writeU32(next(), at);
      continue;
    }
    if (type !== 'c' && !type.startsWith('[')) while (/\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return { stored: stored === 0 ? endOfFile : stored, length: at };
    const limit = width === undefined ? undefined : Number(width);
    const taken = take(text.slice(at, limit === undefined ? undefined : at + limit), type, limit);
    if (taken === undefined) break;
    at += taken.length;
    if (star !== undefined) continue;
    store(kernel, next(), taken, type, size);
    stored++;
  }
  return { stored, length: at };
}

interface Taken {
  readonly length: number;
  readonly text: string;
  readonly integer: bigint;
  readonly double: number;
}

/** What the directive takes from the front of the text; undefined when nothing fits. */
function take(text: string, type: string, limit: number | undefined): Taken | undefined {
  const radix = ({ d: 10, u: 10, i: 0, x: 16, X: 16, p: 16, o: 8 } as Readonly<Record<string, number>>)[type];
  if (radix !== undefined) {
    const { value, length } = parseInteger(text, radix, { bits: 64, isSigned: true });
    return length === 0 ? undefined : { length, text: '', integer: value, double: 0 };
  }
  if ('eEfFgGaA'.includes(type)) {
    const { value, length } = parseDouble(text);
    return length === 0 ? undefined : { length, text: '', integer: 0n, double: value };
  }
  let length = 0;
  if (type === 'c') length = Math.min(limit ?? 1, text.length);
  else if (type === 's') while (length < text.length && !/\s/.test(text.charAt(length))) length++;
  else while (length < text.length && isInSet(text.charAt(length), type)) length++;
  return length === 0 ? undefined : { length, text: text.slice(0, length), integer: 0n, double: 0 };
}

/** `[abc]`, `[^abc]`, with ranges a-z. */
function isInSet(c: string, set: string): boolean {
  const isNegated = set.startsWith('[^');
  const body = set.slice(isNegated ? 2 : 1, -1);
  let isMember = false;
  for (let i = 0; i < body.length; i++) {
    const end = body.charAt(i + 1) === '-' && i + 2 < body.length ? body.charAt(i + 2) : undefined;
    if (end === undefined) isMember ||= body.charAt(i) === c;
    else {
      isMember ||= c >= body.charAt(i) && c <= end;
      i += 2;
    }
  }
  return isMember !== isNegated;
}

function store(kernel: Kernel, target: GuestAddress, taken: Taken, type: string, size: string): void {
  if (type === 'c') writeText(kernel, target, taken.text, 1);
  else if (type === 's' || type.startsWith('[')) writeText(kernel, target, `${taken.text}\0`, 1);
  else if ('eEfFgGaA'.includes(type)) {
    const bits = new DataView(new ArrayBuffer(8));
    if (size === 'l' || size === 'L') bits.setFloat64(0, taken.double, true);
    else bits.setFloat32(0, taken.double, true);
    kernel.memory.writeBytes(target, new Uint8Array(bits.buffer, 0, size === '' ? 4 : 8));
  } else {
    const bytes =
      type === 'p' || ['ll', 'I64', 'z', 'j', 't'].includes(size) ? 8 : size === 'h' ? 2 : size === 'hh' ? 1 : 4;
    writeUnsigned(kernel.memory, target, bytes, BigInt.asUintN(bytes * 8, taken.integer));
  }
}
