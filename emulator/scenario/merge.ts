/**
 * Keys that a mapping takes over from others with YAML's `<<: *anchor` or `<<: [*one, *other]`. In: a mapping. Out: its
 * own pairs, then those of the others whose keys it does not have, the first that has a key counting. Ends, because a
 * mapping in which the key stands is refused, and aliases are counted.
 */
import { isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** What `<<` may name: undefined where it is none, which `resolve` has told. */
type Resolve = (given: Node | null) => YAMLMap | undefined;

export function mergedPairs(node: YAMLMap, resolve: Resolve): readonly Pair[] {
  const own = node.items.filter((pair) => !isMerge(pair));
  if (own.length === node.items.length) return own;
  const pairs = new Map(own.map((pair) => [String(pair.key), pair]));
  for (const { value } of node.items.filter(isMerge)) {
    const named = isSeq(value) ? value.items : [value];
    for (const one of named) {
      const other = resolve(one as Node | null);
      if (other === undefined) continue;
      for (const pair of mergedPairs(other, resolve)) {
        const key = String(pair.key);
        if (!pairs.has(key)) pairs.set(key, pair);
      }
    }
  }
  return [...pairs.values()];
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
