/**
 * Which words a page has, in a few hundred bytes.
 *
 * In: a page's names, title, sentence and text. Out: the numbers of its words in a vocabulary, each once, at the best
 * place where it stands: a name or the title, then the sentence below it or a heading, then the text. The numbers of a
 * place are sorted and written as differences, seven bits to a byte; a zero ends a place. `eachPageWord` reads them back.
 */
import { isCommon, type Vocabulary, wordNumber } from './vocabulary.ts';
import { eachPlainWord, eachWord } from './words.ts';

/** 3: a name or the title. 2: the sentence or a heading. 1: anywhere. */
export type WordPlace = 3 | 2 | 1;

export interface WordSource {
  readonly names: readonly string[];
  readonly title: string;
  readonly summary: string;
  /** The whole page as it stands in its file. */
  readonly text: string;
}

export interface WordReader {
  /** The words of one page. */
  read(source: WordSource): Uint8Array;
  /** The words of a page that another reader has read, whose numbers are these here. */
  renumber(page: Uint8Array, numbers: readonly number[]): Uint8Array;
}

/** Reads page after page into one vocabulary. */
export function createWordReader(vocabulary: Vocabulary): WordReader {
  let best = new Uint8Array(1 << 16);
  let seen = new Int32Array(1 << 12);
  let count = 0;
  const add = (word: Uint8Array, length: number, place: WordPlace): void => {
    const number = wordNumber(vocabulary, word, length);
    if (!isCommon(number)) note(number, place);
  };
  const note = (number: number, place: WordPlace): void => {
    if (number >= best.length) {
      const larger = new Uint8Array(2 * number);
      larger.set(best);
      best = larger;
    }
    const known = best[number] ?? 0;
    if (known >= place) return;
    best[number] = place;
    if (known !== 0) return;
    if (count === seen.length) {
      const larger = new Int32Array(2 * count);
      larger.set(seen);
      seen = larger;
    }
    seen[count++] = number;
  };
  const packed = (): Uint8Array => {
    const numbers = seen.subarray(0, count).sort();
    const bytes = pack(numbers, best);
    for (const number of numbers) best[number] = 0;
    return bytes;
  };
  return {
    read({ names, title, summary, text }) {
      count = 0;
      for (const name of [...names, title])
        eachPlainWord(name, (word, length) => add(word, length, 3), { parts: true });
      eachPlainWord(summary, (word, length) => add(word, length, 2));
      eachWord(text, (word, length, isHeading) => add(word, length, isHeading ? 2 : 1));
      return packed();
    },
    renumber(page, numbers) {
      count = 0;
      eachPageWord(page, 0, page.length, (word, place) => note(numbers[word] ?? 0, place));
      return packed();
    },
  };
}

/** Each word of a page, from `start` to `end` in `bytes`. */
export function eachPageWord(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (word: number, place: WordPlace) => void,
): void {
  let place: number = 3;
  let word = -1;
  for (let at = start; at < end; ) {
    let byte = bytes[at++] ?? 0;
    let difference = byte & 127;
    for (let shift = 7; byte >= 128 && at < end; shift += 7) {
      byte = bytes[at++] ?? 0;
      difference |= (byte & 127) << shift;
    }
    if (difference === 0) {
      place--;
      word = -1;
      continue;
    }
    word += difference;
    visit(word, place === 3 ? 3 : place === 2 ? 2 : 1);
  }
}

let room = new Uint8Array(1 << 14);

function pack(numbers: Int32Array, best: Uint8Array): Uint8Array {
  // A difference has four bytes at most: a vocabulary never has 2^28 words.
  if (room.length < 4 * numbers.length + 3) room = new Uint8Array(8 * numbers.length);
  let at = 0;
  for (const place of [3, 2, 1]) {
    let last = -1;
    for (const number of numbers) {
      if (best[number] !== place) continue;
      let rest = number - last;
      last = number;
      for (; rest >= 128; rest >>>= 7) room[at++] = (rest & 127) | 128;
      room[at++] = rest;
    }
    if (place > 1) room[at++] = 0;
  }
  return room.slice(0, at);
}
