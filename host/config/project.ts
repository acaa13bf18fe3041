/**
 * A Visual Studio project to the C files that it compiles and the settings of each. The configuration that is wanted
 * ("Debug|x64") is taken where the project has it, the nearest to it otherwise.
 */
import type { SourceFile } from '../../base/source.ts';
import { splitCommand } from './command-line.ts';
import { readCompilerArguments } from './compiler-arguments.ts';
import {
  type CompilerSettings,
  type ConfigProblem,
  type ForcedInclude,
  type MacroSetting,
  readMacro,
  readStandard,
} from './model.ts';
import {
  type Evaluation,
  evaluateProject,
  type Metadata,
  type ProjectContext,
  withPrevious,
} from './msbuild-evaluate.ts';
import { expand, listOf, unescaped, unknownIn } from './msbuild-properties.ts';
import { fileKey, resolvePath } from './paths.ts';
import { expandPattern } from './patterns.ts';

export interface ProjectSource {
  readonly path: string;
  readonly settings: CompilerSettings;
  /** Not part of the build of this configuration. */
  readonly isExcluded: boolean;
  readonly isCpp: boolean;
}

export interface Project {
  readonly file: string;
  /** "Debug|x64": the configuration that was taken. */
  readonly configuration: string;
  /** All that the project has. */
  readonly configurations: readonly string[];
  /** By `fileKey`, in the order of the project. */
  readonly sources: ReadonlyMap<string, ProjectSource>;
  /** For a file that the project does not list. */
  readonly settings: CompilerSettings;
  readonly problems: readonly ConfigProblem[];
}

/** Files beyond this are left out. */
const sourcesMax = 20_000;

export const defaultConfiguration = 'Debug|x64';

/** `solution`: the .sln file that the project belongs to, for `$(SolutionDir)`. */
export function readProject(
  file: SourceFile,
  wanted: string,
  solution: string | undefined,
  context: ProjectContext,
): Project {
  const first = evaluateProject(file, givenProperties(wanted, solution, context), context);
  const configurations = first.items.flatMap(({ type, include }) => (type === 'ProjectConfiguration' ? [include] : []));
  const configuration = nearestConfiguration(wanted, configurations);
  const evaluation =
    configuration === wanted
      ? first
      : evaluateProject(file, givenProperties(configuration, solution, context), context);
  const problems = [...evaluation.problems];
  if (configuration !== wanted) {
    const message = `The project has no configuration ${wanted}; ${configuration} is taken. It has ${configurations.join(', ')}.`;
    // The default one need not be there; any other was asked for by name.
    const severity = wanted === defaultConfiguration ? 'note' : 'warning';
    problems.push({ severity, message, span: { file, start: 0, end: 0 } });
  }
  const notes = new Set<string>();
  const reader: SettingsReader = { file, evaluation, context, notes };
  const settings = settingsOf(named(evaluation.definitions, file.path, reader), reader);
  const isShared = ![...evaluation.definitions.values()].some((value) => value.includes('%('));
  const sources = new Map<string, ProjectSource>();
  for (const item of evaluation.items) {
    if (item.type !== 'ClCompile') continue;
    if (sources.size >= sourcesMax) {
      notes.add(`The project lists more than ${sourcesMax} files; the rest is left out.`);
      break;
    }
    for (const path of expandItem(item.include, item.exclude, reader)) {
      const key = fileKey(path, context.path);
      if (item.operation === 'remove') {
        sources.delete(key);
        continue;
      }
      if (item.operation === 'update' && !sources.has(key)) continue;
      sources.set(key, sourceOf(path, item.metadata, reader, isShared ? settings : undefined));
    }
  }
  for (const message of notes) problems.push({ severity: 'note', message, span: { file, start: 0, end: 0 } });
  return { file: file.path, configuration, configurations, sources, settings, problems };
}

interface SettingsReader {
  readonly file: SourceFile;
  readonly evaluation: Evaluation;
  readonly context: ProjectContext;
  /** What had to be left out, each once. */
  readonly notes: Set<string>;
}

function givenProperties(
  configuration: string,
  solution: string | undefined,
  { path }: ProjectContext,
): Readonly<Record<string, string>> {
  const [name = '', platform = 'x64'] = configuration.split('|');
  const solutionProperties =
    solution === undefined
      ? {}
      : {
          SolutionDir: path.dirname(solution) + path.sep,
          SolutionPath: solution,
          SolutionFileName: path.basename(solution),
          SolutionName: path.basename(solution, path.extname(solution)),
        };
  return { Configuration: name, Platform: platform, ...solutionProperties };
}

/** The wanted one; or of the same platform, a debug build before others; or the first. */
function nearestConfiguration(wanted: string, known: readonly string[]): string {
  const same = known.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (known.length === 0) return wanted;
  const [name = '', platform = ''] = wanted.toLowerCase().split('|');
  const ofPlatform = known.filter((one) => one.toLowerCase().endsWith(`|${platform}`));
  return same ?? ofPlatform.find((one) => one.toLowerCase().includes(name)) ?? ofPlatform[0] ?? known[0] ?? wanted;
}

