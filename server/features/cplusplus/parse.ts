/**
 * A C++ file in, and a translation unit out that knows what is called in it. Places are those of the file; its problems
 * are those of a text that nobody wrote, and are not kept.
 *
 * Who types is answered as in C: what C++ asks to be known before the text stays one file as long as its text is the same,
 * so that headers are shared, and a change within a body has that body read again.
 */
import { type InPieces, toEnd } from '../../../base/in-pieces.ts';
import { memo } from '../../../base/memo.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import { createReader, type Reader } from '../../../cfront/typing/reader.ts';
import type { ParseOptions, TranslationUnit } from '../../../cfront/unit.ts';
import { cView } from './c-view.ts';
import { madeUpMacros } from './made-up-names.ts';
import type { Scope } from './work.ts';

/** No headers are named so. */
const includesName = 'wsk-cplusplus-includes.h';
const classesName = 'wsk-cplusplus-classes.h';

/** Files and preludes that are remembered: more than anybody types in at one time. */
const rememberedMax = 12;

/** The file as C, with the text that it was read with and the one that it shows, and what C must know before it. */
interface Painted {
  readonly file: { path: string; text: string; lineStarts: readonly number[] };
  readonly view: string;
  readonly original: string;
  readonly includes: SourceFile;
  readonly classes: SourceFile;
}

/** As `createReader` of C: the units of the same file that it gave before are of no more use. */
export function createCplusplusReader(): Reader {
  const reader = createReader();
  const preludes = new Map<string, SourceFile>();
  const last = new Map<string, Painted>();
  const preludeOf = (path: string, text: string): SourceFile => {
    const key = `${path} ${text}`;
    const file = preludes.get(key) ?? { path, text, lineStarts: [0] };
    remember(preludes, key, file);
    return file;
  };
  function* reading(file: SourceFile, options: ParseOptions): InPieces<TranslationUnit> {
    const { text, prelude } = cView(file.text);
    const before = last.get(file.path);
    const painted: Painted = {
      file: { ...file, text },
      view: text,
      original: file.text,
      includes: preludeOf(includesName, prelude.includes),
      classes: preludeOf(classesName, prelude.classes),
    };
    remember(last, file.path, painted);
    const work = reader.reading(painted.file, optionsOf(painted, options));
    for (;;) {
      const step = whileViewed([before, painted], () => work.next());
      if (step.done === true) return { ...step.value, problems: [] };
      yield;
    }
  }
  return {
    read: (file, options) => toEnd(reading(file, options)),
    reading,
    isCurrent(file, options) {
      const painted = last.get(file.path);
      return painted?.original === file.text && reader.isCurrent(painted.file, optionsOf(painted, options));
    },
  };
}

function optionsOf({ file, includes, classes }: Painted, options: ParseOptions): ParseOptions {
  return {
    ...options,
    include(request) {
      // Headers of the driver may lie among the includes: their text is the user's, which says what may be shared.
      if (request.name === includesName) return { kind: 'found', file: includes, isSystem: false };
      if (request.name === classesName) return { kind: 'found', file: classes, isSystem: true };
      const found = options.include(request.from === includes ? { ...request, from: file } : request);
      return found.kind === 'found' && !found.isSystem ? { ...found, file: viewOfHeader(found.file) } : found;
    },
    forcedIncludes: [...(options.forcedIncludes ?? []), includesName, classesName],
    // The initializer has the type, as with the word that C does not have.
    defines: { ...options.defines, ...madeUpMacros },
  };
}

/**
 * Does something with the texts that are read, the one at hand and the one that it is held against. Both have the places
 * of the originals, and whoever looks at the files from outside means what is written there.
 */
function whileViewed<Result>(files: readonly (Painted | undefined)[], work: () => Result): Result {
  for (const one of files) if (one !== undefined) one.file.text = one.view;
  try {
    return work();
  } finally {
    for (const one of files) if (one !== undefined) one.file.text = one.original;
  }
}

/** A file that nobody can be shown. */
export function isPrelude({ path }: SourceFile): boolean {
  return path === includesName || path === classesName;
}

/** A place that nobody wrote: that of a header of the driver is in front of its first line. */
export function isInPrelude({ file, start }: Pick<Span, 'file' | 'start'>): boolean {
  return isPrelude(file) || start < (file.lineStarts[0] ?? 0);
}

/** The last used one comes last, and the first ones go. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const old of map.keys()) if (map.size > rememberedMax) map.delete(old);
}

/**
 * A header of the driver. What C must know before it stands in front of its first line and is counted as part of it, so
 * that lines and columns stay those of the header. That is outside of the header's own guard, and classes are declared
 * once: two headers that include each other would else do so without end.
 */
const viewOfHeader = memo((file: SourceFile): SourceFile => {
  const view = cView(file.text);
  const before = view.prelude.includes + view.prelude.classes;
  const front = before === '' ? '' : `#pragma once\n${before}`;
  const lineStarts = file.lineStarts.map((start) => start + front.length);
  const shown: SourceFile = { path: file.path, text: front + view.text, lineStarts };
  const moved = (at: number): number => at + front.length;
  const scopes = view.scopes.map((scope) => ({
    ...scope,
    nameStart: moved(scope.nameStart),
    start: moved(scope.start),
    end: moved(scope.end),
  }));
  scopesOfHeaders.set(shown, scopes);
  return shown;
});

/** Of headers only the view is known to those who are shown it. */
const scopesOfHeaders = new WeakMap<SourceFile, readonly Scope[]>();

/** The namespaces and classes of a C++ file or of a header that one includes. */
export const scopesOf = memo(
  (file: SourceFile): readonly Scope[] => scopesOfHeaders.get(file) ?? cView(file.text).scopes,
);
