/**
 * The marks in a file that allow a rule to be broken. In: a file, its comments and the functions in it. Out: each mark
 * with the lines that it covers.
 *
 * `// wsk-lint: allow rule-id reason` covers its own line, or, alone on its line, the statement below; right before a
 * function it covers the function. `#pragma region wsk-lint: allow rule-id reason` covers the region: of the pragmas
 * that take free text it is the one that Microsoft's compiler, clang and gcc 13 read without a word. Pragmas that hide
 * a PREfast warning by its number hide the rules that state this number too.
 */
import { lineText, positionAt, type SourceFile, type Span } from '../../../base/source.ts';
import { type LineRange, lastLineBelow, type Mark, marksInText, wholeLines } from './marks.ts';
import { pragmaMarks } from './pragmas.ts';

/**
 * `comments` are those of the file; left out, they are looked for by their signs alone, as a header's must be. Most
 * files have no mark, so that the functions in it are asked for only where there is one.
 */
export function marksOf(
  file: SourceFile,
  functionsOf: () => readonly LineRange[],
  comments?: readonly Span[],
): readonly Mark[] {
  const hasMarks = /wsk-lint:/i.test(file.text);
  const hasPragmas = /pragma/.test(file.text);
  if (!hasMarks && !hasPragmas) return [];
  const known = comments ?? commentsWithMarks(file);
  const functions = hasMarks ? functionsOf() : [];
  const inComments = hasMarks
    ? known.flatMap((comment) => marksInText(comment, coveredBy(comment, functions), removalOf(comment)))
    : [];
  return [...inComments, ...(hasPragmas ? pragmaMarks(file, known) : [])];
}

function coveredBy(comment: Span, functions: readonly LineRange[]): LineRange {
  const { file } = comment;
  const first = positionAt(file, comment.start).line as number;
  const last = positionAt(file, Math.max(comment.start, comment.end - 1)).line as number;
  const isBehindCode = file.text.slice(file.lineStarts[first], comment.start).trim() !== '';
  if (isBehindCode) return { first, last };
  const isBeforeCode =
    lineText(file, last)
      .slice(comment.end - (file.lineStarts[last] ?? 0))
      .trim() !== '';
  return { first, last: isBeforeCode ? last : lastLineBelow(file, last + 1, functions) };
}

/** The comment, or its whole line where nothing else stands there; undefined where it says more than the mark. */
function removalOf(comment: Span): Span | undefined {
  const { file } = comment;
  const text = file.text.slice(comment.start, comment.end);
  if (!/^(\/\/|\/\*)[\s*!]*wsk-lint:/i.test(text)) return undefined;
  return wholeLines(comment);
}

/** Comments of headers are not in the unit: their lines are searched for the words alone. */
function commentsWithMarks(file: SourceFile): readonly Span[] {
  const found: Span[] = [];
  for (const match of file.text.matchAll(/wsk-lint:/gi)) {
    const { line } = positionAt(file, match.index);
    const lineStart = file.lineStarts[line] ?? 0;
    const text = lineText(file, line);
    const before = text.slice(0, match.index - lineStart);
    const opening = Math.max(before.lastIndexOf('//'), before.lastIndexOf('/*'));
    if (opening < 0 || found.at(-1)?.start === lineStart + opening) continue;
    const close = before.startsWith('/*', opening) ? text.indexOf('*/', opening + 2) : -1;
    found.push({ file, start: lineStart + opening, end: lineStart + (close < 0 ? text.length : close + 2) });
  }
  return found;
}
