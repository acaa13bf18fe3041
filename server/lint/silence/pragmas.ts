/**
 * Marks that are pragmas. In: a file's text. Out: marks with the lines that they cover.
 *
 * `#pragma region wsk-lint: allow …` reaches to its `#pragma endregion`. `warning(suppress: 28xxx)` and
 * `prefast(suppress: 28xxx, "…")` cover the statement below, as Microsoft's compiler has it, `__pragma(…)` also the rest
 * of its own; `warning(disable: 28xxx)` lasts until the number is switched on again, to the matching `pop` or to the end.
 */
import { lineText, positionAt, type SourceFile, type Span } from '../../../base/source.ts';
import { lastLineBelow, type Mark, marksInText, wholeLines } from './marks.ts';

interface Directive {
  readonly span: Span;
  readonly text: string;
  readonly line: number;
  /** `__pragma(…)`, which can stand amidst a statement. */
  readonly isInline: boolean;
}

export function pragmaMarks(file: SourceFile, comments: readonly Span[]): readonly Mark[] {
  const directives = directivesOf(file, comments);
  return [...regionMarks(file, directives), ...warningMarks(file, directives)];
}

const pattern = /^[ \t]*#[ \t]*pragma\b(.*)|\b__pragma[ \t]*\((.*)\)/g;

function directivesOf(file: SourceFile, comments: readonly Span[]): readonly Directive[] {
  return linesWith(file, 'pragma').flatMap((at) =>
    [...lineText(file, at).matchAll(pattern)].flatMap((match): readonly Directive[] => {
      const start = (file.lineStarts[at] ?? 0) + match.index;
      const end = start + match[0].length;
      if (comments.some((comment) => comment.start <= start && start < comment.end)) return [];
      const text = (match[1] ?? match[2] ?? '').trim();
      return [{ span: { file, start, end }, text, line: at, isInline: match[1] === undefined }];
    }),
  );
}

/** Few lines have such a word: looking for it costs a tenth of asking the pattern at each place of the text. */
function linesWith(file: SourceFile, word: string): readonly number[] {
  const lines = new Set<number>();
  for (let at = file.text.indexOf(word); at >= 0; at = file.text.indexOf(word, at + word.length))
    lines.add(positionAt(file, at).line);
  return [...lines];
}

function regionMarks(file: SourceFile, directives: readonly Directive[]): readonly Mark[] {
  const open: Directive[] = [];
  const marks: Mark[] = [];
  const close = (region: Directive, last: number): void => {
    // Taking away one end of a region and not the other would not do: no removal.
    if (/^region\b/i.test(region.text))
      marks.push(...marksInText(region.span, { first: region.line, last }, undefined));
  };
  for (const directive of directives) {
    if (/^region\b/i.test(directive.text)) open.push(directive);
    else if (/^endregion\b/i.test(directive.text)) {
      const region = open.pop();
      if (region !== undefined) close(region, directive.line);
    }
  }
  for (const region of open) close(region, file.lineStarts.length);
  return marks.sort((a, b) => a.span.start - b.span.start);
}

function warningMarks(file: SourceFile, directives: readonly Directive[]): readonly Mark[] {
  const marks: Mark[] = [];
  /** Numbers that are switched off, with the directive that did it; one map for each `push`. */
  let off = new Map<string, Directive>();
  const saved: Map<string, Directive>[] = [];
  const add = (number: string, { span, text }: Directive, first: number, last: number): void => {
    const reason = /"([^"]*)"/.exec(text)?.[1] ?? '';
    marks.push({ span, removal: wholeLines(span), allows: { kind: 'number', number }, reason, lines: { first, last } });
  };
  const end = (number: string, line: number): void => {
    const since = off.get(number);
    if (since !== undefined) add(number, since, since.line, line);
    off.delete(number);
  };
  for (const directive of directives) {
    const { line, text, isInline } = directive;
    if (/^warning\s*\(\s*push/.test(text)) saved.push(new Map(off));
    if (/^warning\s*\(\s*pop/.test(text)) {
      const before = saved.pop() ?? new Map<string, Directive>();
      for (const number of [...off.keys()]) if (!before.has(number)) end(number, line);
      off = new Map([...before, ...off]);
    }
    for (const [, what = '', numbers = ''] of text.matchAll(/\b(suppress|disable|default|error|[1-4])\s*:([\s\d]+)/g)) {
      for (const number of numbers.match(/\d+/g) ?? []) {
        if (what === 'suppress')
          add(number, directive, isInline ? line : line + 1, lastLineBelow(file, isInline ? line : line + 1, []));
        else if (what === 'disable') {
          if (!off.has(number)) off.set(number, directive);
        } else end(number, line);
      }
    }
  }
  for (const number of [...off.keys()]) end(number, file.lineStarts.length);
  return marks;
}
