/**
 * A call of one of the driver's own functions: each outcome of its summary that is possible here gives a state, as if
 * the body stood at the call.
 */
import { mayCall } from '../../driver/reach.ts';
import type { ApiCall, FlowEvent } from '../facts/events.ts';
import { type Block, blockBehind, keptOnEither } from '../facts/kernel.ts';
import { withoutRegistrations } from '../facts/wsk.ts';
import { applyOutcome, askedHere } from '../run/apply.ts';
import { happen, type Run, summaryOf } from '../run/run.ts';
import type { FunctionInfo } from '../run/session.ts';
import type { KernelOutcome } from '../run/summary.ts';
import { forgetAll, isGivenAgain, type Site, staleBeginnings } from '../state/forget.ts';
import { unlink } from '../state/memory.ts';
import { copyState, isInNull, isNull, mayBeNull, rangeOf, resolve, type State } from '../state/state.ts';
import { type Where, whereOf } from '../state/where.ts';
import { ANYTHING, isSameRoot, mentions, placeAt, shift, type Value } from '../values/values.ts';
import { freeBlock, loseDevices, noteNullFreed, setPages, touch, withGiven } from './blocks.ts';
import type { Call } from './call.ts';
import { act, currentLevel, demand, noteOrder, setLevel } from './demands.ts';
import { mayHearStatus } from './hears.ts';
import { isIrp } from './io-status.ts';
import { keep, keepGiven, keepStored, noteKept } from './keeping.ts';
import { noteList } from './list-locks.ts';
import { endLock, heldBy, takeLock } from './locks.ts';
import { noteWritten } from './outputs.ts';
import { givenOnSomeWays } from './some-ways.ts';
import { steadyIn } from './steady.ts';
import { tellRules } from './tell.ts';
import { membersRead, touchedParameters, unlinks } from './touched.ts';
import { takeGivenMutex } from './waits.ts';

/** Undefined where nothing is known of the helper. */
export function callHelper(call: Call, state: State, info: FunctionInfo, to: number): readonly State[] | undefined {
  const { run, expression, site } = call;
  const summary = summaryOf(run.session, info);
  if (summary.kind === 'unknown') return undefined;
  if (!info.isUsers) noteList(call, state, info.definition.symbol.name);
  const given = run.fn.told.calls.get(info) ?? new Set();
  run.fn.told.calls.set(info, given);
  // What an earlier round made is forgotten here, at once; where there was none, there is nothing to forget.
  const isForgotten = site.mayRepeat;
  const isAgain = isForgotten && isGivenAgain(state, `${site.name}/`);
  const values = isAgain ? forgetLastRound(state, site, call.values) : call.values;
  // A record that it returns may lead to whatever it was given.
  const returnsRecord = info.definition.symbol.type.result.kind === 'record';
  const kept = returnsRecord ? values : [...info.kept].map((index) => values[index] ?? ANYTHING);
  noteKept(run, kept, undefined);
  for (const [index, value] of values.entries()) {
    if (isIrp(expression.arguments[index]) && !mayBeNull(state, value)) given.add(index);
  }
  const helper = info.definition.symbol.name;
  for (const index of touchedParameters(info.definition)) {
    const at = resolve(state, values[index] ?? ANYTHING);
    touch(run, state, { by: helper, isRead: false, at, bytes: undefined, where: call.where });
    const pointer = expression.arguments[index];
    if (isInNull(at) && pointer !== undefined) {
      const isCompared = values[index]?.kind === 'symbol';
      act(run, state, { kind: 'null-touch', isCompared, given: { pointer, to: helper }, where: call.where });
    }
  }
  const inHelper = (event: Pick<FlowEvent, 'where'>): Where => ({
    node: expression,
    arguments: expression.arguments,
    inside: { helper, where: event.where },
  });
  for (const { index, offset, bytes, node } of membersRead(info.definition)) {
    const at = shift(resolve(state, values[index] ?? ANYTHING), offset);
    // What else touches memory has been told.
    if (blockBehind(state.kernel, at)?.kind === 'user')
      touch(run, state, { by: undefined, isRead: true, at, bytes, where: inHelper({ where: whereOf(node) }) });
  }
  const asked: ApiCall[] = [];
  for (const ask of info.told.asks.values()) {
    const here = askedHere(state, ask, { arguments: values, site });
    if (here === undefined) continue;
    const told = { ...ask.call, ...here.call, where: inHelper(ask.call) };
    tellRules(run, here.state, told);
    // What rules remember of a call that the helper makes whatever it is given holds when it has returned.
    if (ask.conditions.length === 0) for (const mark of here.state.marks) state.marks.add(mark);
    asked.push(told);
  }
  giveToCloser(call, state, info, values);
  giveToDeleter(run, state, info);
  const states: State[] = [];
  const ended: Ended[] = [];
  const undecided = givenOnSomeWays(state, summary.outcomes, { arguments: values, site: { ...site, isForgotten } });
  for (const [index, outcome] of summary.outcomes.entries()) {
    const isLast = index === summary.outcomes.length - 1;
    const put: Put[] = [];
    const applied = applyOutcome(isLast ? state : copyState(state), outcome, {
      arguments: values,
      site: { ...site, isForgotten },
      whereOf: inHelper,
      happen: (s, event) => {
        if (isOfEarlierRound(s, event, site)) return;
        if (event.kind === 'wait' && mayHearStatus(run.session, info.definition))
          happen(run, s, { ...event, isHelped: true });
        else if (event.kind !== 'free' || !undecided.irps.has(event.irp.key)) happen(run, s, event);
      },
      begin: (s, kernel) => beginHelper(run, s, kernel),
      end: (s, kernel, returned) => ended.push({ state: s, kernel, returned, put }),
      stored: (s, address, value) => {
        keepStored(s, address, value);
        put.push({ address, value });
      },
      putAway: keep,
      written: info.told.written.values(),
      wrote: ({ place, size }) => noteWritten(run.fn, place, size),
      steady: steadyIn(run),
      // Whether a socket is closed a second time there, the others know.
      guessed: (s) => {
        if (summary.outcomes.length > 1) s.wsk = { ...s.wsk, closed: new Map() };
      },
      found: (inner, held) => {
        const field = info.told.readFrom.get(inner.key);
        if (field !== undefined) run.fn.told.readFrom.set(held.key, field);
      },
    });
    if (applied === undefined) continue;
    for (const irp of undecided.irps.values()) happen(run, applied.state, { kind: 'lose', irp, where: call.where });
    applied.state.wsk = withoutRegistrations(applied.state.wsk, undecided.registrations);
    keepGiven(applied.state, kept);
    if (unlinks(info.definition)) for (const value of values) unlink(applied.state, value, site);
    applied.state.temporaries.set(to, applied.returned);
    states.push(applied.state);
  }
  for (const way of ended) {
    endHelper(call, way, ended);
    for (const told of asked) takeGivenMutex(call, way.state, told, way.kernel.released);
  }
  return states;
}

