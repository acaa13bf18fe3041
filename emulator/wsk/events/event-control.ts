/**
 * Enabling and disabling event callbacks: SO_WSK_EVENT_CALLBACK for one socket, WSK_SET_STATIC_EVENT_CALLBACKS for
 * every socket of a client.
 */
import type { RunRule } from '../../../base/run-rules.ts';
import type { Kernel } from '../../kernel/kernel-types.ts';
import { goneBecause } from '../../kernel/verifier/lent-memory.ts';
import { type GuestAddress, NULL_ADDRESS } from '../../machine/native.ts';
import { clientCallback, connectionDispatch, listenDispatch } from '../sockets/sockets.ts';
import type { Socket, SocketCategory } from '../state.ts';
import { constant } from '../status.ts';

export interface EventChange {
  readonly events: number;
  readonly isDisable: boolean;
}

export interface Complaint {
  readonly rule: RunRule;
  readonly message: string;
  readonly docRules: readonly string[];
}

/** What each event is called with: the client's table and its member. */
const callbacks: Readonly<Record<string, { readonly table: string; readonly member: string }>> = {
  WSK_EVENT_ACCEPT: { table: 'WSK_CLIENT_LISTEN_DISPATCH', member: 'WskAcceptEvent' },
  WSK_EVENT_RECEIVE: { table: 'WSK_CLIENT_CONNECTION_DISPATCH', member: 'WskReceiveEvent' },
  WSK_EVENT_DISCONNECT: { table: 'WSK_CLIENT_CONNECTION_DISPATCH', member: 'WskDisconnectEvent' },
  WSK_EVENT_SEND_BACKLOG: { table: 'WSK_CLIENT_CONNECTION_DISPATCH', member: 'WskSendBacklogEvent' },
  WSK_EVENT_RECEIVE_FROM: { table: 'WSK_CLIENT_DATAGRAM_DISPATCH', member: 'WskReceiveFromEvent' },
};

const ofConnection = ['WSK_EVENT_RECEIVE', 'WSK_EVENT_DISCONNECT', 'WSK_EVENT_SEND_BACKLOG'];
/** Connection events on a listening socket are for the sockets that it accepts. */
const allowed: Readonly<Record<SocketCategory, readonly string[]>> = {
  basic: [],
  listen: ['WSK_EVENT_ACCEPT', ...ofConnection],
  datagram: ['WSK_EVENT_RECEIVE_FROM'],
  connection: ofConnection,
  stream: ['WSK_EVENT_ACCEPT', ...ofConnection],
};

/** Reads a WSK_EVENT_CALLBACK_CONTROL; a complaint when its NpiId is not WSK's own. */
export function readEventChange(kernel: Kernel, address: GuestAddress): EventChange | Complaint {
  const view = kernel.view('WSK_EVENT_CALLBACK_CONTROL', address);
  const mask = view.getNumber('EventMask') >>> 0;
  const disable = constant(kernel, 'WSK_EVENT_DISABLE');
  if (!isWskInterface(kernel, view.getPointer('NpiId'))) {
    return {
      rule: 'event-npi',
      message:
        'WSK_EVENT_CALLBACK_CONTROL names an NPI other than NPI_WSK_INTERFACE_ID, the only one with event callbacks.',
      docRules: ['R55'],
    };
  }
  return { events: (mask & ~disable) >>> 0, isDisable: (mask & disable) !== 0 };
}

/** What is wrong with a change on a socket; undefined when it is right. */
export function complaintAbout(kernel: Kernel, socket: Socket, change: EventChange): Complaint | undefined {
  const known = allowed[socket.category].reduce((bits, name) => bits | constant(kernel, name), 0);
  if (change.events === 0 || (change.events & ~known) !== 0) {
    return {
      rule: 'event-mask',
      message: `SO_WSK_EVENT_CALLBACK: EventMask 0x${change.events.toString(16)} has events that a ${socket.category} socket does not have.`,
      docRules: ['R54'],
    };
  }
  if (change.isDisable && (change.events & (change.events - 1)) !== 0) {
    return {
      rule: 'event-mask',
      message: 'SO_WSK_EVENT_CALLBACK: WSK_EVENT_DISABLE goes with exactly one event.',
      docRules: ['R53'],
    };
  }
  if (!change.isDisable) return missingCallback(kernel, socket, change.events);
  return undefined;
}

/** All events that may be enabled for a client. */
export function allEvents(kernel: Kernel): number {
  return Object.keys(callbacks).reduce((bits, name) => bits | constant(kernel, name), 0);
}

