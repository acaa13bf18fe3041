/**
 * KeSetEvent, KeReleaseMutex and KeReleaseSemaphore with Wait = TRUE: the caller promises that its next call is a wait. The
 * kernel keeps its dispatcher lock and a raised IRQL for it, so anything else between them is a mistake.
 */
import { bugCheck } from '../bug-checks.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';

/** The current thread promises to wait next. */
export function promiseWait(kernel: Kernel, call: string): void {
  if (kernel.current === undefined) return;
  kernel.parts.scheduler.waitPromises.set(kernel.current.id, { call, span: currentSpan(kernel) });
}

/** The current thread makes another call, or ends. */
export function checkPromisedWait(kernel: Kernel, next: string): void {
  const { waitPromises } = kernel.parts.scheduler;
  if (waitPromises.size === 0) return;
  const promise = kernel.current === undefined ? undefined : waitPromises.get(kernel.current.id);
  if (promise === undefined || kernel.current === undefined) return;
  waitPromises.delete(kernel.current.id);
  if (next.startsWith('KeWaitFor')) return;
  kernel.report({
    rule: 'promised-wait-missing',
    severity: 'warning',
    message: `${promise.call} is called with Wait = TRUE, but what comes next is ${next} and not a KeWaitFor… routine: the kernel still holds its own lock, at a raised IRQL, for the wait that was promised. Pass FALSE.`,
    span: promise.span,
    also: ['D0004', 'D0005', '0xC4/0x80'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x80, kernel.irql),
  });
}
