/**
 * Strongly connected components of a graph (Tarjan's algorithm): nodes that can reach each other, together, and these sets
 * so that each comes before what it leads to. The first of each set is where the search came to it, the others follow in
 * the order of the search. Each node is visited once, with a stack of its own: graphs may be deep.
 */
export function componentsOf<Node>(
  roots: Iterable<Node>,
  successors: (node: Node) => Iterable<Node>,
): readonly (readonly [Node, ...Node[]])[] {
  const components: (readonly [Node, ...Node[]])[] = [];
  const places = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  const visits: Visit<Node>[] = [];
  const visit = (node: Node): void => {
    visits.push({ node, targets: successors(node)[Symbol.iterator](), low: places.size });
    places.set(node, places.size);
    open.push(node);
    isOpen.add(node);
  };
  for (const root of roots) {
    if (!places.has(root)) visit(root);
    for (let top = visits.at(-1); top !== undefined; top = visits.at(-1)) {
      const { value: target, done } = top.targets.next();
      if (done === true) {
        visits.pop();
        const above = visits.at(-1);
        if (above !== undefined) above.low = Math.min(above.low, top.low);
        if (top.low !== places.get(top.node)) continue;
        const [, ...others] = open.splice(open.lastIndexOf(top.node));
        components.push([top.node, ...others]);
        for (const node of [top.node, ...others]) isOpen.delete(node);
      } else if (!places.has(target)) visit(target);
      else if (isOpen.has(target)) top.low = Math.min(top.low, places.get(target) ?? 0);
    }
  }
  return components.reverse();
}

interface Visit<Node> {
  readonly node: Node;
  /** Those that have not been looked at yet. */
  readonly targets: Iterator<Node, unknown>;
  /** The place in the search of the earliest node that is known to be in one circle with this one. */
  low: number;
}
