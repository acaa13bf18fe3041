/**
 * The `#include`s that a name or a pattern needs: insertions behind the last one of the main file, or before the first
 * one for a header that the others stand on; nothing where the header has been read already.
 */
import type { Fix } from '../../../base/finding.ts';
import { lineBreakOf } from '../../../base/source.ts';
import { directIncludes, includeFix } from '../../../cfront/parse/mistakes/name-sources.ts';
import type { Analysis } from '../analysis.ts';

export type Edit = Fix['edits'][number];

export function includeEdits({ unit }: Analysis, headers: readonly string[]): readonly Edit[] {
  const missing = headers.filter((header) => !isIncluded(unit, header));
  const direct = directIncludes(unit.includes.filter(({ span }) => span.file === unit.file));
  const edits = missing.flatMap((header) => includeFix({ main: unit.file, direct }, header).edits);
  const joined: Edit[] = [];
  for (const edit of edits) {
    const at = joined.findIndex(({ span }) => span.start === edit.span.start);
    const same = joined[at];
    // Editors do not say in which order they apply insertions at one place.
    if (same === undefined) joined.push(edit);
    else joined[at] = { ...same, newText: same.newText + edit.newText };
  }
  const [first] = joined;
  // The first ones of a file stand apart from what follows.
  const isApart = first === undefined || /^[ \t]*(?:\r?\n|$)/.test(unit.file.text.slice(first.span.start));
  if (direct.last !== undefined || isApart) return joined;
  return joined.map((edit) => ({ ...edit, newText: edit.newText + lineBreakOf(unit.file) }));
}

function isIncluded({ includes }: Analysis['unit'], header: string): boolean {
  const bare = header.toLowerCase();
  return includes.some(({ name }) => name.replace(/^.*[\\/]/, '').toLowerCase() === bare);
}
