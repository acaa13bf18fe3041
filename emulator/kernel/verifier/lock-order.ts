/**
 * Which locks a thread holds, in the order in which it took them, and from that the order of all locks: an edge from A
 * to B says that somebody wanted B while holding A. Two edges that lead from A to B and back are a deadlock of two
 * threads that come at the wrong time, whether or not it happened in this run.
 *
 * No false alarm: the edges of a cycle must be able to meet. They can't where both were made under one further lock, where
 * all takers share the lock, where one thread made them all, or in DriverEntry, before there is anybody else.
 */
import type { Span } from '../../../base/source.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { currentThread } from '../ke/blocking.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { callStack, currentSpan, describeAddress, functionName } from '../places.ts';
import type { LockRequest } from './lock-records.ts';

export interface HeldLock {
  readonly address: GuestAddress;
  /** "spin lock", "mutex". */
  readonly kind: string;
  readonly mode: 'exclusive' | 'shared';
  readonly takenAt: Span | undefined;
  readonly statements: number;
}

/** What somebody wants while holding other locks. */
type Wanted = Pick<LockRequest, 'address' | 'mode'> & { readonly kind: string };

/** Somebody held `from` and wanted `to`. */
interface OrderEdge {
  readonly from: HeldLock;
  readonly to: Wanted;
  readonly wantedAt: Span | undefined;
  readonly statements: number;
  readonly stack: RunFinding['stack'];
  readonly thread: Pick<KernelThread, 'id' | 'kind' | 'name'>;
  /** Further locks that it held exclusively. */
  readonly gates: readonly GuestAddress[];
}

export interface LockOrderState {
  /** By thread, oldest first; threads without a lock have no entry. */
  readonly held: Map<number, HeldLock[]>;
  /** By the lock held, then by the lock wanted. Each pair once for each pair of places. */
  readonly edges: Map<GuestAddress, Map<GuestAddress, OrderEdge[]>>;
}

/** Places that are kept for one pair of locks, and locks on one cycle; more tell nothing new. */
const edgesMax = 8;
const cycleMax = 6;

export function createLockOrderState(): LockOrderState {
  return { held: new Map(), edges: new Map() };
}

const noLocks: readonly HeldLock[] = [];

/** The locks that a thread or interrupt context holds, oldest first. */
export function locksHeldBy(kernel: Kernel, threadId: number): readonly HeldLock[] {
  const { held } = kernel.parts.lockOrder;
  return held.size === 0 ? noLocks : (held.get(threadId) ?? noLocks);
}

/** A thread has got a lock. */
export function noteTaken(kernel: Kernel, threadId: number, lock: Wanted, takenAt: Span | undefined): void {
  const { held } = kernel.parts.lockOrder;
  const { address, kind, mode } = lock;
  const entry: HeldLock = { address, kind, mode, takenAt, statements: kernel.machine.statements };
  const own = held.get(threadId);
  if (own === undefined) held.set(threadId, [entry]);
  else own.push(entry);
}

/** A thread has given a lock up. */
export function noteDropped(kernel: Kernel, threadId: number, address: GuestAddress): void {
  const { held } = kernel.parts.lockOrder;
  const own = held.get(threadId);
  if (own === undefined) return;
  // Mostly it is the one that was taken last.
  if (own.at(-1)?.address === address) own.pop();
  else {
    const at = own.findLastIndex((lock) => lock.address === address);
    if (at >= 0) own.splice(at, 1);
  }
  if (own.length === 0) held.delete(threadId);
}

/** The current thread is about to wait for a lock as long as it takes: an order, and perhaps the wrong one. */
export function noteWanted(kernel: Kernel, wanted: Wanted): void {
  const thread = currentThread(kernel);
  const held = kernel.parts.lockOrder.held.get(thread.id);
  if (held === undefined || isLoading(kernel, thread)) return;
  for (const from of held) if (from.address !== wanted.address) addEdge(kernel, thread, held, from, wanted);
}

/** The memory goes, and with it the order of the locks in it. */
export function forgetLocksWithin(kernel: Kernel, start: bigint, size: number): void {
  const { edges } = kernel.parts.lockOrder;
  if (edges.size === 0) return;
  const end = start + BigInt(size);
  for (const [from, targets] of edges) {
    if (from >= start && from < end) edges.delete(from);
    else for (const to of targets.keys()) if (to >= start && to < end) targets.delete(to);
  }
}

/** A lock that is made anew has no order yet. */
export function forgetLockOrder(kernel: Kernel, address: GuestAddress): void {
  forgetLocksWithin(kernel, address, 1);
}

