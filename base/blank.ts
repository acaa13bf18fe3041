/**
 * Whether a blank that has just been typed may bring a list by itself, told from its line alone: most blanks indent, or
 * stand behind a finished operand, and an answer for them would have the whole file read between two keys. In: the text
 * of the line up to the cursor. Whoever asks for a list gets one at each place.
 */

/** Words behind which a value, a name or a header comes. */
const openWords = /^(?:return|case|goto|struct|union|enum|sizeof|include|include_next|import|else|do)$/;

/** The end of a statement, a block's beginning, or an index. */
const ended = /(?:[;}\]]|(?:^|\)|\belse|\bdo)\s*\{)$/;

export function mayListBehindBlank(line: string): boolean {
  const before = line.slice(0, -1);
  if (before === '' || /\s$/.test(before)) return false;
  const word = /\w+$/.exec(before)?.[0];
  return word === undefined ? !ended.test(before) : openWords.test(word);
}
