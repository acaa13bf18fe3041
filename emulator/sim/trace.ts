/**
 * What happened in a run, in order: the timeline that people read, the JSON lines of `--trace`, and the source of the
 * IRP tree. Events are plain data; the same run gives the same events, byte for byte.
 */
import type { Brand } from '../../base/brand.ts';
import type { Span } from '../../base/source.ts';

/** Virtual time since boot, in nanoseconds. It moves only when every thread waits, or when code is charged for. */
export type VirtualTimeNs = Brand<number, 'VirtualTimeNs'>;

interface EventBase {
  readonly sequence: number;
  readonly timeNs: VirtualTimeNs;
  /** Guest statements executed before it. */
  readonly statements: number;
  /** Id and name of the thread or interrupt context that it happened in. */
  readonly thread: { readonly id: number; readonly name: string };
  readonly irql: number;
  /** The driver's statement that caused it; undefined where the kernel acts of its own. */
  readonly span: Span | undefined;
}

export type TraceEvent = EventBase &
  (
    | {
        readonly kind: 'phase';
        readonly phase: 'driver-entry' | 'driver-loaded' | 'unload' | 'unloaded' | 'main' | 'end';
        readonly status?: number;
      }
    /** Of a trace message (WPP), the level and the flag as the driver names them. */
    | { readonly kind: 'log'; readonly text: string; readonly level?: string; readonly flags?: string }
    | { readonly kind: 'irp-allocated'; readonly irp: number; readonly stackSize: number }
    /** `subject` is what it asks for, where the call alone does not say: "IOCTL_DOT4_READ", "WskGetOption, SO_RCVBUF". */
    | {
        readonly kind: 'irp-sent';
        readonly irp: number;
        readonly call: string;
        readonly subject?: string;
        readonly object: string;
      }
    | { readonly kind: 'irp-returned'; readonly irp: number; readonly call: string; readonly status: number }
    | { readonly kind: 'irp-completed'; readonly irp: number; readonly status: number; readonly information: string }
    | { readonly kind: 'completion-routine'; readonly irp: number; readonly routine: string }
    | { readonly kind: 'completion-returned'; readonly irp: number; readonly routine: string; readonly status: number }
    | { readonly kind: 'irp-reused'; readonly irp: number }
    | { readonly kind: 'irp-cancelled'; readonly irp: number }
    | { readonly kind: 'irp-freed'; readonly irp: number }
    | {
        readonly kind: 'socket';
        readonly socket: number;
        readonly what: 'created' | 'bound' | 'listening' | 'connected' | 'accepted' | 'disconnected' | 'closed';
        readonly detail: string;
      }
    | { readonly kind: 'network'; readonly detail: string }
    /** Something that came from outside, through a bridge: everything that a replay needs of it. */
    | {
        readonly kind: 'outside';
        readonly what: OutsideKind;
        /** Of a connection. */
        readonly channel?: number;
        /** Of a connection or datagram: "127.0.0.1:50000". */
        readonly from?: string;
        readonly to?: string;
        /** In hexadecimal digits. */
        readonly bytes?: string;
        readonly length?: number;
      }
    /** A program of the scenario and what came of its step. */
    | { readonly kind: 'caller'; readonly caller: string; readonly what: string }
    | { readonly kind: 'thread'; readonly what: 'created' | 'ended' | 'waits' | 'resumes'; readonly detail: string }
    | { readonly kind: 'choice'; readonly point: string; readonly chosen: number; readonly options: number }
    | { readonly kind: 'finding'; readonly rule: string; readonly message: string }
  );

/** What can come from outside; emulator/net says what each means. */
export type OutsideKind =
  | 'open'
  | 'opened'
  | 'refused'
  | 'bytes'
  | 'taken'
  | 'end'
  | 'reset'
  | 'datagram'
  | 'unload'
  | 'close';

type WithoutBase<T> = T extends unknown ? Omit<T, keyof EventBase> : never;
/** An event as its author writes it; the kernel adds where and when. */
export type TraceDetail = WithoutBase<TraceEvent>;
