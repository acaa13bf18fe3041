/**
 * What a page requires: header, library, minimum system, IRQL, …
 *
 * In: the `req.*` keys of the front matter and the page's requirements table (HTML or Markdown, '**Version**: x' lines).
 * Out: one record by the name that the docs print ('Header', 'Minimum supported client'). Empty values are left out;
 * where both speak, the front matter is kept, as the tables of 2017 were generated from it.
 */

import type { FrontMatter } from './front-matter.ts';
import type { Block } from './prose/blocks.ts';
import { flatText } from './prose/blocks.ts';
import { plainText } from './prose/inline.ts';

/** Printed name of each key. */
const keyNames: Readonly<Record<string, string>> = {
  'req.header': 'Header',
  'req.include-header': 'Include header',
  'req.target-type': 'Target platform',
  'req.target-min-winverclnt': 'Minimum supported client',
  'req.target-min-winversvr': 'Minimum supported server',
  'req.kmdf-ver': 'Minimum KMDF version',
  'req.umdf-ver': 'Minimum UMDF version',
  'req.lib': 'Library',
  'req.dll': 'DLL',
  'req.irql': 'IRQL',
  'eq.irql': 'IRQL' /* a typing error of one public page */,
  'req.ddi-compliance': 'DDI compliance rules',
  'req.unicode-ansi': 'Unicode and ANSI names',
  'req.idl': 'IDL',
  'req.max-support': 'End of support',
  'req.namespace': 'Namespace',
  'req.assembly': 'Assembly',
  'req.type-library': 'Type library',
  'req.redist': 'Redistributable',
  'req.product': 'Product',
  'req.construct-type': 'Construct',
};

/** Requirements of the front matter. */
export function frontMatterRequirements(front: FrontMatter): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of front.values) {
    const name = Object.hasOwn(keyNames, key) ? keyNames[key] : undefined;
    if (name !== undefined && value !== '') found[name] ??= value;
  }
  return found;
}

/** Rows of a requirements section: 'Header' to 'Wsk.h (include Wsk.h)'. */
export function tableRequirements(blocks: readonly Block[]): Record<string, string> {
  const found: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    const key = name.replace(/:$/, '').trim();
    if (key !== '' && value !== '') found[key] ??= value;
  };
  for (const block of blocks) {
    if (block.kind === 'table') {
      const rows = block.rows.map((row) => row.map(flatText));
      // A table without a header row may show its first row as one.
      if (block.header.length === 2) add(block.header[0] ?? '', block.header[1] ?? '');
      for (const [name = '', ...values] of rows) add(name, values.join(' ').trim());
    } else if (block.kind === 'paragraph') {
      for (const line of block.text.split('\n')) {
        const match = /^([A-Za-z][\w ]{1,30}):\s+(.+)$/.exec(plainText(line));
        if (match) add(match[1] ?? '', match[2] ?? '');
      }
    }
  }
  return found;
}

/** 'Wsk.h (include Wsk.h)' is the header and the file to include. */
export function splitHeader(text: string): { readonly header?: string; readonly includeHeader?: string } {
  const match = /^([^\s();,]+)\s*(?:\(include\s+([^()]*)\))?/i.exec(text.trim());
  if (!match?.[1]) return {};
  const include = match[2]?.trim();
  return { header: match[1], ...(include ? { includeHeader: include } : {}) };
}
