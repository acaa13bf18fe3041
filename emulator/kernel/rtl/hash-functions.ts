/**
 * MD5, SHA-1 and SHA-2 (RFC 1321, FIPS 180-4), and HMAC over them (RFC 2104): bytes in, digest out. Written for being
 * read, not for speed: drivers hash little.
 */
import { defined } from '../../../base/assert.ts';

export type HashName = 'MD5' | 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512';

interface HashFunction {
  readonly digestBytes: number;
  readonly blockBytes: number;
  readonly digest: (message: Uint8Array) => Uint8Array;
}

export const hashFunctions: Readonly<Record<HashName, HashFunction>> = {
  MD5: { digestBytes: 16, blockBytes: 64, digest: md5 },
  SHA1: { digestBytes: 20, blockBytes: 64, digest: sha1 },
  SHA256: { digestBytes: 32, blockBytes: 64, digest: sha256 },
  SHA384: { digestBytes: 48, blockBytes: 128, digest: (message) => sha512(message, initial512(8, 16)).slice(0, 48) },
  SHA512: { digestBytes: 64, blockBytes: 128, digest: (message) => sha512(message, initial512(0, 8)) },
};

export function hmac(name: HashName, key: Uint8Array, message: Uint8Array): Uint8Array {
  const { blockBytes, digest } = hashFunctions[name];
  const block = new Uint8Array(blockBytes);
  block.set(key.length > blockBytes ? digest(key) : key);
  const inner = digest(
    joined(
      block.map((byte) => byte ^ 0x36),
      message,
    ),
  );
  return digest(
    joined(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** What a DataView is told, by name. */
const LITTLE_ENDIAN = true;
const BIG_ENDIAN = false;

/** The message, a 1 bit, zeros, and its length in bits, to whole blocks. */
function padded(message: Uint8Array, blockBytes: number, isLittleEndian: boolean): DataView {
  const lengthBytes = blockBytes / 8;
  const size = Math.ceil((message.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(size);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(size - 8, BigInt(message.length) * 8n, isLittleEndian);
  return view;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function wordsOut(words: readonly number[], isLittleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word >>> 0, isLittleEndian);
  return new Uint8Array(view.buffer);
}

function at<T>(list: readonly T[], index: number): T {
  return defined(list[index], 'an element of a table');
}

function md5(message: Uint8Array): Uint8Array {
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const view = padded(message, 64, LITTLE_ENDIAN);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixes = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)];
      const words = [i, 5 * i + 1, 3 * i + 5, 7 * i];
      const word = view.getUint32(block + (at(words, round) % 16) * 4, true);
      const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) >>> 0;
      const sum = (a + at(mixes, round) + constant + word) | 0;
      [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, at(shifts, round * 4 + (i & 3)))) | 0];
    }
    state = [a, b, c, d].map((value, i) => (value + at(state, i)) | 0);
  }
  return wordsOut(state, LITTLE_ENDIAN);
}

function sha1(message: Uint8Array): Uint8Array {
  const constants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
  const view = padded(message, 64, BIG_ENDIAN);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < view.byteLength; block += 64) {
    const w: number[] = [];
    for (let i = 0; i < 80; i++)
      w.push(
        i < 16
          ? view.getUint32(block + i * 4)
          : rotateLeft(at(w, i - 3) ^ at(w, i - 8) ^ at(w, i - 14) ^ at(w, i - 16), 1),
      );
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i++) {
      const round = Math.floor(i / 20);
      const mix = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const next = (rotateLeft(a, 5) + mix + e + at(constants, round) + at(w, i)) | 0;
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, next];
    }
    state = [a, b, c, d, e].map((value, i) => (value + at(state, i)) | 0);
  }
  return wordsOut(state, BIG_ENDIAN);
}

/** The first primes: the constants of SHA-2 are bits of their roots. */
function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) if (found.every((p) => n % p !== 0n)) found.push(n);
  return found;
}

/** The first `bits` of the fraction of an integer's square or cube root. */
function rootBits(value: bigint, degree: 2n | 3n, bits: bigint): bigint {
  const scaled = value << (bits * degree);
  let low = 0n;
  let high = 1n << (bits + 6n);
  while (low + 1n < high) {
    const middle = (low + high) / 2n;
    if (middle ** degree <= scaled) low = middle;
    else high = middle;
  }
  return low & ((1n << bits) - 1n);
}

function initial512(from: number, to: number): bigint[] {
  return primes(16)
    .slice(from, to)
    .map((prime) => rootBits(prime, 2n, 64n));
}

function sha256(message: Uint8Array): Uint8Array {
  const constants = primes(64).map((prime) => Number(rootBits(prime, 3n, 32n)));
  const right = (value: number, bits: number): number => rotateLeft(value, 32 - bits);
  const view = padded(message, 64, BIG_ENDIAN);
  let state = primes(8).map((prime) => Number(rootBits(prime, 2n, 32n)));
  for (let block = 0; block < view.byteLength; block += 64) {
    const w: number[] = [];
    for (let i = 0; i < 64; i++) {
      if (i < 16) w.push(view.getUint32(block + i * 4));
      else {
        const [x, y] = [at(w, i - 15), at(w, i - 2)];
        const s0 = right(x, 7) ^ right(x, 18) ^ (x >>> 3);
        const s1 = right(y, 17) ^ right(y, 19) ^ (y >>> 10);
        w.push((at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0);
      }
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(constants, i) + at(w, i)) | 0;
      const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    state = [a, b, c, d, e, f, g, h].map((value, i) => (value + at(state, i)) | 0);
  }
  return wordsOut(state, BIG_ENDIAN);
}

function sha512(message: Uint8Array, initial: readonly bigint[]): Uint8Array {
  const constants = primes(80).map((prime) => rootBits(prime, 3n, 64n));
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  const right = (value: bigint, bits: bigint): bigint => wrap((value >> bits) | (value << (64n - bits)));
  const view = padded(message, 128, BIG_ENDIAN);
  let state = [...initial];
  for (let block = 0; block < view.byteLength; block += 128) {
    const w: bigint[] = [];
    for (let i = 0; i < 80; i++) {
      if (i < 16) w.push(view.getBigUint64(block + i * 8));
      else {
        const [x, y] = [at(w, i - 15), at(w, i - 2)];
        const s0 = right(x, 1n) ^ right(x, 8n) ^ (x >> 7n);
        const s1 = right(y, 19n) ^ right(y, 61n) ^ (y >> 6n);
        w.push(wrap(at(w, i - 16) + s0 + at(w, i - 7) + s1));
      }
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
    for (let i = 0; i < 80; i++) {
      const s1 = right(e, 14n) ^ right(e, 18n) ^ right(e, 41n);
      const t1 = h + s1 + ((e & f) ^ (wrap(~e) & g)) + at(constants, i) + at(w, i);
      const s0 = right(a, 28n) ^ right(a, 34n) ^ right(a, 39n);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, wrap(d + t1), c, b, a, wrap(t1 + t2)];
    }
    state = [a, b, c, d, e, f, g, h].map((value, i) => wrap(value + at(state, i)));
  }
  const out = new DataView(new ArrayBuffer(64));
  for (const [i, word] of state.entries()) out.setBigUint64(i * 8, word);
  return new Uint8Array(out.buffer);
}
