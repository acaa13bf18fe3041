/**
 * Lint of one file while it is typed: gives what `lint` gives, and analyses again only what a change can have changed.
 *
 * A function's analysis is kept where the text outside of function bodies is as it was, its own body and the bodies of all
 * functions whose analysis it asked for say what they said, and all that it asked of the whole driver is answered as it was
 * (flow/run/asked.ts). Most bodies have the same text; one that was edited may have got a comment, or a name that is still
 * being typed. What the analyses tell of each other and of the whole driver is put together anew each time, and rules that
 * look at the whole see the new text. What was kept speaks of places in an earlier text; they are moved at the end.
 *
 * Where any of this is in doubt all is analysed again. That also bounds the memory: an analysis keeps the text alive
 * that it was made of, and only so many texts may be alive at once.
 */
import type { SourceFile, Span } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { calledName } from '../callee.ts';
import { type Collector, createCollector } from '../collect.ts';
import { asksHere } from '../flow/calls/pool.ts';
import { analyseFunction } from '../flow/run/analyse.ts';
import { isAnsweredAlike } from '../flow/run/asked.ts';
import { ringOf } from '../flow/run/rings.ts';
import { analysisOf } from '../flow/run/run.ts';
import { createSession, type FunctionInfo, renew, type Session } from '../flow/run/session.ts';
import { conclude, type LintResult } from '../lint.ts';
import { nodesIn } from '../nodes.ts';
import { storedText } from '../reach.ts';
import { mentionsText } from '../roles.ts';
import { rules } from '../rules/index.ts';
import {
  addEdit,
  type Body,
  bodyEdit,
  changedBodies,
  linesOf,
  mayDifferInBodies,
  moved,
  type Outline,
  type OutlinedUnit,
  outlineOf,
  shareEdits,
} from './outline.ts';
import { saysTheSame } from './same-statements.ts';

export interface Linter {
  readonly lint: (unit: TranslationUnit) => LintResult;
  /**
   * Analyses functions of the unit until time is up, at least one; false where some are left. `lint` needs only those then,
   * and a later text begins with what was analysed of this one.
   */
  readonly advance: (unit: TranslationUnit, isTimeUp: () => boolean) => boolean;
  /**
   * To be told of a text before it is read. Where it is seen that nothing of an older one is of use for it, that is let
   * go of: two trees at once are twice the memory, and a text with a mistake above its headers has a large one.
   */
  readonly expect: (file: SourceFile) => void;
  /**
   * To be told of a unit that may not be linted. A reader moves the places of a tree from text to text
   * (cfront/typing/reader.ts) and may let go of it at any of them, while an analysis still speaks of its nodes.
   */
  readonly note: (unit: TranslationUnit) => void;
}

/** Texts that analyses may be of. */
const MAX_TEXTS = 3;

/** What is left of the last run. */
interface Kept {
  /** One object for as long as anything is kept: rules that were asked for later look at it then. */
  readonly session: Session;
  readonly collector: Collector;
  readonly outlined: OutlinedUnit;
  /** The included files as they were read. */
  readonly includes: readonly (SourceFile | undefined)[];
  /** The text of which each function's analysis was made, where there is one. */
  readonly texts: ReadonlyMap<FunctionInfo, Outline>;
}

/** A run that may not have come to its end. */
interface Running {
  readonly unit: TranslationUnit;
  readonly outlined: OutlinedUnit;
  readonly start: Start;
}

