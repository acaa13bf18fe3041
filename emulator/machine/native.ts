/**
 * The border between guest code and the emulated kernel.
 *
 * A native function is what stands behind a name that the driver calls but does not define (IoAllocateIrp). It gets
 * its arguments, does its work at once and says what happens next as a value: return, call guest code and go on
 * afterwards, block the thread, or stop the run. What it must remember across a call or a wait is a plain record
 * (`Continuation`), never a JS closure or generator, so that the whole machine stays plain data.
 */
import type { Brand } from '../../base/brand.ts';
import type { Span } from '../../base/source.ts';

/** A 64-bit guest pointer, as an unsigned value. 0n is NULL. */
export type GuestAddress = Brand<bigint, 'GuestAddress'>;
/** Number of guest statements executed since the start of a run, over all threads. */
export type StatementCount = Brand<number, 'StatementCount'>;

export const NULL_ADDRESS = 0n as GuestAddress;

/** Arguments of one native call, converted to the prototype's types by the caller. */
export interface NativeArguments {
  readonly count: number;
  /** As a signed 32-bit integer: LONG, NTSTATUS, BOOLEAN, enum. */
  int(index: number): number;
  /** As an unsigned 32-bit integer: ULONG. */
  uint(index: number): number;
  /** As a signed or unsigned 64-bit integer: LONGLONG, SIZE_T. */
  int64(index: number): bigint;
  uint64(index: number): bigint;
  pointer(index: number): GuestAddress;
  /** The low byte is not zero: BOOLEAN. */
  bool(index: number): boolean;
  double(index: number): number;
}

/** Where a native function was called from. */
export interface CallSite {
  /** Undefined when the kernel itself made the call (DriverEntry, a thread's start). */
  readonly span: Span | undefined;
  /** Name of the guest function that made it. */
  readonly functionName: string | undefined;
}

/** What to do when the guest call or wait that a native function asked for is over. */
export interface Continuation {
  /** Key into the table of continuations; the value is the callee's return value, or the wait's result. */
  readonly name: string;
  readonly state: Readonly<Record<string, unknown>>;
}

export type NativeResult =
  /** `value` is converted to the prototype's result type. `reschedule` lets another thread run first. */
  | { readonly kind: 'return'; readonly value?: bigint | number | undefined; readonly reschedule?: boolean }
  /** Call guest (or native) code at `target`; `frameLabel` is what the call stack shows for the caller. */
  | {
      readonly kind: 'call';
      readonly target: GuestAddress;
      readonly arguments: readonly (bigint | number)[];
      readonly frameLabel: string;
      readonly then: Continuation;
    }
  /** The thread waits until the kernel resumes it with a value. */
  | { readonly kind: 'block'; readonly then: Continuation; readonly frameLabel: string }
  /**
   * Raises a structured exception (ExRaiseStatus, MmProbeAndLockPages): the innermost __try whose filter takes it goes
   * on in its handler, where GetExceptionCode() is `code`; without one it is an 'unhandled-exception' fault.
   */
  | {
      readonly kind: 'raise';
      readonly code: number;
      /** ExceptionInformation of the record. */
      readonly parameters?: readonly bigint[];
      /** A filter may ask to go on after the call; otherwise the function does not return. */
      readonly isContinuable?: boolean;
    }
  /**
   * A breakpoint instruction (DbgBreakPoint): a debugger stops behind the call, and going on returns from it; without
   * one it is an exception, as `__debugbreak()` is.
   */
  | { readonly kind: 'breakpoint'; readonly name: string }
  /** setjmp: remembers where its caller stands, and returns 0. `buffer` is the guest's jmp_buf, of at least 8 bytes. */
  | { readonly kind: 'set-jump'; readonly buffer: GuestAddress }
  /** longjmp: goes on after the setjmp that filled the buffer, which returns `value`. */
  | { readonly kind: 'long-jump'; readonly buffer: GuestAddress; readonly value: number }
  /** The thread ends here (PsTerminateSystemThread, exit). */
  | { readonly kind: 'end-thread'; readonly value: bigint }
  /** The run stops: the kernel has already recorded why. */
  | { readonly kind: 'stop' };

// All of one kind to V8: who asks what a native said meets few kinds of objects.
export const returns = (value: bigint | number): NativeResult => ({ kind: 'return', value, reschedule: false });
export const returnsVoid: NativeResult = { kind: 'return', value: undefined, reschedule: false };
export const stops: NativeResult = { kind: 'stop' };
