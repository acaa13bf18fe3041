/**
 * For tests only: freezes all that a cache of headers shares, so that whoever changes it fails. What is left unread is
 * free to be read; what has come out of it is frozen.
 */
import type { HeaderCache } from '../header-cache.ts';
import { Deferred } from '../layers.ts';
import { DeferredPart } from '../parse/sharing/deferred-part.ts';
import type { Segment } from '../preprocess/chain.ts';

export function freezeShared(cache: HeaderCache): void {
  const segments = new Set<Segment>();
  const gather = (
    links: HeaderCache['roots'] extends Map<string, infer R> ? (R extends { links: infer L } ? L : never) : never,
  ): void => {
    for (const { node } of links) {
      for (let at = node.segment; at !== undefined; at = at.parent) segments.add(at);
      gather(node.links);
    }
  };
  for (const root of cache.roots.values()) gather(root.links);
  for (const segment of segments) {
    for (const { state } of [...(cache.parsed.get(segment)?.values() ?? [])].flat()) {
      if (typeof state === 'string') continue;
      const { mentions: _, lateDefinitions: __, ...fixed } = state;
      freezeAll(fixed);
    }
  }
}

function freezeAll(value: object): void {
  const pending: unknown[] = [value];
  for (let next = pending.pop(); pending.length > 0 || next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null || Object.isFrozen(next) || next instanceof Deferred) continue;
    if (next instanceof DeferredPart) {
      pending.push(next.contents());
      continue;
    }
    if (next instanceof Map) {
      pending.push(...next.values());
      next.set = next.delete = refuse;
    } else if (next instanceof Set) next.add = next.delete = refuse;
    else pending.push(...Object.values(next));
    Object.freeze(next);
  }
}

function refuse(): never {
  throw new Error('something that is shared is changed');
}
