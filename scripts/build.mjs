// Builds dist/: the catalog as JSON, then one bundle per program (extension, server, debug adapter, CLI).
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { writeCatalog } from './catalog-data.mjs';
import { noticesText } from './notices.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const programs = {
  extension: { entry: 'client/extension.ts', external: ['vscode'] },
  server: { entry: 'server/lsp/main.ts' },
  adapter: { entry: 'debugger/main.ts' },
  cli: { entry: 'cli/main.ts', banner: '#!/usr/bin/env node' },
};

export async function buildAll({ minify = true } = {}) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  writeCatalog(root);
  const inputs = new Set();
  for (const [name, program] of Object.entries(programs)) {
    if (!existsSync(join(root, program.entry))) throw new Error(`${program.entry} is missing`);
    const { metafile } = await build({
      metafile: true,
      absWorkingDir: root,
      entryPoints: [join(root, program.entry)],
      outfile: join(root, `dist/${name}.js`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      // ESM before UMD: the LSP libraries' UMD builds hide their imports from the bundler.
      mainFields: ['module', 'main'],
      minify,
      sourcemap: minify ? false : 'linked',
      legalComments: 'none',
      external: program.external ?? [],
      banner: program.banner ? { js: program.banner } : {},
      logLevel: 'warning',
    });
    for (const input of Object.keys(metafile.inputs)) inputs.add(input);
  }
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), noticesText(root, [...inputs]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const start = Date.now();
  await buildAll({ minify: !process.argv.includes('--debug') });
  console.log(`built dist/ in ${Date.now() - start} ms`);
}
