/**
 * What a helper gives back on some of its ways only, where what it returns does not tell which: an IRP that the last of
 * several references frees, a registration whose end hangs on a state of the driver's own. Nobody knows afterwards
 * whether it is still there, so nothing is said of it.
 */
import type { FlowEvent } from '../facts/events.ts';
import { type ApplyOptions, applyOutcome } from '../run/apply.ts';
import type { Outcome } from '../run/summary.ts';
import { copyState, isNull, type State } from '../state/state.ts';
import type { Value } from '../values/values.ts';

export interface SomeWays {
  readonly irps: ReadonlyMap<string, Value>;
  /** Blocks of registrations. */
  readonly registrations: ReadonlySet<string>;
}

const EVERY_WAY: SomeWays = { irps: new Map(), registrations: new Set() };

interface Way {
  readonly returned: string;
  readonly state: State;
  /** Keys of the values that it gives back. */
  readonly given: ReadonlyMap<string, FlowEvent>;
}

export function givenOnSomeWays(
  caller: State,
  outcomes: readonly Outcome[],
  options: Pick<ApplyOptions, 'arguments' | 'site'>,
): SomeWays {
  if (outcomes.length < 2 || !outcomes.some(({ events }) => events.some(isGivenBack))) return EVERY_WAY;
  const ways = outcomes.flatMap((outcome): Way[] => {
    const given = new Map<string, FlowEvent>();
    const happen = (_: State, event: FlowEvent): void => {
      const value = isGivenBack(event) ? givenBy(event) : undefined;
      if (value !== undefined && value.kind !== 'anything') given.set(value.key, event);
    };
    const applied = applyOutcome(copyState(caller), outcome, { ...options, whereOf: ({ where }) => where, happen });
    return applied === undefined ? [] : [{ returned: outcome.returned?.key ?? '', state: applied.state, given }];
  });
  const irps = new Map<string, Value>();
  const registrations = new Set<string>();
  for (const { returned, given } of ways) {
    for (const [key, event] of given) {
      const value = givenBy(event);
      const isKept = (way: Way): boolean => value !== undefined && !way.given.has(key) && !isNull(way.state, value);
      if (value === undefined || !ways.some((way) => way.returned === returned && isKept(way))) continue;
      if (event.kind === 'free') irps.set(key, value);
      else registrations.add(key);
    }
  }
  return { irps, registrations };
}

function isGivenBack(event: FlowEvent): boolean {
  return event.kind === 'free' || (event.kind === 'registration' && event.what === 'deregister');
}

function givenBy(event: FlowEvent): Value | undefined {
  if (event.kind === 'free') return event.irp;
  return event.kind === 'registration' ? event.block : undefined;
}