function addEdge(
  kernel: Kernel,
  thread: KernelThread,
  held: readonly HeldLock[],
  from: HeldLock,
  wanted: Wanted,
): void {
  const { edges } = kernel.parts.lockOrder;
  const targets = edges.get(from.address) ?? new Map<GuestAddress, OrderEdge[]>();
  const known = targets.get(wanted.address) ?? [];
  const wantedAt = currentSpan(kernel);
  const isKnown = known.some((edge) => isSame(edge.wantedAt, wantedAt) && isSame(edge.from.takenAt, from.takenAt));
  if (isKnown || known.length >= edgesMax) return;
  const gates = held.flatMap(({ address, mode }) =>
    mode === 'exclusive' && address !== from.address && address !== wanted.address ? [address] : [],
  );
  const edge: OrderEdge = {
    from,
    to: { address: wanted.address, kind: wanted.kind, mode: wanted.mode },
    wantedAt,
    statements: kernel.machine.statements,
    stack: callStack(kernel, kernel.current),
    thread: { id: thread.id, kind: thread.kind, name: thread.name },
    gates,
  };
  known.push(edge);
  targets.set(wanted.address, known);
  edges.set(from.address, targets);
  const cycle = findCycle(kernel, [edge]);
  if (cycle !== undefined) reportCycle(kernel, cycle);
}

/** A way back to the lock that the first edge begins at, along edges that can all meet. */
function findCycle(kernel: Kernel, path: readonly OrderEdge[]): readonly OrderEdge[] | undefined {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  for (const edges of kernel.parts.lockOrder.edges.get(last.to.address)?.values() ?? []) {
    for (const edge of edges) {
      if (!path.every((other) => canMeet(other, edge)) || !conflict(last.to.mode, edge.from.mode)) continue;
      if (edge.to.address === first.from.address) {
        if (conflict(edge.to.mode, first.from.mode)) return [...path, edge];
        continue;
      }
      if (path.length >= cycleMax || path.some(({ from }) => from.address === edge.to.address)) continue;
      const found = findCycle(kernel, [...path, edge]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Sharers don't keep each other out. */
function conflict(a: 'exclusive' | 'shared', b: 'exclusive' | 'shared'): boolean {
  return a === 'exclusive' || b === 'exclusive';
}

/** Whether two threads can be at these two places at once. */
function canMeet(a: OrderEdge, b: OrderEdge): boolean {
  if (a.gates.some((gate) => b.gates.includes(gate))) return false;
  // One thread of the driver's own is at one place at a time; a program's requests also come from other programs.
  return a.thread.id !== b.thread.id || a.thread.kind === 'caller';
}

/** DriverEntry: what it does with locks is over before anybody else can want them. */
export function isLoading(kernel: Kernel, thread: KernelThread): boolean {
  return (
    thread.kind === 'system' && thread.createdAt === undefined && isEntry(functionName(kernel, thread.startRoutine))
  );
}

function isEntry(name: string): boolean {
  return name === 'DriverEntry' || name === 'main';
}

function isSame(a: Span | undefined, b: Span | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.file === b.file && a.start === b.start && a.end === b.end);
}

function reportCycle(kernel: Kernel, cycle: readonly OrderEdge[]): void {
  const [here, ...others] = cycle;
  if (here === undefined) return;
  const name = (address: GuestAddress): string => describeAddress(kernel, address);
  const elsewhere = others
    .map((edge) => `${edge.thread.name} takes ${name(edge.to.address)} while it holds ${name(edge.from.address)}`)
    .join(', and ');
  kernel.report({
    rule: 'lock-order',
    severity: 'warning',
    message: `${here.thread.name} takes the ${here.to.kind} ${name(here.to.address)} while it holds the ${here.from.kind} ${name(here.from.address)}, but ${elsewhere}: when they meet, each waits for ever for what the other holds.`,
    also: ['0xC4/0x1001'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x1001, here.to.address, here.from.address),
    history: cycle.flatMap((edge) => edgeHistory(kernel, edge)),
  });
}

/** Both places of an order, with the stack at the second. */
function edgeHistory(kernel: Kernel, edge: OrderEdge): RunFinding['history'] {
  const { from, to, thread } = edge;
  const callers = edge.stack.map(({ functionName: name }) => name).join(' < ');
  return [
    {
      what: `${thread.name} takes ${describeAddress(kernel, from.address)}`,
      span: from.takenAt,
      statements: from.statements,
    },
    {
      what: `and then ${describeAddress(kernel, to.address)} (${callers})`,
      span: edge.wantedAt,
      statements: edge.statements,
    },
  ];
}