export function createLinter(catalog: Catalog, analyse: Session['analyse'] = analyseFunction): Linter {
  let kept: Kept | undefined;
  /** What `kept` was made of, if that is of this unit. */
  let running: Running | undefined;
  let latest: { readonly unit: TranslationUnit; readonly outlined: OutlinedUnit } | undefined;
  /** As long as something speaks of places in a text, its outline is there. */
  const outlines = new WeakMap<SourceFile, Outline>();
  const outlinedOf = (unit: TranslationUnit): OutlinedUnit => {
    if (latest?.unit !== unit) latest = { unit, outlined: outlineOf(unit) };
    outlines.set(unit.file, latest.outlined.outline);
    return latest.outlined;
  };
  const runOf = (unit: TranslationUnit): Running => {
    const before = kept;
    const known = running?.unit === unit ? running : undefined;
    // A run that fails leaves nothing that the next could build upon.
    kept = undefined;
    running = undefined;
    if (known !== undefined) return known;
    const outlined = outlinedOf(unit);
    const start = before === undefined ? undefined : continued(before, unit, outlined);
    return { unit, outlined, start: start ?? afresh(unit, catalog, analyse) };
  };
  const keep = (run: Running): void => {
    running = run;
    kept = keptOf(run);
  };
  return {
    expect({ text }) {
      if (kept !== undefined && !mayDifferInBodies(kept.outlined.outline, text)) kept = undefined;
      latest = undefined;
      running = undefined;
    },
    note(unit) {
      if (kept === undefined) return;
      const old = kept.outlined.outline;
      const now = outlinedOf(unit).outline;
      const changed = changedBodies(old, now);
      if (changed !== undefined) shareEdits(old, now, changed);
    },
    advance(unit, isTimeUp) {
      const run = runOf(unit);
      const { session } = run.start;
      const isDone = session.functions.every((fn) => {
        if (!fn.isUsers || fn.analysis !== 'none') return true;
        analysisOf(session, fn);
        return !isTimeUp();
      });
      keep(run);
      return isDone;
    },
    lint(unit) {
      const run = runOf(unit);
      const { session, collector } = run.start;
      const { outline } = run.outlined;
      const locate = (span: Span): Span => {
        const from = span.file === unit.file ? undefined : outlines.get(span.file);
        return from === undefined ? span : moved(span, from, outline);
      };
      const result = conclude(session, collector, [unit], locate);
      keep(run);
      return result;
    },
  };
}

function keptOf({ unit, outlined, start: { session, collector, texts } }: Running): Kept {
  const analysed = session.functions.filter(({ analysis }) => analysis !== 'none');
  return {
    session,
    collector,
    outlined,
    includes: unit.includes.map(({ file }) => file),
    texts: new Map(analysed.map((fn) => [fn, texts.get(fn) ?? outlined.outline])),
  };
}

type Start = Pick<Kept, 'session' | 'collector' | 'texts'>;

function afresh(unit: TranslationUnit, catalog: Catalog, analyse: Session['analyse']): Start {
  const collector = createCollector(rules, (): Session => session);
  const session: Session = createSession([unit], catalog, {
    observer: collector.observer,
    analyse,
  });
  return { session, collector, texts: new Map() };
}

function continued(kept: Kept, unit: TranslationUnit, outlined: OutlinedUnit): Start | undefined {
  const { session, collector } = kept;
  const changed = changedBodies(kept.outlined.outline, outlined.outline);
  if (changed === undefined || session.isTangled || !isSameIncludes(kept, unit)) return undefined;
  // The number of a line may be part of what a function says.
  const isMoved = (index: number): boolean =>
    linesOf(kept.outlined.outline, index) !== linesOf(outlined.outline, index);
  if (unit.file.text.includes('__LINE__') && changed.some(isMoved)) return undefined;
  shareEdits(kept.outlined.outline, outlined.outline, changed);
  const bodies: ChangedBody[] = [];
  for (const index of changed) {
    const old = kept.outlined.definitions[index];
    const now = outlined.definitions[index];
    if (old === undefined || now === undefined) return undefined;
    if (isKept(kept, unit, outlined, index)) continue;
    if ([old, now].some(declaresForOthers)) return undefined;
    bodies.push({ old, now });
  }
  const { session: next, stale } = withChanged(session, unit, bodies);
  if (next.isTangled) return undefined;
  const texts = new Map([...kept.texts].filter(([fn]) => !stale.has(fn)));
  if (new Set(texts.values()).add(outlined.outline).size > MAX_TEXTS) return undefined;
  renew(session, next);
  return { session, collector, texts };
}

interface ChangedBody {
  readonly old: FunctionDefinition;
  readonly now: FunctionDefinition;
}

