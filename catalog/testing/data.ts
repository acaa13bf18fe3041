/** For tests: the bundled catalog as plain data. scripts/run-tests.mjs writes the files before the tests run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { CatalogData } from '../model.ts';

export const root = String(process.env.WSK_ROOT);

export function readCatalogData(): CatalogData {
  const read = (name: string): Buffer => readFileSync(join(root, 'dist', name));
  const packed = (name: string) => JSON.parse(brotliDecompressSync(read(name)).toString('utf8'));
  const { headers, outlines } = packed('catalog.json.br');
  return {
    headers: { ...headers, ...packed('kmdf.json.br') },
    outlines,
    ...packed('facts.json.br'),
    library: packed('library.json.br'),
  };
}
