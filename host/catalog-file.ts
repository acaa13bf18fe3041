/**
 * Reads the bundled catalog, which stands beside the program that runs: headers (catalog.json), which every program
 * needs, and facts (facts.json.br) and the kernel's C (library.json.br), which are read when somebody asks for them.
 * (scripts/catalog-data.mjs writes them.) Facts are what is downloaded most of, after the code: Brotli makes them a fifth
 * smaller than a VSIX does, for 3 ms once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/model.ts';

type Facts = Required<Pick<CatalogData, 'facts' | 'declared'>>;
type Library = NonNullable<CatalogData['library']>;

/** `folder` holds all three files. A missing or broken one is a broken installation, and throws. */
export function loadCatalog(folder: string): Catalog {
  // Our own build wrote the files: their shape is known, and ASCII comes faster as bytes than as UTF-8.
  const texts = JSON.parse(readFileSync(join(folder, 'catalog.json'), 'latin1')) as Omit<
    CatalogData,
    keyof Facts | 'library'
  >;
  const packed = (name: string): unknown =>
    JSON.parse(brotliDecompressSync(readFileSync(join(folder, name))).toString('latin1'));
  let known: Facts | undefined;
  let library: Library | undefined;
  const facts = (): Facts => {
    known ??= packed('facts.json.br') as Facts;
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
    get library() {
      library ??= packed('library.json.br') as Library;
      return library;
    },
  });
}
