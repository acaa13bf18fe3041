/**
 * Records by the address of what they are about, which can be asked for those inside a block of memory.
 *
 * Every block that is freed asks that of five such maps. Addresses are kept by page beside the map, so that an answer costs
 * as much as there is in the block's pages, however many records a driver has.
 */
import type { GuestAddress } from '../machine/native.ts';

const PAGE_BITS = 12n;
const NOTHING: readonly GuestAddress[] = [];

export class AddressMap<T> extends Map<GuestAddress, T> {
  readonly #pages = new Map<bigint, Set<GuestAddress>>();

  override set(address: GuestAddress, record: T): this {
    const number = address >> PAGE_BITS;
    const page = this.#pages.get(number);
    if (page === undefined) this.#pages.set(number, new Set([address]));
    else page.add(address);
    return super.set(address, record);
  }

  override delete(address: GuestAddress): boolean {
    const number = address >> PAGE_BITS;
    const page = this.#pages.get(number);
    page?.delete(address);
    if (page?.size === 0) this.#pages.delete(number);
    return super.delete(address);
  }

  override clear(): void {
    this.#pages.clear();
    super.clear();
  }

  /** Addresses from `start` on and below `start + size` that have a record. */
  within(start: bigint, size: number): readonly GuestAddress[] {
    if (this.size === 0) return NOTHING;
    const end = start + BigInt(size);
    const isInside = (address: GuestAddress): boolean => address >= start && address < end;
    // A block of more pages than there are records is looked at the other way round.
    if (size >> Number(PAGE_BITS) > this.size) return [...this.keys()].filter(isInside);
    const found: GuestAddress[] = [];
    for (let number = start >> PAGE_BITS; number << PAGE_BITS < end; number++) {
      for (const address of this.#pages.get(number) ?? NOTHING) if (isInside(address)) found.push(address);
    }
    return found;
  }
}
