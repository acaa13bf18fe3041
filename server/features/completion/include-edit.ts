/**
 * The `#include` that a name or a pattern needs: an insertion behind the last one of the main file, or nothing where the
 * header has been read already.
 */
import type { Fix } from '../../../base/finding.ts';
import { lineBreakOf } from '../../../base/source.ts';
import { includeFix } from '../../../cfront/parse/mistakes/name-sources.ts';
import type { Analysis } from '../analysis.ts';

export type Edit = Fix['edits'][number];

export function includeEdits({ unit }: Analysis, headers: readonly string[]): readonly Edit[] {
  const missing = headers.filter((header) => !isIncluded(unit, header));
  const lastInclude = unit.includes.findLast(({ isDirect, span }) => isDirect && span.file === unit.file)?.span;
  const edits = missing.flatMap((header) => includeFix({ main: unit.file, lastInclude }, header).edits);
  const [first] = edits;
  if (first === undefined) return [];
  // Editors do not say in which order they apply insertions at one place.
  const newText = edits.map((edit) => edit.newText).join('');
  // The first ones of a file stand apart from what follows.
  const isApart = lastInclude !== undefined || /^[ \t]*(?:\r?\n|$)/.test(unit.file.text.slice(first.span.start));
  return [{ span: first.span, newText: isApart ? newText : newText + lineBreakOf(unit.file) }];
}

function isIncluded({ includes }: Analysis['unit'], header: string): boolean {
  const bare = header.toLowerCase();
  return includes.some(({ name }) => name.replace(/^.*[\\/]/, '').toLowerCase() === bare);
}
