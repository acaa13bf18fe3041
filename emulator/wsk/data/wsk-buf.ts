/**
 * WSK_BUF: a chain of MDLs, an offset into the first of them, and a length.
 *
 * The structure itself is read when the call is made (drivers keep it on the stack); the memory that the MDLs describe
 * is read or written later, and must be non-paged or locked until then.
 */
import { regionHistory } from '../../kernel/index.ts';
import type { Kernel, RunFinding } from '../../kernel/kernel-types.ts';
import { mdlData } from '../../kernel/mm/mdl-records.ts';
import { offsetAddress } from '../../kernel/struct-view.ts';
import { type LentMemory, lend } from '../../kernel/verifier/lent-memory.ts';
import { GuestFault } from '../../machine/faults.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { wskLayouts } from './layouts.ts';

export interface WskBuffer {
  readonly pieces: readonly { readonly address: GuestAddress; readonly length: number }[];
  readonly length: number;
  /** The MDLs and what they describe, lent until the call completes. */
  readonly lent: readonly LentMemory[];
}

/** More MDLs than this in one chain means that it runs in a circle. */
const MDL_CHAIN_MAX = 4096;

export const EMPTY_BUFFER: WskBuffer = { pieces: [], length: 0, lent: [] };

/** Reads the WSK_BUF at `address`; a finding when it does not describe `Length` bytes of memory that WSK may use. */
export function readWskBuf(kernel: Kernel, address: GuestAddress, call: string): WskBuffer | NativeResult {
  const { memory } = kernel;
  const { wskBuf, mdl: at, mdlUsable, mdlPagesLocked } = wskLayouts(kernel);
  const length = memory.readSize(address, wskBuf.length);
  let mdl = memory.readU64(address, wskBuf.mdl) as GuestAddress;
  let skip = memory.readU32(address, wskBuf.offset);
  if (length === 0) return EMPTY_BUFFER;
  const pieces: { address: GuestAddress; length: number }[] = [];
  const lent: LentMemory[] = [];
  let left = length;
  for (let count = 0; left > 0; count++) {
    if (mdl === 0n) return tooShort(kernel, call, address, length, length - left);
    if (count === MDL_CHAIN_MAX) return circular(kernel, call, address);
    const byteCount = memory.readU32(mdl, at.byteCount);
    if (count === 0 && skip > byteCount) return offsetOutside(kernel, call, address, skip, byteCount);
    const flags = memory.readU16(mdl, at.mdlFlags);
    if ((flags & mdlUsable) === 0) return notLocked(kernel, call, mdl);
    if (call.startsWith('WskReceive') && kernel.parts.mdls.get(mdl)?.isLockedForRead === true) {
      reportLockedForRead(kernel, call, mdl);
    }
    const start = offsetAddress(mdlData(kernel, mdl), skip);
    const part = Math.min(left, byteCount - skip);
    const mdlLent = lend(kernel, 'the MDL of Buffer', mdl, at.bytes);
    const data = lend(kernel, 'the memory of Buffer', start, part);
    const isLocked = (flags & mdlPagesLocked) !== 0;
    const dataLent =
      data === undefined || !isLocked
        ? data
        : { ...data, lock: { flags: offsetAddress(mdl, at.mdlFlags), bit: mdlPagesLocked } };
    // One MDL for all of it, as nearly always: lists that begin empty would take room for many.
    if (part === length && mdlLent !== undefined && dataLent !== undefined)
      return { pieces: [{ address: start, length }], length, lent: [mdlLent, dataLent] };
    if (part > 0) pieces.push({ address: start, length: part });
    if (mdlLent !== undefined) lent.push(mdlLent);
    if (dataLent !== undefined) lent.push(dataLent);
    left -= part;
    skip = 0;
    mdl = memory.readU64(mdl, at.next) as GuestAddress;
  }
  return { pieces, length, lent };
}

/** The buffer's bytes. */
export function gather(kernel: Kernel, buffer: WskBuffer): Uint8Array {
  const [first] = buffer.pieces;
  if (first?.length === buffer.length) return readPiece(kernel, first);
  const bytes = new Uint8Array(buffer.length);
  let at = 0;
  for (const piece of buffer.pieces) {
    bytes.set(readPiece(kernel, piece), at);
    at += piece.length;
  }
  return bytes;
}

