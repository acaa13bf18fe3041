/**
 * Outlines of the bundled headers (cfront/outline.ts) as text, as the build stores them: declarations that can be left
 * unread until somebody asks for them.
 *
 * One string for each header, `;` between its parts. A part is `start length flags|names|tags|completed tags|needed
 * names|needed tags|macros` with blanks between words; `start` counts from the end of the part before, the flags are
 * `l` (linked) and `t` (has a tree). A mark stands behind each name that is a variable or a constant of an enum.
 */
import { sourceFile } from '../base/source.ts';
import type { Outline } from '../cfront/outline.ts';
import { outlineHeaders } from '../cfront/outline-headers.ts';
import type { CSymbol } from '../cfront/parse/ast.ts';
import { bundledPrefix, type Catalog } from './catalog.ts';
import { includable } from './declaring-headers.ts';
import { kindMarks } from './outline-text.ts';

/** Reads all bundled headers: for the build. By name of the header in lower case, as `headerFile` has it in its path. */
export function headerOutlines(catalog: Catalog): Readonly<Record<string, string>> {
  const text = includable.map((name) => `#include <${name}>\n`).join('');
  const found = outlineHeaders(sourceFile('<all headers>', text), ({ name }) => {
    const file = catalog.headerFile(name);
    return file === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file, isSystem: true };
  });
  return Object.fromEntries(
    [...found].map(([{ path }, outline]) => [path.slice(bundledPrefix.length), written(outline)]),
  );
}

function written(outline: Outline): string {
  let at = 0;
  return outline
    .map(({ start, end, names, kinds, tags, completes, isLinked, neededNames, neededTags, macros = [], hasTree }) => {
      const flags = `${isLinked ? 'l' : ''}${hasTree ? 't' : ''}`;
      const place = `${start - at} ${end - start} ${flags}`;
      at = end;
      const marked = names.map((name, i) => `${name}${markOf(kinds?.[i])}`);
      return [
        place,
        ...[marked, tags, completes, neededNames, neededTags, macros].map((words) => words.join(' ')),
      ].join('|');
    })
    .join(';');
}

function markOf(kind: CSymbol['kind'] | undefined): string {
  return kind === 'variable' || kind === 'enum-constant' ? kindMarks[kind] : '';
}
