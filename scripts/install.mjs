// Installs the packages of package-lock.json when they are missing or others than it names.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the checkout with its output shown; the whole program ends where it fails. */
export function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (status === 0) return;
  console.error(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ` with status ${status}`}.`);
  process.exit(status ?? 1);
}

/** Compilers that judge ours, by the Debian package that has each. */
const compilers = { gcc: 'gcc', 'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64-win32' };

/** Installs the compilers that are missing where the user is root and there is apt-get; tests say so where they can't. */
export function ensureCompilers() {
  const isThere = (command) => !spawnSync(command, ['--version'], { stdio: 'ignore' }).error;
  const missing = Object.keys(compilers).filter((command) => !isThere(command));
  if (missing.length === 0) return;
  const names = missing.map((command) => compilers[command]);
  if (names.includes('gcc')) names.push('libc6-dev');
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isThere('apt-get')) {
    console.log(`Not installed: ${missing.join(', ')}. Tests that compare with them are skipped (${names.join(' ')}).`);
    return;
  }
  console.log(`Installing compilers (once): apt-get install ${names.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Without a network apt-get would try for minutes; an old list of packages may do, so a failed update is not the end.
  const brief = [
    '-q',
    '-o',
    'Acquire::Retries=0',
    '-o',
    'Acquire::http::Timeout=20',
    '-o',
    'Acquire::https::Timeout=20',
  ];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: 600_000 };
    const { status, error } = spawnSync('apt-get', [...brief, ...args], options);
    if (status !== 0) console.error(`apt-get ${args[0]} failed (${error?.message ?? `status ${status}`}).`);
  }
  const still = Object.keys(compilers).filter((command) => !isThere(command));
  if (still.length > 0) {
    console.error(`Not installed: ${still.join(', ')}; is there a network? Tests that compare with them are skipped.`);
  }
}

export function ensurePackages() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Node ${process.versions.node} is too old: version 20 or later is needed.`);
    process.exit(2);
  }
  if (areInstalled()) return;
  console.log('Installing packages …');
  // On Windows npm is a command file, which needs a shell.
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
}

/** npm notes in node_modules what it has put there, when it is done; what another system needs is optional. */
function areInstalled() {
  const packagesOf = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  let installed;
  try {
    installed = packagesOf('node_modules/.package-lock.json');
  } catch {
    return false;
  }
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, integrity, optional }]) =>
      path === '' ||
      (installed[path] === undefined
        ? optional === true
        : installed[path].version === version && installed[path].integrity === integrity),
  );
}
