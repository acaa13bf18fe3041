/**
 * Reads the bundled catalog, which stands beside the program that runs: headers (catalog.json.br), which every program
 * needs, and KMDF's headers (kmdf.json.br), facts (facts.json.br) and the kernel's C (library.json.br), which are read
 * when somebody asks for them. (scripts/catalog-data.mjs writes them.) They are what is downloaded most of, after the
 * code: Brotli makes them a fifth smaller than a VSIX does, for 3 ms once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/model.ts';

type Facts = Required<Pick<CatalogData, 'facts' | 'declared'>>;
type Library = NonNullable<CatalogData['library']>;

/** What catalog.json.br has. */
type Texts = Pick<CatalogData, 'headers' | 'outlines'> & {
  /** Names of the headers in kmdf.json.br. */
  readonly later: readonly string[];
};

/** `folder` holds all of these files. A missing or broken one is a broken installation, and throws. */
export function loadCatalog(folder: string): Catalog {
  // Our own build wrote the files: their shape is known, and ASCII comes faster as bytes than as UTF-8.
  const packed = (name: string): unknown =>
    JSON.parse(brotliDecompressSync(readFileSync(join(folder, name))).toString('latin1'));
  const { later, ...texts } = packed('catalog.json.br') as Texts;
  let known: Facts | undefined;
  let library: Library | undefined;
  const facts = (): Facts => {
    known ??= packed('facts.json.br') as Facts;
    return known;
  };
  return createCatalog({
    ...texts,
    later: { names: later, read: () => packed('kmdf.json.br') as CatalogData['headers'] },
    get facts() {
      return facts().facts;
    },
    get declared() {
      return facts().declared;
    },
    get library() {
      library ??= packed('library.json.br') as Library;
      return library;
    },
  });
}
