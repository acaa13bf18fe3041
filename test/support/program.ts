/** Bundles one of our programs from its source into a folder of its own under build/, with the catalog beside it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

export const root = process.env['WSK_ROOT'] ?? '.';

export interface BuiltProgram {
  /** The bundle: a CommonJS file for Node. */
  readonly file: string;
  readonly folder: string;
  remove(): void;
}

/** `entry` is relative to the project's root: "cli/main.ts"; so are `others`, which stand beside it by their names. */
export async function buildProgram(
  entry: string,
  others: Readonly<Record<string, string>> = {},
): Promise<BuiltProgram> {
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'build/program-'));
  const file = path.join(folder, 'program.cjs');
  for (const [name, source] of Object.entries({ 'program.cjs': entry, ...others })) {
    await build({
      entryPoints: [path.join(root, source)],
      outfile: path.join(folder, name),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'warning',
    });
  }
  for (const data of ['catalog.json', 'rules.json']) {
    copyFileSync(path.join(root, 'dist', data), path.join(folder, data));
  }
  return { file, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
