/** Reads what the command line names: options, source files, folders. Bad input is an `InputError` for people. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SourceFile } from '../base/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ParseOptions } from '../cfront/unit.ts';
import { createFileStore, createIncluder, type FileStore, loadCatalog, readDefine } from '../host/index.ts';
import { displayPath } from './finding-output.ts';

/** Something on the command line or the disk that a person can mend. It ends the command with status 2. */
export class InputError extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

type OptionKind = 'text' | 'list' | 'flag';

/** Splits arguments by a table of options; `-I` and `-D` are always known. Unknown ones are input errors. */
export function readOptions<const Options extends Readonly<Record<string, OptionKind>>>(
  command: string,
  args: readonly string[],
  options: Options,
): { readonly names: readonly string[]; readonly values: OptionValues<Options & CommonOptions> } {
  const table = { ...commonOptions, ...options };
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(Object.entries(table).map(([name, kind]) => [name, parseArgsOption(name, kind)])),
    });
    // parseArgs has checked every value against the table.
    return { names: positionals, values: values as OptionValues<Options & CommonOptions> };
  } catch (error) {
    throw new InputError(firstSentence(error), `\`wsk ${command} --help\` lists the options.`);
  }
}

const commonOptions = { include: 'list', define: 'list', undefine: 'list', format: 'text' } as const;
type CommonOptions = typeof commonOptions;
type OptionValues<Options extends Readonly<Record<string, OptionKind>>> = {
  readonly [Name in keyof Options]?: Options[Name] extends 'flag'
    ? boolean
    : Options[Name] extends 'list'
      ? string[]
      : string;
};

const shortNames: Readonly<Record<string, string>> = { include: 'I', define: 'D', undefine: 'U' };

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

/** Absolute paths of the C files that names stand for: files, folders (their .c files) and patterns with `*`. */
export function expandNames(names: readonly string[], command: string): readonly string[] {
  if (names.length === 0) throw new InputError('No file is named.', `For example: \`wsk ${command} driver.c\`.`);
  return [...new Set(names.flatMap(expandName))];
}

function expandName(name: string): readonly string[] {
  const full = path.resolve(name);
  const status = statSync(full, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    const files = readdirSync(full)
      .filter((f) => /\.c$/i.test(f))
      .sort();
    if (files.length === 0)
      throw new InputError(`The folder ${name} has no .c file.`, 'Name a C file, or a folder that has some.');
    return files.map((f) => path.join(full, f));
  }
  // On Windows no shell expands patterns.
  if (status === undefined && /[*?]/.test(name)) {
    const found = expandPattern(full);
    if (found.length === 0) throw new InputError(`No file matches ${name}.`, 'Check the folder and the pattern.');
    return found;
  }
  return [full];
}

/** `*` and `?` in the last part of a path. */
function expandPattern(full: string): readonly string[] {
  const folder = path.dirname(full);
  const pattern = path
    .basename(full)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const matches = new RegExp(`^${pattern}$`, process.platform === 'win32' ? 'i' : '');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((f) => matches.test(f))
    .sort()
    .map((f) => path.join(folder, f));
}

export interface SourceInput {
  readonly files: readonly SourceFile[];
  readonly parse: ParseOptions;
  readonly catalog: Catalog;
  readonly store: FileStore;
}

/** Reads the files and makes the parse options of `-I`, `-D` and `-U`. */
export function readSources(paths: readonly string[], options: OptionValues<CommonOptions>): SourceInput {
  const store = createFileStore();
  const catalog = loadCatalog(__dirname);
  const files = paths.map((p) => {
    const reading = store.read(p);
    if (reading.kind === 'file') return reading.file;
    throw new InputError(
      reading.message.replace(p, () => displayPath(p)),
      'Check the name; paths are relative to the folder you are in.',
    );
  });
  const includePath = (options.include ?? []).map((folder) => {
    const full = path.resolve(folder);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory()) return full;
    throw new InputError(`The include folder ${folder} does not exist.`, 'Check what follows `-I`.');
  });
  const include = createIncluder({ catalog, files: store, includePath });
  return {
    files,
    catalog,
    store,
    parse: { include, defines: readDefines(options.define ?? []), undefines: options.undefine ?? [] },
  };
}

function readDefines(defines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    defines.map((define) => {
      const read = readDefine(define);
      if (read === undefined)
        throw new InputError(`\`-D ${define}\` defines no name.`, 'Write `-D NAME` or `-D NAME=VALUE`.');
      return read;
    }),
  );
}
