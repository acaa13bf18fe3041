// dist/THIRD-PARTY-NOTICES.txt: the licences of the libraries whose code is in the bundles, as their terms ask.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Text of the notices for the files that went into bundles (paths relative to `root`). Throws for a library without a
 * licence.
 */
export function noticesText(root, inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = [...folders].sort().map((folder) => notice(root, folder));
  return `WSK Workbench contains code of these libraries.\n\n${notices.join('\n')}`;
}

/** "node_modules/a/node_modules/@b/c" of a file somewhere in it; undefined for our own files. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function notice(root, folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined || !existsSync(join(root, folder, file))) {
    if (license !== undefined) return `── ${name} ${version} (${license}) ──\n`;
    throw new Error(`${name} ${version} has no licence; it can't be bundled`);
  }
  const text = readFileSync(join(root, folder, file), 'utf8')
    .replaceAll('\r\n', '\n')
    .trim();
  return `── ${name} ${version} (${license}) ──\n\n${text}\n`;
}
