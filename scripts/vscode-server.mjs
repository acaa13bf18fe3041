// Starts the VS Code that vscode-harness.mjs installs (code-server) on a free loopback port, installs VSIX files into its
// extensions folder, and ends it with all its children. Used by `npm run workbench` and by the end-to-end tests. Nothing
// of the user's own VS Code is read or written: data, configuration and extensions live in the folders that are given.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

// No telemetry, no marketplace, no hints, no AI panes: nothing that asks a network or covers what is looked at.
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.restoreWindows': 'none',
};

/**
 * Starts a server whose whole state lives in `root` (with `server.log`), and resolves when it answers.
 * `trusted: false` leaves workspace trust on, so that every folder starts untrusted. Settings that are there already stay.
 */
export async function startServer(
  vscode,
  { root, extensionsFolder, settings = {}, trusted = true, port: wanted, args = [], env = {} },
) {
  const port = wanted ?? (await freePort());
  mkdirSync(join(root, 'data/User'), { recursive: true });
  const all = { ...quietSettings, 'security.workspace.trust.enabled': !trusted, ...settings };
  const settingsFile = join(root, 'data/User/settings.json');
  // What a user has set in `npm run workbench` stays.
  if (!existsSync(settingsFile)) writeFileSync(settingsFile, `${JSON.stringify(all, undefined, 2)}\n`);
  const logFile = join(root, 'server.log');
  const log = openSync(logFile, 'a');
  const flags = [
    '--auth',
    'none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--ignore-last-opened',
  ];
  if (trusted) flags.push('--disable-workspace-trust');
  const child = spawn(
    vscode.node,
    [vscode.codeServer, '--bind-addr', `127.0.0.1:${port}`, ...flags, ...places(root, extensionsFolder), ...args],
    { stdio: ['ignore', log, log], detached: true, env: environment(root, env) },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopGroup(child);
  // The server leads a group of its own, so it would outlive us.
  process.once('exit', () => killGroup(child, 'SIGKILL'));
  for (const start = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (child.exitCode !== null) throw new Error(`code-server ended with exit ${child.exitCode}:\n${tail(logFile)}`);
    if (
      await fetch(`${url}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return { url, root, logFile, stop };
    if (Date.now() - start > 30_000) {
      await stop();
      throw new Error(`code-server did not answer in 30 s:\n${tail(logFile)}`);
    }
  }
}

/** Installs a VSIX into an extensions folder, offline. */
export function installExtension(vscode, { root, extensionsFolder, vsix }) {
  mkdirSync(extensionsFolder, { recursive: true });
  const run = spawnSync(
    vscode.node,
    [vscode.codeServer, '--install-extension', vsix, '--force', ...places(root, extensionsFolder)],
    { encoding: 'utf8', env: environment(root, {}) },
  );
  if (run.status !== 0) throw new Error(`${vsix} can't be installed:\n${run.stdout}${run.stderr}`);
}

/** The last lines of a log that mean something; code-server complains at length of native modules that it does without. */
export const tail = (file, lines = 15) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !/spdlog|vsda|^\s+at |^\s*[\]})]/.test(line))
    .slice(-lines)
    .join('\n');

const places = (root, extensionsFolder) => [
  '--user-data-dir',
  join(root, 'data'),
  '--extensions-dir',
  extensionsFolder,
  '--config',
  join(root, 'config.yaml'),
];

// Variables of a VS Code terminal would change what code-server does.
const environment = (root, more) => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$|NODE_TEST)/.test(name),
    ),
  ),
  XDG_DATA_HOME: join(root, 'xdg'),
  XDG_CONFIG_HOME: join(root, 'xdg'),
  XDG_CACHE_HOME: join(root, 'xdg'),
  EXTENSIONS_GALLERY: '{}',
  ...more,
});

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Ends a process that leads its own group, and the group; by force after 5 s. */
function stopGroup(child) {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => killGroup(child, 'SIGKILL'), 5000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    killGroup(child, 'SIGTERM');
  });
}

function killGroup(child, signal) {
  if (hasEnded(child)) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;
