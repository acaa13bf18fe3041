/**
 * Where each name of the driver's files stands, and what it stands for: the one source of references, rename,
 * highlights and coloured names, so that they agree. Made when somebody first asks, and kept as long as the unit lives.
 * Who has time reads it in pieces before that.
 */
import { type InPieces, toEnd } from '../../../base/in-pieces.ts';
import { lowerBound } from '../../../base/lower-bound.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { type Entity, entityKey, incompleteKey } from './entity.ts';
import { textNames } from './text-names.ts';
import { type Occurrence, type TreeNames, treeNames } from './tree-names.ts';

export interface NameIndex {
  /** The main file and those of its headers that are not bundled. */
  readonly files: readonly SourceFile[];
  /** In order of place. */
  occurrences(file: SourceFile): readonly Occurrence[];
  /** Places where a macro makes the name, so that it is not spelt there. */
  madeAt(key: string): readonly Span[];
  /** A place in a macro's body that names this and something else. */
  ambiguousAt(key: string): Span | undefined;
}

export function nameIndex(unit: TranslationUnit): NameIndex {
  return toEnd(indexing(unit));
}

/** Reads what there is to know of some of the unit's files; what is asked of them then is answered at once. */
export function* readingNames(unit: TranslationUnit, isWanted: (file: SourceFile) => boolean): InPieces<void> {
  const index = yield* indexing(unit);
  for (const file of index.files) if (isWanted(file)) yield* index.reading(file);
}

/** The name that begins or ends at the offset, or has it inside. */
export function occurrenceAt(unit: TranslationUnit, file: SourceFile, offset: number): Occurrence | undefined {
  const all = nameIndex(unit).occurrences(file);
  const found = all[lowerBound(all.length, (i) => (all[i] as Occurrence).end < offset)];
  return found !== undefined && found.start <= offset ? found : undefined;
}

/** Whether two names, perhaps of two units, stand for the same: a structure may be incomplete in one of them. */
export function isSame(entity: Entity, key: string, tag: string | undefined): boolean {
  const own = entityKey(entity);
  return own === key || (tag !== undefined && own === incompleteKey(tag));
}

interface Index extends NameIndex {
  /** What `occurrences` gives. */
  reading(file: SourceFile): InPieces<readonly Occurrence[]>;
}

const indexes = new WeakMap<TranslationUnit, Index>();

function* indexing(unit: TranslationUnit): InPieces<Index> {
  const known = indexes.get(unit) ?? createIndex(unit, yield* treeNames(unit));
  indexes.set(unit, known);
  return known;
}

function createIndex(unit: TranslationUnit, tree: TreeNames): Index {
  const byFile = new Map<SourceFile, readonly Occurrence[]>();
  function* reading(file: SourceFile): InPieces<readonly Occurrence[]> {
    const known = byFile.get(file);
    if (known !== undefined) return known;
    const all = unit.isSystemFile(file) ? [] : yield* textNames(unit, file, tree.files.get(file));
    byFile.set(file, all);
    return all;
  }
  const files = new Set([unit.file]);
  for (const { file } of unit.includes) if (file !== undefined && !unit.isSystemFile(file)) files.add(file);
  return {
    files: [...files],
    occurrences: (file) => toEnd(reading(file)),
    reading,
    madeAt: (key) => tree.made.get(key) ?? [],
    ambiguousAt: (key) => tree.ambiguous.get(key),
  };
}
