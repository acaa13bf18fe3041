/**
 * What headers that are parsed once for many units say of names that nothing declares, and when that may be said again.
 *
 * In: a parser at the end of a segment of headers. Out: what a parser that goes on from there takes over, and on what it
 * hangs. What is said of an unknown name depends on more than the headers: on whether the unit lacks a header, and on its
 * macros, one of which may be meant. So a state is taken only by a unit for which all of that is the same.
 */
import { append } from '../../../base/append.ts';
import { isCplusplusName } from '../../../base/source.ts';
import type { SyntaxProblem } from '../../errors.ts';
import type { RecordDefinition } from '../../types/types.ts';
import type { MacroSearch, NameSources, UnincludedName, UnknownName, UnknownPlace } from '../mistakes/name-sources.ts';
import { isCallMacro, nearMacro } from '../mistakes/near-macro.ts';
import type { Parser } from '../state.ts';

/** What a parser has gathered about unknown names. Places are counted from the end of what it has read: below zero. */
export interface Doubts {
  readonly unresolved: ReadonlyMap<string, UnknownName>;
  readonly unincluded: ReadonlyMap<string, UnincludedName>;
  readonly places: readonly UnknownPlace[];
  readonly unknown: ReadonlySet<string>;
  readonly incomplete: ReadonlySet<RecordDefinition>;
  readonly nearSearches: number;
  readonly asked: ReadonlySet<string>;
  readonly searches: readonly MacroSearch[];
}

/** What must be the same in another unit. */
export interface Surroundings {
  readonly hasMissing: boolean;
  readonly areKnown: boolean;
  /** Patterns of names that bundled headers lack. */
  readonly lacked: string;
  readonly isCplusplus: boolean;
  /** Names of which no macro with parameters may be defined. */
  readonly asked: ReadonlySet<string>;
  /** Misspelt names, perhaps, of which no macro may be near. */
  readonly searches: readonly MacroSearch[];
}

/** Undefined where no name was unknown. */
export function doubtsOf(p: Parser): Doubts | undefined {
  const { names, unknown, incomplete, nearSearches } = p;
  const { unresolved, unincluded, places, asked, searches } = names;
  if (unknown.size + incomplete.size + places.length + asked.size + nearSearches === 0) return undefined;
  const end = p.tokens.length - 1;
  return {
    unresolved: new Map(unresolved),
    unincluded: new Map(unincluded),
    places: places.map(({ index, span }) => ({ index: index - end, span })),
    unknown: new Set(unknown),
    incomplete: new Set(incomplete),
    nearSearches,
    asked: new Set(asked),
    searches: [...searches],
  };
}

/** Puts what is known of the headers before into what a new parser knows. */
export function takeOver(names: NameSources, doubts: Doubts): void {
  for (const [name, unknown] of doubts.unresolved) names.unresolved.set(name, unknown);
  for (const [name, unknown] of doubts.unincluded) names.unincluded.set(name, unknown);
  append(names.places, doubts.places);
  for (const name of doubts.asked) names.asked.add(name);
  append(names.searches, doubts.searches);
}

/** What the state of headers hangs on; undefined where that is nothing: Microsoft's own declare all that they name. */
export function surroundingsOf(
  { names }: Parser,
  of: {
    readonly doubts: Doubts | undefined;
    readonly problems: readonly SyntaxProblem[];
    readonly areBundled: boolean;
  },
): Surroundings | undefined {
  if (of.areBundled && of.doubts === undefined && of.problems.length === 0) return undefined;
  return {
    ...lacksOf(names),
    asked: of.doubts?.asked ?? new Set(),
    searches: of.doubts?.searches ?? [],
  };
}

export function areSame(surroundings: Surroundings | undefined, names: NameSources): boolean {
  if (surroundings === undefined) return true;
  const { asked, searches, ...lacks } = surroundings;
  const now = lacksOf(names);
  if (lacks.hasMissing !== now.hasMissing || lacks.areKnown !== now.areKnown) return false;
  if (lacks.lacked !== now.lacked || lacks.isCplusplus !== now.isCplusplus) return false;
  for (const name of asked) if (isCallMacro(names.macros.get(name))) return false;
  return searches.every((search) => nearMacro(names.macros, search) === undefined);
}

function lacksOf(names: NameSources): Omit<Surroundings, 'asked' | 'searches'> {
  return {
    hasMissing: names.missing.length > 0,
    areKnown: names.areKnown,
    lacked: names.lacked.map(String).join(),
    isCplusplus: isCplusplusName(names.main),
  };
}
