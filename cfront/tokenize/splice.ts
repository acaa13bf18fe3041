/**
 * Line splices: a backslash at the end of a line joins it with the next one.
 *
 * In: the text of a file. Out: the text without its splices, and the way back from an offset in it to the file. The
 * lexer then knows nothing of splices, so they work everywhere, even inside a `//` comment or a name. Spaces between
 * backslash and line end are forgiven, as gcc does, and listed for a warning.
 */

export interface SplicedText {
  readonly text: string;
  /** Offset in the file of the character at `offset` of `text`. Calls in rising order cost constant time. */
  readonly toFile: (offset: number) => number;
  /** Offsets in the file of backslashes that spaces keep from their line end. */
  readonly looseBackslashes: readonly number[];
}

const splicePattern = /\\[ \t]*(?:\r\n|\n|\r)/g;

export function removeSplices(text: string): SplicedText {
  const starts: number[] = []; /* in the joined text: where something was taken out */
  const removed: number[] = []; /* how much was taken out up to there */
  const looseBackslashes: number[] = [];
  const pieces: string[] = [];
  let from = 0;
  let total = 0;
  for (const match of text.matchAll(splicePattern)) {
    const length = match[0].length;
    pieces.push(text.slice(from, match.index));
    starts.push(match.index - total);
    total += length;
    removed.push(total);
    from = match.index + length;
    if (/[ \t]/.test(match[0])) looseBackslashes.push(match.index);
  }
  if (starts.length === 0) return { text, toFile: (offset) => offset, looseBackslashes };
  pieces.push(text.slice(from));

  let next = 0; /* the first splice that lies behind the offset asked for last */
  const toFile = (offset: number): number => {
    while (next < starts.length && (starts[next] as number) <= offset) next++;
    while (next > 0 && (starts[next - 1] as number) > offset) next--;
    return next === 0 ? offset : offset + (removed[next - 1] as number);
  };
  return { text: pieces.join(''), toFile, looseBackslashes };
}
