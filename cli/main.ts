/**
 * `wsk`: lint, run and docs on the command line, for people and for CI.
 *
 * Exit status: 0 clean, 1 findings of severity warning or error, 2 bad input. A bug of ours is caught here, once, with
 * what to report; it exits with 3, so that a script can tell it from the rest.
 */
import { docsCommand } from './docs-command.ts';
import { helpFor, version } from './help.ts';
import { InputError } from './input.ts';
import { lintCommand } from './lint-command.ts';
import { delayOptimisation } from './optimiser.ts';
import { flush, writeError, writeLine } from './output.ts';
import { runCommand } from './run-command.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  lint: lintCommand,
  run: runCommand,
  docs: docsCommand,
};

function dispatch(args: readonly string[]): number | Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = name === 'help' ? rest[0] : undefined;
    writeLine(helpFor(topic));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    writeLine(version());
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new InputError(
      `"${name}" is no command of wsk.`,
      'Commands are lint, run and docs; `wsk --help` tells about them.',
    );
  if (rest.includes('--help') || rest.includes('-h')) {
    writeLine(helpFor(name));
    return 0;
  }
  return command(rest);
}

async function main(): Promise<number> {
  try {
    return await dispatch(process.argv.slice(2));
  } catch (error) {
    if (error instanceof InputError) {
      writeError(`wsk: ${error.message}\n     ${error.remedy}`);
      return 2;
    }
    writeError(`wsk: this is a bug of WSK Workbench ${version()}, not of your driver.`);
    writeError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 3;
  }
}

delayOptimisation(process.versions.node);
void main().then((status) => {
  process.exitCode = status;
  flush();
});
