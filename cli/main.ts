/**
 * `wsk`: lint, run and docs on the command line, for people and for CI.
 *
 * Exit status: 0 clean, 1 findings of severity warning or error, 2 bad input, or more of it than the heap holds at once.
 * A bug of ours is caught here, once, with what to report; it exits with 3, so that a script can tell it from the rest.
 */
import { editsFor, nearestName } from '../base/nearest.ts';
import { helpFor, version } from './help.ts';
import { InputError } from './input.ts';
import { flush, writeError, writeLine } from './output.ts';

/** Each command is loaded when it is asked for: a run has no use for the rules of lint. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  lint: async (args) => {
    const { isLintWorker, serveLint } = await import('./lint/pool.ts');
    if (!isLintWorker()) return (await import('./lint-command.ts')).lintCommand(args);
    serveLint();
    return 0;
  },
  run: async (args) => (await import('./run-command.ts')).runCommand(args),
  docs: async (args) => (await import('./docs-command.ts')).docsCommand(args),
};

function dispatch(args: readonly string[]): number | Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = name === 'help' ? rest[0] : undefined;
    if (topic !== undefined && !Object.hasOwn(commands, topic)) throw noCommand(topic);
    writeLine(helpFor(topic));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    writeLine(version());
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw noCommand(name);
  if (rest.includes('--help') || rest.includes('-h')) {
    writeLine(helpFor(name));
    return 0;
  }
  return command(rest);
}

function noCommand(name: string): InputError {
  const near = nearestName(name, Object.keys(commands), Math.max(1, editsFor(name)));
  if (near !== undefined)
    return new InputError(
      `"${name}" is no command of wsk; is ${near} meant?`,
      `\`wsk ${near} --help\` tells about it.`,
    );
  // Who tries it on a file first wants one of two things.
  if (/\.(?:c|wsk\.ya?ml|vcxproj|sln)$/i.test(name))
    return new InputError(
      `Say what to do with ${name}.`,
      `\`wsk lint ${name}\` checks it, \`wsk run ${name}\` runs it.`,
    );
  return new InputError(
    `"${name}" is no command of wsk.`,
    'Commands are lint, run and docs; `wsk --help` tells about them.',
  );
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

void main().then((status) => {
  process.exitCode = status;
  flush();
});
