/**
 * The source files that a command works on, and how each of them is compiled: `-I`, `-D`, `-U`, `--std` before what
 * compile_commands.json or a Visual Studio project says.
 */
import { existsSync, statSync } from 'node:fs';
import type { SourceFile } from '../base/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import {
  type ConfigLayer,
  type Configurations,
  createConfigurations,
  createFileStore,
  expandSourceNames,
  type FileStore,
  isProjectFile,
  loadCatalog,
  type MacroSetting,
  readMacro,
  readStandard,
  standardNames,
} from '../host/index.ts';
import { displayPath, placeText } from './finding-output.ts';
import { givenPath } from './given-path.ts';
import { InputError, type OptionsReading } from './input.ts';
import { writeError } from './output.ts';

/** Options of every command that reads C. */
export const sourceOptions = {
  include: 'list',
  define: 'list',
  undefine: 'list',
  std: 'text',
  'compile-commands': 'text',
  project: 'text',
  configuration: 'text',
  format: 'text',
} as const;

export type SourceOptions = OptionsReading<typeof sourceOptions>;

export interface SourceReader {
  readonly store: FileStore;
  readonly catalog: Catalog;
  /** What `--configuration` says, with its platform. */
  readonly wanted: string | undefined;
  /** `project` is used for every file, where the command line names none. */
  configurations(project?: string): Configurations;
}

export function createSourceReader(options: Pick<SourceOptions, 'values' | 'order'>): SourceReader {
  const store = createFileStore();
  const catalog = loadCatalog(__dirname);
  const { values } = options;
  const layer = commandLine(options);
  const compileCommands = existing(
    values['compile-commands'],
    '--compile-commands',
    'compile_commands.json, or its folder',
  );
  const given = existing(values.project, '--project', 'a .vcxproj file');
  if (given !== undefined && !isProjectFile(given)) {
    throw new InputError(`\`--project ${values.project}\` is no .vcxproj file.`, 'Name a Visual Studio project.');
  }
  const { configuration } = values;
  if (configuration !== undefined && !/^[^|]+(\|[^|]+)?$/.test(configuration)) {
    throw new InputError(
      `\`--configuration ${configuration}\` names none.`,
      'Write, for example, `--configuration "Release|x64"`.',
    );
  }
  const wanted = configuration === undefined || configuration.includes('|') ? configuration : `${configuration}|x64`;
  return {
    store,
    catalog,
    wanted,
    configurations: (project) =>
      createConfigurations({
        files: store,
        catalog,
        layers: [layer],
        roots: [process.cwd()],
        compileCommands,
        project: given ?? project,
        configuration: wanted,
      }),
  };
}

/** Files that lie beside a driver's sources; read as C, each of their lines would be wrong. */
const notC = /\.(?:ya?ml|jsonl?|md|txt|xml|html?|inf|inx|rc|sys|exe|dll|lib|obj|pdb|props|targets|filters)$/i;

/** The files that names on the command line stand for; `names` may be relative. */
export function readSources(
  names: readonly string[],
  reader: SourceReader,
  configurations: Configurations,
  command: 'lint' | 'run',
): readonly SourceFile[] {
  if (names.length === 0) throw new InputError('No file is named.', `For example: \`wsk ${command} driver.c\`.`);
  const other = names.find((name) => notC.test(name));
  if (other !== undefined) {
    const isYaml = /\.ya?ml$/i.test(other);
    throw new InputError(
      `${other} is no C file.`,
      isYaml && command === 'run'
        ? "A scenario's name ends in .wsk.yaml; or name it after `--scenario`."
        : 'Name C files, a folder, a .vcxproj or, for lint, a .sln.',
    );
  }
  const resolved = names.map(givenPath);
  const found = expandSourceNames(
    resolved,
    configurations,
    command === 'lint'
      ? { display: displayPath, folder: 'all below', languages: 'C and C++' }
      : { display: displayPath, folder: 'its own files', languages: 'C' },
  );
  if (found.kind === 'problem') throw new InputError(found.message, found.remedy);
  for (const { project, path: gone } of found.missing) {
    writeError(
      `${displayPath(project)}: warning: It lists ${displayPath(gone)}, which does not exist; it is left out.`,
    );
  }
  const unread: InputError[] = [];
  const files = found.paths.flatMap((file) => {
    const reading = reader.store.read(file);
    if (reading.kind === 'file') return [reading.file];
    const message = reading.message.replace(file, () => displayPath(file));
    const isThere = existsSync(file);
    const error = new InputError(
      message,
      isThere ? 'Check what the file holds.' : 'Check the name; paths are relative to the folder you are in.',
    );
    // A driver that runs needs all of its files; of a folder's, the others can be checked.
    if (command === 'run' || resolved.includes(file)) throw error;
    unread.push(error);
    writeError(`wsk: warning: ${message.replace(/\.$/, '')}; it is left out.`);
    return [];
  });
  if (files.length === 0 && unread[0] !== undefined) throw unread[0];
  return files;
}

