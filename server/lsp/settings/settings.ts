/** The user's settings (`wsk.…`), read tolerantly: a wrong value counts as not given. */
import { homedir } from 'node:os';
import path from 'node:path';
import type { CStandard } from '../../../cfront/unit.ts';
import { type ConfigLayer, type MacroSetting, readMacro, readStandard, resolvePath } from '../../../host/index.ts';

export interface Settings {
  readonly includePath: readonly string[];
  /** "NAME" or "NAME=VALUE", as after `-D`. */
  readonly defines: readonly string[];
  readonly undefines: readonly string[];
  readonly standard: CStandard | undefined;
  /** A compile_commands.json or its folder, as it is written; undefined looks for one. */
  readonly compileCommands: string | undefined;
  /** "Debug|x64": which configuration of a .vcxproj. */
  readonly configuration: string | undefined;
  readonly lintEnabled: boolean;
  /** Another extension checks the C text itself, so that only what blocks our own reading is told. */
  readonly leavesSyntax: boolean;
  /** Names of parameters and IRQL in the text; off unless asked for, since C/C++ extensions have hints of their own. */
  readonly inlayHints: boolean;
  /** Checkouts of the driver docs, as they are written. */
  readonly docsFolders: readonly string[];
  /** False in a workspace that is not trusted: what its project files name is not opened then. */
  readonly readsProjects: boolean;
}

export function readSettings(raw: unknown): Settings {
  const section = isRecord(raw) ? raw : {};
  const lint = isRecord(section.lint) ? section.lint : {};
  const docs = isRecord(section.docs) ? section.docs : {};
  const configuration = text(section.configuration);
  return {
    includePath: texts(section.includePath),
    defines: texts(section.defines),
    undefines: texts(section.undefines),
    standard: readStandard(text(section.std) ?? ''),
    compileCommands: text(section.compileCommands),
    configuration: configuration?.includes('|') === true ? configuration : undefined,
    lintEnabled: lint.enabled !== false,
    leavesSyntax: lint.syntax === 'blocking' || (lint.syntax !== 'all' && section.hasCompanion === true),
    inlayHints: section.inlayHints === true,
    docsFolders: texts(docs.folders),
    readsProjects: section.isTrusted !== false,
  };
}

/** What the settings say of how every file is compiled. `folders` are the workspace's. */
export function settingsLayer(settings: Settings, folders: readonly string[]): ConfigLayer {
  const defines = settings.defines.flatMap((define): MacroSetting[] => {
    const macro = readMacro(define);
    return macro === undefined ? [] : [macro];
  });
  const undefines = settings.undefines.map((name): MacroSetting => ({ kind: 'undefine', name }));
  return {
    origin: 'settings',
    settings: {
      includePath: settings.includePath.flatMap((folder) => absolutePaths(folder, folders)),
      macros: [...defines, ...undefines],
      forcedIncludes: [],
      standard: settings.standard,
    },
  };
}

/** A setting's path: absolute as it is, relative to each workspace folder, with `${workspaceFolder}` filled in. */
export function absolutePaths(name: string, folders: readonly string[]): readonly string[] {
  const bare = name.replace(/^\$\{workspaceFolder\}(?:[\\/]|$)/, '');
  // Without a workspace only what is absolute, perhaps by a variable, means anything.
  const isAbsolute = path.isAbsolute(bare) || /^(?:%\w|\$\{env:)/.test(bare);
  const starts = folders.length === 0 && isAbsolute ? [path.sep] : folders;
  const found = starts.flatMap((start) => resolvePath(bare, start, { path, environment: process.env }) ?? []);
  return [...new Set(found)];
}

/** `~` is the user's own folder, where most people keep a checkout. What leads nowhere stays as it is, to be told of. */
export function docsFolders(settings: Settings, folders: readonly string[]): readonly string[] {
  const written = settings.docsFolders.map((name) => name.replace(/^~(?=[\\/]|$)/, () => homedir()));
  const paths = written.map((name) => ({ name, found: absolutePaths(name, folders) }));
  return [...new Set(paths.flatMap(({ name, found }) => (found.length === 0 ? [name] : found)))];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string' && v !== '') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
