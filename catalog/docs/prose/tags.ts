/**
 * Finds HTML tags in the docs' mix of HTML and Markdown.
 *
 * In: text and the offset of a `<`. Out: the tag there, or nothing when the `<` is only a character (`<= DISPATCH`,
 * `<ntddk.h>`). A tag never contains another `<`: the scan stops there, so the stretches that two scans look at do
 * not overlap and the whole costs linear time, whatever the text.
 */

export interface Tag {
  readonly name: string;
  readonly closing: boolean;
  /** Text between the name and the `>`. */
  readonly attributes: string;
  /** Offset after the `>`. */
  readonly end: number;
}

/** Tags that end a paragraph. */
const blockTags: ReadonlySet<string> = new Set(
  'p div dl dt dd ul ol li table thead tbody tfoot tr td th caption colgroup col pre blockquote h1 h2 h3 h4 h5 h6 hr section details summary center'.split(
    ' ',
  ),
);

/** Tags inside a paragraph; what is in neither set is no HTML but a placeholder such as `<FileName>`. */
const inlineTags: ReadonlySet<string> = new Set(
  'a b strong i em code tt kbd samp var br wbr img sub sup u s del ins span font small big text nobr abbr cite q mark'.split(
    ' ',
  ),
);

/** The tag whose `<` is at `at`. Only tags of HTML that the docs use are tags. */
export function tagAt(text: string, at: number): Tag | undefined {
  const closing = text.charCodeAt(at + 1) === 47;
  const nameStart = at + (closing ? 2 : 1);
  let nameEnd = nameStart;
  while (nameEnd - nameStart <= 12 && isAlphanumeric(text.charCodeAt(nameEnd))) nameEnd++;
  if (nameEnd === nameStart) return undefined;
  const name = text.slice(nameStart, nameEnd).toLowerCase();
  if (!blockTags.has(name) && !inlineTags.has(name)) return undefined;
  const end = tagEnd(text, nameEnd);
  return end === undefined ? undefined : { name, closing, attributes: text.slice(nameEnd, end - 1), end };
}

export function isBlockTag(name: string): boolean {
  return blockTags.has(name);
}

/** Value of an attribute: `href` of `<a href="x">`. Undefined where it is missing. */
export function attribute(tag: Tag, name: string): string | undefined {
  const at = tag.attributes.toLowerCase().indexOf(`${name}=`);
  if (at < 0) return undefined;
  const from = at + name.length + 1;
  const quote = tag.attributes[from];
  if (quote !== '"' && quote !== "'") return tag.attributes.slice(from).split(/[\s/]/, 1)[0];
  const end = tag.attributes.indexOf(quote, from + 1);
  return tag.attributes.slice(from + 1, end < 0 ? undefined : end);
}

/** Offset after the `>` that ends a tag; a quote that is never closed does not hide it. */
function tagEnd(text: string, from: number): number | undefined {
  let quote = 0;
  let firstClose: number | undefined;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (i === from && !(c === 62 || c === 47 || c <= 32)) return undefined;
    if (c === 60) break;
    if (c === 62) {
      if (!quote) return i + 1;
      firstClose ??= i + 1;
    } else if (quote) {
      if (c === quote) quote = 0;
    } else if (c === 34 || c === 39) quote = c;
  }
  return firstClose;
}

function isAlphanumeric(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);
}
