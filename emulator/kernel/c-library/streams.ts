/** stdio.h: files. Streams are FILE objects of guest memory, so that one that was closed is recognised. */

import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { readText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { logText } from '../rtl/debug-print.ts';
import { errnoAddress, errorNumbers, errorText, setError } from './errors.ts';
import { fileSystem, openFile, readByte, type Stream, seek, writeBytes } from './files.ts';
import { scanText } from './scan.ts';

const endOfFile = -1;
const fileSize = 8;
/** stdin, stdout and stderr are three addresses that nothing lies at. */
export const firstStream = 0x5_0000n;

/** What a FILE pointer stands for: the number of a standard stream, or an open file. */
type Target =
  | { readonly kind: 'standard'; readonly number: number }
  | { readonly kind: 'file'; readonly stream: Stream };

export const streamApis = {
  fopen: (kernel, { arguments: args }) => {
    const name = readText(kernel, args.pointer(0), { unit: 1 });
    const stream = openFile(fileSystem(kernel), name, readText(kernel, args.pointer(1), { unit: 1 }));
    if (stream === undefined) {
      setError(kernel, errorNumbers.noEntry);
      return returns(NULL_ADDRESS);
    }
    const region = kernel.memory.allocate({ size: fileSize, kind: 'object', label: `FILE of "${name}"` });
    if (region === undefined) return returns(NULL_ADDRESS);
    fileSystem(kernel).streams.set(region.start, stream);
    return returns(region.start);
  },
  freopen: (kernel, { arguments: args }) => {
    const found = fileSystem(kernel).streams.get(args.pointer(2));
    const name = readText(kernel, args.pointer(0), { unit: 1 });
    const opened = openFile(fileSystem(kernel), name, readText(kernel, args.pointer(1), { unit: 1 }));
    if (found === undefined || opened === undefined) return returns(NULL_ADDRESS);
    fileSystem(kernel).streams.set(args.pointer(2), opened);
    return returns(args.pointer(2));
  },
  fclose: (kernel, { arguments: args, name }) => {
    const target = targetOf(kernel, name, args.pointer(0));
    if (target.kind === 'stopped') return target.result;
    if (target.kind === 'file') {
      fileSystem(kernel).streams.delete(args.pointer(0));
      const region = kernel.memory.regionAt(args.pointer(0));
      if (region !== undefined) kernel.memory.free(region);
    }
    return returns(0);
  },
  fgetc: (kernel, { arguments: args, name }) => withStream(kernel, name, args.pointer(0), (s) => returns(readByte(s))),
  getc: (kernel, { arguments: args, name }) => withStream(kernel, name, args.pointer(0), (s) => returns(readByte(s))),
  ungetc: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(1), (stream) => {
      const character = args.int(0);
      if (character === endOfFile) return returns(endOfFile);
      stream.pushed.push(character & 0xff);
      stream.isAtEnd = false;
      return returns(character & 0xff);
    }),
  fgets: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(2), (stream) => {
      const line: number[] = [];
      while (line.length < args.int(1) - 1) {
        const byte = readByte(stream);
        if (byte < 0) break;
        line.push(byte);
        if (byte === 10) break;
      }
      if (line.length === 0) return returns(NULL_ADDRESS);
      kernel.memory.writeBytes(args.pointer(0), Uint8Array.from([...line, 0]));
      return returns(args.pointer(0));
    }),
  fread: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(3), (stream) => {
      const size = Number(args.uint64(1));
      const wanted = size * Number(args.uint64(2));
      const bytes: number[] = [];
      while (bytes.length < wanted) {
        const byte = readByte(stream);
        if (byte < 0) break;
        bytes.push(byte);
      }
      if (bytes.length > 0) kernel.memory.writeBytes(args.pointer(0), Uint8Array.from(bytes));
      return returns(size === 0 ? 0n : BigInt(Math.floor(bytes.length / size)));
    }),
  fscanf: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (stream) => {
      const rest = String.fromCharCode(...stream.file.bytes.slice(stream.at, stream.at + 65_536));
      let index = 2;
      const next = (): GuestAddress => args.pointer(index++);
      const format = readText(kernel, args.pointer(1), { unit: 1 });
      const { stored, length } = scanText(kernel, rest, format, next);
      stream.at += length;
      if (stored < 0) stream.isAtEnd = true;
      return returns(stored);
    }),
  feof: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (stream) => returns(stream.isAtEnd ? 1 : 0)),
  ferror: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (stream) => returns(stream.hasFailed ? 1 : 0)),
  clearerr: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (stream) => {
      stream.hasFailed = false;
      stream.isAtEnd = false;
      return returnsVoid;
    }),
  fseek: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (s) => returns(seek(s, args.int(1), args.int(2)) ? 0 : -1)),
  ftell: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (stream) => returns(stream.at - stream.pushed.length)),
  rewind: (kernel, { arguments: args, name }) =>
    withStream(kernel, name, args.pointer(0), (stream) => {
      seek(stream, 0, 0);
      stream.hasFailed = false;
      return returnsVoid;
    }),
  remove: (kernel, { arguments: args }) => {
    const isGone = fileSystem(kernel).files.delete(readText(kernel, args.pointer(0), { unit: 1 }));
    if (!isGone) setError(kernel, errorNumbers.noEntry);
    return returns(isGone ? 0 : -1);
  },
  rename: (kernel, { arguments: args }) => {
    const { files } = fileSystem(kernel);
    const from = readText(kernel, args.pointer(0), { unit: 1 });
    const to = readText(kernel, args.pointer(1), { unit: 1 });
    const file = files.get(from);
    if (file === undefined || files.has(to)) {
      setError(kernel, file === undefined ? errorNumbers.noEntry : errorNumbers.exists);
      return returns(-1);
    }
    files.delete(from);
    files.set(to, file);
    return returns(0);
  },
  perror: (kernel, { arguments: args }) => {
    const message = args.pointer(0) === 0n ? '' : readText(kernel, args.pointer(0), { unit: 1 });
    const text = errorText(kernel.memory.readU32(errnoAddress(kernel)));
    logText(kernel, message === '' ? `${text}\n` : `${message}: ${text}\n`);
    return returnsVoid;
  },
} satisfies KernelApis;

