/**
 * Starts a program of the bundle dist/wsk.js. This file is a bundle of its own for each program (scripts/build.mjs),
 * because V8's flags must be set before any of the code is compiled: what was compiled under other flags is no use to
 * the next process.
 */
import path from 'node:path';
import { requireCompiled } from './compiled-code.ts';

import { commandBudgetBytes, delayOptimisation, serverBudgetBytes } from './optimiser.ts';
import { setLintFlags, setServerFlags } from './server-flags.ts';

/** Commands of the CLI, each of which runs code of its own. */
const commands = new Set(['lint', 'run', 'docs']);

/** `folder` holds the bundle. */
export function startProgram(program: string, folder: string): void {
  delayOptimisation(process.versions.node, program === 'server' ? serverBudgetBytes : commandBudgetBytes);
  if (program === 'server') setServerFlags();
  const argument = process.argv[2] ?? '';
  if (program === 'cli' && argument === 'lint') setLintFlags();
  const use = commands.has(argument) ? `${program}-${argument}` : program;
  // Our own build wrote the bundle: it exports a starter for each program.
  const keeping = program === 'server' ? 'better' : 'end';
  const programs = requireCompiled(path.join(folder, 'wsk.js'), use, keeping) as Readonly<Record<string, () => void>>;
  programs[program]?.();
}
