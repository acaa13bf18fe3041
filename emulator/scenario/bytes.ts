/**
 * Bytes as a scenario gives them: text, pairs of hexadecimal digits, or a file, so many times in a row. Bytes that it
 * expects may be said by their number or by a pattern too.
 */

/** The host reads files (`dataFiles`) and gives their content to the run. */
export type ScenarioBytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly repeat: number };

export interface RawByteFields {
  readonly text?: string;
  readonly hex?: string;
  readonly file?: string;
  readonly repeat?: number;
}

export type RawBytes = string | RawByteFields;

/** What bytes must be that somebody waits for. */
export type ScenarioExpectation =
  | ScenarioBytes
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'pattern'; readonly text: string };

export interface RawExpectationFields extends RawByteFields {
  readonly length?: number;
  readonly pattern?: string;
}

export type RawExpectation = string | RawExpectationFields;

export function expectationOf(raw: RawExpectation): ScenarioExpectation {
  if (typeof raw === 'string') return bytesOf(raw);
  if (raw.length !== undefined) return { kind: 'length', length: raw.length };
  return raw.pattern === undefined ? bytesOf(raw) : { kind: 'pattern', text: raw.pattern };
}

export function bytesOf(raw: RawBytes): ScenarioBytes {
  if (typeof raw === 'string') return { kind: 'bytes', bytes: utf8(raw) };
  const repeat = raw.repeat ?? 1;
  if (raw.file !== undefined) return { kind: 'file', path: raw.file, repeat };
  const once = raw.hex === undefined ? utf8(raw.text ?? '') : hexBytes(raw.hex);
  return { kind: 'bytes', bytes: repeated(once, repeat) };
}

/** The bytes so many times in a row. */
export function repeated(once: Uint8Array, count: number): Uint8Array {
  if (count === 1) return once;
  const all = new Uint8Array(once.length * count);
  for (let i = 0; i < count; i++) all.set(once, i * once.length);
  return all;
}

/** Pairs of hexadecimal digits, with or without space between them. */
export function hexBytes(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** UTF-8 by hand: the engines use no host services. */
function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return Uint8Array.from(bytes);
}
