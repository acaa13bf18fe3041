/**
 * What can be wrong with a page: a closed set of codes, each with a message that says what to do.
 *
 * In: the code, the line, and the piece of the page that it is about. Out: a `Problem` in the page's list. A page
 * keeps at most `problemsMax` of them, so that megabytes of garbage give a short list; the last one kept says so.
 */

export type ProblemCode =
  | 'unreadable'
  | 'empty-page'
  | 'too-large'
  | 'not-utf8'
  | 'utf-16'
  | 'nul-characters'
  | 'no-front-matter'
  | 'front-matter-unclosed'
  | 'front-matter-line'
  | 'no-title'
  | 'no-name'
  | 'no-description'
  | 'unclosed-fence'
  | 'fence-info'
  | 'unclosed-tag'
  | 'stray-end-tag'
  | 'nested-too-deeply'
  | 'unknown-section'
  | 'heading-level'
  | 'odd-name'
  | 'odd-direction'
  | 'odd-irql'
  | 'duplicate-name'
  | 'doubled-text'
  | 'unlike-signature'
  | 'too-many-problems';

export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** Counts from 1. */
  readonly line: number;
}

export const problemsMax = 60;

/** Adds a problem to `list`; `what` is the piece of the page that it is about. */
export function report(list: Problem[], code: ProblemCode, line: number, what = ''): void {
  if (list.length >= problemsMax) return;
  const full = list.length === problemsMax - 1;
  const kept: ProblemCode = full ? 'too-many-problems' : code;
  list.push({ code: kept, message: messages[kept](shorten(what)), line });
}

const messages: Readonly<Record<ProblemCode, (what: string) => string>> = {
  unreadable: (what) => `the file was not read: ${what}`,
  'empty-page': () => 'the page has no text; fetch it again',
  'too-large': (what) => `the file is larger than ${what} characters and was read up to there; split it`,
  'not-utf8': () => 'the file is not UTF-8 and was read byte by byte; save it as UTF-8',
  'utf-16': () => 'the file is UTF-16; save it as UTF-8, as every docs tool expects',
  'nul-characters': () => 'the file holds NUL characters and was read as if they were spaces; fetch it again',
  'no-front-matter': () => "the page does not start with a '---' block of keys; restore it from the docs repository",
  'front-matter-unclosed': () => "the block of keys at the top has no closing '---'; add it before the first heading",
  'front-matter-line': (what) => `'${what}' is neither a key nor part of a value and was skipped; write 'key: value'`,
  'no-title': () => 'the page has neither a title key nor a first-level heading; add one',
  'no-name': () => 'no name was found that this page documents; check its UID, title and first heading',
  'no-description': () => 'the page says nothing about what it documents; its description is empty',
  'unclosed-fence': (what) => `the code block that starts with '${what}' is not closed; add the closing fence`,
  'fence-info': (what) => `'${what}' stands on the line of the fence and is code, not a language; move it down a line`,
  'unclosed-tag': (what) => `<${what}> is not closed; add </${what}> where it ends`,
  'stray-end-tag': (what) => `</${what}> closes nothing and was ignored; remove it`,
  'nested-too-deeply': () => 'tags are nested too deeply; the inner ones were ignored',
  'unknown-section': (what) => `the section '-${what}' is not one of the format; its text is kept, correct its name`,
  'heading-level': (what) => `the heading of '${what}' has the wrong number of #; it was read as if it were right`,
  'odd-name': (what) => `'${what}' is not a C name; correct the heading`,
  'odd-direction': (what) => `'[${what}]' is not a direction; write [in], [out] or [in, out], with ', optional'`,
  'odd-irql': (what) => `'${what}' says nothing of an IRQL; write a level, such as '<= DISPATCH_LEVEL'`,
  'duplicate-name': (what) => `'${what}' is described twice; keep one of the two`,
  'doubled-text': (what) => `${what} repeat what stands before them and were dropped; remove the second copy`,
  'unlike-signature': (what) => `the signature and the descriptions differ: ${what}; the header decides`,
  'too-many-problems': () => `the page has more than ${problemsMax} problems; the rest is not listed`,
};

/** At most 80 characters, on one line. */
function shorten(what: string): string {
  const line = what.slice(0, 200).replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}
