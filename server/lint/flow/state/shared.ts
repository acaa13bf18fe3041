/**
 * Maps and sets that cost nothing to copy: copies hold one table until one of them changes it.
 *
 * States are copied at every branch and for every outcome of a helper, and what follows changes few of a copy's tables.
 * Entries stand in the order in which they came, as in a Map, so nothing shows whether a table was copied or is shared.
 * Invariant: a table that two may hold never changes. Each table counts its holders; one that is dropped without a word
 * stays counted, so the count is never too low, and at worst a table is copied for nobody.
 * Invariant: whoever loops over one of these changes no entry but the one that the loop is at. The first change copies
 * the table, and the loop goes on over the one that it began with.
 */

interface Table<T> {
  readonly entries: T;
  holders: number;
}

/** It holds itself, so whoever adds to it copies it first. */
const NO_ENTRIES: Table<Map<never, never>> = { entries: new Map<never, never>(), holders: 1 };
const NO_MEMBERS: Table<Set<never>> = { entries: new Set(), holders: 1 };

export class SharedMap<K, V> {
  private table: Table<Map<K, V>>;

  /** Empty, or with the entries of another; from now on each changes by itself. */
  constructor(other?: SharedMap<K, V>) {
    // Nobody sees of which types the entries are that it does not have.
    this.table = other === undefined ? (NO_ENTRIES as unknown as Table<Map<K, V>>) : other.table;
    this.table.holders++;
  }

  get size(): number {
    return this.table.entries.size;
  }

  get(key: K): V | undefined {
    return this.table.entries.get(key);
  }

  has(key: K): boolean {
    return this.table.entries.has(key);
  }

  /** Surely the same entries; where it says no, they may still be the same. */
  isSharedWith(other: SharedMap<K, V>): boolean {
    return this.table === other.table;
  }

  set(key: K, value: V): void {
    this.own().set(key, value);
  }

  delete(key: K): void {
    if (this.has(key)) this.own().delete(key);
  }

  clear(): void {
    this.table.holders--;
    this.table = NO_ENTRIES as unknown as Table<Map<K, V>>;
    this.table.holders++;
  }

  keys(): MapIterator<K> {
    return this.table.entries.keys();
  }

  values(): MapIterator<V> {
    return this.table.entries.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.table.entries.entries();
  }

  private own(): Map<K, V> {
    const { table } = this;
    if (table.holders === 1) return table.entries;
    table.holders--;
    // One by one: the constructor makes a pair of each entry.
    const entries = new Map<K, V>();
    for (const [key, value] of table.entries) entries.set(key, value);
    this.table = { entries, holders: 1 };
    return entries;
  }
}

/** As `SharedMap`. */
export class SharedSet<T> {
  private table: Table<Set<T>>;

  constructor(other?: SharedSet<T>) {
    this.table = other === undefined ? (NO_MEMBERS as unknown as Table<Set<T>>) : other.table;
    this.table.holders++;
  }

  get size(): number {
    return this.table.entries.size;
  }

  has(member: T): boolean {
    return this.table.entries.has(member);
  }

  add(member: T): void {
    if (!this.has(member)) this.own().add(member);
  }

  delete(member: T): void {
    if (this.has(member)) this.own().delete(member);
  }

  clear(): void {
    this.table.holders--;
    this.table = NO_MEMBERS as unknown as Table<Set<T>>;
    this.table.holders++;
  }

  [Symbol.iterator](): SetIterator<T> {
    return this.table.entries.values();
  }

  private own(): Set<T> {
    const { table } = this;
    if (table.holders === 1) return table.entries;
    table.holders--;
    const entries = table.entries.size === 0 ? new Set<T>() : new Set(table.entries);
    this.table = { entries, holders: 1 };
    return entries;
  }
}