/** The number of a standard stream, an open file, or the end of the run where the pointer is neither. */
export function targetOf(
  kernel: Kernel,
  call: string,
  file: GuestAddress,
): Target | { readonly kind: 'stopped'; readonly result: NativeResult } {
  if (file >= firstStream && file < firstStream + 3n) return { kind: 'standard', number: Number(file - firstStream) };
  const stream = fileSystem(kernel).streams.get(file);
  if (stream !== undefined) return { kind: 'file', stream };
  const region = kernel.memory.regionAt(file);
  const what = region?.label.startsWith('FILE ') === true ? `the ${region.label}, which has been closed` : 'no FILE';
  return {
    kind: 'stopped',
    result: kernel.report({ rule: 'bad-file', severity: 'error', message: `${call} is given ${what}.` }),
  };
}

/** Writes to a stream; false where that failed. */
export function writeTo(target: Target, bytes: string, standard: (number: number) => void): boolean {
  if (target.kind === 'file') return writeBytes(target.stream, bytes);
  standard(target.number);
  return true;
}

const standardInput: Stream = {
  name: 'stdin',
  file: { bytes: [] },
  at: 0,
  canRead: true,
  canWrite: false,
  isAppending: false,
  isAtEnd: true,
  hasFailed: false,
  pushed: [],
};

/** Standard streams have nothing to read, and no position. */
function withStream(
  kernel: Kernel,
  call: string,
  file: GuestAddress,
  action: (stream: Stream) => NativeResult,
): NativeResult {
  const target = targetOf(kernel, call, file);
  if (target.kind === 'stopped') return target.result;
  return action(target.kind === 'file' ? target.stream : { ...standardInput, pushed: [] });
}
