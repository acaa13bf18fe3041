/** Whether all of a file was read: where one of its headers is missing, types and functions are guesses. */
import { memo } from '../../../base/memo.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

export function isWhole({ unit }: { readonly unit: TranslationUnit }): boolean {
  return wholeness(unit.includes);
}

/** Rules ask at each call of the driver, and of a hundred headers. */
const wholeness = memo((includes: TranslationUnit['includes']): boolean =>
  includes.every((include) => include.file !== undefined),
);
