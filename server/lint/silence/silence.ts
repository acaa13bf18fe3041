/**
 * Takes away the findings that marks in the text allow. A mark that hides nothing is itself a finding, so that marks do
 * not outlive what they were for. It is not told where lint could not look: in parts that conditions left out, in files
 * with a missing header, in functions beyond the limits.
 */
import type { Finding, Fix } from '../../../base/finding.ts';
import { nearestName } from '../../../base/nearest.ts';
import { positionAt, type SourceFile, type Span } from '../../../base/source.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { marksOf } from './comments.ts';
import type { LineRange, Mark } from './marks.ts';

export const UNUSED_SILENCE = 'unused-silence';

/** A finding that a mark hides. */
export interface Silenced {
  readonly finding: Finding;
  /** What the mark says after the rule; often empty. */
  readonly reason: string;
  readonly mark: Span;
}

export interface Silencing {
  readonly findings: readonly Finding[];
  readonly silenced: readonly Silenced[];
}

/** `rules`: each id with the names that engineers know it by. `limited`: functions that were not analysed to the end. */
export function applySilences(
  found: readonly Finding[],
  units: readonly TranslationUnit[],
  rules: ReadonlyMap<string, readonly string[]>,
  limited: readonly Span[] = [],
): Silencing {
  const marks = marksByFile(found, units);
  const used = new Set<Mark>();
  const findings: Finding[] = [];
  const silenced: Silenced[] = [];
  const take = (finding: Finding): void => {
    const { line } = positionAt(finding.span.file, finding.span.start);
    const hiding = (marks.get(finding.span.file) ?? []).filter(
      (mark) => covers(mark.lines, line) && allows(mark, finding.rule, rules),
    );
    for (const mark of hiding) used.add(mark);
    const [mark] = hiding;
    if (mark === undefined) findings.push(finding);
    else silenced.push({ finding, reason: mark.reason, mark: mark.span });
  };
  for (const finding of found) take(finding);
  for (const unit of units) {
    for (const mark of marks.get(unit.file) ?? []) {
      if (!used.has(mark) && isSurelyUnused(mark, unit, rules, limited)) take(unusedFinding(mark, rules));
    }
  }
  return { findings, silenced };
}

function marksByFile(
  found: readonly Finding[],
  units: readonly TranslationUnit[],
): ReadonlyMap<SourceFile, readonly Mark[]> {
  const marks = new Map<SourceFile, readonly Mark[]>();
  for (const unit of units)
    marks.set(
      unit.file,
      marksOf(unit.file, () => functionsIn(unit.file, units), unit.comments),
    );
  for (const { span } of found) {
    if (!marks.has(span.file))
      marks.set(
        span.file,
        marksOf(span.file, () => functionsIn(span.file, units)),
      );
  }
  return marks;
}

function functionsIn(file: SourceFile, units: readonly TranslationUnit[]): readonly LineRange[] {
  return units.flatMap((unit) =>
    unit.functions.flatMap(({ first, last }): readonly LineRange[] => {
      const start = place(first);
      const end = place(last);
      if (start.file !== file || end.file !== file) return [];
      return [{ first: positionAt(file, start.start).line, last: positionAt(file, end.start).line }];
    }),
  );
}

function covers({ first, last }: LineRange, line: number): boolean {
  return first <= line && line <= last;
}

function allows({ allows: allowed }: Mark, rule: string, rules: ReadonlyMap<string, readonly string[]>): boolean {
  if (allowed.kind === 'rule') return allowed.id === rule;
  return allowed.kind === 'number' && (rules.get(rule) ?? []).includes(`C${allowed.number}`);
}

function isSurelyUnused(
  { allows: allowed, span, lines }: Mark,
  unit: TranslationUnit,
  rules: ReadonlyMap<string, readonly string[]>,
  limited: readonly Span[],
): boolean {
  // A number is PREfast's first, which may need it. A mark against unused marks is of use when there will be one.
  if (allowed.kind === 'number' || (allowed.kind === 'rule' && allowed.id === UNUSED_SILENCE)) return false;
  if (unit.inactive.some((part) => part.file === span.file && part.start <= span.start && span.start < part.end))
    return false;
  if (allowed.kind === 'unread' || !rules.has(allowed.id)) return true;
  if (unit.includes.some(({ file }) => file === undefined)) return false;
  return !limited.some(({ file, start }) => file === span.file && covers(lines, positionAt(file, start).line));
}

function unusedFinding(mark: Mark, rules: ReadonlyMap<string, readonly string[]>): Finding {
  const { message, fixes } = complaint(mark, rules);
  return {
    rule: UNUSED_SILENCE,
    severity: 'info',
    message,
    span: mark.span,
    path: [],
    docRules: [],
    ...(fixes.length === 0 ? {} : { fixes }),
    tag: 'unnecessary',
  };
}

function complaint(
  { allows: allowed, removal }: Mark,
  rules: ReadonlyMap<string, readonly string[]>,
): { readonly message: string; readonly fixes: readonly Fix[] } {
  const remove = removal === undefined ? [] : [{ title: 'Remove the mark', edits: [{ span: removal, newText: '' }] }];
  if (allowed.kind === 'unread') {
    const what = allowed.word === '' ? 'names no rule' : `says "${allowed.word}", which means nothing here`;
    return { message: `This mark ${what}, so it hides nothing: write "wsk-lint: allow rule-id reason".`, fixes: [] };
  }
  const id = allowed.kind === 'rule' ? allowed.id : allowed.number;
  if (rules.has(id)) return { message: `This mark hides nothing: ${id} finds nothing here.`, fixes: remove };
  const near = nearestName(id, rules.keys(), Math.max(2, Math.floor(id.length / 4)));
  if (near === undefined || allowed.kind !== 'rule') {
    return { message: `There is no rule ${id}, so this mark hides nothing.`, fixes: remove };
  }
  const replace = { title: `Replace '${id}' by '${near}'`, edits: [{ span: allowed.span, newText: near }] };
  return {
    message: `There is no rule ${id}, so this mark hides nothing; is ${near} meant?`,
    fixes: [replace, ...remove],
  };
}
