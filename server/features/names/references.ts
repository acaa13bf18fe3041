/**
 * References: every place in the driver's files that names the same thing. What other files may name is looked for in
 * every unit that is given; what is local in the unit of the cursor only. Highlights are the references of one file.
 */
import { distinctSpans, type SourceFile, type Span } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { type Entity, entityKey, entityName, isShared } from './entity.ts';
import { isSame, nameIndex, occurrenceAt } from './name-index.ts';
import type { Role } from './tree-names.ts';

export interface Reference {
  readonly span: Span;
  readonly role: Role;
}

/** What is looked for. */
export interface Target {
  readonly name: string;
  readonly key: string;
  /** Set for a structure or union, which another file may know by its tag alone. */
  readonly tag: string | undefined;
  /** Other files may name it. */
  readonly isShared: boolean;
  readonly entity: Entity;
  readonly span: Span;
}

/** What stands at an offset of one of the unit's files; undefined where nothing is named. */
export function targetAt(unit: TranslationUnit, offset: number, file: SourceFile = unit.file): Target | undefined {
  const found = occurrenceAt(unit, file, offset);
  if (found === undefined) return undefined;
  const { entity, start, end } = found;
  return {
    name: entityName(entity),
    key: entityKey(entity),
    tag: entity.kind === 'record' ? entity.record.tag : undefined,
    isShared: isShared(entity),
    entity,
    span: { file, start, end },
  };
}

/** Where the name is spelt, in the order of the files of the unit, then of place. */
export function referencesIn(unit: TranslationUnit, target: Target): readonly Reference[] {
  const index = nameIndex(unit);
  return index.files.flatMap((file) => referencesInFile(unit, file, target));
}

/** Calls of macros that name it without its name standing there, each place once. */
export function referencesByMacros(unit: TranslationUnit, { key }: Target): readonly Span[] {
  return distinctSpans(nameIndex(unit).madeAt(key));
}

export function highlights({ unit }: Analysis, offset: number): readonly Reference[] {
  const target = targetAt(unit, offset);
  return target === undefined ? [] : referencesInFile(unit, unit.file, target);
}

function referencesInFile(unit: TranslationUnit, file: SourceFile, { name, key, tag }: Target): readonly Reference[] {
  // Most files do not have the word at all.
  if (!file.text.includes(name)) return [];
  return nameIndex(unit)
    .occurrences(file)
    .filter(({ entity }) => entityName(entity) === name && isSame(entity, key, tag))
    .map(({ start, end, role }) => ({ span: { file, start, end }, role }));
}
