/**
 * For tests of every folder: the bundled catalog, and C read with its headers the way the programs read it.
 *
 * All readings of a process share their headers, of which only what is asked for is read, as in the language server.
 * That this gives what reading from scratch gives has tests of its own (catalog/outlines.test.ts, test/headers), so
 * that no other test needs to pay for it.
 */
import { createHeaderCache } from '../../cfront/header-cache.ts';
import type { IncludeResult, ParseOptions } from '../../cfront/unit.ts';
import { type Catalog, createCatalog } from '../catalog.ts';
import type { CatalogData } from '../model.ts';
import { readCatalogData } from './data.ts';

export { root } from './data.ts';

const data: CatalogData = readCatalogData();
export const catalog: Catalog = createCatalog(data);

/** A bundled header with its outline. */
export function bundledHeader(name: string): IncludeResult {
  const file = catalog.headerFile(name);
  if (file === undefined) return { kind: 'missing', searched: ['the bundled headers'] };
  return { kind: 'found', file, isSystem: true, outline: catalog.outlineOf(file) };
}

/** Readings of a text that includes bundled headers only. */
export const withHeaders = {
  include: ({ name }) => bundledHeader(name),
  headers: createHeaderCache(),
} satisfies ParseOptions;
