/**
 * Whether a C file may read one of some headers, told by lines that say `#include`, its own and those of what it includes,
 * without reading any of them: conditions are not looked at. So "no" is certain and quick, where reading takes seconds.
 *
 * In: how files are compiled. Out: a function that remembers for which file of which configuration it was asked. It ends
 * because each file is looked at once.
 */
import { memo } from '../../../base/memo.ts';
import type { SourceFile } from '../../../base/source.ts';
import type { ParseOptions } from '../../../cfront/unit.ts';

export type MayInclude = (file: SourceFile, options: ParseOptions, headers: ReadonlySet<string>) => boolean;

export function createMayInclude(): MayInclude {
  const known = new WeakMap<ParseOptions, Map<SourceFile, Included>>();
  return (main, options, headers) => {
    const includedBy = known.get(options) ?? new Map<SourceFile, Included>();
    known.set(options, includedBy);
    const seen = new Set([main]);
    const pending = [main];
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      let included = includedBy.get(file);
      if (included === undefined) {
        included = lookUp(file, options, file === main ? (options.forcedIncludes ?? []) : []);
        includedBy.set(file, included);
      }
      if (included === 'unknown' || included.some(({ path }) => headers.has(path))) return true;
      for (const next of included) {
        if (!seen.has(next)) pending.push(next);
        seen.add(next);
      }
    }
    return false;
  };
}

/** The user's files that one file names; Microsoft's headers lead to none of them. */
type Included = readonly SourceFile[] | 'unknown';

function lookUp(from: SourceFile, { include }: ParseOptions, forced: readonly string[]): Included {
  const found: SourceFile[] = [];
  const named = directives(from);
  if (named === 'unknown') return 'unknown';
  for (const directive of [...forced.map((name) => ({ name, form: 'quoted' as const })), ...named]) {
    const result = include({ ...directive, from });
    if (result.kind === 'found' && !result.isSystem) found.push(result.file);
  }
  return found;
}

type Directives = readonly { readonly name: string; readonly form: 'quoted' | 'angled' }[] | 'unknown';

/** Unknown where a macro says the name. */
const directives = memo(({ text }: SourceFile): Directives => {
  const found: { name: string; form: 'quoted' | 'angled' }[] = [];
  for (const [, operand = ''] of text.matchAll(/(?:#|%:|\?\?=)[ \t]*(?:include|import)\b[ \t]*([^\r\n]*)/g)) {
    const [, quoted, angled] = /^(?:"([^"]*)"|<([^>]*)>)/.exec(operand) ?? [];
    const name = quoted ?? angled;
    if (name === undefined) return 'unknown';
    found.push({ name, form: quoted === undefined ? 'angled' : 'quoted' });
  }
  return found;
});
