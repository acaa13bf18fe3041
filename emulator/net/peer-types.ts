/** What scripted peers are: scripts as the scenario gives them, and a script under way. Plain data. */
import type { Span } from '../../base/source.ts';
import type { Endpoint } from './address.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { Fifo } from './fifo.ts';
import type { Matching, Pattern } from './pattern.ts';

/** What an `expect` waits for. */
export type Expectation =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** That many bytes, whatever they are. */
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'pattern'; readonly pattern: Pattern };

/** One step of a peer's script. */
export type PeerStep = { readonly span?: Span | undefined } & (
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'send-to'; readonly to: Endpoint; readonly bytes: Uint8Array }
  | { readonly kind: 'expect'; readonly what: Expectation }
  /** The next datagram comes from there. */
  | { readonly kind: 'expect-from'; readonly from: Endpoint; readonly what: Expectation }
  /** The driver is to end the connection so. */
  | { readonly kind: 'expect-close'; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Ends the own direction and reads on. */
  | { readonly kind: 'shutdown' }
  /** As a program that closes its socket: what the driver sends later is answered with a reset. */
  | { readonly kind: 'close'; readonly how: 'fin' | 'rst' }
  /** Stops reading: the driver's sends stay pending once the window is full. `false` reads on. */
  | { readonly kind: 'stall'; readonly isOn: boolean }
  /** Fails: the script could not be made whole. */
  | { readonly kind: 'impossible'; readonly expected: string; readonly got: string }
);

/** What a peer does: connect to the driver, listen for it, or exchange datagrams with it. */
export interface PeerScript {
  readonly name: string;
  readonly span?: Span | undefined;
  readonly role:
    | {
        readonly kind: 'connect';
        readonly to: Endpoint;
        readonly from?: string | undefined;
        /** It gives up with an RST where it is not connected so long after it began; undefined: as TCP does. */
        readonly patienceMs?: number | undefined;
      }
    | { readonly kind: 'listen'; readonly at: Endpoint }
    | {
        readonly kind: 'datagram';
        readonly at: Endpoint;
        readonly to: Endpoint | undefined;
        readonly groups?: readonly string[];
      };
  readonly afterMs: number;
  readonly steps: readonly PeerStep[];
}

/** A script under way. A listening peer starts one of these for each connection. */
export interface Peer {
  readonly id: number;
  /** Place among all peers, from 0. */
  readonly index: number;
  readonly script: PeerScript;
  /** Of a listening peer: the scripts that its connections take in turn, the last one again and again. */
  readonly serves: PeerScript[];
  side: number | undefined;
  binding: number | undefined;
  /** Index of the step that is next. */
  step: number;
  /** Connections of this client that were refused. */
  refusals: number;
  /** Received and not yet matched with an `expect`. */
  readonly buffer: ByteBuffer;
  /** How far the step under way has looked at the buffer. */
  looked: number;
  matching: Matching | undefined;
  readonly datagrams: Fifo<{ readonly from: Endpoint; readonly bytes: Uint8Array }>;
  /** Where datagrams go: the last sender, at first the script's own address. */
  datagramPeer: Endpoint | undefined;
  isStalled: boolean;
  /** Waits for a timer. */
  isWaiting: boolean;
  closed: 'fin' | 'rst' | undefined;
  isDone: boolean;
}

/** A peer whose expectation did not come true. */
export interface PeerFailure {
  readonly peer: string;
  /** From 1; 0 where it is not about a step. */
  readonly step: number;
  readonly span: Span | undefined;
  readonly expected: string;
  readonly got: string;
  /** Where the two first differ. */
  readonly difference: string | undefined;
}
