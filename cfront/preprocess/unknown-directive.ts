/**
 * A directive that does not exist, with the one that was meant.
 *
 * In: its word. Out: a problem at the `#` and the word, with a fix where one directive is near: the same letters in
 * another order, two edits at most, or what other languages call it.
 */
import { nearestName } from '../../base/nearest.ts';
import type { Token } from '../tokenize/token.ts';
import { report, type State } from './state.ts';

const words = [
  'if',
  'ifdef',
  'ifndef',
  'elif',
  'elifdef',
  'elifndef',
  'else',
  'endif',
  'define',
  'undef',
  'include',
  'pragma',
  'error',
  'warning',
  'line',
];

/** Words of other languages, and habits of the hand that no count of edits finds. */
const others: Readonly<Record<string, string>> = {
  elseif: 'elif',
  elsif: 'elif',
  elsedef: 'elifdef',
  fi: 'endif',
  end: 'endif',
  def: 'define',
  undefine: 'undef',
  inc: 'include',
  region: 'pragma region',
  endregion: 'pragma endregion',
};

export function reportUnknownDirective(state: State, hash: Token, word: Token): void {
  const near = meant(word.text);
  const span = { file: hash.file, start: hash.start, end: word.end };
  const shown = word.text.slice(0, 40);
  const message =
    near === undefined
      ? `There is no directive '#${shown}'.`
      : `There is no directive '#${shown}'; '#${near}' is meant, perhaps.`;
  const at = { file: word.file, start: word.start, end: word.end };
  const fix = near === undefined ? undefined : { title: `Replace by '#${near}'`, edits: [{ span: at, newText: near }] };
  report(state, {
    code: 'unknown-directive',
    severity: 'error',
    message,
    span,
    ...(fix === undefined ? {} : { fix }),
  });
}

function meant(word: string): string | undefined {
  const other = Object.hasOwn(others, word) ? others[word] : undefined;
  if (other !== undefined) return other;
  const sorted = (text: string): string => [...text].sort().join('');
  return nearestName(word, words) ?? words.find((known) => sorted(known) === sorted(word));
}
