/**
 * The session of a newer text: in come the session of the older one and what has changed, out come the newer one and the
 * functions whose analyses are of no use in it. All others are taken over as they are.
 */
import type { InPieces } from '../../../base/in-pieces.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { nodesIn } from '../body/nodes.ts';
import { calledName } from '../driver/callee.ts';
import { groupedByName } from '../driver/named.ts';
import { storedText } from '../driver/reach.ts';
import { mentionsText } from '../driver/roles.ts';
import { asksHere } from '../flow/calls/pool.ts';
import { isAnsweredAlike } from '../flow/run/asked.ts';
import { ringOf, ringsOf } from '../flow/run/rings.ts';
import { createSession, type FunctionInfo, type Session } from '../flow/run/session.ts';

export interface Changes {
  /** Functions whose bodies have changed, gone or come, as they were and as they are. */
  readonly olds: readonly FunctionDefinition[];
  readonly nows: readonly FunctionDefinition[];
  /** Names of file scope that may mean something else; those of functions that have gone or come are among them. */
  readonly names: ReadonlySet<string>;
  /** Other functions of the older text whose bodies mention one of the names. */
  readonly mentioning: readonly FunctionDefinition[];
  /** Functions that must be analysed again for other reasons, where these are. */
  readonly outdated: (stale: ReadonlySet<FunctionInfo>) => readonly FunctionInfo[];
}

export interface Renewed {
  readonly session: Session;
  readonly stale: ReadonlySet<FunctionInfo>;
  /** All functions say what they said, and are analysed. */
  readonly isAsBefore: boolean;
}

export function withChanged(session: Session, unit: TranslationUnit, changes: Changes): Renewed {
  const { functions } = session;
  const { olds, nows, names, mentioning, outdated } = changes;
  const changesAnything = olds.length > 0 || nows.length > 0 || names.size > 0;
  const isToldAlike = names.size === 0 && olds.map(toldText).join('\n') === nows.map(toldText).join('\n');
  const without = sessionsOf(session, unit, isToldAlike ? session.sameNames : {});
  const definitions = new Set([...olds, ...mentioning]);
  const calls = new Set([...olds, ...nows].flatMap(callsIn));
  const isTouched = ({ definition, asked }: FunctionInfo): boolean =>
    definitions.has(definition) ||
    names.has(definition.symbol.name) ||
    (changesAnything && asked.isOfAll) ||
    [...asked.names].some((name) => calls.has(name));
  const first = dependents(session, functions.filter(isTouched));
  const touched = dependents(session, [...first, ...outdated(first)]);
  const next = without(touched);
  if (!changesAnything) return { session: next, stale: touched, isAsBefore: touched.size === 0 };
  const answered = functions.filter((fn) => !touched.has(fn) && !isAnsweredAlike(fn, next));
  if (answered.length === 0) return { session: next, stale: touched, isAsBefore: false };
  const stale = dependents(session, [...touched, ...answered]);
  return { session: without(stale), stale, isAsBefore: false };
}

/** The session of the unit that takes over the functions but for some. */
function sessionsOf(
  { catalog, names, observer, analyse, functions }: Session,
  unit: TranslationUnit,
  sameNames: object,
): (stale: ReadonlySet<FunctionInfo>) => Session {
  const byName = groupedByName(functions);
  return (stale) => {
    /** While a function is copied to be changed, there are two of its name: they stand in the order of the text. */
    const seen = new Map<string, number>();
    const known = ({ symbol: { name } }: FunctionDefinition): FunctionInfo | undefined => {
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      const fn = byName.get(name)?.[nth];
      return fn === undefined || stale.has(fn) ? undefined : fn;
    };
    return createSession([unit], catalog, { observer, analyse }, { names, known, sameNames });
  };
}

/** The functions, the others of their rings, and all whose analysis has asked for theirs, directly or not. */
export function dependents(session: Session, changed: readonly FunctionInfo[]): ReadonlySet<FunctionInfo> {
  const stale = new Set(changed);
  const rings = ringsOf(session);
  const dependsOnStale = (fn: FunctionInfo): boolean => {
    for (const other of fn.told.asked) if (stale.has(other)) return true;
    return (rings.get(fn.key)?.length ?? 1) > 1 && ringOf(session, fn).some((other) => stale.has(other));
  };
  for (let before = -1; before !== stale.size; ) {
    before = stale.size;
    for (const fn of session.functions) if (!stale.has(fn) && dependsOnStale(fn)) stale.add(fn);
  }
  return stale;
}

/**
 * Looks at the bodies that are to be analysed, one at a time: what each says by itself is kept. The first that is analysed
 * asks what they all say together, which in a long file would take as long as many of them.
 */
export function* lookedThrough({ functions }: Session): InPieces<undefined> {
  for (const { analysis, definition } of functions) {
    if (analysis !== 'none') continue;
    toldText(definition);
    yield;
  }
  return undefined;
}

/** What a body names, calls and stores: what `ofNames` keeps of a session is told from this of all bodies. */
function toldText(definition: FunctionDefinition): string {
  const calls = callsIn(definition).join();
  return `${calls}|${mentionsText(definition)}|${storedText(definition)}|${asksHere(definition)}`;
}

/** Names of what is called, functions and members, in order. */
function callsIn(definition: FunctionDefinition): readonly string[] {
  return nodesIn(definition, 'call').flatMap((call) => calledName(call) ?? []);
}