/**
 * The IRP was made in the helper and is NULL when it returns: what a loop of it did with the IRP of an earlier round, which
 * has the same name, or what has been told in the helper itself.
 */
function isOfEarlierRound(state: State, event: FlowEvent, site: Site): boolean {
  return 'irp' in event && event.irp.key.startsWith(`<${site.name}/`) && isNull(state, event.irp);
}

/** In a loop, what a call made in the last round has the names that it is about to give again: to other things. */
function forgetLastRound(state: State, site: Site, values: readonly Value[]): readonly Value[] {
  const stale = staleBeginnings([`<${site.name}/`, `<${site.name}:`, `<~${site.name}:`]);
  forgetAll(state, stale);
  return values.map((value) => (stale.isIn(value.key) ? ANYTHING : value));
}

/** Where one deletes devices on some of its ways, those that are there already may go: whose way it is nobody says. */
function giveToDeleter({ session }: Run, state: State, info: FunctionInfo): void {
  const hasDevices = [...state.kernel.blocks.values()].some(({ kind }) => kind === 'device');
  if (hasDevices && mayCall(session, info, ['IoDeleteDevice'])) loseDevices(state);
}

/** What a helper that closes sockets does not close, because memory is short, its caller cannot close either. */
function giveToCloser({ run }: Call, { kernel, cells }: State, info: FunctionInfo, values: readonly Value[]): void {
  for (const [key, { kind }] of kernel.blocks) {
    if (kind !== 'socket') continue;
    const roots = values.flatMap((value) => placeAt(value)?.root ?? []);
    const isGiven =
      values.some((value) => value.key === key) ||
      [...cells.values()].some(
        ({ place, value }) => value.key === key && roots.some((root) => isSameRoot(root, place.root)),
      );
    if (isGiven && mayCall(run.session, info, ['WskCloseSocket'])) kernel.blocks.delete(key);
  }
}

/** A helper begins: what it asks of locks and of the level. */
function beginHelper(run: Run, state: State, { demands }: KernelOutcome): void {
  for (const asked of demands) demand(run, state, asked);
}

/** One way through a helper, as it ends in its caller. */
export interface Ended {
  readonly state: State;
  readonly kernel: KernelOutcome;
  readonly returned: Value;
  readonly put: readonly Put[];
}

/** What the helper has put where. */
interface Put {
  readonly address: Value;
  readonly value: Value;
}

function hasFreed({ state, kernel }: Ended, value: Value): boolean {
  return isNull(state, value) || kernel.blocks.some((b) => b.life === 'freed' && b.value.key === value.key);
}

