/** What many rules ask of blocks of memory and of the files in which they are made: who freed them, what is known of types. */
import type { PathStep } from '../../base/finding.ts';
import { memo } from '../../base/memo.ts';
import type { Block, Freed } from './flow/facts/kernel.ts';
import type { FunctionInfo } from './flow/run/session.ts';
import { pathTo } from './flow/state/where.ts';

/** All of the file's headers were found: where one is missing, types and functions are guesses. */
export function isWhole({ unit }: FunctionInfo): boolean {
  return wholeness(unit.includes);
}

/** Rules ask at each call of the driver, and of a hundred headers. */
const wholeness = memo((includes: FunctionInfo['unit']['includes']): boolean =>
  includes.every((include) => include.file !== undefined),
);

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
