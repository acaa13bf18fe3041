/**
 * Marks of emphasis without a partner, which an editor would show as asterisks. In: Markdown of a paragraph. Out: the
 * same, in which every `**` opens or closes something, as CommonMark pairs marks: what is left of a run that has a
 * partner goes, and so does a run that has none and touches a word; one between blanks or digits is an operator
 * (`2 ** 6`) and gets backslashes, unless it closes or opens what has no other end (`**Name ** is`). Single asterisks
 * stay as they are (`*ppData` is a pointer). Pairing ends because each step uses up an asterisk or passes a run.
 */

interface Run {
  readonly start: number;
  readonly length: number;
  readonly opens: boolean;
  readonly closes: boolean;
  /** Between blanks, where CommonMark has no emphasis. */
  readonly isApart: boolean;
  /** Asterisks that have no partner yet. */
  left: number;
  /** Those that close something, which come first, and those that open something, which come last. */
  closing: number;
  opening: number;
}

export function withoutStrayMarks(markdown: string): string {
  if (!markdown.includes('**')) return markdown;
  const runs = runsOf(markdown);
  pair(runs);
  if (runs.every(isSettled)) return markdown;
  let text = '';
  let at = 0;
  for (const run of runs) {
    const before = markdown.slice(at, run.start);
    text += (run.isApart && run.closing > 0 ? before.trimEnd() : before) + written(markdown, run);
    at = run.start + run.length;
    if (run.isApart && run.opening > 0) while (isBlank(markdown[at]) && at < markdown.length) at++;
  }
  return text + markdown.slice(at);
}

/** A single asterisk is nobody's rest; two words in bold that touch are not told apart by readers of Markdown. */
function isSettled({ left, length, closing, opening, isApart }: Run): boolean {
  const isWhole = isApart ? length === 1 : left === 0 || length === 1;
  return isWhole && (closing < 2 || opening < 2);
}

function written(markdown: string, { start, length, isApart, closing, opening }: Run): string {
  if (closing > 0 && opening > 0) return `${'*'.repeat(closing)} ${'*'.repeat(opening)}`;
  if (closing + opening > 0) return '*'.repeat(closing + opening);
  if (length === 1) return '*';
  if (isApart || (isDigit(markdown[start - 1]) && isDigit(markdown[start + length]))) return '\\*'.repeat(length);
  // An asterisk in bold, between brackets or quotes.
  const isAlone = isPunctuation(markdown[start - 1]) && isPunctuation(markdown[start + length]);
  return length % 2 === 1 && isAlone ? '\\*' : '';
}

/** All runs of asterisks outside of code; CommonMark's rule says which can open and close. */
function runsOf(markdown: string): Run[] {
  const runs: Run[] = [];
  const marks = [...markdown.matchAll(/\\.|`+|\*+/g)];
  const ends = codeEnds(marks);
  for (let i = 0; i < marks.length; i++) {
    i = ends.get(i) ?? i;
    const { 0: text, index: start } = marks[i] as RegExpExecArray;
    if (!text.startsWith('*')) continue;
    const { length } = text;
    const before = markdown[start - 1];
    const after = markdown[start + length];
    const isPower = isDigit(before) && isDigit(after);
    const opens = !isPower && !isBlank(after) && (!isPunctuation(after) || isBlank(before) || isPunctuation(before));
    const closes = !isPower && !isBlank(before) && (!isPunctuation(before) || isBlank(after) || isPunctuation(after));
    const isApart = isBlank(before) && isBlank(after);
    runs.push({ start, length, opens, closes, isApart, left: length, closing: 0, opening: 0 });
  }
  return runs;
}

/** From the backticks that begin a piece of code to those of the same length that end it. */
function codeEnds(marks: readonly RegExpExecArray[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const next = new Map<string, number>();
  for (let i = marks.length - 1; i >= 0; i--) {
    const text = marks[i]?.[0] ?? '';
    if (!text.startsWith('`')) continue;
    const end = next.get(text);
    if (end !== undefined) ends.set(i, end);
    next.set(text, i);
  }
  return ends;
}

/** Each run that can close looks back for the nearest that is open and fits. */
function pair(runs: readonly Run[]): void {
  const open: Run[] = [];
  for (const run of runs) {
    const closes = run.closes || (run.isApart && run.length > 1 && (open.at(-1)?.left ?? 0) > 1);
    while (closes && run.left > 0) {
      const at = nearest(open, run);
      const opener = open[at];
      if (opener === undefined) break;
      // What stands between the two has no partner any more.
      open.splice(at + 1);
      const used = Math.min(opener.left, run.left, 2);
      opener.left -= used;
      opener.opening += used;
      run.left -= used;
      run.closing += used;
      if (opener.left === 0) open.splice(at);
    }
    if ((run.opens || (run.isApart && run.length > 1 && !closes)) && run.left > 0) open.push(run);
  }
}

/** Emphasis in emphasis is never so deep; with a limit, time grows with the length of the text. */
const depthMax = 32;

/** Index of the last run that fits; -1 where none does. */
function nearest(open: readonly Run[], closer: Run): number {
  for (let at = open.length - 1; at >= Math.max(0, open.length - depthMax); at--) {
    if (fits(open[at] as Run, closer)) return at;
  }
  return -1;
}

/**
 * CommonMark's rule of three, by which `**Nt*Xxx***` is one name in another's emphasis. Four asterisks between words are
 * two marks that touch, whatever it says.
 */
function fits(opener: Run, closer: Run): boolean {
  const isEither = (opener.opens && opener.closes) || (closer.opens && closer.closes);
  if (!isEither || closer.length === 4 || opener.length === 4) return true;
  const isThree = (opener.length + closer.length) % 3 === 0;
  return !isThree || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && /\d/.test(character);
}

function isPunctuation(character: string | undefined): boolean {
  return character !== undefined && /[\p{P}\p{S}]/u.test(character);
}
