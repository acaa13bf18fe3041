/**
 * Which of many names is likely at a place, as the text alone shows it: names that the file uses already, the most used
 * first, and what kind of thing can stand there. Nothing is left out for it; what is unlikely comes later in the list.
 */
import { beginsStatement, lastCodeBefore, wordBefore } from '../places/brackets.ts';
import type { Expected } from './expected-at.ts';
import type { CompletionItem } from './item.ts';

/** Of a long file only what is near the place is searched, on either side. */
const nearLength = 40_000;

/** No name is longer. */
const wordLength = 256;

/**
 * Words of the text that begin with `word`, in any case of letters: the most used first, of those used alike the one that
 * stands first. The word at `wordStart` itself is what is being typed.
 */
export function wordsInUse(text: string, word: string, wordStart: number): readonly string[] {
  if (word === '') return [];
  const words = new RegExp(`\\b${word.replaceAll('$', '\\$')}[\\w$]*`, 'gi');
  const uses = new Map<string, number>();
  const typed = /^[\w$]*/.exec(text.slice(wordStart, wordStart + wordLength))?.[0] ?? '';
  uses.set(typed, -1);
  const near = text.slice(Math.max(0, wordStart - nearLength), wordStart + nearLength);
  for (const found of near.match(words) ?? []) uses.set(found, (uses.get(found) ?? 0) + 1);
  return [...uses]
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name]) => name);
}

/** The kinds of name that are unlikely at a place. */
export function unlikelyKinds(
  text: string,
  wordStart: number,
  expected: Expected | undefined,
): readonly CompletionItem['kind'][] {
  if (beginsStatement(text, wordStart)) return ['constant'];
  if (wordBefore(text, lastCodeBefore(text, wordStart) + 1) === 'case') return ['variable', 'function', 'type'];
  return isOperand(text, wordStart, expected) ? ['type'] : [];
}

/**
 * Behind an operator or a cast, in a condition, or where a function takes a value: no type, other than to declare or
 * cast.
 */
function isOperand(text: string, wordStart: number, expected: Expected | undefined): boolean {
  const before = lastCodeBefore(text, wordStart);
  if (text[before] === '(') {
    const word = wordBefore(text, lastCodeBefore(text, before) + 1);
    if (/^(?:if|while|switch)$/.test(word)) return true;
    // What only groups may be a cast.
    if (word === '' || word === 'return') return false;
  }
  // A macro may take a type.
  if (expected?.kind === 'argument') return expected.argument.callee.kind !== 'macro';
  if (expected !== undefined || /[-=+/%^|&?:<>!~[]/.test(text.charAt(before))) return true;
  return /^(?:return|case)$/.test(wordBefore(text, before + 1));
}
