/** Maps as others see them: through a function, in the parts that they are made of, or without what nobody has asked for. */
import { LayeredMap, type Stored } from './layers.ts';

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
