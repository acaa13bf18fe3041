/**
 * The front door of lint: files that were read, together, in; findings out, sorted by place.
 *
 * Files given together are one driver: a helper or completion routine in one of them is known in the others. Nothing
 * is found in bundled headers. Where a function was too much for the engine's limits, that is said, not hidden.
 */
import type { Finding } from '../../base/finding.ts';
import { type InPieces, toEnd } from '../../base/in-pieces.ts';
import type { Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { type AtEnd, type Collector, createCollector } from './collect.ts';
import { analyseFunction } from './flow/run/analyse.ts';
import { analysisOf } from './flow/run/run.ts';
import { createSession, type FunctionInfo, type Session, settle } from './flow/run/session.ts';
import { rules } from './rules/index.ts';
import { applySilences, type Silenced, UNUSED_SILENCE } from './silence/silence.ts';

export { UNUSED_SILENCE } from './silence/silence.ts';
export { SYNTAX_RULE, syntaxFindings } from './syntax.ts';

/** A function that was not analysed to the end, or not each way through it by itself. */
export interface LimitNote {
  readonly span: Span;
  readonly name: string;
  readonly message: string;
}

export interface LintResult {
  readonly findings: readonly Finding[];
  /** Those that marks in the text hide. */
  readonly silenced: readonly Silenced[];
  readonly limits: readonly LimitNote[];
}

export interface LintListener {
  /** All functions of one more unit have been analysed. */
  readonly checked: () => void;
}

export function lint(
  units: readonly TranslationUnit[],
  catalog: Catalog,
  listener: LintListener = { checked: () => undefined },
): LintResult {
  const collector = createCollector(rules, (): Session => session);
  const session: Session = createSession(units, catalog, {
    observer: collector.observer,
    analyse: analyseFunction,
  });
  const byUnit = new Map(units.map((unit) => [unit, [] as FunctionInfo[]]));
  for (const fn of session.functions) if (fn.isUsers) byUnit.get(fn.unit)?.push(fn);
  for (const functions of byUnit.values()) {
    for (const fn of functions) analysisOf(session, fn);
    listener.checked();
  }
  return toEnd(concluded(session, collector, units, (span) => span)).result;
}

/**
 * Analyses what has not been analysed yet, and gives what was found in all of it. `known` is what the rules said of the
 * whole run, where that is known.
 */
export function* concluded(
  session: Session,
  collector: Collector,
  units: readonly TranslationUnit[],
  locate: (span: Span) => Span,
  known?: AtEnd,
): InPieces<{ readonly result: LintResult; readonly atEnd: AtEnd }> {
  const limits: LimitNote[] = [];
  for (const fn of session.functions) {
    if (!fn.isUsers) continue;
    const limit = analysisOf(session, fn)?.limit;
    if (limit === undefined) continue;
    const { nameToken, symbol } = fn.definition;
    limits.push({
      span: place(nameToken),
      name: symbol.name,
      message: `${symbol.name} ${limit}.`,
    });
  }
  settle(session);
  const atEnd = known ?? (yield* collector.finish());
  const found = collector
    .findings(atEnd, locate)
    .filter(({ span }) => units.every((unit) => !unit.isSystemFile(span.file)));
  const limited = limits.map(({ span }) => span);
  const { findings, silenced } = applySilences(found, units, silenceable, limited);
  return { result: { findings: sorted(findings), silenced, limits }, atEnd };
}

const silenceable: ReadonlyMap<string, readonly string[]> = new Map([
  ...rules.map((rule) => [rule.id, rule.also] as const),
  [UNUSED_SILENCE, []] as const,
]);

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.span.file.path, b.span.file.path) || a.span.start - b.span.start || compareText(a.rule, b.rule),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
