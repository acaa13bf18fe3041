/**
 * Where the IRQL was raised that somebody finds too high at the end of a routine: the spin locks that are still held, or
 * else the last call that raised it or left it raised. Noted by calls that are rare (KeRaiseIrql) or wrong most of the
 * time (a lock released to the IRQL under it), so that ordinary use of spin locks pays nothing. Critical and guarded
 * regions are told in the same way.
 */
import { currentThread } from '../ke/blocking.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { locksHeldBy } from './lock-order.ts';
import { isSpinKind } from './lock-records.ts';

const APC_LEVEL = 1;

/** The current thread's IRQL is from now on what this call made it. */
export function noteIrql(kernel: Kernel, what: string): void {
  currentThread(kernel).irqlNote = { what, span: currentSpan(kernel), statements: kernel.machine.statements };
}

/** A lock is released and the IRQL stays raised: right where another lock is still held or it was raised before. */
export function noteKeptIrql(kernel: Kernel, call: string, text: string): void {
  const thread = currentThread(kernel);
  if (thread.startIrql < kernel.irql && !locksHeldBy(kernel, thread.id).some(({ kind }) => isSpinKind(kind)))
    noteIrql(kernel, `${call} leaves the IRQL at ${text} here`);
}

/** What a finding of the rule says of the current thread besides its own history. */
export function threadHistory(kernel: Kernel, rule: string): RunFinding['history'] {
  if (kernel.current === undefined) return [];
  if (rule === 'critical-region-not-left') return currentThread(kernel).regionNotes ?? [];
  return rule === 'irql-not-restored' || rule === 'irql-too-high' ? irqlHistory(kernel) : [];
}

function irqlHistory(kernel: Kernel): RunFinding['history'] {
  const thread = currentThread(kernel);
  // A fast mutex keeps its holder at APC_LEVEL, a spin lock at DISPATCH_LEVEL.
  const isRaising = kernel.irql === APC_LEVEL ? (kind: string) => kind === 'fast mutex' : isSpinKind;
  const locks = locksHeldBy(kernel, thread.id).filter(({ kind }) => isRaising(kind));
  if (locks.length > 0)
    return locks.map(({ kind, address, takenAt, statements }) => ({
      what: `the ${kind} ${describeAddress(kernel, address)} taken ${takenAt === undefined ? 'by the system' : 'here'}`,
      span: takenAt,
      statements,
    }));
  return thread.irqlNote === undefined ? [] : [thread.irqlNote];
}

/** The thread has entered a critical or guarded region. */
export function noteRegion(kernel: Kernel, thread: KernelThread, what: string): void {
  thread.regionNotes ??= [];
  thread.regionNotes.push({ what, span: currentSpan(kernel), statements: kernel.machine.statements });
}

/** It has left the region that it entered last. */
export function forgetRegion(thread: KernelThread): void {
  thread.regionNotes?.pop();
}
