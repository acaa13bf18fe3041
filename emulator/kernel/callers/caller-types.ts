/** Programs of the scenario, as the kernel runs them: plain data, with codes and statuses as numbers. */
import type { Span } from '../../../base/source.ts';

export interface CallerPlan {
  readonly name: string;
  readonly span: Span | undefined;
  /** A program of user mode, or a driver's thread that calls Zw functions. */
  readonly mode: 'user' | 'kernel';
  /** After DriverEntry. */
  readonly afterNs: number;
  readonly steps: readonly CallerStep[];
}

export interface StatusExpectation {
  readonly code: number;
  readonly text: string;
}

export interface CallerExpectation {
  /** Without it, anything but an error. */
  readonly status: StatusExpectation | 'any' | undefined;
  readonly information: bigint | undefined;
  readonly output:
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'length'; readonly length: number }
    | undefined;
}

interface Transfer {
  readonly handle: string | undefined;
  /** Name of an operation that goes on while the program does; undefined waits. */
  readonly operation: string | undefined;
  readonly timeoutNs: number | undefined;
  readonly expect: CallerExpectation;
}

export type CallerStep = { readonly span: Span | undefined } & (
  | {
      readonly kind: 'open';
      readonly device: string;
      readonly handle: string;
      readonly access: number;
      readonly share: number;
      readonly disposition: number;
      readonly options: number;
      readonly expect: CallerExpectation;
    }
  | { readonly kind: 'close'; readonly handle: string | undefined }
  | (Transfer & {
      readonly kind: 'ioctl';
      readonly code: number;
      /** "IOCTL_ECHO", for messages. */
      readonly text: string;
      readonly input: Uint8Array | undefined;
      /** What stands in the output buffer beforehand. */
      readonly data: Uint8Array | undefined;
      readonly outputLength: number;
      /** Addresses that a hostile program passes instead of its buffers. */
      readonly inputAddress: bigint | undefined;
      readonly outputAddress: bigint | undefined;
    })
  | (Transfer & { readonly kind: 'read'; readonly length: number; readonly offset: bigint | undefined })
  | (Transfer & { readonly kind: 'write'; readonly bytes: Uint8Array; readonly offset: bigint | undefined })
  | (Transfer & { readonly kind: 'flush' })
  | {
      readonly kind: 'wait-for';
      readonly operation: string;
      readonly timeoutNs: number | undefined;
      readonly expect: CallerExpectation | undefined;
    }
  | { readonly kind: 'cancel'; readonly operation: string }
  | { readonly kind: 'wait'; readonly ns: number }
  /** The program ends here, with whatever it has open. */
  | { readonly kind: 'exit' }
  /** What the step names does not exist. */
  | { readonly kind: 'impossible'; readonly why: string }
);
