/**
 * Reads the bundled catalog (dist/catalog.json), which stands beside the program that runs.
 *
 * The file is one JSON value on two lines: headers and the kernel's C on the first, which every program needs, facts on
 * the second, which are only parsed when somebody asks for them. (scripts/catalog-data.mjs writes it.)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/model.ts';

type Facts = Required<Pick<CatalogData, 'facts' | 'declared'>>;

/** `folder` holds catalog.json. A missing or broken file is a broken installation, and throws. */
export function loadCatalog(folder: string): Catalog {
  // Our own build wrote the file: its shape is known, and ASCII comes faster as bytes than as UTF-8.
  const text = readFileSync(join(folder, 'catalog.json'), 'latin1');
  const firstEnd = text.indexOf(',\n');
  const texts = JSON.parse(`${text.slice(0, firstEnd)}}`) as Omit<CatalogData, keyof Facts>;
  let unread: string | undefined = text.slice(firstEnd + 2);
  let known: Facts | undefined;
  const facts = (): Facts => {
    known ??= JSON.parse(`{${unread}`) as Facts;
    // The text is let go of: it is most of the file.
    unread = undefined;
    return known;
  };
  return createCatalog({
    ...texts,
    get facts() {
      return facts().facts;
    },
    get declared() {
      return facts().declared;
    },
  });
}
