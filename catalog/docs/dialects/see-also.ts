/**
 * Names of a see-also section.
 *
 * In: the section's blocks and the links that stand in them. Out: names in order, each once: link texts, and what is
 * written as a name without a link. Text that is no name (some pages go on with their description there) is handed
 * back, so that it is not lost.
 */

import type { DocLink } from '../page.ts';
import type { Block } from '../prose/blocks.ts';
import { flatText } from '../prose/blocks.ts';
import { plainText } from '../prose/inline.ts';

/** Longest text that may be a name without a link. */
const nameMax = 100;

/** Parts names from prose. `links` are those of the section, in order. */
export function readSeeAlso(
  blocks: readonly Block[],
  links: readonly DocLink[],
): { readonly names: readonly string[]; readonly rest: readonly Block[] } {
  const heading = blocks.findIndex((block) => block.kind === 'heading');
  const listed = heading < 0 ? blocks : blocks.slice(0, heading);
  const names: string[] = [];
  const rest: Block[] = heading < 0 ? [] : blocks.slice(heading);
  let next = 0;
  for (const block of listed) {
    for (const unit of units(block)) {
      const before = next;
      for (let link = links[next]; link && unit.includes(link.text); link = links[++next]) names.push(link.text);
      if (next > before) continue;
      const name = bare(unit);
      if (name !== '' && unit.length <= nameMax) names.push(name);
      else if (name !== '') rest.push(block);
    }
  }
  return { names: [...new Set(names.filter((name) => !name.startsWith('http')))], rest };
}

/** The pieces of a block that may each be a name. */
function units(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return block.text.split('\n').map(plainText);
    case 'list':
      return block.items.map(flatText);
    case 'terms':
      return block.entries.flatMap((entry) => [...entry.terms.map(plainText), ...entry.body.flatMap(units)]);
    default:
      return [flatText([block])];
  }
}

/** A name of which the link is broken: `[X](../x.md`. */
function bare(text: string): string {
  return (/^\[([^\]]+)\]/.exec(text.trim())?.[1] ?? text).replace(/[.,;]$/, '').trim();
}
