/**
 * What every driver needs is read before the client hears that the server is there, and not when its first document waits
 * for an answer: the facts, and the tokens of the headers that lie below all others. It takes some hundredths of a second,
 * and none more in all. What depends on the driver's own text (macros, the order of headers) is left to its reading.
 */
import type { Catalog } from '../../../catalog/catalog.ts';
import { tokenizeBundled, tokenizeOutlined } from '../../../cfront/tokenize/tokenize.ts';

/** Where the way through the headers begins: each kernel driver comes by the first one, each client of WSK by both. */
const roots = ['wdm.h', 'wsk.h'];

/** Gives the names of the headers. Ends because each is read once. */
export function readAhead(catalog: Catalog): ReadonlySet<string> {
  // Whoever asks for one has all of them parsed.
  catalog.byName('');
  const seen = new Set<string>();
  const pending = [...roots];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const file = catalog.headerFile(name);
    if (file === undefined || seen.has(name)) continue;
    seen.add(name);
    const outline = catalog.outlineOf(file);
    if (outline === undefined) tokenizeBundled(file);
    else tokenizeOutlined(file, outline);
    for (const [, next = ''] of file.text.matchAll(/^#include <(.+)>$/gm)) pending.push(next);
  }
  return seen;
}
