/** Behind a `#` that begins a line: the words that a preprocessor takes, and no name of C. Behind `#pragma`, its words. */
import type { Analysis } from '../analysis.ts';
import { logicalLineStart } from '../places/lexical-place.ts';
import { type CompletionItem, ranks } from './item.ts';

const directives = 'include define ifdef ifndef if elif else endif undef pragma error'.split(' ');
const pragmas = 'once alloc_text warning pack code_seg data_seg comment message region endregion'.split(' ');

/** Undefined where no word of a directive is wanted. */
export function directiveItems({ unit }: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { text } = unit.file;
  const before = /^[ \t]*#[ \t]*(pragma[ \t]+)?$/.exec(text.slice(logicalLineStart(text, wordStart), wordStart));
  if (before === null) return undefined;
  const words = before[1] === undefined ? directives : pragmas;
  return words.map((label, i) => ({ label, kind: 'directive', detail: '', rank: ranks.fitting + i }));
}

/** What a condition of the preprocessor asks about. */
export function isConditionAt(text: string, offset: number): boolean {
  const line = text.slice(logicalLineStart(text, offset), offset);
  return /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|undef)\b/.test(line);
}