/** The session for the new text, and the functions of the old one whose analyses are of no use in it. */
function withChanged(
  session: Session,
  unit: TranslationUnit,
  bodies: readonly ChangedBody[],
): { readonly session: Session; readonly stale: ReadonlySet<FunctionInfo> } {
  const { catalog, names, observer, analyse, functions } = session;
  const sameNames = bodies.every(({ old, now }) => toldText(old) === toldText(now)) ? session.sameNames : {};
  const byName = new Map<string, FunctionInfo[]>();
  for (const fn of functions) {
    const { name } = fn.definition.symbol;
    const others = byName.get(name);
    if (others === undefined) byName.set(name, [fn]);
    else others.push(fn);
  }
  const without = (stale: ReadonlySet<FunctionInfo>): Session => {
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
  const definitions = new Set(bodies.map(({ old }) => old));
  const calls = new Set(bodies.flatMap(({ old, now }) => [...callsIn(old), ...callsIn(now)]));
  const isTouched = ({ definition, asked }: FunctionInfo): boolean =>
    definitions.has(definition) ||
    (bodies.length > 0 && asked.isOfAll) ||
    [...asked.names].some((name) => calls.has(name));
  const touched = dependents(session, functions.filter(isTouched));
  const next = without(touched);
  if (bodies.length === 0) return { session: next, stale: touched };
  const others = functions.filter((fn) => !touched.has(fn) && !isAnsweredAlike(fn, next));
  if (others.length === 0) return { session: next, stale: touched };
  const stale = dependents(session, [...touched, ...others]);
  return { session: without(stale), stale };
}

/** The function says what it said, and nothing that was found in it depends on its lines. */
function isKept({ session, collector, outlined: old }: Kept, unit: TranslationUnit, now: OutlinedUnit, index: number) {
  const [definition, edited] = [old.definitions[index], now.definitions[index]];
  const [before, after] = [old.outline.bodies[index], now.outline.bodies[index]];
  if (definition === undefined || edited === undefined || before === undefined || after === undefined) return false;
  const own = session.functions.find((fn) => fn.definition === definition);
  if (own === undefined || [...dependents(session, [own])].some(collector.sawLines)) return false;
  const edit = bodyEdit(old.outline, now.outline, index);
  const origin = ({ file }: Outline, { start }: Body) => ({ file, start });
  const isSame = saysTheSame(definition, edited, {
    from: origin(old.outline, before),
    to: origin(now.outline, after),
    edit,
    lacksHeaders: unit.includes.some(({ file }) => file === undefined),
  });
  return isSame && addEdit(before, after, edit);
}

/** What a body names, calls and stores: what `ofNames` keeps of a session is told from this of all bodies. */
function toldText(definition: FunctionDefinition): string {
  const calls = callsIn(definition).join();
  return `${calls}|${mentionsText(definition)}|${storedText(definition)}|${asksHere(definition)}`;
}

function isSameIncludes({ includes }: Kept, unit: TranslationUnit): boolean {
  return includes.length === unit.includes.length && unit.includes.every(({ file }, index) => file === includes[index]);
}

/** The functions, the others of their rings, and all whose analysis has asked for theirs, directly or not. */
function dependents(session: Session, changed: readonly FunctionInfo[]): ReadonlySet<FunctionInfo> {
  const stale = new Set(changed);
  for (let before = -1; before !== stale.size; ) {
    before = stale.size;
    for (const fn of session.functions)
      if ([...fn.told.asked, ...ringOf(session, fn)].some((other) => stale.has(other))) stale.add(fn);
  }
  return stale;
}

/** It has a declaration of something that other functions may use, too. */
function declaresForOthers({ body: { first, last } }: FunctionDefinition): boolean {
  return /\bextern\b/.test(first.file.text.slice(first.start, last.end));
}

/** Names of what is called, functions and members, in order. */
function callsIn(definition: FunctionDefinition): readonly string[] {
  return nodesIn(definition, 'call').flatMap((call) => calledName(call) ?? []);
}
