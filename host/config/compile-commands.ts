/**
 * compile_commands.json (a compilation database, as CMake, Meson, Bear and clang write it): its text comes in, for each
 * file the settings of its command come out. What is wrong with an entry costs that entry, and is said with its place.
 *
 * Commands of one folder and the same arguments are read once, so a database of thousands of files stays quick.
 */
import { win32 } from 'node:path';
import type { SourceFile } from '../../base/source.ts';
import { type Quoting, splitCommand } from './command-line.ts';
import { type Entry, readEntries } from './compile-entries.ts';
import { readCompilerArguments, takesSlashOptions } from './compiler-arguments.ts';
import type { CompilerSettings, ConfigProblem } from './model.ts';
import { movedFolder } from './moved-folder.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';
import { fileKey, isWindowsAbsolute, type PathContext, resolvePath } from './paths.ts';

/** Without a disk to look at, Windows' paths stay what they are. */
export type CommandsContext = PathContext & Partial<Pick<ProjectContext, 'exists' | 'actual'>>;

export interface CompileCommands {
  readonly file: string;
  /** By `fileKey` of the source file. */
  readonly settings: ReadonlyMap<string, CompilerSettings>;
  readonly problems: readonly ConfigProblem[];
}

/** Problems of one database that are told of. */
const problemsMax = 20;
/** How often the same is said: one mistake of a generator is in every entry. */
const repeatsMax = 2;

export function readCompileCommands(file: SourceFile, here: CommandsContext): CompileCommands {
  const problems: ConfigProblem[] = [];
  const settings = new Map<string, CompilerSettings>();
  const warn = (message: string, offset: number, length: number, severity: ConfigProblem['severity'] = 'warning') => {
    const isTold = problems.filter((one) => one.message === message).length >= repeatsMax;
    if (!isTold && problems.length < problemsMax)
      problems.push({ severity, message, span: { file, start: offset, end: offset + length } });
  };
  if (deepest(file.text) > nestingMax) {
    warn('A compilation database is a list of commands; this text is nested too deeply to be one.', 0, 1);
    return { file: file.path, settings, problems };
  }
  const { entries, isList, errors } = readEntries(file.text);
  const [error] = errors;
  if (error !== undefined) {
    warn(`This is no JSON: ${error.message}. What can be read of it is used.`, error.offset, error.length);
  } else if (!isList) {
    warn('A compilation database is a list of commands: [ { "directory": …, "file": …, "command": … } ].', 0, 1);
  }
  const beside = here.path.dirname(file.path);
  const context = { ...here, moved: whereMoved(entries, beside, here, warn) };
  for (const entry of entries) {
    const { offset, length } = entry;
    if (entry.file === undefined) {
      if (error === undefined) warn('This entry names no "file"; it is left out.', offset, length);
      continue;
    }
    const directory = resolvePath(entry.directory ?? '.', beside, context) ?? beside;
    const args = argumentsOf(entry, directory);
    if (args === undefined) {
      if (error === undefined) {
        warn('This entry has neither "command" nor "arguments"; it is left out.', offset, length);
      }
      continue;
    }
    const named = resolvePath(entry.file, directory, context);
    const isMoved = named !== undefined && context.moved !== undefined;
    const source = isMoved ? (context.actual?.(named) ?? named) : named;
    // Of several commands for a file the first counts, as in clang's tools.
    if (source === undefined || settings.has(fileKey(source, context.path))) continue;
    const read = readCompilerArguments(args, {
      directory,
      takesSlashes: takesSlashOptions(args),
      resolve: (path, from) => resolvePath(path, from, context),
    });
    settings.set(fileKey(source, context.path), read.settings);
    for (const note of read.notes) warn(note, offset, length, 'note');
  }
  return { file: file.path, settings, problems };
}

/** Commands of a Windows machine on another one: where their folders are here, which is told where nothing fits. */
function whereMoved(
  entries: readonly Entry[],
  beside: string,
  { path, exists, actual, ...rest }: CommandsContext,
  warn: (message: string, offset: number, length: number, severity: ConfigProblem['severity']) => void,
): PathContext['moved'] {
  if (path.sep === '\\' || exists === undefined || actual === undefined) return undefined;
  const foreign = entries.flatMap((entry) => {
    const { file, directory = '', offset, length } = entry;
    if (file === undefined) return [];
    const full = isWindowsAbsolute(file) ? file : isWindowsAbsolute(directory) ? `${directory}\\${file}` : undefined;
    return full === undefined ? [] : [{ full: win32.normalize(full), offset, length }];
  });
  const [first] = foreign;
  if (first === undefined) return undefined;
  const sources = foreign.map(({ full }) => full);
  const moved = movedFolder(sources, beside, { path, exists, actual, ...rest });
  if (moved === undefined) {
    const message = `These commands are of a Windows machine, and no file around this one is ${first.full}; they say nothing here.`;
    warn(message, first.offset, first.length, 'note');
  }
  return moved;
}

function argumentsOf(entry: Entry, directory: string): readonly string[] | undefined {
  const { arguments: list, command } = entry;
  return list ?? (command === undefined ? undefined : splitCommand(command, quotingOf(command, directory)));
}

/** Who wrote the command: what runs on Windows has Windows' paths, or its compiler. */
function quotingOf(command: string, directory: string): Quoting {
  const compiler = /^\s*(?:"([^"]*)"|(\S+))/.exec(command);
  const name = compiler?.[1] ?? compiler?.[2] ?? '';
  const isWindows =
    isWindowsAbsolute(directory) || isWindowsAbsolute(name) || /\.exe$/i.test(name) || /^cl$/i.test(name);
  return isWindows ? 'windows' : 'posix';
}

/** Levels of lists and objects; the reader of JSON goes as deep as its text. */
const nestingMax = 100;

function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      // Strings are skipped: brackets in them open nothing.
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (c === 0x5b || c === 0x7b) most = Math.max(most, ++depth);
    else if (c === 0x5d || c === 0x7d) depth--;
  }
  return most;
}
