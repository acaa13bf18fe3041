/** What many rules tell of blocks of memory: who freed them, and where they came from. */
import type { PathStep } from '../../../base/finding.ts';
import type { Block, Freed } from '../flow/facts/kernel.ts';
import { pathTo } from '../flow/state/where.ts';

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
