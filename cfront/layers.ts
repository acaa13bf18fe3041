/**
 * Maps in layers: what headers said lies frozen below and is shared, what a file adds lies on top and is its own.
 *
 * A `Layer` never changes. A `LayeredMap` is a map whose lowest entries are those of a layer; looking up goes down at
 * most `depthMax` layers, because a deeper stack is copied into one. Iteration gives the order in which one plain map
 * would have been filled: a name keeps its place when it is set again, and loses it when it was deleted between.
 *
 * A name may be known before its value: a `Deferred` stands in its place and finds the value when it is looked up.
 */

/** Finds the values of some names when they are first asked for, and from then on gives the same ones. */
export abstract class Deferred<V> {
  /** Undefined while the value is being found: to whoever finds it, the name is not there yet. */
  abstract valueOf(name: string): V | undefined;
  abstract isKnown(): boolean;
}

type Stored<V> = V | Deferred<V>;

export interface Layer<V> {
  readonly base: Layer<V> | undefined;
  readonly own: ReadonlyMap<string, Stored<V>>;
  /** Names of the layers below that were deleted in this one. */
  readonly hidden: ReadonlySet<string>;
  readonly depth: number;
}

const depthMax = 2;
const nothing: ReadonlySet<string> = new Set();

export class LayeredMap<V> implements ReadonlyMap<string, V> {
  private base: Layer<V> | undefined;
  private own = new Map<string, Stored<V>>();
  private hidden: Set<string> | undefined;
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
    return this.own.has(name) || this.isBelow(name);
  }

  set(name: string, value: V): void {
    const before = this.own.get(name);
    if (before === value) return;
    this.changes++;
    if (before !== undefined) this.replacements++;
    this.own.set(name, value);
    this.adopted.delete(name);
  }

  /** The value is found when somebody asks for it. */
  defer(name: string, value: Deferred<V>): void {
    this.own.set(name, value);
    this.adopted.delete(name);
  }

  delete(name: string): void {
    this.own.delete(name);
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
    return { base: this.base, own: this.own, hidden: this.hidden ?? nothing, depth: (this.base?.depth ?? 0) + 1 };
  }

  /** See `partsOf`. */
  parts(): readonly ReadonlyMap<string, unknown>[] {
    const found: ReadonlyMap<string, unknown>[] = [this.own];
    for (let layer = this.base; layer !== undefined; layer = layer.base) found.push(layer.own);
    return found;
  }

  /** All entries as they are now, for others to build on. This map goes on above them. */
  freeze(): Layer<V> {
    const { base, own, hidden } = this;
    if (base !== undefined && own.size === 0 && hidden === undefined) return base;
    const depth = (base?.depth ?? 0) + 1;
    const above = { base, own, hidden: hidden ?? nothing, depth };
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
    const { base, own, hidden } = this;
    return storedOf({ base, own, hidden: hidden ?? nothing, depth: 0 });
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
function merged<V>({ base, own, hidden }: Layer<V>): Map<string, Stored<V>> {
  if (base === undefined) return new Map(own);
  const all = merged(base);
  for (const name of hidden) all.delete(name);
  // Thousands of macros, at the first reading: a pair for each would be garbage.
  own.forEach((value, name) => {
    all.set(name, value);
  });
  return all;
}

/** A map seen through a function: entries for which it gives undefined are not there. */
export class MappedView<V, W> implements ReadonlyMap<string, W> {
  private readonly map: ReadonlyMap<string, V>;
  private readonly show: (value: V) => W | undefined;

  constructor(map: ReadonlyMap<string, V>, show: (value: V) => W | undefined) {
    this.map = map;
    this.show = show;
  }

  /** What it shows. */
  shown(): ReadonlyMap<string, V> {
    return this.map;
  }

  get(name: string): W | undefined {
    const value = this.map.get(name);
    return value === undefined ? undefined : this.show(value);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    let count = 0;
    for (const _ of this.entries()) count++;
    return count;
  }

  *entries(): MapIterator<[string, W]> {
    for (const [name, value] of this.map) {
      const shown = this.show(value);
      if (shown !== undefined) yield [name, shown];
    }
  }

  *known(): Iterable<W> {
    for (const value of knownValues(this.map)) {
      const shown = this.show(value);
      if (shown !== undefined) yield shown;
    }
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): MapIterator<W> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, W]> {
    return this.entries();
  }

  forEach(visit: (value: W, name: string, map: ReadonlyMap<string, W>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}

/**
 * The maps that a map is made of: together they have all of its names, and perhaps some that it hides. Those of layers are
 * the same objects for everybody who builds on them, so that what is worked out for them can be kept.
 */
export function partsOf<V>(map: Map<string, V> | LayeredMap<V>): readonly ReadonlyMap<string, Stored<V>>[];
export function partsOf(map: ReadonlyMap<string, unknown>): readonly ReadonlyMap<string, unknown>[];
export function partsOf(map: ReadonlyMap<string, unknown>): readonly ReadonlyMap<string, unknown>[] {
  if (map instanceof MappedView) return partsOf(map.shown());
  return map instanceof LayeredMap ? map.parts() : [map];
}

/**
 * The values of a map without those that are deferred and that nobody has asked for yet: all that the user's own files
 * declare, and all that their text mentions.
 */
export function knownValues<V>(map: ReadonlyMap<string, V>): Iterable<V> {
  return map instanceof LayeredMap || map instanceof MappedView ? map.known() : map.values();
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

function* storedOf<V>({ base, own, hidden }: Layer<V>): MapIterator<[string, Stored<V>]> {
  if (base === undefined) {
    yield* own.entries();
    return;
  }
  for (const entry of storedOf(base)) {
    if (hidden.has(entry[0])) continue;
    const value = own.get(entry[0]);
    yield value === undefined ? entry : [entry[0], value];
  }
  for (const entry of own) if (hidden.has(entry[0]) || storedIn(base, entry[0]) === undefined) yield entry;
}
