/**
 * Bytes of a source file to text. Drivers' files come as UTF-8, as UTF-16 (older resource scripts and headers) and in
 * Windows code pages; whatever they are, a text comes out, and offsets count UTF-16 units of that text.
 */

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** The text without its byte order mark. Bytes that are no UTF-8 are read as Windows-1252, which maps every byte. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = guess(bytes);
  try {
    return { text: new TextDecoder(encoding, { fatal: encoding === 'utf-8' }).decode(bytes), encoding };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

function guess(bytes: Uint8Array): TextEncoding {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // No mark, but every other byte of the first characters is zero: ASCII text in UTF-16.
  if (a !== undefined && a !== 0 && b === 0 && c !== undefined && c !== 0 && d === 0) return 'utf-16le';
  if (a === 0 && b !== undefined && b !== 0 && c === 0 && d !== undefined && d !== 0) return 'utf-16be';
  return 'utf-8';
}
