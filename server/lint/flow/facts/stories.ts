/**
 * Two stories that are told to callers as one. In: the events of two ways that return alike. Out: those that are the same
 * on both; of an IRP with which they do different things no more than that it is lost sight of (`lose`), and a wait where
 * one of them waits. Undefined where they differ in what no event can leave open: calls that send or make IRPs, what is set
 * for them, registrations.
 */
import { eventKey, eventValues, type FlowEvent, type SimpleEvent, storyKey } from './events.ts';

export function joinStories(a: readonly FlowEvent[], b: readonly FlowEvent[]): readonly FlowEvent[] | undefined {
  if (storyKey(a) === storyKey(b)) return a;
  const [firmA, firmB] = [a, b].map((events) => events.filter((event) => !mayBeLost(event))) as [
    FlowEvent[],
    FlowEvent[],
  ];
  // Before or after which call it waits is told apart; where there is none, it may have waited.
  const isOfWaits = [...firmA, ...firmB].every(({ kind }) => kind === 'wait');
  if (!isOfWaits && storyKey(firmA) !== storyKey(firmB)) return undefined;
  const other = bySubject(b);
  const own = bySubject(a);
  const lost = new Map<string, SimpleEvent>();
  for (const event of [...a, ...b]) {
    if (!mayBeLost(event)) continue;
    const { key } = event.irp;
    if (own.get(key) !== other.get(key) && !lost.has(key))
      lost.set(key, { kind: 'lose', irp: event.irp, where: event.where });
  }
  const same = a.flatMap((event): readonly FlowEvent[] => {
    const end = mayBeLost(event) ? lost.get(event.irp.key) : undefined;
    if (end === undefined) return [event];
    // What is sent after it is not sent as the IRP was before: between the two nobody knows what became of it.
    return event.kind === 'use' ? [] : [end];
  });
  const waits = isOfWaits ? firmB.filter((wait) => !firmA.some((known) => eventKey(known) === eventKey(wait))) : [];
  return [...same, ...waits, ...lost.values()];
}

type Losable = Extract<FlowEvent, { readonly irp: unknown }>;

/** What is done with an IRP that somebody has: afterwards it can be that nobody knows what became of it. */
function mayBeLost(event: FlowEvent): event is Losable {
  switch (event.kind) {
    case 'use':
    case 'reuse':
    case 'free':
    case 'complete':
    case 'lose':
    case 'lose-routine':
    case 'prepare':
    case 'clear-routine':
    case 'give-up':
      return true;
    case 'allocate':
    case 'build':
    case 'set-routine':
    case 'send':
    case 'wait':
    case 'registration':
      return false;
  }
}

/** All that happens to each IRP, in order, wherever in the function it does. */
function bySubject(events: readonly FlowEvent[]): ReadonlyMap<string, string> {
  const stories = new Map<string, string>();
  for (const event of events) {
    if (!('irp' in event)) continue;
    const { key } = event.irp;
    const values = eventValues(event).map((value) => value.key);
    const how = event.kind === 'use' ? `${event.by} ${event.cancel?.isAnswerRead}` : 'ifThere' in event;
    stories.set(key, `${stories.get(key) ?? ''}${event.kind} ${how} ${values.join()};`);
  }
  return stories;
}
