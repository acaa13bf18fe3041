// Builds dist/: the catalog as JSON, a bundle for the extension, and one for the programs (server, debug adapter, CLI).
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { minify as renameLocals } from 'terser';
import { writeCatalog, writeLintSchema } from './catalog-data.mjs';
import { noticesText } from './notices.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Programs that run in processes of their own. They share most of their code, and so one bundle, dist/wsk.js. */
const programs = { server: 'server/lsp/main.ts', adapter: 'debugger/main.ts', cli: 'cli/main.ts' };

export async function buildAll({ minify = true } = {}) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  writeCatalog(root);
  writeLintSchema(root);
  // A dynamic import within a bundle costs nothing until it is made: each program loads its own modules only.
  const starters = Object.entries(programs).map(
    ([name, entry]) => `export const ${name} = () => import('./${entry}');`,
  );
  const metafiles = [
    await bundle({ entryPoints: [join(root, 'client/extension.ts')], external: ['vscode'] }, 'client', minify),
    await bundle(extensionStarter, 'extension', minify),
    await bundle({ stdin: { contents: starters.join('\n'), resolveDir: root, loader: 'ts' } }, 'wsk', minify),
    // A thread of the language server: small, because it is loaded beside the server's own copy.
    await bundle({ entryPoints: [join(root, 'host/docs/worker.ts')] }, 'docs', minify),
  ];
  for (const name of Object.keys(programs)) metafiles.push(await bundle(starter(name), name, minify));
  const inputs = new Set(metafiles.flatMap((metafile) => Object.keys(metafile.inputs)));
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), noticesText(root, [...inputs]));
}

/** What a person or VS Code starts: it knows how to load dist/wsk.js fast. */
function starter(name) {
  const contents = `import { startProgram } from './host/start-program.ts'; startProgram('${name}', __dirname);`;
  return { stdin: { contents, resolveDir: root, loader: 'ts' }, banner: { js: '#!/usr/bin/env node' } };
}

/** What VS Code loads: most of dist/client.js is the LSP library, which takes long to compile. */
const extensionStarter = {
  stdin: {
    contents: `import { requireCompiled } from './host/compiled-code.ts'; module.exports = requireCompiled(__dirname + '/client.js', 'client', 'soon');`,
    resolveDir: root,
    loader: 'ts',
  },
};

/**
 * The LSP libraries can start processes and make up names of pipes, which our server never asks of them: Node loads what
 * that needs when somebody does, and not at each start. They name what they take (`crypto_1.randomBytes`), so that an
 * object without keys of its own serves them.
 */
const laterModules = {
  name: 'later-modules',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?(?:child_process|crypto)$/ }, ({ path, importer, pluginData }) =>
      pluginData !== 'later' && /[\\/]node_modules[\\/]vscode-(?:languageserver|jsonrpc)[\\/]/.test(importer)
        ? { path, namespace: 'later' }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(path)})[name] });`,
      pluginData: 'later',
    }));
  },
};

async function bundle(input, name, minify) {
  const { metafile } = await build({
    ...input,
    metafile: true,
    absWorkingDir: root,
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
    plugins: name === 'wsk' ? [laterModules] : [],
    logLevel: 'warning',
  });
  const file = join(root, `dist/${name}.js`);
  if (minify) await pack(file);
  refuseWideText(file);
  return metafile;
}

/** What a variable holds that is read once goes where it is read; all else stays as it is. */
const readOnce = { defaults: false, join_vars: true, collapse_vars: true, reduce_vars: true, unused: true };

/** Terser's choice of local names makes functions of one shape alike, which takes as much off the VSIX as they repeat. */
async function pack(file) {
  const { code } = await renameLocals(readFileSync(file, 'utf8'), { compress: readOnce, format: { ascii_only: true } });
  writeFileSync(file, code);
}

/** Bundles are read as bytes (host/compiled-code.ts), and kept as such. esbuild leaves only characters of patterns. */
function refuseWideText(file) {
  const [found] = /.{0,20}[\u0080-\uffff].{0,10}/.exec(readFileSync(file, 'utf8')) ?? [];
  if (found !== undefined) throw new Error(`${file}: write the character as \\u and four digits here: ${found}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const start = Date.now();
  await buildAll({ minify: !process.argv.includes('--debug') });
  console.log(`built dist/ in ${Date.now() - start} ms`);
}
