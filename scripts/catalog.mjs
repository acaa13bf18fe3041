// `npm run catalog -- FOLDER`: reads a checkout of windows-driver-docs-ddi or windows-driver-docs (or a folder that holds
// both) again and prints, as a diff, where its pages say otherwise than the catalog. Differences that are known, with
// their reason, stand in catalog/docs-differences.txt.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { writeCatalog } from './catalog-data.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = process.argv[2];
if (folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  console.error(folder === undefined ? 'Usage: npm run catalog -- FOLDER' : `${folder} is no folder.`);
  console.error('FOLDER is a checkout of windows-driver-docs-ddi or windows-driver-docs, or a part of one.');
  process.exit(2);
}

writeCatalog(root);
const { data, prototypeOf, readDocPage, docsChanges, docsChangesText, unknownChanges } = ourCode();
const headers = new Set(
  data.facts.flatMap((fact) => /^[A-Z]{2}:(\w+)\./.exec(fact.page ?? '')?.[1]?.toLowerCase() ?? []),
);
const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && isWanted(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
if (paths.length === 0) {
  console.error(`${folder} has no page of ${[...headers].join(', ')}.`);
  process.exit(2);
}
const pages = paths.map((path) => readDocPage(path, readFileSync(path)));
const ours = { facts: data.facts, parametersOf: (facts) => prototypeOf(facts.typeName ?? facts.name)?.parameters };
const all = docsChanges(ours, pages);
const changes = unknownChanges(all, readFileSync(join(root, 'catalog/docs-differences.txt'), 'utf8'));
if (changes.length > 0) process.stdout.write(docsChangesText(changes));
console.error(
  `${pages.length} pages read; ${changes.length} differences from the catalog, and ${all.length - changes.length} known ones.`,
);
process.exit(changes.length > 0 ? 1 : 0);

/** Indexes, pages of headers that the catalog knows ("nf-wdm-kesetevent.md"), and those of controls ("so-reuseaddr.md"). */
function isWanted(name) {
  if (/^(?:index|(?:so|sio|wsk|tcp|udp|ip|ipv6)-[a-z0-9-]+)\.md$/i.test(name)) return true;
  const header = /^n[a-z]-([a-z0-9_]+)-.*\.md$/i.exec(name)?.[1]?.toLowerCase();
  return header !== undefined && headers.has(header);
}

/** The catalog's own modules, bundled in memory, because Node does not read TypeScript. */
function ourCode() {
  const contents = `
    export { data, prototypeOf } from './catalog/testing/bundled.ts';
    export { readDocPage } from './catalog/docs/read.ts';
    export { docsChanges, docsChangesText, unknownChanges } from './catalog/docs-changes.ts';`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
    define: { 'process.env.WSK_ROOT': JSON.stringify(root) },
  });
  const bundle = new Module('docs-changes');
  bundle._compile(outputFiles[0].text, join(root, 'dist/docs-changes.cjs'));
  return bundle.exports;
}
