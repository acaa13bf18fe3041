/**
 * Reads the pages of lint's rules (dist/rules.json.br), which stand beside the program that runs. They are read seldom and
 * downloaded by everybody: hence Brotli, which is a quarter smaller than what a VSIX does to its files.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** The Markdown of a rule's page; undefined for an unknown rule, or where the file is not there. Nothing is kept. */
export function readRulePage(folder: string, id: string): string | undefined {
  let pages: unknown;
  try {
    pages = JSON.parse(brotliDecompressSync(readFileSync(join(folder, 'rules.json.br'))).toString('utf8'));
  } catch {
    return undefined;
  }
  const page =
    typeof pages === 'object' && pages !== null && Object.hasOwn(pages, id) ? Reflect.get(pages, id) : undefined;
  return typeof page === 'string' ? page : undefined;
}
