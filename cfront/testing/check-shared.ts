/** For tests only: reads files of one project with shared headers and without, and compares all that is to be known. */
import assert from 'node:assert/strict';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { createHeaderCache, type HeaderCache } from '../header-cache.ts';
import { parseTranslationUnit } from '../index.ts';
import type { Outline } from '../outline.ts';
import { outlineHeaders } from '../outline-headers.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';
import { freezeShared } from './frozen.ts';
import { unitText } from './unit-text.ts';

/** Files by name; a name in angle brackets is a system header. What starts with `main` is read, in this order. */
export type Files = Readonly<Record<string, string>>;

export interface Reader {
  readonly read: (name: string, text: string, headers: HeaderCache | undefined) => TranslationUnit;
  readonly edit: (name: string, text: string | undefined) => void;
}

export function reader(files: Files, more: Omit<ParseOptions, 'include' | 'headers'> = {}): Reader {
  const known = new Map<string, SourceFile>();
  for (const [name, text] of Object.entries(files)) known.set(name, sourceFile(name, text));
  let outlines: ReadonlyMap<SourceFile, Outline> = new Map();
  const include: ParseOptions['include'] = ({ name, form }) => {
    const own = form === 'quoted' ? known.get(name) : undefined;
    const file = own ?? known.get(`<${name}>`);
    if (file === undefined) return { kind: 'missing', searched: ['.'] };
    return { kind: 'found', file, isSystem: file.path.startsWith('<'), outline: outlines.get(file) };
  };
  outlines = outlinesOf(known, include);
  return {
    read: (name, text, headers) =>
      parseTranslationUnit(sourceFile(name, text), { include, ...more, ...(headers === undefined ? {} : { headers }) }),
    edit: (name, text) => {
      if (text === undefined) known.delete(name);
      else known.set(name, sourceFile(name, text));
    },
  };
}

/** As the build makes them for bundled headers: of all system headers, one behind the other. */
function outlinesOf(known: ReadonlyMap<string, SourceFile>, include: ParseOptions['include']) {
  const names = [...known.keys()].filter((name) => name.startsWith('<'));
  const main = sourceFile('all', names.map((name) => `#include ${name}\n`).join(''));
  return outlineHeaders(main, (request) => {
    const result = include(request);
    return result.kind === 'found' && result.isSystem
      ? { kind: 'found', file: result.file, isSystem: true }
      : { kind: 'missing', searched: [] };
  });
}

/** Reads each main file several times, in turn, and forwards and backwards, always as without a cache. */
export function check(title: string, files: Files, more: Omit<ParseOptions, 'include' | 'headers'> = {}): HeaderCache {
  const { read } = reader(files, more);
  const mains = Object.entries(files).filter(([name]) => name.startsWith('main'));
  const expected = new Map(mains.map(([name, text]) => [name, unitText(read(name, text, undefined))]));
  const cache = createHeaderCache();
  for (const [name, text] of [...mains, ...mains, ...[...mains].reverse(), ...mains]) {
    const unit = unitText(read(name, text, cache));
    freezeShared(cache);
    assert.equal(unit, expected.get(name), `${title}: ${name}`);
  }
  return cache;
}
