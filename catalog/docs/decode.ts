/**
 * Bytes of a file to text.
 *
 * In: bytes, or text that is decoded already. Out: text without byte order mark and NULs, and problems. UTF-8 is
 * expected; UTF-16 is known by its mark or by its many zero bytes; a file that is not UTF-8 and has no multi-byte
 * character that is, is Windows-1252, in which old pages were written. Never throws: what cannot be decoded becomes
 * U+FFFD. A file larger than `charactersMax` is cut, which keeps every later step bounded.
 */
import type { Problem } from './problems.ts';
import { report } from './problems.ts';

/** The largest page of the public docs has 400 KB. */
const charactersMax = 8_000_000;

/** Text of a page. `problems` gains what had to be repaired. */
export function decodePage(input: Uint8Array | string, problems: Problem[]): string {
  let text = typeof input === 'string' ? input : decodeBytes(input.subarray(0, 2 * charactersMax), problems);
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  if (text.length > charactersMax) {
    text = text.slice(0, charactersMax);
    report(problems, 'too-large', 1, String(charactersMax));
  }
  if (text.includes('\0')) {
    report(problems, 'nul-characters', 1);
    text = text.replaceAll('\0', ' ');
  }
  return text;
}

function decodeBytes(bytes: Uint8Array, problems: Problem[]): string {
  const utf16 = utf16Label(bytes);
  if (utf16) {
    report(problems, 'utf-16', 1);
    return new TextDecoder(utf16).decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: read on with replacement characters.
  }
  const text = new TextDecoder('utf-8').decode(bytes);
  report(problems, 'not-utf8', lineOf(text, text.indexOf('\uFFFD')));
  return /[\u0080-\uFFFC]/.test(text) ? text : windows1252(bytes);
}

/** What Windows-1252 has at 0x80 to 0x9F, where Latin-1 has control characters. */
const windows1252High = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

function windows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x80 && byte < 0xa0 ? (windows1252High[byte - 0x80] ?? '') : String.fromCharCode(byte);
  }
  return text;
}

function utf16Label(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = Math.min(bytes.length & ~1, 512);
  if (sample < 8) return undefined;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let i = 0; i < sample; i += 2) {
    if (bytes[i] === 0) evenZeros++;
    if (bytes[i + 1] === 0) oddZeros++;
  }
  if (oddZeros > sample * 0.4 && evenZeros < sample * 0.05) return 'utf-16le';
  if (evenZeros > sample * 0.4 && oddZeros < sample * 0.05) return 'utf-16be';
  return undefined;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** The web platform's decoder, which editor, Node and workers have; the pure folders' type library has not. */
declare class TextDecoder {
  constructor(label: string, options?: { fatal: boolean });
  decode(bytes: Uint8Array): string;
}
