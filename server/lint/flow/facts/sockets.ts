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
/** `address` and `events` were surely asked for; `fixed-address` may have been, where the code is not known. */
export type SocketDeed = 'bind' | 'connect' | 'listen' | 'fixed-address' | 'address' | 'events' | 'silent';

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
  /** It came from elsewhere: what it did before nobody knows, and `where` is the first call on it that was seen. */
  readonly isGiven: boolean;
}

export interface SocketFact extends SocketKind {
  readonly socket: Value;
  /** What the call returned, and the status of its IRP: a failure of both means that there is no socket. */
  readonly result: Value;
  readonly status: Value;
  /** The same, also where a helper may have looked at it. */
  readonly known?: Value;
  /** A helper returned it, and has not looked whether it was made. */
  readonly isUnchecked?: true;
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
        isGiven: false,
      };
    case 'WskSocketConnect':
      return {
        api,
        where,
        flags: WSK_FLAG_CONNECTION_SOCKET,
        family: ANYTHING,
        dispatch: argument('Dispatch'),
        did: ['bind', 'connect'],
        isGiven: false,
      };
    case 'WskAccept':
      return {
        api,
        where,
        flags: ANYTHING,
        family: ANYTHING,
        dispatch: argument('AcceptSocketDispatch'),
        did: ['bind', 'connect'],
        isGiven: false,
      };
    default:
      return undefined;
  }
}

const SIO_WSK_SET_REMOTE_ADDRESS = 0x8f000001n;
const SIO_WSK_SET_SENDTO_ADDRESS = 0x8f000006n;
const SIO_WSK_SET_TCP_SILENT_MODE = 0x2f000007n;
const SO_WSK_EVENT_CALLBACK = 0x4002n;
const WSK_IOCTL = 2n;

/** What a call does to its socket's life, as far as anybody asks about it. */
export function deedsOf(api: string, number: (parameter: string) => bigint | undefined): readonly SocketDeed[] {
  switch (api) {
    case 'WskBind':
      return ['bind'];
    case 'WskConnect':
    case 'WskConnectEx':
      return ['connect'];
    case 'WskListen':
      return ['listen'];
    case 'WskControlSocket': {
      const code = number('ControlCode');
      const unsigned = code === undefined ? undefined : BigInt.asUintN(32, code);
      if (unsigned === undefined) return ['fixed-address'];
      if (number('RequestType') !== WSK_IOCTL) return unsigned === SO_WSK_EVENT_CALLBACK ? ['events'] : [];
      if (unsigned === SIO_WSK_SET_REMOTE_ADDRESS || unsigned === SIO_WSK_SET_SENDTO_ADDRESS)
        return ['fixed-address', 'address'];
      return unsigned === SIO_WSK_SET_TCP_SILENT_MODE ? ['silent'] : [];
    }
    default:
      return [];
  }
}

/** Never changed: a new map for each change, so that states can share it. */
export type Sockets = ReadonlyMap<string, SocketFact>;

export function socketsKey(sockets: Sockets): string {
  return [...sockets]
    .flatMap(([key, { flags, did, isGiven }]) =>
      isGiven && did.length === 0 ? [] : [`${key}=${flags.key}${did.join('+')}`],
    )
    .join();
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
  if (a.isGiven !== b.isGiven) return false;
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
      const known = fact.known === undefined || isStale(fact.known.key) ? ANYTHING : fact.known;
      return [[key, { ...fact, flags, family, dispatch, ...made, known }] as const];
    }),
  );
}

export function withDeeds(sockets: Sockets, send: SocketCall): Sockets {
  const { socket, api, where, deeds } = send;
  const fact = sockets.get(socket.key) ?? givenSocket(socket, api, where);
  const added = deeds.filter((deed) => !fact.did.includes(deed));
  if (added.length === 0 && sockets.has(socket.key)) return sockets;
  return new Map(sockets).set(socket.key, { ...fact, did: [...fact.did, ...added].sort() });
}

/** A call that works on a socket. */
interface SocketCall {
  readonly socket: Value;
  readonly api: string;
  readonly where: Where;
  readonly deeds: readonly SocketDeed[];
}

function givenSocket(socket: Value, api: string, where: Where): SocketFact {
  const unknown = { flags: ANYTHING, family: ANYTHING, dispatch: ANYTHING, result: ANYTHING, status: ANYTHING };
  return { ...unknown, socket, api, where, did: [], isGiven: true };
}
