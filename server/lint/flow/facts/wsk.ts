/**
 * What is known on a path about WSK itself: sockets that were closed, registrations, and captured provider NPIs.
 *
 * A registration block that has no entry is one of which nothing is known. Where ways meet, what holds on both is
 * kept: a socket that only one of them closed is not closed.
 */
import type { Where } from '../state/where.ts';
import { ANYTHING, type Value, ZERO } from '../values/values.ts';
import { forgetSockets, joinSockets, type Sockets, socketsKey } from './sockets.ts';

export interface Made {
  readonly where: Where;
  /** What the call returned: a failure means that nothing was made. */
  readonly result: Value;
}

export interface RegistrationFact {
  readonly block: Value;
  /** The WSK_CLIENT_DISPATCH, which lasts as long as the registration. */
  readonly dispatch: Value;
  readonly registered: Made | undefined;
  readonly captured: Made | undefined;
  /** Its NPI was given back, and not captured again. */
  readonly released: Where | undefined;
}

export interface WskFacts {
  readonly closed: ReadonlyMap<string, Where>;
  readonly registrations: ReadonlyMap<string, RegistrationFact>;
  /** Those that were made on this way. */
  readonly sockets: Sockets;
}

/** A call of WskRegister and the like; `result` is their status. */
export interface RegistrationEvent {
  readonly kind: 'registration';
  readonly what: 'register' | 'deregister' | 'capture' | 'release';
  readonly block: Value;
  readonly dispatch: Value;
  /** How long a capture waits. */
  readonly timeout: Value;
  readonly result: Value;
  readonly where: Where;
}

/** Never changed: what changes becomes a new value, so that states can share it. */
export const NO_WSK: WskFacts = { closed: new Map(), registrations: new Map(), sockets: new Map() };

export function wskKey({ closed, registrations, sockets }: WskFacts): string {
  if (closed.size + registrations.size + sockets.size === 0) return '';
  const registered = [...registrations].map(
    ([key, { registered: r, captured: c, released }]) =>
      `${key}/${r?.result.key}/${c?.result.key}/${released === undefined ? '' : 'released'}`,
  );
  return [...closed.keys(), ...registered, socketsKey(sockets)].sort().join();
}

export function joinWsk(a: WskFacts, b: WskFacts): WskFacts {
  if (a === b) return a;
  const registrations = [...a.registrations].filter(([key, fact]) => {
    const other = b.registrations.get(key);
    if ((other?.released === undefined) !== (fact.released === undefined)) return false;
    return other?.registered?.result.key === fact.registered?.result.key;
  });
  return {
    closed: new Map([...a.closed].filter(([key]) => b.closed.has(key))),
    registrations: new Map(registrations),
    sockets: joinSockets(a.sockets, b.sockets),
  };
}

/** As `forgetWsk`; a registration that has succeeded for sure stays one, whatever its status is called. */
export function forgetResults(
  facts: WskFacts,
  isStale: (key: string) => boolean,
  hasSucceeded: (made: Made) => boolean,
): WskFacts {
  if (facts.registrations.size === 0) return forgetWsk(facts, isStale);
  const registrations = [...facts.registrations].map(([key, fact]) => {
    const { registered, captured } = fact;
    const isOver = registered !== undefined && isStale(registered.result.key) && hasSucceeded(registered);
    if (!isOver) return [key, fact] as const;
    const lost = captured !== undefined && isStale(captured.result.key);
    return [
      key,
      { ...fact, registered: { ...registered, result: ZERO }, captured: lost ? undefined : captured },
    ] as const;
  });
  return forgetWsk({ ...facts, registrations: new Map(registrations) }, isStale);
}

export function forgetWsk(facts: WskFacts, isStale: (key: string) => boolean): WskFacts {
  if (facts === NO_WSK) return facts;
  const registrations = [...facts.registrations].filter(
    ([key, { registered, captured }]) =>
      !isStale(key) && !isStale(registered?.result.key ?? '') && !isStale(captured?.result.key ?? ''),
  );
  const isAsBefore =
    registrations.length === facts.registrations.size &&
    ![...facts.closed.keys()].some(isStale) &&
    ![...facts.sockets].some(([key, { flags, family, dispatch, result, status, known = ANYTHING }]) =>
      [key, flags.key, family.key, dispatch.key, result.key, status.key, known.key].some(isStale),
    );
  if (isAsBefore) return facts;
  return {
    closed: new Map([...facts.closed].filter(([key]) => !isStale(key))),
    registrations: new Map(registrations),
    sockets: forgetSockets(facts.sockets, isStale),
  };
}

/** Values that the facts speak of, so that their ranges are kept. */
export function wskValues({ registrations, sockets }: WskFacts): readonly Value[] {
  if (registrations.size + sockets.size === 0) return [];
  const made = [...registrations.values()].flatMap(({ registered, captured }) => [
    registered?.result,
    captured?.result,
  ]);
  return [
    ...made.flatMap((value) => (value === undefined ? [] : [value])),
    ...[...sockets.values()].flatMap(({ result, status, known = ANYTHING }) => [result, status, known]),
  ];
}

export function withClosed(facts: WskFacts, socket: Value, where: Where): WskFacts {
  return { ...facts, closed: new Map(facts.closed).set(socket.key, where) };
}

/** Nothing is known of these any more. */
export function withoutRegistrations(facts: WskFacts, blocks: ReadonlySet<string>): WskFacts {
  if (blocks.size === 0) return facts;
  return { ...facts, registrations: new Map([...facts.registrations].filter(([key]) => !blocks.has(key))) };
}

/** Whether these still hold a provider NPI is not known any more. */
export function withoutCaptures(facts: WskFacts, blocks: ReadonlySet<string>): WskFacts {
  const registrations = [...facts.registrations].map(
    ([key, fact]) => [key, blocks.has(key) ? { ...fact, captured: undefined } : fact] as const,
  );
  return { ...facts, registrations: new Map(registrations) };
}

export function withRegistration(facts: WskFacts, event: RegistrationEvent): WskFacts {
  const { what, block, dispatch, result, where } = event;
  const registrations = new Map(facts.registrations);
  const old = registrations.get(block.key) ?? {
    block,
    dispatch,
    registered: undefined,
    captured: undefined,
    released: undefined,
  };
  if (endsUnnamed(event) && !registrations.has(block.key)) registrations.clear();
  if (block.kind === 'anything') return { ...facts, registrations };
  switch (what) {
    case 'register':
      registrations.set(block.key, {
        block,
        dispatch,
        registered: { where, result },
        captured: undefined,
        released: undefined,
      });
      break;
    case 'capture':
      registrations.set(block.key, { ...old, captured: { where, result }, released: undefined });
      break;
    case 'release':
      registrations.set(block.key, { ...old, captured: undefined, released: where });
      break;
    case 'deregister':
      registrations.delete(block.key);
      break;
  }
  return { ...facts, registrations };
}

/** An end of what the caller may know by another name: memory may have changed before the function looked. */
export function endsUnnamed({ what, block }: RegistrationEvent): boolean {
  return (what === 'deregister' || what === 'release') && isBehindPointer(block);
}

/** Where the block lies nobody knows: it may be any that has another name here. */
function isBehindPointer(block: Value): boolean {
  return block.kind !== 'address' || block.place.root.kind === 'pointee';
}
