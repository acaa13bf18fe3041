/**
 * The names that a list has room for, chosen before they become items: a word such as `sta` stands in thousands of names,
 * of which hundreds are shown.
 */
import { type CompletionItem, ranks } from './item.ts';

/** Words shorter than this stand for a beginning. */
export const wordMin = 3;

export class Shortlist {
  /** What is typed of the name, in lower case. */
  readonly word: string;
  readonly #seen: Set<string>;
  readonly #max: number;
  /** How many names of each rank have been taken. */
  readonly #taken = new Map<number, number>();
  /** Names that come one after another mostly have one rank: how many of it or a better one have been taken. */
  #ahead = { rank: Number.NaN, count: 0 };
  #isCut = false;

  /** `before`: items that come first in the list, and count. `max`: items of the whole list. */
  constructor(word: string, before: readonly CompletionItem[], max: number) {
    this.word = word.toLowerCase();
    this.#max = max;
    this.#seen = new Set(before.map((item) => item.label));
    this.#taken.set(ranks.fitting, before.length);
  }

  /** Some name found no room. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** No item is made for this name. */
  leaveOut(label: string): void {
    this.#seen.add(label);
  }

  /** Whether the name, seen for the first time, becomes an item: it fits the word, and there is room for its rank. */
  takes(label: string, rank: number): boolean {
    if (this.#seen.has(label) || !this.#fits(label, rank) || !this.hasRoom(rank)) return false;
    this.#seen.add(label);
    this.#taken.set(rank, (this.#taken.get(rank) ?? 0) + 1);
    if (rank <= this.#ahead.rank) this.#ahead.count++;
    return true;
  }

  /** Whether names taken before, which are of this rank or a better one, leave a place in the list. */
  hasRoom(rank: number): boolean {
    if (this.#ahead.rank !== rank) {
      let count = 0;
      for (const [other, taken] of this.#taken) if (other <= rank) count += taken;
      this.#ahead = { rank, count };
    }
    if (this.#ahead.count < this.#max) return true;
    this.#isCut = true;
    return false;
  }

  /** From the start of the name; from three characters on also inside it, as in AllocateIrp for IoAllocateIrp. */
  #fits(label: string, rank: number): boolean {
    const { word } = this;
    if (word === '') return rank < ranks.catalog;
    // Names with an underscore in front are the headers' own business until somebody asks for one.
    if (label.startsWith('_') && !word.startsWith('_') && rank >= ranks.catalog) return false;
    const name = label.toLowerCase();
    return name.startsWith(word) || (word.length >= wordMin && name.includes(word));
  }
}
