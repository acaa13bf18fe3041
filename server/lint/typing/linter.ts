/**
 * Lint of one file while it is typed: gives what `lint` gives, and analyses again only what a change can have changed.
 *
 * A function's analysis is kept where what stands at file scope means to it what it meant (change.ts), its own body and the
 * bodies of all functions whose analysis it asked for say what they said, and all that it asked of the whole driver is
 * answered as it was (flow/run/asked.ts). Most bodies have the same text; one that was edited may have got a comment, or a
 * name that is still being typed. What the analyses tell of each other and of the whole driver is put together anew each
 * time, and rules that look at the whole see the new text. What was kept speaks of places in an earlier text; they are
 * moved at the end.
 *
 * Where any of this is in doubt all is analysed again. An analysis keeps the text alive that it was made of, and only so
 * many texts may be alive at once: what was made of the others is made again.
 */
import { advanced, type InPieces, toEnd } from '../../../base/in-pieces.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { type AtEnd, type Collector, createCollector } from '../collect.ts';
import { analyseFunction } from '../flow/run/analyse.ts';
import { analysisOf } from '../flow/run/run.ts';
import { createSession, type FunctionInfo, renew, type Session } from '../flow/run/session.ts';
import { concluded, type LintResult } from '../lint.ts';
import { rules } from '../rules/index.ts';
import { type Base, baseOf, hasTreesOf, isNearer, mayLeadBack, restored } from './base.ts';
import {
  type Alignment,
  aligned,
  areLinesMoved,
  bodyEdit,
  bodyText,
  concernedBy,
  type Pair,
  piecesOf,
} from './change.ts';
import { createHistory, type History } from './history.ts';
import { movedOutline } from './moved-outline.ts';
import { mayBeAsBefore, type Outline, type OutlinedUnit, outlineOf, type Part } from './outline.ts';
import { type Changes, dependents, lookedThrough, withChanged } from './renewed.ts';
import { saysTheSame } from './same-statements.ts';

export interface Linter {
  readonly lint: (unit: TranslationUnit) => LintResult;
  /**
   * Looks through the unit's functions and analyses them until time is up, at least one, and then puts together what was
   * found; false where something is left. `lint` needs only that then, and a later text begins with what was analysed of
   * this one.
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
/** Texts that are read between two that are linted: where more are, what was found in the first of them is looked for longer. */
const MAX_NOTED = 3;
/** Stretches that lie between an analysis and the latest text: each place of it is looked for among them. */
const MAX_STRETCHES = 500;

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
  /** What the rules said of the whole run, once it has come to its end. */
  readonly ending: Ending | undefined;
}

interface Ending {
  readonly atEnd: AtEnd;
  /** The text that it speaks of. */
  readonly of: Outline;
}

/** A run that may not have come to its end. */
interface Running {
  readonly unit: TranslationUnit;
  readonly outlined: OutlinedUnit;
  readonly start: Start;
  /** Done before the first function is analysed in pieces. */
  look: InPieces<undefined> | undefined;
  /** What is worked out once all functions have been analysed, as far as it has come, and the result. */
  conclusion: InPieces<LintResult> | undefined;
  result: LintResult | undefined;
  ending: Ending | undefined;
}

