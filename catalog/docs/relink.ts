/**
 * Links put back into a page's prose.
 *
 * In: clean Markdown in which links are their text only, and the page's links with absolute addresses. Out: the same
 * Markdown with links. The text of an API's link is a name, and every occurrence of it in the prose becomes a link, once
 * per paragraph; other texts ("this topic") only where they stand first, since they may mean something else elsewhere.
 * Code, headings and what is linked already stay as they are. One pass with one regular expression of all texts.
 */
import { isIdentifier } from './names.ts';

export interface AddressedLink {
  readonly text: string;
  readonly address: string;
}

/** Links of one page that are looked for; more than the longest page has. */
const linksMax = 400;

export function relinked(markdown: string, links: readonly AddressedLink[]): string {
  const addresses = new Map<string, string>();
  for (const { text, address } of links.slice(0, linksMax)) {
    if (text.length > 1 && !/[[\]\n]/.test(text) && !addresses.has(text)) addresses.set(text, address);
  }
  if (addresses.size === 0) return markdown;
  const longest = [...addresses.keys()].sort((a, b) => b.length - a.length);
  const words = longest.map(asWritten).join('|');
  // Code and links first, so that what stands in them is passed over.
  const any = new RegExp(`(\`+)[^\`]+\\1|\\[[^\\]]*\\]\\([^)]*\\)|(?<![\\w/.])(\\*{0,2})(${words})\\2(?!\\w)`, 'g');
  const spent = new Set<string>();
  return blocksOf(markdown)
    .map((block) => {
      if (/^\s*(?:```|#)/.test(block)) return block;
      const here = new Set<string>();
      return block.replace(any, (whole: string, _ticks, mark: string | undefined, text: string | undefined) => {
        const name = text?.replace(/\\([<*`\\])/g, '$1') ?? '';
        const address = addresses.get(name);
        if (text === undefined || address === undefined || here.has(name) || spent.has(name)) return whole;
        here.add(name);
        if (!isIdentifier(name)) spent.add(name);
        return `[${mark ?? ''}${text}${mark ?? ''}](${address})`;
      });
    })
    .join('\n\n');
}

/** The expression for a link's text: in Markdown a `<` and its like may have a backslash in front. */
function asWritten(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\<`]/g, (c) => (/[<*`\\]/.test(c) ? `\\\\?\\${c}` : `\\${c}`));
}

/** Paragraphs, lists, tables and code blocks, as blank lines part them; code keeps its own blank lines. */
export function blocksOf(markdown: string): readonly string[] {
  const blocks: string[] = [];
  let fence = '';
  for (const piece of markdown.split('\n\n')) {
    const isInside = fence !== '';
    for (const line of piece.split('\n')) {
      const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (mark === undefined) continue;
      if (fence === '') fence = mark;
      else if (mark.startsWith(fence)) fence = '';
    }
    const last = blocks.length - 1;
    if (isInside) blocks[last] = `${blocks[last] ?? ''}\n\n${piece}`;
    else blocks.push(piece);
  }
  return blocks.filter((block) => block.trim() !== '');
}
