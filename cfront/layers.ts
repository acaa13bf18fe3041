/**
 * Maps in layers: what headers said lies frozen below and is shared, what a file adds lies on top and is its own.
 *
 * A `Layer` never changes. A `LayeredMap` is a map whose lowest entries are those of a layer; looking up goes down at
 * most `depthMax` layers, because a deeper stack is copied into one. Iteration gives the order in which one plain map
 * would have been filled: a name keeps its place when it is set again, and loses it when it was deleted between.
 *
 * A name may be known before its value: a `Deferred` stands in its place and finds the value when it is looked up. And
 * an entry of a map may stand before one of those below it (`setBefore`).
 */

/** Finds the values of some names when they are first asked for, and from then on gives the same ones. */
export abstract class Deferred<V> {
  /** Undefined while the value is being found: to whoever finds it, the name is not there yet. */
  abstract valueOf(name: string): V | undefined;
  abstract isKnown(): boolean;
}

export type Stored<V> = V | Deferred<V>;

export interface Layer<V> {
  readonly base: Layer<V> | undefined;
  readonly own: ReadonlyMap<string, Stored<V>>;
  /** Names of the layers below that were deleted in this one. */
  readonly hidden: ReadonlySet<string>;
  /** Own names that do not follow what is below: each with the name there that it stands before. */
  readonly early?: ReadonlyMap<string, string> | undefined;
  readonly depth: number;
}

const depthMax = 2;
const nothing: ReadonlySet<string> = new Set();

export class LayeredMap<V> implements ReadonlyMap<string, V> {
  private base: Layer<V> | undefined;
  private own = new Map<string, Stored<V>>();
  private hidden: Set<string> | undefined;
  private early: Map<string, string> | undefined;
  /** Gets each name that is looked up, set or deleted. */
  watch: Set<string> | undefined;
  /** Own entries that were taken over from below. They have no place among what this map added. */
  private readonly adopted = new Set<string>();
  /** How often an entry was set to something else than it was, and how often that took the place of one of its own. */
  changes = 0;
  replacements = 0;
  /** Takes the place of a value from below when it is looked up; undefined once nothing is to be taken over any more. */
  adopt: ((value: V) => V) | undefined;

  constructor(base?: Layer<V>) {
    this.base = base;
  }

  get(name: string): V | undefined {
    this.watch?.add(name);
    const own = this.own.get(name);
    if (own instanceof Deferred) return own.valueOf(name);
    if (own !== undefined || this.base === undefined) return own;
    if (this.hidden?.has(name) === true) return undefined;
    const below = lookIn(this.base, name);
    if (below === undefined || this.adopt === undefined) return below;
    const adopted = this.adopt(below);
    if (adopted !== below) {
      this.own.set(name, adopted);
      this.adopted.add(name);
    }
    return adopted;
  }

  has(name: string): boolean {
    this.watch?.add(name);
    return this.own.has(name) || this.isBelow(name);
  }

  set(name: string, value: V): void {
    this.watch?.add(name);
    const before = this.own.get(name);
    if (before === value) return;
    this.changes++;
    if (before !== undefined) this.replacements++;
    this.own.set(name, value);
    this.adopted.delete(name);
  }

  /** As `set`, for a name that is not there: in the order of entries it stands before the one below with this name. */
  setBefore(name: string, value: V, before: string): void {
    this.set(name, value);
    this.early ??= new Map();
    this.early.set(name, before);
  }

  isPutBefore(name: string): boolean {
    return this.early?.has(name) === true;
  }

  /** The value is found when somebody asks for it. */
  defer(name: string, value: Deferred<V>): void {
    this.own.set(name, value);
    this.adopted.delete(name);
  }

  delete(name: string): void {
    this.watch?.add(name);
    this.own.delete(name);
    this.early?.delete(name);
    this.adopted.delete(name);
    if (this.base === undefined || storedIn(this.base, name) === undefined) return;
    this.hidden ??= new Set();
    this.hidden.add(name);
  }

  /** What was set in this map itself since it stands on its layer: a value, or what stands for it. */
  stored(name: string): V | Deferred<V> | undefined {
    return this.own.get(name);
  }

  /** What stands for a value that nobody has asked for yet, in this map or in a layer below it. */
  unread(name: string): Deferred<V> | undefined {
    const below = this.base === undefined || this.hidden?.has(name) === true ? undefined : storedIn(this.base, name);
    const stored = this.own.get(name) ?? below;
    return stored instanceof Deferred && !stored.isKnown() ? stored : undefined;
  }

  /** Values that were set in this map itself since it stands on its layer; what is deferred is not among them. */
  *added(): Iterable<V> {
    for (const value of this.own.values()) if (!(value instanceof Deferred)) yield value;
  }

  /** Values that nothing defers or that have been found by now, in order. */
  *known(): Iterable<V> {
    for (const [name, value] of this.allStored()) {
      const known = value instanceof Deferred ? (value.isKnown() ? value.valueOf(name) : undefined) : value;
      if (known !== undefined) yield known;
    }
  }

