/** What WskControlSocket and WskControlClient hand to their requests, and what comes back. */
import type { LentMemory } from '../../kernel/verifier/lent-memory.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import type { Complaint } from '../events/event-control.ts';

/** A control request as the call's arguments give it. */
export interface Control {
  readonly type: 'set' | 'get' | 'ioctl';
  readonly code: number;
  readonly level: number;
  readonly inputSize: number;
  readonly input: GuestAddress;
  readonly outputSize: number;
  readonly output: GuestAddress;
  readonly outputSizeReturned: GuestAddress;
  readonly hasIrp: boolean;
}

/** What a control request comes to. */
export type ControlResult =
  /** `uses`: what must live until the IRP completes. `isAtOnce`: the IRP is completed before the call returns. */
  | {
      readonly kind: 'done';
      readonly output?: Uint8Array;
      readonly uses?: readonly LentMemory[];
      readonly isAtOnce?: true;
    }
  /** `needed`: the size that the output would have. */
  | { readonly kind: 'status'; readonly status: number; readonly needed?: number }
  /** It waits for the callback `until` to return; where none is named, for a change of the machine's addresses. */
  | { readonly kind: 'pends'; readonly until?: string }
  /** Against the rules: a warning that says why, and the status that Windows answers with. */
  | { readonly kind: 'complaint'; readonly complaint: Complaint; readonly status: `STATUS_${string}` }
  /** The run stops. */
  | { readonly kind: 'stop'; readonly result: NativeResult };
