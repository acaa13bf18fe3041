// Turns catalog/headers/*.h into dist/catalog.json.br (those of KMDF into dist/kmdf.json.br), emulator/kernel/library/*
// into dist/library.json.br and catalog/facts/**/*.yaml into dist/facts.json.br, the one copy of what the programs read
// at run time, and the pages of lint's rules into dist/rules.json.br. What can be known of the headers only by reading
// them as C is stored as well.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { parseDocument } from 'yaml';

/** Reads the catalog below `root`; throws with file and line where a YAML file is broken. */
export function readCatalog(root) {
  const headers = readTexts(join(root, 'catalog/headers'), /\.h$/);
  const library = readTexts(join(root, 'emulator/kernel/library'), /\.[ch]$/);
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
  return { headers, facts, library, ...whatReadingTells(root, { headers, facts }) };
}

/** Asks our own catalog/declaring-headers.ts and catalog/outlines.ts. */
function whatReadingTells(root, data) {
  const { createCatalog, declaredNames, headerOutlines } = ownModules(
    root,
    "export { createCatalog } from './catalog/catalog.ts'; export { declaredNames } from './catalog/declaring-headers.ts'; export { headerOutlines } from './catalog/outlines.ts';",
  );
  const catalog = createCatalog(data);
  return { declared: declaredNames(catalog), outlines: headerOutlines(catalog) };
}

/** dist/wsklint.schema.json: what an editor holds `.wsklint.yaml` against. */
export function writeLintSchema(root) {
  const { describedRules, lintConfigSchema } = ownModules(
    root,
    "export { describedRules } from './server/lint/described.ts'; export { lintConfigSchema } from './host/lint-config/schema.ts';",
  );
  writeFileSync(join(root, 'dist/wsklint.schema.json'), JSON.stringify(lintConfigSchema(describedRules)));
}

/** Modules of our own, bundled in memory, because Node does not read TypeScript. */
function ownModules(root, contents) {
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', write: false };
  const { outputFiles } = buildSync({ ...options, stdin: { contents, resolveDir: root, loader: 'ts' } });
  const bundle = new Module('own-modules');
  bundle._compile(outputFiles[0].text, join(root, 'dist/own-modules.cjs'));
  return bundle.exports;
}

function readTexts(folder, wanted) {
  const names = readdirSync(folder).filter((name) => wanted.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Pages of lint's rules by id, for the editor and `wsk lint --explain`. */
function readRulePages(root) {
  const folder = join(root, 'server/lint/rules');
  const ids = readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));
  const files = ids.map((id) => [id, join(folder, id, 'rule.md')]);
  // What lint says besides of its rules.
  const more = join(root, 'server/lint/pages');
  for (const name of readdirSync(more)) files.push([name.replace(/\.md$/, ''), join(more, name)]);
  const there = files.filter(([, file]) => existsSync(file)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(there.map(([id, file]) => [id, forReaders(readFileSync(file, 'utf8'))]));
}

const EXAMPLES = 3;

/** A page as people read it: of each section the first examples. The others hold the rule to what it is to find. */
export function forReaders(page) {
  return page
    .split(/^(?=## )/m)
    .map((section) => {
      const ends = [...section.matchAll(/^```c\n.*?^```\n/gms)].map((match) => match.index + match[0].length);
      return ends.length > EXAMPLES ? `${section.slice(0, ends[EXAMPLES - 1])}\n` : section;
    })
    .join('');
}

export function writeCatalog(root) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/rules.json.br'), brotliCompressSync(JSON.stringify(readRulePages(root))));
  const { headers: all, library, outlines, ...facts } = readCatalog(root);
  const [later, headers] = [true, false].map((isLater) => pickHeaders(all, isLater));
  writeFileSync(
    join(root, 'dist/catalog.json.br'),
    brotliCompressSync(asciiJson({ headers, later: Object.keys(later), outlines })),
  );
  writeFileSync(join(root, 'dist/kmdf.json.br'), brotliCompressSync(asciiJson(later)));
  writeFileSync(join(root, 'dist/library.json.br'), brotliCompressSync(asciiJson(library)));
  writeFileSync(join(root, 'dist/facts.json.br'), brotliCompressSync(asciiJson(facts)));
}

/** KMDF's headers, which drivers without it have no use for, or the others. */
function pickHeaders(headers, isLater) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^wdf/.test(name) === isLater));
}

/** ASCII is read several times as fast. */
function asciiJson(value) {
  const escaped = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, escaped);
}