/** The callback of an event on a socket; NULL where the client gave none. */
export function callbackOf(kernel: Kernel, socket: Socket, event: string): GuestAddress {
  const callback = callbacks[event];
  if (callback === undefined) return 0n as GuestAddress;
  const table =
    callback.table === 'WSK_CLIENT_LISTEN_DISPATCH' ? listenDispatch(kernel, socket) : tableOf(kernel, socket);
  return isGone(kernel, socket, table) ? NULL_ADDRESS : clientCallback(kernel, table, callback.table, callback.member);
}

/** Tells of a dispatch table that lay in a stack frame or a pool block which is no longer there; Windows calls anywhere. */
function isGone(kernel: Kernel, socket: Socket, table: GuestAddress): boolean {
  if (table === NULL_ADDRESS) return false;
  const region = kernel.memory.regionAt(table);
  const why = goneBecause(kernel, { name: 'Dispatch', address: table, size: 8, region, frame: undefined });
  if (why === undefined) return false;
  kernel.report({
    rule: region?.kind === 'stack' ? 'stack-buffer-outlives-call' : 'use-after-free',
    severity: 'error',
    message: `The dispatch table of socket #${socket.id}, from which WSK takes the callback of an event, is gone: ${why}. It must live for as long as the socket does.`,
    docRules: ['R75'],
    span: socket.createdAt,
  });
  return true;
}

/** "WskReceiveEvent", the callback of one event. */
export function callbackName(kernel: Kernel, event: number): string | undefined {
  return Object.entries(callbacks).find(([name]) => constant(kernel, name) === event)?.[1].member;
}

export function isEventEnabled(kernel: Kernel, socket: Socket, event: string): boolean {
  return (socket.events & constant(kernel, event)) !== 0;
}

function tableOf(kernel: Kernel, socket: Socket): GuestAddress {
  return socket.category === 'datagram' ? socket.dispatch : connectionDispatch(kernel, socket);
}

/** A listening socket's connection events use the tables of the accepted sockets, so they are not looked at here. */
function missingCallback(kernel: Kernel, socket: Socket, events: number): Complaint | undefined {
  for (const [event, { table, member }] of Object.entries(callbacks)) {
    if ((events & constant(kernel, event)) === 0) continue;
    const isListener = socket.role === 'listen' || socket.category === 'listen';
    if (isListener && table !== 'WSK_CLIENT_LISTEN_DISPATCH') continue;
    if (callbackOf(kernel, socket, event) !== 0n) continue;
    return {
      rule: 'event-callback-missing',
      message: `SO_WSK_EVENT_CALLBACK enables ${event}, but the socket was created without a ${member}.`,
      docRules: ['R56'],
    };
  }
  return undefined;
}

/** A socket that begins with events enabled, by its listener or for the whole client, and has a table without them. */
export function reportMissingCallback(kernel: Kernel, socket: Socket): void {
  if (socket.dispatch === 0n || isGone(kernel, socket, socket.dispatch)) return;
  for (const event of allowed[socket.category]) {
    const isOfListener = callbacks[event]?.table === 'WSK_CLIENT_LISTEN_DISPATCH';
    // Which of its two tables a stream socket will need is not known yet.
    const isOpen = socket.category === 'stream' || (socket.category === 'listen' && !isOfListener);
    if (isOpen || !isEventEnabled(kernel, socket, event) || callbackOf(kernel, socket, event) !== 0n) continue;
    kernel.report({
      rule: 'event-callback-missing',
      severity: 'warning',
      message: `Socket #${socket.id} begins with ${event} enabled, but its dispatch table has no ${callbacks[event]?.member}.`,
      docRules: ['R56'],
      span: socket.createdAt,
    });
  }
}

/** Compares the NPIID behind the pointer with WSK's, by contents. */
function isWskInterface(kernel: Kernel, id: GuestAddress): boolean {
  if (id === 0n) return false;
  return [...kernel.memory.readBytes(id, 16)].every((byte, i) => byte === wskInterfaceId[i]);
}

/** {2227E803-8D8B-11D4-ABAD-009027719E09} as a GUID lies in memory. */
export const wskInterfaceId: readonly number[] = [
  0x03, 0xe8, 0x27, 0x22, 0x8b, 0x8d, 0xd4, 0x11, 0xab, 0xad, 0x00, 0x90, 0x27, 0x71, 0x9e, 0x09,
];
