/**
 * What was kept of a text before the latest: most of it comes back when what is being typed in one body (a comment, a
 * condition, a brace that was deleted) has an end. The reader keeps the trees of that text as long (cfront/typing/reader.ts).
 *
 * In: what is kept, before a later text makes its run of it. Out: the same again, as if that text had not come.
 */
import { editBetween, isHalfTyped } from '../../../cfront/typing/edit.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { type OutlinedUnit, partEnd } from './outline.ts';

export interface Base<Kept> {
  readonly kept: Kept;
  /** What a later run puts into the same objects. */
  readonly session: PropertyDescriptorMap;
  readonly functions: readonly (readonly [FunctionInfo, Pick<FunctionInfo, 'definition' | 'unit' | 'analysis'>])[];
}

interface OfText {
  readonly session: Session;
  readonly outlined: OutlinedUnit;
}

export function baseOf<Kept extends OfText>(kept: Kept): Base<Kept> {
  const { session } = kept;
  const functions = session.functions.map((fn) => {
    const { definition, unit, analysis } = fn;
    return [fn, { definition, unit, analysis }] as const;
  });
  return { kept, session: Object.getOwnPropertyDescriptors(session), functions };
}

/** Undefined where a function was analysed since then for the first time: in a text that says other things. */
export function restored<Kept extends OfText>({ kept, session, functions }: Base<Kept>): Kept | undefined {
  if (functions.some(([fn, { analysis }]) => fn.analysis !== analysis)) return undefined;
  Object.defineProperties(kept.session, session);
  for (const [fn, was] of functions) Object.assign(fn, was);
  return kept;
}

/** A text has about as many functions as that one, and not as another. */
export function isNearer(text: OutlinedUnit, base: OutlinedUnit, other: OutlinedUnit): boolean {
  const [wanted, a, b] = [text, base, other].map(({ definitions }) => definitions.size) as [number, number, number];
  return Math.abs(wanted - a) < Math.abs(wanted - b);
}

/** Functions of the unit are trees of that text. */
export function hasTreesOf({ definitions }: OutlinedUnit, { functions }: TranslationUnit): boolean {
  const now = new Set(functions);
  for (const definition of definitions.values()) if (now.has(definition)) return true;
  return false;
}

/** The unit may lead back to that text: it differs in one declaration, and is half typed. */
export function mayLeadBack(base: OutlinedUnit, now: OutlinedUnit, unit: TranslationUnit): boolean {
  const { outline } = base;
  const { start, olderEnd } = editBetween(outline.file.text, unit.file.text);
  const isInside = outline.parts.some((part) => start > part.start && olderEnd <= partEnd(part));
  return isInside && isHalfTyped(unit, now.definitions.size, base.definitions.size);
}
