/** Between JavaScript's UTF-16 and bytes in binary strings (one character per byte). No bad input stops it. */

/** UTF-8 bytes of a text, as a binary string; a lone surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): string {
  if (isPlain(text)) return text;
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const point = code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
    if (point < 0x80) bytes += String.fromCharCode(point);
    else if (point < 0x800) bytes += String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000)
      bytes += String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else
      bytes += String.fromCharCode(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 63),
        0x80 | ((point >> 6) & 63),
        0x80 | (point & 63),
      );
  }
  return bytes;
}

/** Bytes and characters are the same. */
function isPlain(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** Text of a binary string: UTF-8 where it is well formed, Latin-1 byte by byte where it is not. */
export function textOfBytes(bytes: string): string {
  if (isPlain(bytes)) return bytes;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const { point, length } = decodeAt(bytes, at);
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** As Windows' own conversion does it: a byte that fits nowhere becomes U+FFFD. */
export function strictTextOfBytes(bytes: string): { readonly text: string; readonly isComplete: boolean } {
  let text = '';
  let isComplete = true;
  for (let at = 0; at < bytes.length; ) {
    const { point, length } = decodeAt(bytes, at);
    const isBad = length === 1 && point >= 0x80;
    text += String.fromCodePoint(isBad ? 0xfffd : point);
    isComplete &&= !isBad;
    at += length;
  }
  return { text, isComplete };
}

/** One character; a byte that begins no well-formed sequence stands for itself. */
function decodeAt(bytes: string, at: number): { readonly point: number; readonly length: number } {
  const first = bytes.charCodeAt(at);
  const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first < 0xe0 ? 1 : first < 0xf0 ? 3 : 4;
  if (length === 1 || first > 0xf4) return { point: first, length: 1 };
  let point = first & (length === 2 ? 0x1f : length === 3 ? 0xf : 7);
  for (let i = 1; i < length; i++) {
    const next = bytes.charCodeAt(at + i);
    if (Number.isNaN(next) || (next & 0xc0) !== 0x80) return { point: first, length: 1 };
    point = (point << 6) | (next & 63);
  }
  const isBad =
    (length === 3 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) ||
    (length === 4 && (point < 0x10000 || point > 0x10ffff));
  return isBad ? { point: first, length: 1 } : { point, length };
}
