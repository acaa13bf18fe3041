/**
 * Where each name of the driver's files stands, and what it stands for: the one source of references, rename,
 * highlights and coloured names, so that they agree. Made when somebody first asks, and kept as long as the unit lives.
 */
import { lowerBound } from '../../../base/lower-bound.ts';
import { memo } from '../../../base/memo.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { type Entity, entityKey, incompleteKey } from './entity.ts';
import { textNames } from './text-names.ts';
import { type Occurrence, treeNames } from './tree-names.ts';

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

export const nameIndex: (unit: TranslationUnit) => NameIndex = memo(makeIndex);

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

function makeIndex(unit: TranslationUnit): NameIndex {
  const tree = treeNames(unit);
  const byFile = new Map<SourceFile, readonly Occurrence[]>();
  const files = new Set([unit.file]);
  for (const { file } of unit.includes) if (file !== undefined && !unit.isSystemFile(file)) files.add(file);
  return {
    files: [...files],
    occurrences(file) {
      let all = byFile.get(file);
      if (all === undefined) {
        all = unit.isSystemFile(file) ? [] : textNames(unit, file, tree.files.get(file));
        byFile.set(file, all);
      }
      return all;
    },
    madeAt: (key) => tree.made.get(key) ?? [],
    ambiguousAt: (key) => tree.ambiguous.get(key),
  };
}
