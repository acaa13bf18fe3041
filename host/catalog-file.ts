/** Reads the bundled catalog (dist/catalog.json), which stands beside the program that runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/model.ts';

/** `folder` holds catalog.json. A missing or broken file is a broken installation, and throws. */
export function loadCatalog(folder: string): Catalog {
  // Our own build wrote the file: its shape is known.
  const data = JSON.parse(readFileSync(join(folder, 'catalog.json'), 'utf8')) as CatalogData;
  return createCatalog(data);
}
