/** What the command line of `wsk lint` asks for. In: options as text. Out: typed ones, or an `InputError` for people. */
import { InputError, type OptionsReading, readOptions } from '../input.ts';
import { wantsColour } from '../output.ts';
import { sourceOptions } from '../sources.ts';

const lintOptions = {
  ...sourceOptions,
  'show-config': 'flag',
  output: 'text',
  color: 'flag',
  'no-color': 'flag',
  jobs: 'text',
  rules: 'flag',
  explain: 'text',
  'explain-limits': 'flag',
  baseline: 'text',
  'write-baseline': 'text',
} as const;

export type LintFormat = 'text' | 'json' | 'sarif' | 'github';

export interface LintOptions {
  readonly reading: OptionsReading<typeof lintOptions>;
  readonly format: LintFormat;
  readonly colour: boolean;
  /** Threads; undefined leaves it to us. */
  readonly jobs: number | undefined;
}

export function readLintOptions(args: readonly string[]): LintOptions {
  const reading = readOptions('lint', args, lintOptions);
  const { values } = reading;
  const format = formats.find((one) => one === (values.format ?? 'text'));
  if (format === undefined) {
    throw new InputError(
      `"${values.format}" is no output format.`,
      `Give \`--format\` and one of ${formats.join(', ')}.`,
    );
  }
  if (values.color === true && values['no-color'] === true) {
    throw new InputError('`--color` and `--no-color` say the opposite.', 'Give one of them.');
  }
  if (values.baseline !== undefined && values['write-baseline'] !== undefined) {
    throw new InputError('`--baseline` and `--write-baseline` go not together.', 'Give one of them.');
  }
  // What is written to a file is coloured only when that is asked for.
  const isAsked =
    values.color === true || (values['no-color'] !== true && values.output === undefined && wantsColour());
  return { reading, format, colour: isAsked, jobs: readJobs(values.jobs) };
}

const formats: readonly LintFormat[] = ['text', 'json', 'sarif', 'github'];

function readJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InputError(`\`--jobs ${text}\` is no number of threads.`, 'Write, for example, `--jobs 2`.');
}
