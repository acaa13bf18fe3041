/**
 * What a function made and nobody has any more when it returns: not freed, not returned, not stored where others find
 * it, not given to somebody who may keep it.
 */
import type { PathStep } from '../../base/finding.ts';
import { memo } from '../../base/memo.ts';
import { mayLead } from './flow/calls/keeping.ts';
import type { Block, BlockKind, Freed } from './flow/facts/kernel.ts';
import type { Exit, FunctionInfo } from './flow/run/session.ts';
import { isNull, type State } from './flow/state/state.ts';
import { pathTo, siteKey } from './flow/state/where.ts';
import { mentions } from './flow/values/values.ts';
import type { CheckContext } from './rule.ts';

/** All of the file's headers were found: where one is missing, types and functions are guesses. */
export function isWhole({ unit }: FunctionInfo): boolean {
  return wholeness(unit.includes);
}

/** Rules ask at each call of the driver, and of a hundred headers. */
const wholeness = memo((includes: FunctionInfo['unit']['includes']): boolean =>
  includes.every((include) => include.file !== undefined),
);

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
      !block.isKept &&
      !isNull(state, block.value) &&
      !(given !== undefined && mentions(given.key, block.value.key)),
  );
  return [...lost, ...state.lost.filter((block) => block.kind === kind)];
}

/** `what` and what follows from its loss, as the middle and the end of a sentence. */
export function reportLost(
  context: CheckContext,
  exit: Exit,
  block: Block,
  words: { readonly what: string; readonly free: string; readonly effect: string },
): void {
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
  });
}

/** Who took a block of memory back, as the beginning of a sentence. */
export function whoFreed({ api, by }: Freed): string {
  if (by === undefined) return `The memory was given to ${api} before`;
  const frees = `${by.routine}, the ${by.kind}, frees the memory`;
  return by.isAtOnce ? `${frees}, perhaps before ${by.started} returns` : frees;
}

/** Where a block came from and what became of it. */
export function storyOfBlock({ made, freed }: Block): readonly PathStep[] {
  return [
    ...(made === undefined ? [] : pathTo(made.where, `${made.api} gives it here`)),
    ...(freed === undefined ? [] : pathTo(freed.where, `${freed.api} takes it back here`)),
  ];
}
