/**
 * What is known on a path about one socket that this driver made: with which category, family and table, and how far
 * its life has come.
 *
 * A socket that has no entry is one of which nothing is known. `did` holds what was surely asked for on this way
 * (whether it succeeded or not); what is not in it was not asked for by any code that this way ran through. Others may
 * have done it all the same, so rules ask besides whether code that runs by itself does.
 */
import type { Where } from '../state/where.ts';
import { ANYTHING, integerValue, type Value } from '../values/values.ts';

export type SocketCategory = 'basic' | 'listen' | 'datagram' | 'connection' | 'stream';
export type SocketDeed = 'bind' | 'connect' | 'listen' | 'fixed-address' | 'silent';

/** What a call of WskSocket, WskSocketConnect or WskAccept makes. */
export interface SocketKind {
  readonly api: string;
  readonly where: Where;
  /** The WSK_FLAG that says the category. */
  readonly flags: Value;
  /** AF_INET and the like. */
  readonly family: Value;
  /** The client's table that it is made with. */
  readonly dispatch: Value;
  readonly did: readonly SocketDeed[];
}

export interface SocketFact extends SocketKind {
  readonly socket: Value;
  /** What the call returned, and the status of its IRP: a failure of both means that there is no socket. */
  readonly result: Value;
  readonly status: Value;
}

const categories: Readonly<Record<string, SocketCategory>> = {
  0: 'basic',
  1: 'listen',
  2: 'connection',
  4: 'datagram',
  8: 'stream',
};
const WSK_FLAG_CONNECTION_SOCKET = integerValue(2n);

/** By the number of its flag. */
export function categoryOf(flags: Value): SocketCategory | undefined {
  return flags.kind === 'integer' ? categories[String(flags.value)] : undefined;
}

/** Undefined for calls that make no socket. `argument` gives an argument by its name. */
export function socketMadeBy(
  api: string,
  where: Where,
  argument: (parameter: string) => Value,
): SocketKind | undefined {
  switch (api) {
    case 'WskSocket':
      return {
        api,
        where,
        flags: argument('Flags'),
        family: argument('AddressFamily'),
        dispatch: argument('Dispatch'),
        did: [],
      };
    case 'WskSocketConnect':
      return {
        api,
        where,
        flags: WSK_FLAG_CONNECTION_SOCKET,
        family: ANYTHING,
        dispatch: argument('Dispatch'),
        did: ['bind', 'connect'],
      };
    case 'WskAccept':
      return {
        api,
        where,
        flags: ANYTHING,
        family: ANYTHING,
        dispatch: argument('AcceptSocketDispatch'),
        did: ['bind', 'connect'],
      };
    default:
      return undefined;
  }
}

const SIO_WSK_SET_REMOTE_ADDRESS = 0x8f000001n;
const SIO_WSK_SET_SENDTO_ADDRESS = 0x8f000006n;
const SIO_WSK_SET_TCP_SILENT_MODE = 0x2f000007n;

/** What a call does to its socket's life; undefined where nothing that anybody asks about. */
export function deedOf(api: string, number: (parameter: string) => bigint | undefined): SocketDeed | undefined {
  switch (api) {
    case 'WskBind':
      return 'bind';
    case 'WskConnect':
    case 'WskConnectEx':
      return 'connect';
    case 'WskListen':
      return 'listen';
    case 'WskControlSocket': {
      const code = number('ControlCode');
      const unsigned = code === undefined ? undefined : BigInt.asUintN(32, code);
      if (unsigned === undefined) return 'fixed-address';
      if (unsigned === SIO_WSK_SET_REMOTE_ADDRESS || unsigned === SIO_WSK_SET_SENDTO_ADDRESS) return 'fixed-address';
      return unsigned === SIO_WSK_SET_TCP_SILENT_MODE ? 'silent' : undefined;
    }
    default:
      return undefined;
  }
}

/** Never changed: a new map for each change, so that states can share it. */
export type Sockets = ReadonlyMap<string, SocketFact>;

export function socketsKey(sockets: Sockets): string {
  return [...sockets].map(([key, { flags, did }]) => `${key}=${flags.key}${did.join('+')}`).join();
}

/** What holds on both ways: a socket that only one of them bound is one of which that is not known. */
export function joinSockets(a: Sockets, b: Sockets): Sockets {
  if (a === b) return a;
  return new Map(
    [...a].filter(([key, fact]) => {
      const other = b.get(key);
      return other !== undefined && isAlike(fact, other);
    }),
  );
}

/** Two names of a socket on two ways become one: what is known of both. */
export function bothSockets(a: SocketFact | undefined, b: SocketFact | undefined): SocketFact | undefined {
  return a !== undefined && b !== undefined && isAlike(a, b) ? a : undefined;
}

function isAlike(a: SocketFact, b: SocketFact): boolean {
  if (a.flags.key !== b.flags.key || a.family.key !== b.family.key || a.dispatch.key !== b.dispatch.key) return false;
  return a.status.key === b.status.key && a.result.key === b.result.key && a.did.join() === b.did.join();
}

/** Drops what speaks of values that mean something else from now on. */
export function forgetSockets(sockets: Sockets, isStale: (key: string) => boolean): Sockets {
  if (sockets.size === 0) return sockets;
  return new Map(
    [...sockets].flatMap(([key, fact]) => {
      if (isStale(key)) return [];
      const flags = isStale(fact.flags.key) ? ANYTHING : fact.flags;
      const family = isStale(fact.family.key) ? ANYTHING : fact.family;
      const dispatch = isStale(fact.dispatch.key) ? ANYTHING : fact.dispatch;
      const isOlder = isStale(fact.result.key) || isStale(fact.status.key);
      const made = isOlder ? { result: ANYTHING, status: ANYTHING } : {};
      return [[key, { ...fact, flags, family, dispatch, ...made }] as const];
    }),
  );
}

export function withDeed(sockets: Sockets, socket: Value, deed: SocketDeed): Sockets {
  const fact = sockets.get(socket.key);
  if (fact === undefined || fact.did.includes(deed)) return sockets;
  return new Map(sockets).set(socket.key, { ...fact, did: [...fact.did, deed].sort() });
}
