/**
 * Records by the address of what they are about; `AddressMap` can be asked for those inside a block of memory.
 *
 * Every block that is freed asks that of five such maps. Addresses are kept by page beside the map, so that an answer costs
 * as much as there is in the block's pages, however many records a driver has.
 *
 * A map finds a small number many times faster than a bigint, so the keys are numbers: the offset of kernel memory, below
 * zero that of user memory. What only a driver's mistake makes an address has no exact number and stays a bigint.
 */
import { bothWords, fromWords, KERNEL_HIGH } from '../machine/memory/layout.ts';
import type { GuestAddress } from '../machine/native.ts';

type Key = number | bigint;

const PAGE_BITS = 12;
/** A power is worked out each time it is asked for. */
const PAGE = 2 ** PAGE_BITS;
const NOTHING: readonly GuestAddress[] = [];
/** High words below this leave a number that is exact. */
const EXACT_HIGH = 0x0020_0000;
const WORD = 2 ** 32;

export class AddressTable<T> {
  protected readonly records = new Map<Key, T>();
  // The record of the last question: what happens to an IRP asks for it several times in a row. Two numbers are compared
  // in no time, two bigints are not.
  private lastKey = Number.NaN;
  private last: T | undefined = undefined;

  get size(): number {
    return this.records.size;
  }

  get(address: GuestAddress): T | undefined {
    const key = keyOf(address);
    if (typeof key === 'bigint') return this.records.get(key);
    if (key === this.lastKey) return this.last;
    this.last = this.records.get(key);
    this.lastKey = key;
    return this.last;
  }

  has(address: GuestAddress): boolean {
    return this.records.has(keyOf(address));
  }

  set(address: GuestAddress, record: T): this {
    this.forgetLast();
    this.records.set(keyOf(address), record);
    return this;
  }

  delete(address: GuestAddress): boolean {
    this.forgetLast();
    return this.records.delete(keyOf(address));
  }

  clear(): void {
    this.forgetLast();
    this.records.clear();
  }

  /** Before any change. */
  protected forgetLast(): void {
    this.lastKey = Number.NaN;
    this.last = undefined;
  }

  /** In the order in which they were put in. */
  values(): IterableIterator<T> {
    return this.records.values();
  }
}

export class AddressMap<T> extends AddressTable<T> {
  private readonly pages = new Map<Key, Key[]>();

  override set(address: GuestAddress, record: T): this {
    this.forgetLast();
    const key = keyOf(address);
    const number = pageOf(key);
    const page = this.pages.get(number);
    if (page === undefined) this.pages.set(number, [key]);
    else if (!this.records.has(key)) page.push(key);
    this.records.set(key, record);
    return this;
  }

  override delete(address: GuestAddress): boolean {
    this.forgetLast();
    const key = keyOf(address);
    if (!this.records.delete(key)) return false;
    const number = pageOf(key);
    const page = this.pages.get(number) ?? [];
    if (page.length === 1) this.pages.delete(number);
    else page.splice(page.indexOf(key), 1);
    return true;
  }

  override clear(): void {
    this.pages.clear();
    super.clear();
  }

  /** Addresses from `start` on and below `start + size` that have a record. */
  within(start: bigint, size: number): readonly GuestAddress[] {
    if (this.size === 0 || size <= 0) return NOTHING;
    const first = keyOf(start);
    // A block of more pages than there are records is looked at the other way round.
    if (typeof first === 'bigint' || size >> PAGE_BITS > this.size) return this.among(this.records.keys(), start, size);
    const from = pageOf(first);
    const to = pageOf(first < 0 ? first - (size - 1) : first + (size - 1));
    if (from === to) return this.among(this.pages.get(from), start, size);
    const found: GuestAddress[] = [];
    // User memory's numbers go down as its addresses go up.
    const step = first < 0 ? -1 : 1;
    for (let number = Number(from); number !== Number(to) + step; number += step)
      found.push(...this.among(this.pages.get(number), start, size));
    return found;
  }

  private among(keys: Iterable<Key> | undefined, start: bigint, size: number): readonly GuestAddress[] {
    if (keys === undefined) return NOTHING;
    const end = start + BigInt(size);
    let found: GuestAddress[] | undefined;
    for (const key of keys) {
      const address = addressOf(key);
      if (address >= start && address < end) (found ??= []).push(address);
    }
    return found ?? NOTHING;
  }
}

function keyOf(address: bigint): Key {
  const words = bothWords(address);
  const high = words[1] as number;
  const low = (words[0] as number) >>> 0;
  if (high === KERNEL_HIGH) return low;
  return high >= 0 && high < EXACT_HIGH ? -(high * WORD + low) - 1 : address;
}

function addressOf(key: Key): GuestAddress {
  if (typeof key === 'bigint') return key as GuestAddress;
  return (key >= 0 ? fromWords(key, KERNEL_HIGH) : BigInt(-(key + 1))) as GuestAddress;
}

/** Page of a key; pages of user memory are below zero too. */
function pageOf(key: Key): Key {
  return typeof key === 'bigint' ? key >> BigInt(PAGE_BITS) : Math.floor(key / PAGE);
}