function hasSet({ state, kernel }: Ended, { value, pages }: Block): boolean {
  return isNull(state, value) || kernel.blocks.some((b) => b.pages === pages && b.value.key === value.key);
}

/** It is freed just where the helper says that it failed, and its caller asks: a count of references is no failure. */
function tellsByFailing({ isResultRead }: Call, all: readonly Ended[], value: Value): boolean {
  return (
    isResultRead &&
    all.every((way) => {
      const { max, min } = rangeOf(way.state, way.returned);
      return hasFreed(way, value) ? max !== undefined && max < 0n : min !== undefined && min >= 0n;
    })
  );
}

/** A helper has ended: the locks and blocks that it leaves. */
function endHelper(call: Call, way: Ended, all: readonly Ended[]): void {
  const { state, kernel: outcome, put } = way;
  const { released, held, blocks, isVague } = outcome;
  const { run } = call;
  // What goes with the last reference to something is given back, or somebody else still has it.
  for (const other of all)
    for (const { lock, kind } of other.kernel.released)
      if ((kind === 'rundown' || kind === 'remove-lock') && !released.some((end) => end.lock.key === lock.key))
        state.kernel.held.delete(lock.key);
  for (const end of released) {
    const lock = end.handle === undefined ? end.lock : heldBy(state, end.handle)?.lock;
    if (lock !== undefined) act(run, state, { kind: 'release', released: { ...end, lock }, where: end.where });
    const known = endLock(state, end);
    // A helper that raised it again, or gave a number, knows the level itself.
    if (known?.saved !== undefined && currentLevel(state).kind !== 'integer') setLevel(call, state, known.saved);
  }
  for (const taken of held) {
    act(run, state, { kind: 'acquire', held: taken, where: taken.where });
    // Of the others the helper's demands have told before it began.
    if (taken.kind === 'resource' || taken.kind === 'mutex') noteOrder(run, state, taken.lock, taken.api, taken.where);
    takeLock(state, taken);
  }
  if (isVague) state.kernel.isVague = true;
  for (const block of blocks) {
    if (block.value.kind === 'anything' && block.life !== 'freed') continue;
    const known = state.kernel.blocks.get(block.value.key);
    const { pages } = block;
    if (known !== undefined && (pages === 'unlocked' || pages === 'nonpaged') && all.every((way) => hasSet(way, block)))
      act(run, state, { kind: 'pages', mdl: block.value, becomes: pages, base: undefined, where: call.where });
    if (block.freed?.by !== undefined && known?.life !== 'freed') {
      // No call of the helper's: its ways say where the routine was started.
      state.kernel.blocks.set(block.value.key, { ...(known ?? block), life: 'freed', freed: block.freed });
    } else if (block.life === 'freed' && block.freed !== undefined) {
      const { api, where, askedTag, isAsked } = block.freed;
      const given = askedTag === undefined ? ANYTHING : resolve(state, askedTag);
      const tag = block.freed.tag ?? (given.kind === 'integer' ? given.value : undefined);
      if (block.pages !== 'unknown') setPages(state, block.value, block.pages, where);
      const isSure = all.every((one) => hasFreed(one, block.value)) || tellsByFailing(call, all, block.value);
      if (known?.life !== 'freed' && !isSure) {
        // It is freed on some ways only, as by a count of references: nobody knows whether it is still there.
        if (known !== undefined)
          state.kernel.blocks.set(block.value.key, { ...known, keptBy: 'others', pages: 'unknown' });
        continue;
      }
      const freed = { value: block.value, block: block.kind, api, where };
      if (isSure && isAsked === false) noteNullFreed(run, state, freed);
      freeBlock(run, state, { kind: 'free', ...freed, tag, askedTag, isAsked: isAsked === true });
    } else if (known === undefined && isNull(state, block.value)) {
      if (block.made !== undefined && block.isNullable)
        state.kernel.blocks.set(block.value.key, { ...withGiven(state, block), life: 'none' });
    } else if (known === undefined) {
      if (block.made !== undefined && block.pages === 'nonpaged')
        act(run, state, { kind: 'pages', mdl: block.value, becomes: 'nonpaged', base: block.base, where: call.where });
      if (block.made !== undefined || block.kind === 'mdl')
        state.kernel.blocks.set(block.value.key, withGiven(state, block));
      // It was put there before it had a name here.
      for (const { address, value } of put) if (mentions(value.key, block.value.key)) keepStored(state, address, value);
    } else if (known.kind === 'attachment') {
      // Detached on some ways, perhaps.
      if (block.made === undefined) state.kernel.blocks.delete(block.value.key);
    } else if (known.life === 'live') {
      state.kernel.blocks.set(block.value.key, {
        ...known,
        keptBy: keptOnEither(known.keptBy, block.keptBy),
        pages: pages === 'unknown' ? known.pages : pages,
        locked: block.locked ?? known.locked,
      });
    }
  }
}
