// Turns catalog/headers/*.h and catalog/facts/**/*.yaml into dist/catalog.json, the one copy of the bundled catalog.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/** Reads the catalog below `root`; throws with file and line where a YAML file is broken. */
export function readCatalog(root) {
  const headers = {};
  for (const name of readdirSync(join(root, 'catalog/headers'))
    .filter((n) => n.endsWith('.h'))
    .sort())
    headers[name] = readFileSync(join(root, 'catalog/headers', name), 'utf8');
  const facts = [];
  const folder = join(root, 'catalog/facts');
  for (const name of readdirSync(folder, { recursive: true })
    .map(String)
    .filter((n) => n.endsWith('.yaml'))
    .sort()) {
    const document = parseDocument(readFileSync(join(folder, name), 'utf8'));
    for (const problem of document.errors) throw new Error(`catalog/facts/${name}: ${problem.message}`);
    facts.push(...(document.toJS() ?? []));
  }
  return { headers, facts };
}

export function writeCatalog(root) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/catalog.json'), JSON.stringify(readCatalog(root)));
}
