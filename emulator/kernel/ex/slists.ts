/**
 * Interlocked stacks and the interlocked operations on doubly linked lists.
 *
 * The header keeps the depth and, as NextEntry, the address of the first entry divided by 16: entries must be aligned so.
 */

import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { noteListChange } from '../verifier/list-locks.ts';

export const slistApis = {
  InitializeSListHead: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(0), 0n);
    kernel.memory.writeU64(second(args.pointer(0)), 0n);
    return returnsVoid;
  },
  InterlockedPushEntrySList: (kernel, { name, arguments: args }) => {
    const [head, entry] = [args.pointer(0), args.pointer(1)];
    if (head % 16n !== 0n) return reportAlignment(kernel, name, head);
    if (entry % 16n !== 0n) return reportAlignment(kernel, name, entry);
    const { first, depth } = readHead(kernel, head);
    kernel.memory.writePointer(entry, first);
    writeHead(kernel, head, entry, depth + 1);
    return returns(first);
  },
  InterlockedPopEntrySList: (kernel, { arguments: args }) => {
    const { first, depth } = readHead(kernel, args.pointer(0));
    if (first === 0n) return returns(NULL_ADDRESS);
    writeHead(kernel, args.pointer(0), kernel.memory.readPointer(first), depth - 1);
    return returns(first);
  },
  InterlockedFlushSList: (kernel, { arguments: args }) => {
    const { first } = readHead(kernel, args.pointer(0));
    writeHead(kernel, args.pointer(0), NULL_ADDRESS, 0);
    return returns(first);
  },
  FirstEntrySList: (kernel, { arguments: args }) => returns(readHead(kernel, args.pointer(0)).first),
  QueryDepthSList: (kernel, { arguments: args }) => returns(readHead(kernel, args.pointer(0)).depth),

  ExInterlockedInsertHeadList: (kernel, { arguments: args }) => {
    const head = args.pointer(0);
    noteListChange(kernel, head, undefined, args.pointer(2));
    const first = kernel.memory.readPointer(head);
    insertBetween(kernel, head, args.pointer(1), first);
    return returns(first === head ? NULL_ADDRESS : first);
  },
  ExInterlockedInsertTailList: (kernel, { arguments: args }) => {
    const head = args.pointer(0);
    noteListChange(kernel, head, undefined, args.pointer(2));
    const last = kernel.memory.readPointer(second(head));
    insertBetween(kernel, last, args.pointer(1), head);
    return returns(last === head ? NULL_ADDRESS : last);
  },
  ExInterlockedPushEntryList: (kernel, { arguments: args }) => {
    const [head, entry] = [args.pointer(0), args.pointer(1)];
    const first = kernel.memory.readPointer(head);
    kernel.memory.writePointer(entry, first);
    kernel.memory.writePointer(head, entry);
    return returns(first);
  },
  ExInterlockedPopEntryList: (kernel, { arguments: args }) => {
    const head = args.pointer(0);
    const first = kernel.memory.readPointer(head);
    if (first === 0n) return returns(NULL_ADDRESS);
    kernel.memory.writePointer(head, kernel.memory.readPointer(first));
    return returns(first);
  },
  ExInterlockedRemoveHeadList: (kernel, { arguments: args }) => {
    const head = args.pointer(0);
    noteListChange(kernel, head, undefined, args.pointer(1));
    const first = kernel.memory.readPointer(head);
    if (first === head) return returns(NULL_ADDRESS);
    const after = kernel.memory.readPointer(first);
    kernel.memory.writePointer(head, after);
    kernel.memory.writePointer(second(after), head);
    return returns(first);
  },
} satisfies KernelApis;

function second(address: GuestAddress): GuestAddress {
  return (address + 8n) as GuestAddress;
}

function readHead(kernel: Kernel, head: GuestAddress): { readonly first: GuestAddress; readonly depth: number } {
  const next = kernel.memory.readU64(second(head));
  return { first: (next & ~0xfn) as GuestAddress, depth: Number(kernel.memory.readU64(head) & 0xffffn) };
}

/** Every change counts up the sequence number, which keeps a stale compare-and-swap from succeeding. */
function writeHead(kernel: Kernel, head: GuestAddress, first: GuestAddress, depth: number): void {
  const sequence = (kernel.memory.readU64(head) >> 16n) + 1n;
  kernel.memory.writeU64(head, BigInt.asUintN(64, (sequence << 16n) | BigInt(depth & 0xffff)));
  kernel.memory.writeU64(second(head), first);
}

function insertBetween(kernel: Kernel, before: GuestAddress, entry: GuestAddress, after: GuestAddress): void {
  kernel.memory.writePointer(entry, after);
  kernel.memory.writePointer(second(entry), before);
  kernel.memory.writePointer(before, entry);
  kernel.memory.writePointer(second(after), entry);
}

function reportAlignment(kernel: Kernel, call: string, address: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'misaligned-access',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, address)}, which does not lie on a multiple of 16 bytes: SLIST_HEADER and SLIST_ENTRY must.`,
    bugCheck: bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', 0x80000002),
  });
}
