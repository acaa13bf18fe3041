/**
 * Files of a program, in memory alone: nothing reaches the host, and a file that the program has not written does not
 * exist. Bytes are numbers in a growing array; text and binary mode are the same.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';

export interface FileData {
  readonly bytes: number[];
}

export interface Stream {
  readonly name: string;
  file: FileData;
  /** Position of the next byte. */
  at: number;
  canRead: boolean;
  canWrite: boolean;
  /** Every write goes to the end. */
  isAppending: boolean;
  isAtEnd: boolean;
  hasFailed: boolean;
  /** Bytes that ungetc put back, the next one last. */
  readonly pushed: number[];
}

export interface FileSystem {
  readonly files: Map<string, FileData>;
  /** Open streams by the address of their FILE. */
  readonly streams: Map<GuestAddress, Stream>;
}

/** Bytes of one file; a program that writes for ever is told that the disk is full. */
const fileMax = 16_000_000;

export function createFileSystem(): FileSystem {
  return { files: new Map(), streams: new Map() };
}

/** Opens a file as fopen does; undefined where the mode is none, or the file does not exist and must. */
export function openFile(fs: FileSystem, name: string, mode: string): Stream | undefined {
  const match = /^([rwa])([bt+xce]*)/.exec(mode);
  if (match === null) return undefined;
  const [, how, more = ''] = match;
  let file = fs.files.get(name);
  if (file === undefined || how === 'w') {
    if (how === 'r' || (file !== undefined && more.includes('x'))) return undefined;
    file = { bytes: [] };
    fs.files.set(name, file);
  }
  const isBoth = more.includes('+');
  return {
    name,
    file,
    at: 0,
    canRead: how === 'r' || isBoth,
    canWrite: how !== 'r' || isBoth,
    isAppending: how === 'a',
    isAtEnd: false,
    hasFailed: false,
    pushed: [],
  };
}

/** The next byte, or -1 at the end. */
export function readByte(stream: Stream): number {
  const pushed = stream.pushed.pop();
  if (pushed !== undefined) return pushed;
  if (!stream.canRead) {
    stream.hasFailed = true;
    return -1;
  }
  const byte = stream.file.bytes[stream.at];
  if (byte === undefined) {
    stream.isAtEnd = true;
    return -1;
  }
  stream.at++;
  return byte;
}

/** True when all bytes were written. `bytes` is a binary string. */
export function writeBytes(stream: Stream, bytes: string): boolean {
  const { file } = stream;
  if (stream.isAppending) stream.at = file.bytes.length;
  if (!stream.canWrite || stream.at + bytes.length > fileMax) {
    stream.hasFailed = true;
    return false;
  }
  while (file.bytes.length < stream.at) file.bytes.push(0);
  for (let i = 0; i < bytes.length; i++) file.bytes[stream.at++] = bytes.charCodeAt(i) & 0xff;
  return true;
}

/** Moves to a position; false where there is none. */
export function seek(stream: Stream, offset: number, origin: number): boolean {
  const base = origin === 0 ? 0 : origin === 1 ? stream.at - stream.pushed.length : stream.file.bytes.length;
  const target = base + offset;
  if (origin < 0 || origin > 2 || target < 0 || target > fileMax) return false;
  stream.at = target;
  stream.isAtEnd = false;
  stream.pushed.length = 0;
  return true;
}

export function fileSystem(kernel: Kernel): FileSystem {
  return kernel.parts.library.fileSystem;
}
