/**
 * From where stretches of headers are best read that no parser has read yet.
 *
 * In: the segments of a unit. Out: for each the segment behind which its reading begins. A header may name a record (`struct
 * _ADAPTER;`) to which one that comes a hundred headers later gives its body. What was shared behind those between is of
 * no use to that one, which is read again from before the name (shared.ts): so they are read together with it, and a driver
 * whose headers do so many times is not read as many times over. Only words are looked at: where they mislead, a little
 * more is read, or less is shared.
 */
import { memo } from '../../../base/memo.ts';
import type { Segment } from '../../preprocess/chain.ts';

/** Tags of records and enums in a segment. */
interface Tags {
  readonly withBody: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
}

/** Entry n: behind how many segments the reading begins of those up to number n, which is at least n. */
export function beginsOf(segments: readonly Segment[]): readonly number[] {
  const tags = segments.map(tagsIn);
  const firstNamed = new Map<string, number>();
  const known = new Set<string>();
  const begins = [0];
  for (const [index, { withBody, named }] of tags.entries()) {
    const number = index + 1;
    let begin = index;
    // What is read together with it may complete what was named before that.
    for (let at = number; at > begin; at--)
      for (const tag of tags[at - 1]?.withBody ?? []) {
        const first = firstNamed.get(tag);
        if (first !== undefined && first < at) begin = Math.min(begin, first - 1);
      }
    begins.push(begin);
    for (const tag of withBody) known.add(tag);
    for (const tag of named) {
      if (!known.has(tag)) firstNamed.set(tag, number);
      known.add(tag);
    }
  }
  return begins;
}

const tagsIn = memo(({ tokens }: Segment): Tags => {
  const withBody = new Set<string>();
  const named = new Set<string>();
  for (const [index, { text }] of tokens.entries()) {
    if (text !== 'struct' && text !== 'union' && text !== 'enum') continue;
    const tag = tokens[index + 1];
    if (tag?.kind === 'identifier') (tokens[index + 2]?.text === '{' ? withBody : named).add(tag.text);
  }
  return { withBody, named };
});
