/**
 * `// wsk-lint: allow rule-id reason` on the line of a finding or the line above hides it; so does the form with
 * slash and star. A mark that hides nothing is itself a finding, so that marks do not outlive what they were for.
 */
import type { Finding } from '../../base/finding.ts';
import { lineText, positionAt, type SourceFile, type Span } from '../../base/source.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

export const UNUSED_SILENCE = 'unused-silence';

interface Mark {
  readonly span: Span;
  readonly rule: string;
  /** Lines, from 0, whose findings it hides. */
  readonly lines: readonly number[];
}

const pattern = /wsk-lint:\s*allow\s+([a-z0-9-]+)/g;

/** The findings that no mark hides, and one for each mark of the units' main files that hides nothing. */
export function applySilences(
  findings: readonly Finding[],
  units: readonly TranslationUnit[],
  isRule: (id: string) => boolean,
): readonly Finding[] {
  const marks = new Map<SourceFile, readonly Mark[]>();
  for (const unit of units) marks.set(unit.file, unit.comments.flatMap(marksIn));
  for (const { span } of findings) if (!marks.has(span.file)) marks.set(span.file, headerMarks(span.file));
  const used = new Set<Mark>();
  const kept = findings.filter((finding) => {
    const line = positionAt(finding.span.file, finding.span.start).line;
    const hiding = (marks.get(finding.span.file) ?? []).filter(
      (mark) => mark.rule === finding.rule && mark.lines.includes(line),
    );
    for (const mark of hiding) used.add(mark);
    return hiding.length === 0;
  });
  const unused = units.flatMap((unit) => (marks.get(unit.file) ?? []).filter((mark) => !used.has(mark)));
  return [...kept, ...unused.map((mark) => unusedFinding(mark, isRule(mark.rule)))];
}

function marksIn(comment: Span): readonly Mark[] {
  const { file } = comment;
  return [...file.text.slice(comment.start, comment.end).matchAll(pattern)].map((match) => {
    const start = comment.start + match.index;
    return { span: { file, start, end: start + match[0].length }, rule: match[1] ?? '', lines: hiddenLines(comment) };
  });
}

/** Comments of headers are not in the unit: their lines are searched for the words alone. */
function headerMarks(file: SourceFile): readonly Mark[] {
  return [...file.text.matchAll(pattern)].flatMap((match) => {
    const start = match.index;
    const { line } = positionAt(file, start);
    const before = lineText(file, line).slice(0, start - (file.lineStarts[line] ?? 0));
    const opening = Math.max(before.lastIndexOf('//'), before.lastIndexOf('/*'));
    if (opening < 0) return [];
    return marksIn({
      file,
      start: (file.lineStarts[line] ?? 0) + opening,
      end: (file.lineStarts[line] ?? 0) + lineText(file, line).length,
    });
  });
}

/** Its own lines, and the next line with code where nothing but comments stands on its last one. */
function hiddenLines(comment: Span): readonly number[] {
  const { file } = comment;
  const first = positionAt(file, comment.start).line as number;
  const last = positionAt(file, Math.max(comment.start, comment.end - 1)).line as number;
  const lines = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  if (!isOnlyComment(lineText(file, first)) && first === last) return lines;
  let next = last + 1;
  while (next < file.lineStarts.length && isOnlyComment(lineText(file, next))) next++;
  return [...lines, next];
}

function isOnlyComment(line: string): boolean {
  return /^\s*(\/\/.*|\/\*.*\*\/\s*)$/.test(line);
}

function unusedFinding({ span, rule }: Mark, isKnown: boolean): Finding {
  return {
    rule: UNUSED_SILENCE,
    severity: 'info',
    message: isKnown
      ? `This mark hides nothing: ${rule} finds nothing here.`
      : `There is no rule ${rule}, so this mark hides nothing.`,
    span,
    path: [],
    docRules: [],
  };
}
