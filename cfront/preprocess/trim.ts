/** Keeps a cache of headers bounded. */
import type { HeaderCache } from '../header-cache.ts';
import type { Link, Segment } from './chain.ts';

/** Tokens in all segments together. A driver's own headers have some ten thousand, the WDK's a million. */
const tokensMax = 3_000_000;
/** So many may stay whether they are used or not: our bundled headers once or twice. */
const tokensAtRest = 150_000;
/** Of more than that, what so many readings did not use was an edit's in passing, or a file's that is closed. */
const readingsMax = 20;

/**
 * Lets go of the links that were not used for longest while there are too many tokens, or more than are at rest and the
 * link has not been used for long. For the end of a reading.
 */
export function trim(cache: HeaderCache): void {
  const all: { readonly link: Link; readonly links: Link[] }[] = [];
  const tokens = new Map<Segment, number>();
  const gather = (links: Link[]): void => {
    for (const link of links) {
      all.push({ link, links });
      const { segment } = link.node;
      if (segment !== undefined) tokens.set(segment, segment.tokens.length);
      gather(link.node.links);
    }
  };
  for (const root of cache.roots.values()) gather(root.links);
  let total = 0;
  for (const count of tokens.values()) total += count;
  if (total <= tokensAtRest) return;
  /* What was used in one reading goes from its end: a link is never older than those that follow it. */
  all.sort((a, b) => a.link.lastUse - b.link.lastUse);
  for (const { link, links } of all) {
    const isIdle = cache.clock - link.lastUse > readingsMax && total > tokensAtRest;
    if ((total <= tokensMax && !isIdle) || link.lastUse === cache.clock) return;
    const index = links.indexOf(link);
    if (index >= 0) links.splice(index, 1);
    total -= link.node.segment?.tokens.length ?? 0;
  }
}
