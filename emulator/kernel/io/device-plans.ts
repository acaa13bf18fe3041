/** Devices of the scenario as plain data: what they answer to which requests, and what these must bring. */
import type { Span } from '../../../base/source.ts';
import type { PropertyData } from './device-property-data.ts';
import type { PnpChange } from './pnp-requests.ts';

/** Whoever can tell whether bytes are those that were expected. */
export interface ByteJudge {
  /** What is expected: `5 bytes "hello" [68 65 6c 6c 6f]`. */
  readonly text: string;
  /** Undefined where the bytes are right. */
  readonly judge: (bytes: Uint8Array) => { readonly expected: string; readonly got: string } | undefined;
}

/** What a request must be to get an answer: a major function, with a control code or without. */
export interface DeviceAnswer {
  readonly span: Span | undefined;
  /** The request, for people: "IOCTL_DOT4_WRITE". */
  readonly text: string;
  readonly major: number;
  readonly code: number | undefined;
  /** It is for requests only whose bytes begin so. */
  readonly when: Uint8Array | undefined;
  /** Of a write its data, of a control code its input buffer; and the second buffer of a direct control code. */
  readonly expect: ByteJudge | undefined;
  readonly expectData: ByteJudge | undefined;
  readonly status: number;
  readonly bytes: Uint8Array | undefined;
  /** Where the bytes are put in the buffer. */
  readonly outputAt: number;
  readonly information: bigint | undefined;
  /** Undefined: the request pends until it is cancelled. */
  readonly delayNs: number | undefined;
}

export interface DevicePlan {
  readonly name: string;
  readonly span: Span | undefined;
  readonly link: string | undefined;
  readonly io: 'buffered' | 'direct' | 'neither';
  /** The driver's AddDevice is called for it. */
  readonly isPnp: boolean;
  /** Requests come in the order of the answers, each once. */
  readonly isInOrder: boolean;
  readonly answers: readonly DeviceAnswer[];
  /** What happens to it, counted from when the driver is loaded. */
  readonly changes: readonly { readonly what: PnpChange; readonly afterNs: number }[];
}

/** A device of the scenario; answers to one request are given in turn, the last one again and again. */
export interface AnsweringDevice extends DevicePlan {
  /** Its number among the devices that the root bus lists: "0000". */
  readonly instance: string;
  /** How many times each answer has been given. */
  readonly given: number[];
  /** What the driver has set by IoSetDevicePropertyData, by key and locale. */
  readonly properties: Map<string, PropertyData>;
  /**
   * It is there; its removal has been agreed to or is being asked about; it has been pulled out, and answers no more; its
   * driver has been told that it is removed.
   */
  state: 'there' | 'remove-pending' | 'gone' | 'removed';
  /** IRP_MN_START_DEVICE has been sent; it has come to the device, and IRP_MN_STOP_DEVICE has not. */
  wasStarted: boolean;
  isStarted: boolean;
  /** How many of its changes have happened. */
  changed: number;
}