export function createLinter(catalog: Catalog, analyse: Session['analyse'] = analyseFunction): Linter {
  let kept: Kept | undefined;
  /** What was kept before, as long as a later text may have more of it. */
  let base: Base<Kept> | undefined;
  /** What `kept` was made of, if that is of this unit. */
  let running: Running | undefined;
  let latest: { readonly unit: TranslationUnit; readonly outlined: OutlinedUnit } | undefined;
  /** Texts that were read since the one that is kept, and not linted. */
  let noted: readonly Outline[] = [];
  const history = createHistory();
  const outlinedOf = (unit: TranslationUnit): OutlinedUnit => {
    if (latest?.unit === unit) return latest.outlined;
    const before = [kept, base?.kept].find((one) => one !== undefined && hasTreesOf(one.outlined, unit));
    const moved = before === undefined ? undefined : movedOutline(before.outlined, unit);
    latest = { unit, outlined: moved ?? outlineOf(unit) };
    return latest.outlined;
  };
  const setBase = (now: Base<Kept> | undefined): void => {
    if (base !== undefined) history.release(base.kept.outlined.outline.file);
    if (now !== undefined) history.hold(now.kept.outlined.outline.file);
    base = now;
  };
  /** What the unit's run is made of. */
  const beforeOf = (unit: TranslationUnit, outlined: OutlinedUnit): Kept | undefined => {
    if (kept === undefined || hasTreesOf(kept.outlined, unit)) return kept;
    const isBack = base !== undefined && isNearer(outlined, base.kept.outlined, kept.outlined);
    const before = isBack && base !== undefined ? restored(base) : undefined;
    if (before !== undefined) setBase(undefined);
    const last = before ?? kept;
    if (base === undefined) setBase(baseOf(last));
    if (base !== undefined && !mayLeadBack(base.kept.outlined, outlined, unit)) setBase(undefined);
    return last;
  };
  const runOf = (unit: TranslationUnit): Running => {
    const known = running?.unit === unit ? running : undefined;
    const outlined = known?.outlined ?? outlinedOf(unit);
    const before = known === undefined ? beforeOf(unit, outlined) : undefined;
    // A run that fails leaves nothing that the next could build upon.
    kept = undefined;
    running = undefined;
    if (known !== undefined) return known;
    const start = before === undefined ? undefined : continued(before, unit, outlined, history);
    if (start !== undefined) for (const old of noted) follow(history, old, outlined.outline);
    noted = [];
    const { session, ...rest } = start ?? afresh(unit, catalog, analyse);
    const look = lookedThrough(session);
    const { ending } = rest;
    return { unit, outlined, start: { session, ...rest }, look, conclusion: undefined, result: undefined, ending };
  };
  const conclusionOf = (run: Running): InPieces<LintResult> => {
    run.conclusion ??= concludedWith(run, history);
    return run.conclusion;
  };
  const keep = (run: Running): void => {
    running = run;
    kept = keptOf(run);
  };
  return {
    expect({ text }) {
      if (kept !== undefined && !mayBeAsBefore(kept.outlined.outline, text)) {
        kept = undefined;
        setBase(undefined);
      }
      latest = undefined;
      running = undefined;
    },
    note(unit) {
      if (kept === undefined) return;
      const { outline } = outlinedOf(unit);
      if (outline.file === kept.outlined.outline.file) return;
      const [oldest, ...others] = noted;
      if (oldest !== undefined && noted.length >= MAX_NOTED) follow(history, oldest, outline);
      noted = [...(noted.length >= MAX_NOTED ? others : noted), outline];
    },
    advance(unit, isTimeUp) {
      const run = runOf(unit);
      const { session } = run.start;
      if (run.look !== undefined && advanced(run.look, isTimeUp) !== undefined) run.look = undefined;
      const isDone =
        run.look === undefined &&
        session.functions.every((fn) => {
          if (!fn.isUsers || fn.analysis !== 'none') return true;
          analysisOf(session, fn);
          return !isTimeUp();
        });
      if (isDone) run.result ??= advanced(conclusionOf(run), isTimeUp)?.result;
      keep(run);
      return run.result !== undefined;
    },
    lint(unit) {
      const run = runOf(unit);
      run.result ??= toEnd(conclusionOf(run));
      keep(run);
      return run.result;
    },
  };
}

function follow(history: History, old: Outline, now: Outline): void {
  if (old.file !== now.file) history.follows(old.file, now.file, piecesOf(old, now, aligned(old, now).pairs));
}

function* concludedWith(run: Running, history: History): InPieces<LintResult> {
  const {
    unit,
    outlined: { outline },
    start: { session, collector },
    ending,
  } = run;
  const locate = (span: Span): Span => history.located(span, unit.file);
  const { result, atEnd } = yield* concluded(session, collector, [unit], locate, ending?.atEnd);
  run.ending ??= { atEnd, of: outline };
  return result;
}

function keptOf({ unit, outlined, start: { session, collector, texts }, ending }: Running): Kept {
  const analysed = session.functions.filter(({ analysis }) => analysis !== 'none');
  return {
    session,
    collector,
    outlined,
    includes: unit.includes.map(({ file }) => file),
    texts: new Map(analysed.map((fn) => [fn, texts.get(fn) ?? outlined.outline])),
    ending,
  };
}

type Start = Pick<Kept, 'session' | 'collector' | 'texts' | 'ending'>;

function afresh(unit: TranslationUnit, catalog: Catalog, analyse: Session['analyse']): Start {
  const collector = createCollector(rules, (): Session => session);
  const session: Session = createSession([unit], catalog, {
    observer: collector.observer,
    analyse,
  });
  return { session, collector, texts: new Map(), ending: undefined };
}

