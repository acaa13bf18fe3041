/** For tests only: reads files of one project with shared headers and without, and compares all that is to be known. */
import assert from 'node:assert/strict';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { createHeaderCache, type HeaderCache } from '../header-cache.ts';
import { parseTranslationUnit } from '../index.ts';
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
  const include: ParseOptions['include'] = ({ name, form }) => {
    const own = form === 'quoted' ? known.get(name) : undefined;
    const file = own ?? known.get(`<${name}>`);
    return file === undefined
      ? { kind: 'missing', searched: ['.'] }
      : { kind: 'found', file, isSystem: file.path.startsWith('<') };
  };
  return {
    read: (name, text, headers) =>
      parseTranslationUnit(sourceFile(name, text), { include, ...more, ...(headers === undefined ? {} : { headers }) }),
    edit: (name, text) => {
      if (text === undefined) known.delete(name);
      else known.set(name, sourceFile(name, text));
    },
  };
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
