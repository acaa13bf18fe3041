/**
 * What "Expand Selection" takes next: the word, the expression, the argument, the statement, the block, the function.
 *
 * In: an offset. Out: spans around it, each within the next, the innermost first and the whole file last. The tree says
 * what belongs together; brackets and comments say it where the tree has no nodes (macros, parameters, members). It is
 * right because a candidate that does not hold all of the smaller one is left out.
 */
import type { Span } from '../../base/source.ts';
import { findPath, nodePlace } from '../../cfront/parse/walk.ts';
import type { Analysis } from './analysis.ts';
import { type BracketPair, bracketPairsAt } from './places/bracket-pairs.ts';
import { lexicalPlace, logicalLineStart } from './places/lexical-place.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

export function selectionRanges({ unit }: Analysis, offset: number): readonly Span[] {
  const { file } = unit;
  const { text } = file;
  const nodes = findPath(unit, offset)
    .map(nodePlace)
    .filter((span) => span.file === file);
  const candidates: readonly Range[] = [
    wordOrNumber(text, offset),
    ...literal(unit, offset),
    ...commentRanges(unit.comments, text, offset),
    ...directive(text, offset),
    ...nodes,
    ...withSemicolon(text, nodes[0]),
    ...bracketPairsAt(text, offset).flatMap((pair) => bracketRanges(text, pair, nodes)),
  ];
  const whole = { start: 0, end: text.length };
  const chosen: Range[] = [];
  for (const range of [...candidates].sort((a, b) => a.end - a.start - (b.end - b.start))) {
    const inner = chosen.at(-1) ?? { start: offset, end: offset };
    const isAround = range.start <= inner.start && inner.end <= range.end;
    if (isAround && range.end - range.start > inner.end - inner.start) chosen.push(range);
  }
  return [...chosen, whole].map(({ start, end }) => ({ file, start, end }));
}

function wordOrNumber(text: string, offset: number): Range {
  const [before = ''] = /[\w$]*$/.exec(text.slice(Math.max(0, offset - 256), offset)) ?? [];
  const [behind = ''] = /^[\w$]*/.exec(text.slice(offset, offset + 256)) ?? [];
  return { start: offset - before.length, end: offset + behind.length };
}

/** A declaration's last token is not the `;` behind it, which it may share with others. */
function withSemicolon(text: string, declaration: Range | undefined): readonly Range[] {
  if (declaration === undefined || text[declaration.end] !== ';') return [];
  return [{ start: declaration.start, end: declaration.end + 1 }];
}

/** What stands between the quotes, and then they too. */
function literal(unit: Analysis['unit'], offset: number): readonly Range[] {
  const place = lexicalPlace(unit, offset);
  if (place.kind !== 'string' && place.kind !== 'character') return [];
  const { start, end } = place.span;
  return [{ start: start + 1, end: end - 1 }, place.span];
}

/** The comment's words on this line, the comment, and the comments on the lines around it that continue it. */
function commentRanges(comments: readonly Span[], text: string, offset: number): readonly Range[] {
  const at = comments.findIndex(({ start, end }) => start <= offset && offset <= end);
  const comment = comments[at];
  if (comment === undefined) return [];
  const continues = (above: Span | undefined, below: Span | undefined): boolean =>
    above !== undefined && below !== undefined && /^[ \t]*\r?\n?[ \t]*$/.test(text.slice(above.end, below.start));
  let [first, last] = [at, at];
  while (continues(comments[first - 1], comments[first])) first--;
  while (continues(comments[last], comments[last + 1])) last++;
  const whole = { start: comments[first]?.start ?? comment.start, end: comments[last]?.end ?? comment.end };
  const lineStart = Math.max(comment.start, text.lastIndexOf('\n', offset - 1) + 1);
  const lineEnd = text.indexOf('\n', offset);
  const line = { start: lineStart, end: Math.min(comment.end, lineEnd < 0 ? text.length : lineEnd) };
  const [lead = ''] = /^(?:\s|\/\/+|\/\*+|\*(?!\/))*/.exec(text.slice(line.start, line.end)) ?? [];
  const words = trimmed(text, { start: line.start + lead.length, end: line.end });
  return [text.slice(words.start, words.end).endsWith('*/') ? trimmed(text, shorter(words, 2)) : words, comment, whole];
}

function shorter({ start, end }: Range, by: number): Range {
  return { start, end: Math.max(start, end - by) };
}

/** The whole line of a directive, with those that a `\` joins to it. */
function directive(text: string, offset: number): readonly Range[] {
  const start = logicalLineStart(text, offset);
  const [line = ''] = /^(?:\\\r?\n|.)*/.exec(text.slice(start)) ?? [];
  return /^[ \t]*#/.test(line) ? [trimmed(text, { start, end: start + line.length })] : [];
}

/** The part between separators where the tree has no node for it, what the brackets hold, and the brackets. */
function bracketRanges(text: string, { open, start, end, part }: BracketPair, nodes: readonly Range[]): Range[] {
  const isOfTree = nodes.some((node) => node.start > start && node.end < end);
  const isStatement = part.separator === ';' && open === '{';
  const parts = isStatement && isOfTree ? [] : [trimmed(text, part)];
  // A `;` belongs to what it ends.
  const ended = isStatement ? parts.map((one) => ({ start: one.start, end: part.end + 1 })) : [];
  return [...parts, ...ended, trimmed(text, { start: start + 1, end: end - 1 }), { start, end }];
}

/** Without the white space at its ends. */
function trimmed(text: string, { start, end }: Range): Range {
  const inside = text.slice(start, end);
  const left = inside.length - inside.trimStart().length;
  return { start: start + left, end: Math.max(start + left, start + inside.trimEnd().length) };
}
