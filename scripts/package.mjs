// Builds dist/ and packs the VSIX, wsk-workbench-<version>.vsix, in the project's root. Fails where the VSIX is 1.5 MB or
// more, lacks a part, or holds anything that is not on the list below: what users download is small and meant.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll, root } from './build.mjs';
import { repack } from './repack.mjs';

const limitBytes = 1.5 * 1024 * 1024;

// As vsce names them inside the VSIX: it writes readme and changelog in small letters.
const required = [
  'package.json',
  'dist/extension.js',
  'dist/client.js',
  'dist/wsk.js',
  'dist/server.js',
  'dist/adapter.js',
  'dist/cli.js',
  'dist/docs.js',
  'dist/catalog.json.br',
  'dist/facts.json.br',
  'dist/kmdf.json.br',
  'dist/library.json.br',
  'dist/rules.json.br',
  'dist/wsklint.schema.json',
  'dist/THIRD-PARTY-NOTICES.txt',
  'bin/wsk',
  'bin/wsk.cmd',
  'media/icon.png',
  'media/timeline.css',
  'media/timeline.js',
  'syntaxes/wsk.injection.tmLanguage.json',
  'samples/listen/listen.c',
  'samples/listen-buggy/listen-buggy.c',
  'samples/echo/echo.c',
];
const allowed = [
  /^(readme|changelog)\.md$/i,
  /^LICENSE(\.txt|\.md)?$/,
  /^media\/[\w-]+\.(png|webp|svg|css|js)$/,
  /^syntaxes\/[\w.-]+\.json$/,
  /^samples\/[\w-]+\/[\w.-]+\.(c|h|md|yaml|json)$/,
];

export function vsixPath() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `${name}-${version}.vsix`);
}

/** Gives the VSIX's path and size in bytes; throws where it is not fit for users. */
export async function packageVsix() {
  const vsix = vsixPath();
  rmSync(vsix, { force: true });
  await buildAll();
  const flags = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
    '--no-update-package-json',
  ];
  const run = spawnSync(
    process.execPath,
    [join(root, 'node_modules/@vscode/vsce/vsce'), 'package', ...flags, '--out', vsix],
    { cwd: root, encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Error(`vsce package failed (exit ${run.status}):\n${run.stdout}${run.stderr}`);
  writeFileSync(vsix, await repack(readFileSync(vsix)));
  const bytes = statSync(vsix).size;
  const problems = contentProblems(entriesOf(vsix));
  if (bytes >= limitBytes) problems.push(`it has ${megabytes(bytes)}, the limit is ${megabytes(limitBytes)}`);
  if (problems.length > 0) throw new Error(`${vsix} is not fit for users:\n  ${problems.join('\n  ')}`);
  return { vsix, bytes };
}

function contentProblems(entries) {
  const ours = entries
    .filter((entry) => entry.startsWith('extension/'))
    .map((entry) => entry.slice('extension/'.length));
  const wrappers = entries.filter((entry) => !entry.startsWith('extension/'));
  return [
    ...required.filter((entry) => !ours.includes(entry)).map((entry) => `${entry} is missing`),
    ...ours
      .filter((entry) => !required.includes(entry) && !allowed.some((pattern) => pattern.test(entry)))
      .map((entry) => `${entry} does not belong there`),
    ...wrappers
      .filter((entry) => !['extension.vsixmanifest', '[Content_Types].xml'].includes(entry))
      .map((entry) => `${entry} does not belong there`),
  ];
}

/** The names in a ZIP's central directory. */
function entriesOf(file) {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error(`${file} is not a ZIP file`);
  const names = [];
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}

export const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(2)} MB`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { vsix, bytes } = await packageVsix();
    console.log(`${vsix}: ${megabytes(bytes)}`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