function expandItem(include: string, exclude: string, { file, context, notes }: SettingsReader): readonly string[] {
  const directory = context.path.dirname(file.path);
  const pathsOf = (text: string): readonly string[] =>
    listOf(text).flatMap((part) => {
      if (/\$\(/.test(part)) {
        noteUnknown(part, notes);
        return [];
      }
      const path = resolvePath(unescaped(part), directory, context);
      return path === undefined ? [] : expandPattern(context.actual(path), context);
    });
  const left = new Set(exclude === '' ? [] : pathsOf(exclude).map((path) => fileKey(path, context.path)));
  return pathsOf(include).filter((path) => !left.has(fileKey(path, context.path)));
}

function sourceOf(
  path: string,
  given: readonly { readonly name: string; readonly value: string }[],
  reader: SettingsReader,
  shared: CompilerSettings | undefined,
): ProjectSource {
  const metadata = new Map(reader.evaluation.definitions);
  for (const { name, value } of given) {
    const key = name.toLowerCase();
    metadata.set(key, withPrevious(value, key, metadata));
  }
  const compileAs = metadata.get('compileas')?.trim().toLowerCase();
  const isC = compileAs === 'compileasc' || (compileAs !== 'compileascpp' && /\.c$/i.test(path));
  return {
    path,
    // Most files have nothing of their own.
    settings: (given.length === 0 ? shared : undefined) ?? settingsOf(named(metadata, path, reader), reader),
    isExcluded: metadata.get('excludedfrombuild')?.trim().toLowerCase() === 'true',
    isCpp: !isC,
  };
}

/** Metadata with what the file is called filled in. */
function named(metadata: Metadata, file: string, { context, file: project }: SettingsReader): Metadata {
  const { path } = context;
  const { root, dir, name, ext } = path.parse(file);
  const relative = path.relative(path.dirname(project.path), file);
  const values: Readonly<Record<string, string>> = {
    identity: relative,
    fullpath: file,
    rootdir: root,
    filename: name,
    extension: ext,
    directory: dir.slice(root.length) + path.sep,
    relativedir: path.dirname(relative) === '.' ? '' : path.dirname(relative) + path.sep,
  };
  const fill = (text: string): string =>
    text.replace(/%\((?:ClCompile\.)?(\w+)\)/gi, (_, word: string) => values[word.toLowerCase()] ?? '');
  return new Map([...metadata].map(([key, value]) => [key, fill(value)]));
}

function settingsOf(metadata: Metadata, reader: SettingsReader): CompilerSettings {
  const { file, evaluation, context } = reader;
  const directory = context.path.dirname(file.path);
  const list = (name: string): readonly string[] => knownParts(metadata.get(name) ?? '', reader);
  const folders = (parts: readonly string[]): readonly string[] =>
    parts.flatMap((part) => {
      const path = resolvePath(part, directory, context);
      return path === undefined ? [] : [context.actual(path)];
    });
  const options = readCompilerArguments(
    splitCommand(expand(metadata.get('additionaloptions') ?? '', evaluation.properties), 'windows'),
    {
      directory,
      takesSlashes: true,
      resolve: (name, from) => resolvePath(name, from, context),
    },
  );
  const macros: MacroSetting[] = [...releaseMacros(evaluation), ...characterMacros(evaluation)];
  for (const part of list('preprocessordefinitions')) {
    // Quotes are the value's own, whether they are escaped for a command line or not.
    const macro = readMacro(part.replace(/\\"|"""/g, '"'));
    if (macro === undefined) reader.notes.add(`The definition ${part} is left out: it names no macro.`);
    else macros.push(macro);
  }
  for (const name of list('undefinepreprocessordefinitions')) macros.push({ kind: 'undefine', name });
  const forced = list('forcedincludefiles').flatMap((name): ForcedInclude[] => {
    const path = resolvePath(name, directory, context);
    return path === undefined ? [] : [{ name, path: context.actual(path) }];
  });
  // The folders of the tool set, which stand in the same lists, have bundled headers in their place.
  const ofProject = ['IncludePath', 'ExternalIncludePath'].flatMap((name) =>
    listOf(evaluation.properties.values.get(name.toLowerCase()) ?? '').filter((part) => !/\$\(/.test(part)),
  );
  return {
    includePath: [
      ...folders(list('additionalincludedirectories')),
      ...options.settings.includePath,
      ...folders(ofProject.map(unescaped)),
    ],
    macros: [...macros, ...options.settings.macros],
    forcedIncludes: [...forced, ...options.settings.forcedIncludes],
    standard: readStandard(metadata.get('languagestandard_c') ?? '') ?? options.settings.standard,
  };
}

/** Parts of a list whose properties are all known. */
function knownParts(text: string, { notes, evaluation }: SettingsReader): readonly string[] {
  return listOf(expand(text, evaluation.properties)).flatMap((part) => {
    if (!/\$\(/.test(part)) return [unescaped(part)];
    noteUnknown(part, notes);
    return [];
  });
}

/** Folders of the WDK and the compiler: nearly every driver's project names them, and the bundled headers stand for them. */
const kitFolder = /^\$\((?:ddk|sdk|crt|km|um|kit|wdk|ifskit|windowssdk|universalcrt|vc|netfx)\w*\)/i;

function noteUnknown(part: string, notes: Set<string>): void {
  if (kitFolder.test(part)) return;
  const unknown = unknownIn(part);
  notes.add(
    part === unknown ? `${part} is not known; it is left out.` : `${part} is left out: ${unknown} is not known.`,
  );
}

/** What the compiler's own properties define for the project's character set. */
function characterMacros({ properties }: Evaluation): readonly MacroSetting[] {
  const set = properties.values.get('characterset')?.trim().toLowerCase();
  const names = set === 'unicode' ? ['_UNICODE', 'UNICODE'] : set === 'multibyte' ? ['_MBCS'] : [];
  return names.map((name) => ({ kind: 'define', name, value: '1' }));
}

/** What the WDK defines in debug builds only. */
function releaseMacros({ properties }: Evaluation): readonly MacroSetting[] {
  if (properties.values.get('usedebuglibraries')?.toLowerCase() !== 'false') return [];
  return ['DBG', 'MSC_NOOPT', 'DEPRECATE_DDK_FUNCTIONS'].map((name) => ({ kind: 'undefine', name }));
}