  /** How many entries it has added; they stand in the order in which they came. */
  addedSize(): number {
    return this.own.size - this.adopted.size;
  }

  /** Takes out what came after its first `size` added entries, and gives it. What was taken over is to be taken anew. */
  cutTo(size: number): readonly (readonly [string, Stored<V>])[] {
    const entries = [...this.own].filter(([name]) => !this.adopted.has(name));
    this.own = new Map(entries.slice(0, size));
    this.adopted.clear();
    return entries.slice(size);
  }

  /** Puts back what was taken out. */
  append(entries: readonly (readonly [string, Stored<V>])[]): void {
    for (const [name, value] of entries) this.own.set(name, value);
  }

  /** As a layer that holds only until this map is changed. */
  asLayer(): Layer<V> {
    const { base, own, hidden, early } = this;
    return { base, own, hidden: hidden ?? nothing, early, depth: (base?.depth ?? 0) + 1 };
  }

  /** See `partsOf`. */
  parts(): readonly ReadonlyMap<string, unknown>[] {
    const found: ReadonlyMap<string, unknown>[] = [this.own];
    for (let layer = this.base; layer !== undefined; layer = layer.base) found.push(layer.own);
    return found;
  }

  /** All entries as they are now, for others to build on. This map goes on above them. */
  freeze(): Layer<V> {
    const { base, own, hidden, early } = this;
    if (base !== undefined && own.size === 0 && hidden === undefined) return base;
    const depth = (base?.depth ?? 0) + 1;
    const above = { base, own, hidden: hidden ?? nothing, early, depth };
    const layer = depth > depthMax ? { base: undefined, own: merged(above), hidden: nothing, depth: 1 } : above;
    this.rebase(layer);
    return layer;
  }

  /** Forgets its own entries and stands on another layer. */
  rebase(base: Layer<V>): void {
    this.base = base;
    this.own = new Map();
    this.adopted.clear();
    this.hidden = undefined;
    this.early = undefined;
  }

  get size(): number {
    let count = 0;
    for (const _ of this.allStored()) count++;
    return count;
  }

  /** Finds what is deferred as it comes to it. */
  *entries(): MapIterator<[string, V]> {
    for (const [name, stored] of this.allStored()) {
      const value = stored instanceof Deferred ? this.get(name) : stored;
      if (value !== undefined) yield [name, value];
    }
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.allStored()) yield name;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }

  private allStored(): MapIterator<[string, Stored<V>]> {
    return storedOf(this.asLayer());
  }

  private isBelow(name: string): boolean {
    return this.base !== undefined && this.hidden?.has(name) !== true && storedIn(this.base, name) !== undefined;
  }
}

/** A layer of its own with these entries. */
export function flat<V>(entries: Iterable<readonly [string, Stored<V>]>): Layer<V> {
  return { base: undefined, own: new Map(entries), hidden: nothing, depth: 1 };
}

/** All entries of a layer and those below it, by doing once more what was done to them. */
function merged<V>(layer: Layer<V>): Map<string, Stored<V>> {
  const { base, own, hidden, early } = layer;
  if (base === undefined) return new Map(own);
  if (early !== undefined && early.size > 0) return new Map(storedOf(layer));
  const all = merged(base);
  for (const name of hidden) all.delete(name);
  // Thousands of macros, at the first reading: a pair for each would be garbage.
  own.forEach((value, name) => {
    all.set(name, value);
  });
  return all;
}

/** The value of a name in a layer or below it. */
export function lookIn<V>(layer: Layer<V>, name: string): V | undefined {
  const stored = storedIn(layer, name);
  return stored instanceof Deferred ? stored.valueOf(name) : stored;
}

function storedIn<V>(layer: Layer<V>, name: string): Stored<V> | undefined {
  for (let l: Layer<V> | undefined = layer; l !== undefined; l = l.base) {
    const value = l.own.get(name);
    if (value !== undefined) return value;
    if (l.hidden.has(name)) return undefined;
  }
  return undefined;
}

function* storedOf<V>(layer: Layer<V>): MapIterator<[string, Stored<V>]> {
  const { base, own, hidden, early } = layer;
  if (base === undefined) {
    yield* own.entries();
    return;
  }
  const waiting = waitingFor(layer);
  for (const entry of storedOf(base)) {
    for (const name of waiting.get(entry[0]) ?? []) yield [name, own.get(name) as Stored<V>];
    if (hidden.has(entry[0])) continue;
    const value = own.get(entry[0]);
    yield value === undefined ? entry : [entry[0], value];
  }
  for (const entry of own) {
    if (early?.has(entry[0]) === true) continue;
    if (hidden.has(entry[0]) || storedIn(base, entry[0]) === undefined) yield entry;
  }
}

/** Own names that stand before others, by those, in their order. */
function waitingFor<V>({ own, early }: Layer<V>): ReadonlyMap<string, readonly string[]> {
  const waiting = new Map<string, string[]>();
  for (const [name, other] of early ?? []) {
    if (own.has(name)) waiting.set(other, [...(waiting.get(other) ?? []), name]);
  }
  return waiting;
}
