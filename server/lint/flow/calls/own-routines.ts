/**
 * Threads and work items whose routine gives back the memory that they are started with, on each of its ways: from the
 * call that starts one on, that memory is not the caller's any more. In: such a call, on the way on which it succeeds. Out:
 * the memory, freed.
 *
 * What the routine asks its memory does not matter, since all of its ways count: who shares the memory by a flag or by a
 * count of references has one on which the routine leaves it alone.
 */
import { runsThrough } from '../../driver/reach.ts';
import type { FreeingRoutine } from '../facts/kernel.ts';
import { newBlock } from '../facts/new-block.ts';
import { analysisOf } from '../run/run.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, type Value } from '../values/values.ts';
import type { Call } from './call.ts';

interface Starter {
  readonly kind: FreeingRoutine['kind'];
  /** Positions of the routine and of what it is given, and where among its own parameters it finds that. */
  readonly routine: number;
  readonly context: number;
  readonly at: number;
}

const starters: Readonly<Record<string, Starter>> = {
  PsCreateSystemThread: { kind: 'thread', routine: 5, context: 6, at: 0 },
  IoQueueWorkItem: { kind: 'work item routine', routine: 1, context: 3, at: 1 },
  IoQueueWorkItemEx: { kind: 'work item routine', routine: 1, context: 3, at: 1 },
};

export function giveToRoutine({ run, values }: Call, state: State, name: string): void {
  if (/^Io(?:Try)?QueueWorkItem/.test(name)) noteQueued(state, resolve(state, values[0] ?? ANYTHING));
  const starter = Object.hasOwn(starters, name) ? starters[name] : undefined;
  if (starter === undefined) return;
  const routine = resolve(state, values[starter.routine] ?? ANYTHING);
  const context = resolve(state, values[starter.context] ?? ANYTHING);
  const info = routine.kind === 'function' ? run.session.functionOf(routine.symbol) : undefined;
  if (info === undefined || context.kind !== 'symbol') return;
  const frees = analysisOf(run.session, info)?.freesMemory.get(starter.at);
  const through = runsThrough(run.session, info);
  if (frees === undefined || through.endsThreadInHelper) return;
  const block = state.kernel.blocks.get(context.key) ?? newBlock(frees.kind, context, undefined);
  if (block.kind !== frees.kind || block.life === 'freed') return;
  const by: FreeingRoutine = {
    kind: starter.kind,
    routine: info.definition.symbol.name,
    started: name,
    isAtOnce: through.isAtOnce,
  };
  state.kernel.blocks.set(context.key, { ...block, life: 'freed', freed: { ...frees.freed, by } });
}

function noteQueued({ kernel: { blocks } }: State, { key }: Value): void {
  const item = blocks.get(key);
  if (item?.kind === 'work-item') blocks.set(key, { ...item, isQueued: true });
}
