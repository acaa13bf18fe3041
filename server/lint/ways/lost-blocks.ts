/**
 * What a function made and nobody has any more when it returns: not freed, not returned, not stored where others find
 * it, not given to somebody who may keep it. Where the driver's start fails, its own variables are no such place.
 */

import { isWhole } from '../body/whole.ts';
import { mayCall } from '../driver/reach.ts';
import { mayLead } from '../flow/calls/keeping.ts';
import type { Block, BlockKind } from '../flow/facts/kernel.ts';
import type { Exit, FunctionInfo } from '../flow/run/session.ts';
import { hasFailed } from '../flow/state/outcome.ts';
import { isNull, type State } from '../flow/state/state.ts';
import { pathTo, siteKey } from '../flow/state/where.ts';
import { mentions } from '../flow/values/values.ts';
import type { CheckContext } from '../rule.ts';

export function lostBlocks(kind: BlockKind, exit: Exit, state: State, fn: FunctionInfo): readonly Block[] {
  // A structure that is returned may hold anything.
  const { result } = fn.definition.symbol.type;
  if (result.kind === 'record' || !isWhole(fn)) return [];
  const given = mayLead(result) ? exit.value : undefined;
  const lost = [...state.kernel.blocks.values()].filter(
    (block) =>
      block.kind === kind &&
      block.made !== undefined &&
      block.life === 'live' &&
      (block.keptBy === 'nobody' || isLeftBehind(block, exit, state, fn)) &&
      !isNull(state, block.value) &&
      !(given !== undefined && mentions(given.key, block.value.key)),
  );
  return [...lost, ...state.lost.filter((block) => block.kind === kind)];
}

/** The start of the driver fails, and only its variables have it, which are gone then: its unload routine is not called. */
function isLeftBehind({ keptBy, value }: Block, exit: Exit, state: State, { definition }: FunctionInfo): boolean {
  if (keptBy !== 'variables' || definition.symbol.name !== 'DriverEntry' || !hasFailed(exit, state)) return false;
  return [...state.cells.values()].some(
    ({ place, value: held }) => place.root.kind === 'global' && held.key === value.key,
  );
}

/** What is lost, what should get it, and what follows where nothing does, as parts of a sentence. */
export interface LossWords {
  readonly what: string;
  readonly free: string;
  readonly effect: string;
}

export function reportLostBlocks(context: CheckContext, exit: Exit, kind: BlockKind, words: LossWords): void {
  for (const block of lostBlocks(kind, exit, context.state, context.fn)) reportLost(context, exit, block, words);
}

export function reportLost(context: CheckContext, exit: Exit, block: Block, words: LossWords): void {
  if (block.made === undefined) return;
  const { api, where } = block.made;
  const isOfRound = context.state.lost.includes(block);
  const how = isOfRound
    ? 'is lost when the loop comes here again: nobody has given what the last round made'
    : 'is lost here: on this way nobody gives it';
  const end = isOfRound
    ? 'The function returns here with the last one at most'
    : 'The function returns here without it';
  context.report({
    where: isOfRound ? where : exit.where,
    message: `${words.what} from ${api} ${how} to ${words.free}, and ${words.effect}.`,
    path: [...pathTo(where, `${api} gives it here`), ...pathTo(exit.where, end)],
    once: siteKey(where),
    // What was started by then may give it back.
    when: () => block.keptBy === 'nobody' || !mayCall(context.session, context.fn, starters),
  });
}

const starters = ['PsCreateSystemThread', 'IoQueueWorkItem', 'IoQueueWorkItemEx', 'ExQueueWorkItem'];