function continued(kept: Kept, unit: TranslationUnit, outlined: OutlinedUnit, history: History): Start | undefined {
  const { session, collector } = kept;
  const [old, now] = [kept.outlined.outline, outlined.outline];
  if (session.isTangled || !isSameIncludes(kept, unit)) return undefined;
  const alignment = aligned(old, now);
  if (unit.file.text.includes('__LINE__') && areLinesMoved(old, now, alignment.pairs)) return undefined;
  const concerned = concernedBy(alignment, old, now, unit);
  const changed = changedBodies(kept, unit, outlined, alignment);
  if (concerned === undefined || changed === undefined) return undefined;
  const mentioning = alignment.pairs.flatMap((pair) =>
    concerned.bodies.has(pair.now) ? (kept.outlined.definitions.get(pair.old) ?? []) : [],
  );
  if (mentioning.some(declaresForOthers)) return undefined;
  for (const pair of alignment.pairs) {
    const [before, after] = [kept.outlined.definitions.get(pair.old), outlined.definitions.get(pair.now)];
    if (before !== undefined && after !== undefined) session.names.follows(after, before);
  }
  const {
    session: next,
    stale,
    isAsBefore,
  } = withChanged(session, unit, {
    ...changed,
    names: concerned.names,
    mentioning,
    outdated: (touched) => ofOldTexts(kept, touched, history),
  });
  if (next.isTangled) return undefined;
  history.follows(old.file, now.file, piecesOf(old, now, alignment.pairs));
  renew(session, next);
  const texts = new Map([...kept.texts].filter(([fn]) => !stale.has(fn)));
  const { ending } = kept;
  const isKnown = isAsBefore && ending !== undefined && history.stretches(ending.of.file) <= MAX_STRETCHES;
  return { session, collector, texts, ending: isKnown ? ending : undefined };
}

/** Bodies that say something else than before, and those that only one of the texts has. */
function changedBodies(
  kept: Kept,
  unit: TranslationUnit,
  outlined: OutlinedUnit,
  { pairs, gone, come }: Alignment,
): Pick<Changes, 'olds' | 'nows'> | undefined {
  const definitionsOf = ({ definitions }: OutlinedUnit, parts: readonly Part[]) =>
    parts.flatMap((part) => definitions.get(part) ?? []);
  const olds = [...definitionsOf(kept.outlined, gone)];
  const nows = [...definitionsOf(outlined, come)];
  for (const pair of pairs) {
    const [old, now] = [kept.outlined.definitions.get(pair.old), outlined.definitions.get(pair.now)];
    if (old === undefined || now === undefined || isKept(kept, unit, outlined, pair)) continue;
    olds.push(old);
    nows.push(now);
  }
  return [...olds, ...nows].some(declaresForOthers) ? undefined : { olds, nows };
}

/** Functions that were analysed in texts of which too many are alive, or from which the way has too many stretches. */
function ofOldTexts(
  { texts }: Kept,
  stale: ReadonlySet<FunctionInfo>,
  { stretches }: History,
): readonly FunctionInfo[] {
  const counts = new Map<Outline, number>();
  const left = [...texts].filter(([fn]) => !stale.has(fn));
  for (const [, text] of left) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_TEXTS - 1);
  const alive = new Set(most.flatMap(([text]) => (stretches(text.file) > MAX_STRETCHES ? [] : [text])));
  return left.flatMap(([fn, text]) => (alive.has(text) ? [] : [fn]));
}

/** The function has the same text, or says what it said and nothing that was found in it depends on its lines. */
function isKept(
  { session, collector, outlined: { outline: old, definitions } }: Kept,
  unit: TranslationUnit,
  { outline: now, definitions: newer }: OutlinedUnit,
  pair: Pair,
): boolean {
  const [definition, edited] = [definitions.get(pair.old), newer.get(pair.now)];
  const [before, after] = [pair.old.body, pair.now.body];
  if (definition === undefined || edited === undefined || before === undefined || after === undefined) return false;
  if (bodyText(old, before) === bodyText(now, after)) return true;
  const own = session.functions.find((fn) => fn.definition === definition);
  if (own === undefined || [...dependents(session, [own])].some(collector.sawLines)) return false;
  // Nothing that is read has changed in it.
  if (definition === edited) return true;
  return saysTheSame(definition, edited, {
    from: { file: old.file, start: before.start },
    to: { file: now.file, start: after.start },
    edit: bodyEdit(old, before, now, after),
    lacksHeaders: unit.includes.some(({ file }) => file === undefined),
  });
}

function isSameIncludes({ includes }: Kept, unit: TranslationUnit): boolean {
  return includes.length === unit.includes.length && unit.includes.every(({ file }, index) => file === includes[index]);
}

/** It has a declaration of something that other functions may use, too. */
function declaresForOthers({ body: { first, last } }: FunctionDefinition): boolean {
  return /\bextern\b/.test(first.file.text.slice(first.start, last.end));
}
