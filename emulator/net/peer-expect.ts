/** An expectation held against what has come, and both as text for people. */

import { unreachable } from '../../base/assert.ts';
import { countText } from '../../base/count.ts';
import { bufferBytes, bufferLength } from './byte-buffer.ts';
import { type MatchResult, matchesAll, matchOn, startMatching } from './pattern.ts';
import type { Expectation, Peer } from './peer-types.ts';

/** Holds an expectation against the stream that has come; the peer remembers how far it has looked. */
export function lookAtStream(peer: Peer, what: Expectation): MatchResult {
  switch (what.kind) {
    case 'bytes': {
      const { bytes, start } = peer.buffer;
      const length = Math.min(bufferLength(peer.buffer), what.bytes.length);
      for (; peer.looked < length; peer.looked++) {
        if (bytes[start + peer.looked] !== what.bytes[peer.looked]) return { kind: 'mismatch', at: peer.looked };
      }
      return length === what.bytes.length ? { kind: 'match', length } : { kind: 'more' };
    }
    case 'length':
      return bufferLength(peer.buffer) >= what.length ? { kind: 'match', length: what.length } : { kind: 'more' };
    case 'pattern':
      peer.matching ??= startMatching(what.pattern);
      return matchOn(peer.matching, bufferBytes(peer.buffer));
    default:
      return unreachable(what);
  }
}

/** Holds an expectation against one whole datagram. */
export function lookAtDatagram(bytes: Uint8Array, what: Expectation): MatchResult {
  switch (what.kind) {
    case 'bytes': {
      const isSame = (byte: number, i: number): boolean => byte === what.bytes[i];
      const at = bytes.findIndex((byte, i) => !isSame(byte, i));
      if (at >= 0) return { kind: 'mismatch', at };
      return bytes.length === what.bytes.length
        ? { kind: 'match', length: bytes.length }
        : { kind: 'mismatch', at: bytes.length };
    }
    case 'length':
      return bytes.length === what.length
        ? { kind: 'match', length: bytes.length }
        : { kind: 'mismatch', at: Math.min(bytes.length, what.length) };
    case 'pattern':
      return matchesAll(what.pattern, bytes);
    default:
      return unreachable(what);
  }
}

export function expectationText(what: Expectation, at?: number): string {
  switch (what.kind) {
    case 'bytes':
      return bytesText(what.bytes, at);
    case 'length':
      return countText(what.length, 'byte');
    case 'pattern':
      return `bytes that match /${what.pattern.text}/`;
    default:
      return unreachable(what);
  }
}

/** Bytes around a difference that are shown before and behind it. */
const SHOWN_BEFORE = 8;
const SHOWN = 32;

/** `4 bytes "good" [67 6f >6f< 64]`: as text and in hex, around the byte at `at`. */
export function bytesText(bytes: Uint8Array, at?: number): string {
  if (bytes.length === 0) return 'nothing';
  const from = at === undefined || bytes.length <= SHOWN ? 0 : Math.max(0, at - SHOWN_BEFORE);
  const shown = Array.from(bytes.subarray(from, from + SHOWN));
  const hex = shown.map((byte, i) => (from + i === at ? `>${hexOf(byte)}<` : hexOf(byte))).join(' ');
  const before = from > 0 ? '…' : '';
  const after = from + shown.length < bytes.length ? '…' : '';
  return `${countText(bytes.length, 'byte')} "${before}${shown.map(characterOf).join('')}${after}" [${before}${hex}${after}]`;
}

/** "byte 2 is 64 instead of 6f". */
export function differenceText(what: Expectation, got: Uint8Array, at: number): string {
  const wanted = what.kind === 'bytes' ? what.bytes[at] : undefined;
  const actual = got[at];
  const isLate = what.kind === 'pattern' ? 'does not fit' : 'is too much';
  if (actual === undefined) return `it ends after ${countText(at, 'byte')}`;
  if (wanted === undefined) return `byte ${at} (${hexOf(actual)}) ${isLate}`;
  return `byte ${at} is ${hexOf(actual)} instead of ${hexOf(wanted)}`;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function characterOf(byte: number): string {
  const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };
  return named[byte] ?? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');
}