/** A configuration that is asked for must be one of the project's; without a project it would say nothing. */
export function checkConfiguration(
  { wanted }: SourceReader,
  configurations: Configurations,
  files: readonly SourceFile[],
): void {
  if (wanted === undefined) return;
  let hasProject = false;
  for (const { path: file } of files) {
    const layer = configurations.of(file).layers.find(({ origin }) => origin === 'project');
    if (layer?.file === undefined) continue;
    hasProject = true;
    const known = configurations.project(layer.file)?.configurations ?? [];
    if (known.length === 0 || known.some((one) => one.toLowerCase() === wanted.toLowerCase())) continue;
    throw new InputError(
      `${displayPath(layer.file)} has no configuration ${wanted}.`,
      `Write one of those that it has: ${known.join(', ')}.`,
    );
  }
  if (hasProject) return;
  writeError(
    `wsk: warning: \`--configuration ${wanted}\` changes nothing: no .vcxproj tells how these files are compiled.`,
  );
}

/** The one project among the names, if there is just one: its settings hold for all files. */
export function onlyProject(names: readonly string[]): string | undefined {
  const projects = names.filter(isProjectFile);
  return projects.length === 1 && projects[0] !== undefined ? givenPath(projects[0]) : undefined;
}

/** Tells on standard error what files of configuration have wrong; each problem once. */
export function reportConfigProblems(
  configurations: readonly Pick<Configurations, 'problems'>[],
  { withNotes = false } = {},
): void {
  const told = new Set<string>();
  for (const { span, severity, message } of configurations.flatMap((one) => one.problems())) {
    if (severity === 'note' && !withNotes) continue;
    const line = `${placeText(span)}: ${severity}: ${message}`;
    if (!told.has(line)) writeError(line);
    told.add(line);
  }
}

function commandLine({ values, order }: Pick<SourceOptions, 'values' | 'order'>): ConfigLayer {
  const includePath = (values.include ?? []).map((folder) => {
    const full = givenPath(folder);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory()) return full;
    throw new InputError(`The include folder ${folder} does not exist.`, 'Check what follows `-I`.');
  });
  const macros = order.flatMap(({ name, value }): MacroSetting[] => {
    if (name === 'undefine') {
      if (/^[A-Za-z_$][\w$]*$/.test(value)) return [{ kind: 'undefine', name: value }];
      throw new InputError(`\`-U ${value}\` names no macro.`, 'Write `-U NAME`.');
    }
    if (name !== 'define') return [];
    const macro = readMacro(value);
    if (macro !== undefined) return [macro];
    throw new InputError(`\`-D ${value}\` defines no name.`, 'Write `-D NAME` or `-D NAME=VALUE`.');
  });
  const standard = values.std === undefined ? undefined : readStandard(values.std);
  if (values.std !== undefined && standard === undefined) {
    throw new InputError(`\`--std ${values.std}\` is no edition of C.`, `Write one of ${standardNames.join(', ')}.`);
  }
  return { origin: 'command line', settings: { includePath, macros, forcedIncludes: [], standard } };
}

function existing(name: string | undefined, option: string, what: string): string | undefined {
  if (name === undefined) return undefined;
  const full = givenPath(name);
  if (existsSync(full)) return full;
  throw new InputError(`\`${option} ${name}\` does not exist.`, `Name ${what}.`);
}
