import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeText } from './decode.ts';

const utf16 = (text: string, bigEndian: boolean, mark: boolean): Uint8Array => {
  const units = [...(mark ? [0xfeff] : []), ...Array.from(text, (c) => c.charCodeAt(0))];
  return Uint8Array.from(units.flatMap((u) => (bigEndian ? [u >> 8, u & 255] : [u & 255, u >> 8])));
};

test('every encoding that drivers come in gives the same text', () => {
  const text = 'int a; // é\r\n';
  const cases: [string, Uint8Array, string][] = [
    ['UTF-8', new TextEncoder().encode(text), 'utf-8'],
    ['UTF-8 with mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)), 'utf-8'],
    ['UTF-16 little endian with mark', utf16(text, false, true), 'utf-16le'],
    ['UTF-16 big endian with mark', utf16(text, true, true), 'utf-16be'],
    ['UTF-16 little endian', utf16(text, false, false), 'utf-16le'],
    ['UTF-16 big endian', utf16(text, true, false), 'utf-16be'],
    ['a code page', Uint8Array.from(text, (c) => c.charCodeAt(0)), 'windows-1252'],
  ];
  for (const [name, bytes, encoding] of cases) assert.deepEqual(decodeText(bytes), { text, encoding }, name);
});

test('an empty file is an empty text', () =>
  assert.deepEqual(decodeText(new Uint8Array()), { text: '', encoding: 'utf-8' }));
