/**
 * What passes between the emulated network and real programs: events that have happened outside come in, orders that
 * somebody at the edge carries out go out. Plain data; nothing here opens a socket.
 *
 * A channel is one connection, whichever end called the other. Clients outside get odd numbers from the edge, and
 * connections that the driver makes get even ones here, so that the two never meet. On both ways of a channel only so
 * many bytes are under way: whoever has taken some says so (`taken`).
 */
import type { Endpoint } from './address.ts';

export type OutsideEvent =
  /** A client has connected to a port of the driver's. */
  | { readonly kind: 'open'; readonly channel: number; readonly from: Endpoint; readonly to: Endpoint }
  /** What became of a `connect` order. */
  | { readonly kind: 'opened' | 'refused'; readonly channel: number }
  | { readonly kind: 'bytes'; readonly channel: number; readonly bytes: Uint8Array }
  /** So many bytes of earlier orders have left the edge. */
  | { readonly kind: 'taken'; readonly channel: number; readonly length: number }
  /** No more bytes come from outside (FIN). */
  | { readonly kind: 'end'; readonly channel: number }
  | { readonly kind: 'reset'; readonly channel: number }
  | { readonly kind: 'datagram'; readonly from: Endpoint; readonly to: Endpoint; readonly bytes: Uint8Array };

export type OutsideOrder =
  /** Makes a port of the driver's known outside. */
  | {
      readonly kind: 'listen';
      readonly protocol: 'tcp' | 'udp';
      readonly binding: number;
      readonly port: number;
      readonly doors: readonly Door[];
    }
  | { readonly kind: 'unlisten'; readonly binding: number }
  | { readonly kind: 'connect'; readonly channel: number; readonly to: Endpoint }
  | { readonly kind: 'bytes'; readonly channel: number; readonly bytes: Uint8Array }
  /** The driver's machine has taken so many bytes. */
  | { readonly kind: 'taken'; readonly channel: number; readonly length: number }
  | { readonly kind: 'end'; readonly channel: number }
  | { readonly kind: 'reset'; readonly channel: number }
  | { readonly kind: 'datagram'; readonly binding: number; readonly to: Endpoint; readonly bytes: Uint8Array };

/** A loopback address outside, and the driver's address that is meant by it. */
export interface Door {
  readonly host: '127.0.0.1' | '::1';
  readonly to: Endpoint;
}

export interface Channel {
  readonly id: number;
  readonly side: number;
  /** Bytes that were ordered out and are not yet taken. */
  outstanding: number;
  /** The driver's direction has ended, and the order that says so is out. */
  hasHeardFin: boolean;
  hasToldEnd: boolean;
  /** The direction from outside has ended. */
  hasEnded: boolean;
}

export interface Bridge {
  readonly channels: Map<number, Channel>;
  /** Bindings that are known outside. */
  readonly exposed: Set<number>;
  /** In the order in which they are to be carried out. Emptied by the owner. */
  orders: OutsideOrder[];
  /** Nothing more comes from outside, and nothing is taken there. */
  isClosed: boolean;
  nextChannel: number;
}

export function createBridge(): Bridge {
  return { channels: new Map(), exposed: new Set(), orders: [], isClosed: false, nextChannel: 2 };
}

export function addChannel(bridge: Bridge, id: number, side: number): Channel {
  const channel = { id, side, outstanding: 0, hasHeardFin: false, hasToldEnd: false, hasEnded: false };
  bridge.channels.set(id, channel);
  return channel;
}
