/**
 * "Allow <rule> here": from a finding to the comment that allows it, above the statement in which the finding stands.
 *
 * In: a finding and the unit in which it was found. Out: an edit and the place in it where the reason is to be typed;
 * undefined where no comment would hide it. It is right because the text with the comment is asked which lines the
 * comment covers, by what reads such comments.
 */
import type { Finding } from '../../../base/finding.ts';
import { lineBreakOf, lineText, positionAt, type SourceFile, sourceFile } from '../../../base/source.ts';
import { findPath, type TreeNode } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { marksOf } from '../../lint/silence/comments.ts';
import type { LineRange } from '../../lint/silence/marks.ts';
import { UNUSED_SILENCE } from '../../lint/silence/silence.ts';
import { SYNTAX_RULE } from '../../lint/syntax.ts';
import type { CodeAction } from './code-actions.ts';

export function allowAction(finding: Finding, unit: TranslationUnit): CodeAction | undefined {
  const { rule, span } = finding;
  // What is no C is no opinion, and a mark that hides nothing is better removed than allowed.
  if (rule === SYNTAX_RULE || rule === UNUSED_SILENCE) return undefined;
  const { file } = span;
  const line = positionAt(file, span.start).line as number;
  const functions = functionsOf(unit, file);
  const isHead = functions.some(({ first }) => first === line);
  const above = [...new Set([statementLine(finding, unit), line])].map((at) => lineAbove(file, at, rule));
  const behind = lineBehind(file, line, rule);
  // Above a function the comment would cover all of it.
  const candidates = isHead ? [behind, ...above] : [...above, behind];
  const found = candidates.find((mark) => mark !== undefined && hides(mark, file, line, functions));
  if (found === undefined) return undefined;
  return {
    title: found.hidesFunction ? `Allow ${rule} in this function` : `Allow ${rule} here`,
    edits: [{ span: { file, start: found.at, end: found.at }, newText: found.text }],
    cursor: found.cursor,
    isPreferred: false,
    findings: [finding],
  };
}

interface NewMark {
  readonly at: number;
  readonly text: string;
  /** Within the text: where the reason goes. */
  readonly cursor: number;
  /** Lines that the finding moves down by. */
  readonly lines: number;
  hidesFunction: boolean;
}

/** A line of its own, indented as the one below it. */
function lineAbove(file: SourceFile, line: number, rule: string): NewMark | undefined {
  const at = file.lineStarts[line] ?? 0;
  // A comment in the middle of a directive would be a part of it.
  if (line > 0 && /\\[ \t]*$/.test(lineText(file, line - 1))) return undefined;
  const indentation = /^[ \t]*/.exec(lineText(file, line))?.[0] ?? '';
  const mark = `${indentation}// wsk-lint: allow ${rule} `;
  return { at, text: mark + lineBreakOf(file), cursor: mark.length, lines: 1, hidesFunction: false };
}

function lineBehind(file: SourceFile, line: number, rule: string): NewMark | undefined {
  const text = lineText(file, line);
  if (/\\[ \t]*$|\/\/|\/\*/.test(text)) return undefined;
  const code = text.trimEnd();
  const mark = ` // wsk-lint: allow ${rule} `;
  const at = (file.lineStarts[line] ?? 0) + code.length;
  return { at, text: mark, cursor: mark.length, lines: 0, hidesFunction: false };
}

/** Whether the comment, once written, covers the line. Notes where it covers a whole function with it. */
function hides(mark: NewMark, file: SourceFile, line: number, functions: readonly LineRange[]): boolean {
  const text = file.text.slice(0, mark.at) + mark.text + file.text.slice(mark.at);
  const marked = positionAt(file, mark.at).line as number;
  const moved = functions.map(({ first, last }) => {
    return { first: first >= marked ? first + mark.lines : first, last: last >= marked ? last + mark.lines : last };
  });
  const made = marksOf(sourceFile(file.path, text), () => moved).find(({ span }) => {
    return span.start >= mark.at && span.end <= mark.at + mark.text.length;
  });
  if (made === undefined) return false;
  const { lines } = made;
  mark.hidesFunction = moved.some(({ first, last }) => lines.first <= first && last <= lines.last && last > first);
  return lines.first <= line + mark.lines && line + mark.lines <= lines.last;
}

function functionsOf(unit: TranslationUnit, file: SourceFile): readonly LineRange[] {
  return unit.functions.flatMap(({ first, last }): readonly LineRange[] => {
    const [start, end] = [place(first), place(last)];
    if (start.file !== file || end.file !== file) return [];
    return [{ first: positionAt(file, start.start).line, last: positionAt(file, end.start).line }];
  });
}

const statements: ReadonlySet<TreeNode['kind']> = new Set<TreeNode['kind']>([
  ...(['expression', 'declaration', 'if', 'while', 'do', 'for', 'switch', 'goto', 'return', 'break'] as const),
  ...(['continue', 'leave', 'try-except', 'try-finally', 'empty', 'variable-declaration'] as const),
]);

/** The line on which the innermost statement around a finding begins; of headers there is no tree to ask. */
function statementLine({ span }: Finding, unit: TranslationUnit): number {
  const path = span.file === unit.file ? findPath(unit, span.start) : [];
  const statement = path.findLast(({ kind }) => statements.has(kind));
  const start = statement === undefined ? span : place(statement.first);
  return positionAt(span.file, start.file === span.file ? start.start : span.start).line;
}
