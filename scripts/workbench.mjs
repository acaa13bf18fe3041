// `npm run workbench`: the real VS Code in a browser, on loopback only, with the extension and the samples in it. Packs and
// installs the VSIX anew, copies the samples to a folder of the cache where they can be edited and stay, prints the URL,
// and ends with Ctrl+C. Opens no browser by itself. Flags: --port N, --folder DIR (opens that instead of the samples).
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages, root } from './install.mjs';
import { cacheFolder, prepareVscode, Unavailable } from './vscode-harness.mjs';
import { installExtension, startServer } from './vscode-server.mjs';

const { values } = parseArgs({ options: { folder: { type: 'string' }, port: { type: 'string' } } });

try {
  ensurePackages();
  // It needs the packages, so they come first.
  const { megabytes, packageVsix } = await import('./package.mjs');
  const vscode = await prepareVscode({ log: (line) => console.log(line) });
  const home = join(cacheFolder(), 'workbench');
  const extensionsFolder = join(home, 'extensions');
  const { vsix, bytes } = await packageVsix();
  installExtension(vscode, { root: home, extensionsFolder, vsix });
  console.log(`Installed ${vsix} (${megabytes(bytes)})`);
  const folder = values.folder ? resolve(values.folder) : samplesCopy(home);
  const server = await startServer(vscode, {
    root: home,
    extensionsFolder,
    ...(values.port ? { port: Number(values.port) } : {}),
  });
  console.log(
    `\n  ${server.url}/?folder=${encodeURIComponent(folder)}\n\nOpen this in a browser; ${folder} is the folder in it. Ctrl+C ends it.`,
  );
  const end = () => server.stop().then(() => process.exit(0));
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // The server is a process of its own: something here has to stay until the user ends it.
  setInterval(() => {}, 3_600_000);
} catch (error) {
  console.error(error instanceof Unavailable ? `npm run workbench: ${error.message}` : error);
  process.exit(1);
}

/** The samples where a user can change them; what was changed there before stays. */
function samplesCopy(home) {
  const folder = join(home, 'samples');
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'samples'), folder, { recursive: true, force: false });
  if (!existsSync(join(folder, 'listen/listen.c'))) throw new Error(`the samples could not be copied to ${folder}`);
  return folder;
}
