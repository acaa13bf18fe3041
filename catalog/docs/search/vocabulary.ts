/**
 * All words of a set of pages, each with a number: how often a word occurs costs a number only.
 *
 * In: words as bytes. Out: their numbers, counted from 0 in the order in which they were first seen. The words stand one
 * behind the other in one array of bytes, and a hash table of numbers finds them, so that a hundred thousand words are
 * three arrays and no string. A vocabulary only grows.
 */
import { eachPlainWord, queryWords } from './words.ts';

export interface Vocabulary {
  size: number;
  bytes: Uint8Array;
  /** Where each word begins in `bytes`, and one more: where the last one ends. */
  starts: Uint32Array;
  /** Number of a word plus one, by hash; a power of two of them, less than half in use. */
  slots: Int32Array;
}

/** The commonest words of English have the first numbers: they are on every page and tell nothing. */
const common =
  'an and are as at be by can do does for from has have if in into is it its may must no not of on or should than that the their then there these they this to was when which will with you your';

/** Whether a word is one of the commonest. */
export function isCommon(word: number): boolean {
  return word < commonCount;
}

export function newVocabulary(): Vocabulary {
  const vocabulary: Vocabulary = {
    size: 0,
    bytes: new Uint8Array(1 << 16),
    starts: new Uint32Array(1 << 12),
    slots: new Int32Array(1 << 13),
  };
  eachPlainWord(common, (word, length) => wordNumber(vocabulary, word, length));
  return vocabulary;
}

const commonCount = newVocabulary().size;

export function isCommonWord(word: string): boolean {
  return commonWords.has(word);
}

const commonWords: ReadonlySet<string> = new Set(queryWords(common));

/** One whose words were kept: `bytes` and `starts` of another. */
export function oldVocabulary(bytes: Uint8Array, starts: Uint32Array): Vocabulary {
  const size = Math.max(0, starts.length - 1);
  const vocabulary = { size, bytes, starts, slots: new Int32Array(slotsFor(size)) };
  fillSlots(vocabulary);
  return vocabulary;
}

/** The number of the word in the first `length` bytes of `word`; a new one where it is not known. */
export function wordNumber(vocabulary: Vocabulary, word: Uint8Array, length: number): number {
  const slot = slotOf(vocabulary, word, 0, length);
  const known = vocabulary.slots[slot] ?? 0;
  if (known !== 0) return known - 1;
  const { size } = vocabulary;
  const start = vocabulary.starts[size] ?? 0;
  while (vocabulary.bytes.length < start + length) vocabulary.bytes = grown(vocabulary.bytes, Uint8Array);
  if (vocabulary.starts.length < size + 2) vocabulary.starts = grown(vocabulary.starts, Uint32Array);
  vocabulary.bytes.set(word.subarray(0, length), start);
  vocabulary.starts[size + 1] = start + length;
  vocabulary.slots[slot] = size + 1;
  vocabulary.size = size + 1;
  if (2 * vocabulary.size > vocabulary.slots.length) {
    vocabulary.slots = new Int32Array(slotsFor(vocabulary.size));
    fillSlots(vocabulary);
  }
  return size;
}

/** Numbers of the words that begin with these letters. */
export function wordsFrom({ size, bytes, starts }: Vocabulary, beginning: string): readonly number[] {
  const found: number[] = [];
  const first = beginning.charCodeAt(0);
  for (let word = 0; word < size; word++) {
    const start = starts[word] ?? 0;
    if (bytes[start] !== first || (starts[word + 1] ?? 0) - start < beginning.length) continue;
    let i = 1;
    while (i < beginning.length && bytes[start + i] === beginning.charCodeAt(i)) i++;
    if (i === beginning.length) found.push(word);
  }
  return found;
}

export function wordLength({ starts }: Vocabulary, word: number): number {
  return (starts[word + 1] ?? 0) - (starts[word] ?? 0);
}

/** The slot that has the word, or the free one where it belongs. */
function slotOf({ bytes, starts, slots }: Vocabulary, word: Uint8Array, from: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (word[from + i] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  const mask = slots.length - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const number = slots[slot] ?? 0;
    if (number === 0) return slot;
    const start = starts[number - 1] ?? 0;
    if ((starts[number] ?? 0) - start !== length) continue;
    let i = 0;
    while (i < length && bytes[start + i] === word[from + i]) i++;
    if (i === length) return slot;
  }
}

function fillSlots(vocabulary: Vocabulary): void {
  const { size, bytes, starts, slots } = vocabulary;
  for (let word = 0; word < size; word++) {
    const start = starts[word] ?? 0;
    slots[slotOf(vocabulary, bytes, start, (starts[word + 1] ?? 0) - start)] = word + 1;
  }
}

function slotsFor(size: number): number {
  let slots = 1 << 13;
  while (slots < 3 * size) slots *= 2;
  return slots;
}

function grown<A extends { readonly length: number; set(from: A): void }>(old: A, kind: new (length: number) => A): A {
  const larger = new kind(2 * Math.max(1, old.length));
  larger.set(old);
  return larger;
}
