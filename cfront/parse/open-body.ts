/**
 * A body that is not closed, in the reading that does not see lines: all that follows lies inside of it there, and the
 * reading that sees lines is the one that counts. So the body is not read, and the parse stays that of its older text with
 * the newer tokens in their places, until the brace that is missing has been typed.
 *
 * In: what the parse left behind, and the tokens of the body. Out: false where it is not sure that the reading would meet
 * an error of syntax; the parse is of no more use then. It would where the body lacks its brace, at the end of the
 * file at the latest: nothing there is told of as something else, and few mistakes are found before.
 */
import { problemsMax } from '../problem-limit.ts';
import type { Token } from '../tokenize/token.ts';
import { bodyEnd } from './mistakes/body-end.ts';
import { mayLack } from './mistakes/name-sources.ts';
import { putTokens } from './reread.ts';
import type { Parser } from './state.ts';
import { type BodyMark, trailOf } from './trail.ts';

/** More braces are opened in the tokens of a body than closed, up to its last one. */
export function isOpen(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const { text } of tokens) {
    if (text === '{') depth++;
    else if (text === '}') depth--;
    if (depth <= 0) return false;
  }
  return true;
}

/** `tokens` stand for those from the `{` to what was the `}`; all places have been moved to the new text. */
export function leaveOpen(p: Parser, mark: BodyMark, tokens: readonly Token[]): boolean {
  const added = putTokens(p, mark, tokens);
  /* It ends with the file, or where the head of a function is seen all the same: one that begins with a macro. */
  const { index, isMissing } = bodyEnd({ ...p, layout: 'plain' }, mark.open);
  const isLate = isMissing || index === p.tokens.length - 1;
  const [before, last] = [p.tokens[index - 2], p.tokens[index - 1]];
  const mayFollow = mayLack(p.names) && before?.kind === 'identifier';
  const isSure = isLate && /^[;}]$/.test(last?.text ?? '') && !mayFollow;
  if (!isSure || p.problems.length > problemsMax / 2) return false;
  const trail = trailOf(p);
  trail.bodies = trail.bodies.map((other) => {
    if (other.open < mark.open) return other;
    if (other === mark) return { ...mark, close: mark.close + added };
    return { ...other, first: other.first + added, open: other.open + added, close: other.close + added };
  });
  trail.starts = trail.starts.map((start) =>
    start.index < mark.open ? start : { ...start, index: start.index + added },
  );
  const { places } = p.names;
  for (const [i, { index, span }] of places.entries()) {
    const isInBody = i >= mark.before.unknowns.places && i < mark.after.unknowns.places;
    if (isInBody) places[i] = { index: mark.open, span };
    else if (index > mark.open) places[i] = { index: index + added, span };
  }
  p.index += added;
  return true;
}
