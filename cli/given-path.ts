/** The file or folder that a name on the command line means, from the folder that the command runs in. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Names are copied from Windows, from a project or a build's log: where nothing is called so and `/` in place of `\\` leads
 * somewhere, that is meant.
 */
export function givenPath(name: string): string {
  const full = path.resolve(name);
  if (!name.includes('\\') || existsSync(full)) return full;
  const slashed = path.resolve(name.replaceAll('\\', '/'));
  return existsSync(slashed) ? slashed : full;
}
