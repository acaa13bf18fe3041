// Turns catalog/headers/*.h, catalog/facts/**/*.yaml and emulator/kernel/library/*.c into dist/catalog.json, the one copy of
// what the programs read at run time, and the pages of lint's rules into dist/rules.json. What can be known of the headers only by reading them as C is stored as well.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parseDocument } from 'yaml';

/** Reads the catalog below `root`; throws with file and line where a YAML file is broken. */
export function readCatalog(root) {
  const headers = readTexts(join(root, 'catalog/headers'), '.h');
  const library = readTexts(join(root, 'emulator/kernel/library'), '.c');
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
  return { headers, facts, library, declared: declaredNames(root, { headers, facts }) };
}

/** Asks our own catalog/declaring-headers.ts, bundled in memory, because Node does not read TypeScript. */
function declaredNames(root, data) {
  const contents =
    "export { createCatalog } from './catalog/catalog.ts'; export { declaredNames } from './catalog/declaring-headers.ts';";
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', write: false };
  const { outputFiles } = buildSync({ ...options, stdin: { contents, resolveDir: root, loader: 'ts' } });
  const bundle = new Module('declaring-headers');
  bundle._compile(outputFiles[0].text, join(root, 'dist/declaring-headers.cjs'));
  return bundle.exports.declaredNames(bundle.exports.createCatalog(data));
}

function readTexts(folder, extension) {
  const names = readdirSync(folder).filter((name) => name.endsWith(extension));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Pages of lint's rules by id, for the editor. */
function readRulePages(root) {
  const folder = join(root, 'server/lint/rules');
  const ids = readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));
  const there = ids.filter((id) => existsSync(join(folder, id, 'rule.md'))).sort();
  return Object.fromEntries(there.map((id) => [id, readFileSync(join(folder, id, 'rule.md'), 'utf8')]));
}

export function writeCatalog(root) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/rules.json'), JSON.stringify(readRulePages(root)));
  writeFileSync(join(root, 'dist/catalog.json'), JSON.stringify(readCatalog(root)));
}
