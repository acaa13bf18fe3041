/**
 * Include guards: the macro that makes a second reading of a file empty.
 *
 * In: the tokens of a file. Out: the name X where the whole file stands between `#ifndef X` (or `#if !defined(X)`) and
 * its `#endif`; a file whose guard is defined need not be opened again. Found once for each file.
 */
import { memo } from '../../base/memo.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';

export const guardOf: (file: TokenizedFile) => string | undefined = memo(findGuard);

function findGuard({ tokens, directives }: TokenizedFile): string | undefined {
  if (directives[0] !== 0) return undefined;
  let line = '';
  for (let i = 1; i < 8 && tokens[i]?.startsLine === false; i++) line += ` ${tokens[i]?.text}`;
  const match = /^ (?:ifndef (\S+)|if ! defined (?:(\w+)|\( (\S+) \)))$/.exec(line);
  if (match === null) return undefined;
  let depth = 0;
  for (let d = 0; d < directives.length; d++) {
    const at = directives[d] as number;
    const word = tokens[at + 1];
    if (word === undefined || word.startsLine) continue;
    if (word.text.startsWith('if')) depth++;
    else if (word.text.startsWith('el') && depth === 1) return undefined;
    else if (word.text === 'endif' && --depth === 0) {
      let after = at + 2;
      while (tokens[after]?.startsLine === false && tokens[after]?.kind !== 'end') after++;
      const isWhole = d === directives.length - 1 && tokens[after]?.kind === 'end';
      return isWhole ? (match[1] ?? match[2] ?? match[3]) : undefined;
    }
  }
  return undefined;
}