/** Bytes that nobody has written go out like any other, and tell the peer what was in the memory before. */
function readPiece(kernel: Kernel, { address, length }: WskBuffer['pieces'][number]): Uint8Array {
  try {
    return kernel.memory.readBytes(address, length);
  } catch (error) {
    const bytes = kernel.memory.peek(address, length);
    const isUnwritten = error instanceof GuestFault && error.fault.kind === 'uninitialised-read';
    if (!isUnwritten || bytes === undefined) throw error;
    const { region } = error.fault;
    const index = Number(error.fault.address - address);
    kernel.report({
      rule: 'uninitialised-output',
      severity: 'warning',
      message: `Sends ${length} bytes${region === undefined ? '' : ` of ${region.label}`}, of which byte ${index} was never written: the peer is told what was in kernel memory there before. Send no more than was written, or clear the buffer first.`,
      history: region === undefined ? [] : regionHistory(kernel, region),
    });
    return bytes;
  }
}

/** What writing `bytes` into the buffer comes to, piece by piece. */
export function scatter(
  buffer: WskBuffer,
  bytes: Uint8Array,
): { readonly address: GuestAddress; readonly bytes: Uint8Array }[] {
  const writes: { address: GuestAddress; bytes: Uint8Array }[] = [];
  let at = 0;
  for (const piece of buffer.pieces) {
    if (at >= bytes.length) break;
    const part = bytes.slice(at, at + piece.length);
    writes.push({ address: piece.address, bytes: part });
    at += part.length;
  }
  return writes;
}

function tooShort(kernel: Kernel, call: string, buffer: GuestAddress, length: number, described: number): NativeResult {
  return kernel.report({
    rule: 'wsk-buf-beyond-mdl',
    severity: 'error',
    message: `${call} was given a WSK_BUF of ${length} bytes whose MDLs describe only ${described}: WSK would read or write past the buffer.`,
    docRules: ['R45'],
    history: historyOfFirst(kernel, buffer),
  });
}

function offsetOutside(
  kernel: Kernel,
  call: string,
  buffer: GuestAddress,
  offset: number,
  byteCount: number,
): NativeResult {
  return kernel.report({
    rule: 'wsk-buf-beyond-mdl',
    severity: 'error',
    message: `${call} was given a WSK_BUF with Offset ${offset}, which lies outside its first MDL of ${byteCount} bytes.`,
    docRules: ['R45'],
    history: historyOfFirst(kernel, buffer),
  });
}

function notLocked(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'mdl-not-locked',
    severity: 'error',
    message: `${call} was given an MDL whose pages are neither non-paged pool (MmBuildMdlForNonPagedPool) nor locked (MmProbeAndLockPages).`,
    docRules: ['R45'],
    history: historyAt(kernel, mdl),
  });
}

/** It works until the pages are given up: what is not marked as changed is not written back. */
function reportLockedForRead(kernel: Kernel, call: string, mdl: GuestAddress): void {
  kernel.report({
    rule: 'mdl-locked-for-read',
    severity: 'warning',
    message: `${call} writes into pages that were locked with IoReadAccess: nobody has asked whether they may be written, and they are not marked as changed, so that what arrives may be lost. Lock them with IoWriteAccess.`,
    history: historyAt(kernel, mdl),
  });
}

function circular(kernel: Kernel, call: string, buffer: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'wsk-buf-beyond-mdl',
    severity: 'error',
    message: `${call} was given a chain of more than ${MDL_CHAIN_MAX} MDLs: it runs in a circle.`,
    docRules: ['R45'],
    history: historyOfFirst(kernel, buffer),
  });
}

/** Where the first MDL of a WSK_BUF comes from. */
function historyOfFirst(kernel: Kernel, buffer: GuestAddress): RunFinding['history'] {
  return historyAt(kernel, kernel.memory.readU64(buffer, wskLayouts(kernel).wskBuf.mdl) as GuestAddress);
}

function historyAt(kernel: Kernel, mdl: GuestAddress): RunFinding['history'] {
  const region = kernel.memory.regionAt(mdl);
  return region === undefined ? [] : regionHistory(kernel, region);
}
