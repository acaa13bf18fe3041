/** Reads what the command line says: options and names. Bad input is an `InputError` for people. */
import { parseArgs } from 'node:util';
import { nearestName } from '../base/nearest.ts';

/** Something on the command line or the disk that a person can mend. It ends the command with status 2. */
export class InputError extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

type OptionKind = 'text' | 'list' | 'flag';
type OptionTable = Readonly<Record<string, OptionKind>>;

export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]?: Options[Name] extends 'flag'
    ? boolean
    : Options[Name] extends 'list'
      ? string[]
      : string;
};

export interface OptionsReading<Options extends OptionTable> {
  readonly names: readonly string[];
  readonly values: OptionValues<Options>;
  /** Every option with a value, in the order in which they were written. */
  readonly order: readonly { readonly name: string; readonly value: string }[];
}

const shortNames: Readonly<Record<string, string>> = {
  include: 'I',
  define: 'D',
  undefine: 'U',
  'compile-commands': 'p',
};

/** Splits arguments by a table of options; unknown ones are input errors. */
export function readOptions<const Options extends OptionTable>(
  command: string,
  args: readonly string[],
  options: Options,
): OptionsReading<Options> {
  try {
    const { positionals, values, tokens } = parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: Object.fromEntries(Object.entries(options).map(([name, kind]) => [name, parseArgsOption(name, kind)])),
    });
    const order = tokens.flatMap((token) =>
      token.kind === 'option' && token.value !== undefined ? [{ name: token.name, value: token.value }] : [],
    );
    // parseArgs has checked every value against the table.
    return { names: positionals, values: values as OptionValues<Options>, order };
  } catch (error) {
    const message = firstSentence(error);
    const unknown = /^Unknown option '--([^'=]+)/.exec(message)?.[1];
    const near = unknown === undefined ? undefined : nearestName(unknown, Object.keys(options));
    throw new InputError(
      near === undefined ? message : message.replace(/\.$/, `; is --${near} meant?`),
      `\`wsk ${command} --help\` lists the options.`,
    );
  }
}

function parseArgsOption(
  name: string,
  kind: OptionKind,
): { type: 'string' | 'boolean'; multiple?: boolean; short?: string } {
  const short = shortNames[name] === undefined ? {} : { short: shortNames[name] };
  return kind === 'flag' ? { type: 'boolean' } : { type: 'string', multiple: kind === 'list', ...short };
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message.split('. ')[0]?.replace(/\.$/, '') ?? message}.`;
}

/** "text" or "json". */
export function readFormat(format: string | undefined): 'text' | 'json' {
  if (format === undefined || format === 'text') return 'text';
  if (format === 'json') return 'json';
  throw new InputError(`"${format}" is no output format.`, 'Give `--format text` or `--format json`.');
}
