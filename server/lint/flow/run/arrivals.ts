/**
 * Which of the states that come to a block are kept apart, and which are joined: in come states, out comes what the block
 * has still to be run with.
 *
 * Ways are kept apart as long as rules or callers can tell them apart, and a few more of each kind, so that branches stay
 * correlated; beyond that they are joined, those first by which the block decides alike. At a loop head all ways of a kind
 * that come round are joined with widening. With less care, kinds are fewer: `untold` ways are told apart by what this
 * function's own rules need, `joined` ones not at all. Kinds are bounded, and a joined state only ever loses what is
 * known, so that a block gets a bounded number.
 */
import type { Block } from '../lower/ir.ts';
import { joinGivenBack } from '../state/given-back.ts';
import { joinStates } from '../state/join.ts';
import { copyState, fullKey, kindKey, type State } from '../state/state.ts';

/** What ways are kept apart for: for callers and rules, for rules alone, for nobody. */
export type Care = 'told' | 'untold' | 'joined';

/** States of one kind that a block keeps apart. */
const MAX_ALIKE = 3;
/** Kinds of states that a block keeps apart. */
export const MAX_KINDS = 12;
/** Beyond so many kinds, only one state of each is kept. */
const MANY_KINDS = 4;
/** Kinds that a loop head keeps apart of those that come round: each of them makes more in the next round. */
const MAX_ROUNDS = 4;
/** What the names of states begin with that come round a loop. */
const BACK = 'back';

/** What has come to a block. */
export interface Arrivals {
  readonly seen: Set<number>;
  /** By kind: how many were kept apart, and what the others were joined to. */
  readonly kinds: Map<string, { count: number; joined: State | undefined }>;
  /** States that the block has still to be run with. A joined state that grows before its turn takes its own place. */
  readonly waiting: Map<string, State>;
  /** Some of them came since it was asked which of them differ. */
  isNew: boolean;
  /** States that came by the only way in, each of which waits by itself. */
  passed: number;
}

/** How many states of one kind are kept apart where there are so many kinds. */
function alikeOf(kinds: number): number {
  return kinds > MANY_KINDS ? 1 : MAX_ALIKE;
}

export function noArrivals(): Arrivals {
  return { seen: new Set(), kinds: new Map(), waiting: new Map(), isNew: false, passed: 0 };
}

export function loseEvents(state: State): void {
  state.events = [];
  state.isVague = true;
}

/** What waits for the block is told apart with less care from now on. */
export function takeLessCare(
  own: Arrivals,
  block: Block,
  { care, isOnlyWay }: { readonly care: Care; readonly isOnlyWay: boolean },
): void {
  const waiting = [...own.waiting];
  for (const [, state] of waiting) loseEvents(state);
  if (isOnlyWay && care !== 'joined') return;
  own.seen.clear();
  own.kinds.clear();
  own.waiting.clear();
  for (const [key, state] of waiting) admit(own, block, state, { care, isBack: key.startsWith(BACK) });
}

/** Lets a state wait for the block, alone or joined with others of its kind, unless it brings nothing new. */
export function admit(
  own: Arrivals,
  block: Block,
  state: State,
  { care, isBack }: { readonly care: Care; readonly isBack: boolean },
): void {
  const { seen, kinds, waiting } = own;
  const kindWithEvents = kindKey(state, { events: true });
  const full = fullKey(state, kindWithEvents);
  if (seen.has(full)) return;
  seen.add(full);
  own.isNew = true;
  // Ways that come round a loop never mix with those that enter it: the first round keeps what is known before it.
  const round = isBack ? BACK : '';
  let kind = `${round}|${kindWithEvents}`;
  if (!kinds.has(kind) && kinds.size >= MAX_KINDS) kind = `${round}|${kindKey(state, { events: false })}`;
  const isJoined = care === 'joined';
  if (isJoined || (!kinds.has(kind) && isFull(kinds, isBack))) kind = `${round}|all`;
  const most = isBack || isJoined ? 1 : alikeOf(kinds.size);
  // Where ways are too many, those are joined that decide alike.
  if (!isJoined && block.end.kind === 'branch' && (kinds.get(kind)?.count ?? 0) >= most) kind += choicesOf(state);
  const alike = kinds.get(kind) ?? { count: 0, joined: undefined };
  kinds.set(kind, alike);
  if (alike.count < most) {
    alike.count++;
    const isLast = alike.count === most;
    if (isLast) alike.joined = copyState(state);
    waiting.set(isLast ? kind : `${kind}#${alike.count}`, state);
    return;
  }
  const point = `${block.id}${round}`;
  const joined =
    alike.joined === undefined ? state : joinStates(alike.joined, state, { point, isLoopHead: block.isLoopHead });
  const key = fullKey(joined);
  alike.joined = joined;
  if (seen.has(key)) return;
  seen.add(key);
  waiting.set(kind, copyState(joined));
}

/** The numbers that `?:`, `&&` and `||` have given on the way to a block. */
function choicesOf({ temporaries }: State): string {
  let choices = '';
  for (const [to, { kind, key }] of temporaries) if (kind === 'integer') choices += `${to}=${key};`;
  return choices;
}

function isFull(kinds: Arrivals['kinds'], isBack: boolean): boolean {
  if (!isBack || kinds.size >= 2 * MAX_KINDS) return kinds.size >= 2 * MAX_KINDS;
  let rounds = 0;
  for (const kind of kinds.keys()) if (kind.startsWith(BACK)) rounds++;
  return rounds >= MAX_ROUNDS;
}

/** The block is about to be run: of what waits for it, ways become one that part over what is gone on all of them. */
export function settle(own: Arrivals, block: Block): void {
  if (!own.isNew) return;
  own.isNew = false;
  const sortOf = (name: string): string => (name.startsWith(BACK) ? BACK : '');
  if (own.waiting.size > 1) joinGivenBack(own.waiting, sortOf, `${block.id}gone`);
}

/** Keeps the states within a block to a number that the rest of the block can bear. */
export function few(states: readonly State[], care: Care): readonly State[] {
  if (care === 'joined') return joinBeyond(states, 1);
  if (states.length <= MAX_ALIKE) return states;
  const seen = new Set<number>();
  const different = states.filter((state) => {
    const key = fullKey(state);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const kinds = grouped(different, (state) => kindKey(state, { events: true }));
  if (kinds.length <= MAX_KINDS) return kinds.flatMap((alike) => joinBeyond(alike, alikeOf(kinds.length)));
  const facts = grouped(different, (state) => kindKey(state, { events: false }));
  if (facts.length <= MAX_KINDS) return facts.flatMap((alike) => joinBeyond(alike, 1));
  return joinBeyond(different, 1);
}

function grouped(states: readonly State[], keyOf: (state: State) => string): readonly (readonly State[])[] {
  const groups = new Map<string, State[]>();
  for (const state of states) {
    const key = keyOf(state);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [state]);
    else group.push(state);
  }
  return [...groups.values()];
}

/** The first `most` states, all others joined into the last of them. */
function joinBeyond(states: readonly State[], most: number): readonly State[] {
  if (states.length <= most) return states;
  const rest = states.slice(most - 1);
  const joined = rest.reduce((old, next) => joinStates(old, next, { point: 'call', isLoopHead: false }));
  return [...states.slice(0, most - 1), joined];
}
