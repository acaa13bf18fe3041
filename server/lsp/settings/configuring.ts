/**
 * How the workspace's files are compiled and linted. In: its folders, the user's settings, and `.wsklint.yaml` files as
 * they are typed. Out: the answers of host's readers of all these, made anew when one of them changes.
 */
import { sourceFile } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import {
  type Configurations,
  createConfigurations,
  createLintConfigs,
  type FileStore,
  type LintConfigs,
} from '../../../host/index.ts';
import { describedRules } from '../../lint/described.ts';
import { absolutePaths, readSettings, type Settings, settingsLayer } from './settings.ts';

export interface Configuring {
  readonly folders: () => readonly string[];
  readonly settings: () => Settings;
  readonly configurations: () => Configurations;
  /** What `.wsklint.yaml` files say, those that are open as they are typed. */
  readonly lintConfigs: () => LintConfigs;
  readonly setFolders: (paths: readonly string[]) => void;
  /** False where they are what they were. */
  readonly setSettings: (next: Settings) => boolean;
  /** An open `.wsklint.yaml`; undefined gives the disk's back. */
  readonly setLintLevels: (path: string, text: string | undefined) => void;
  /** Has all files read again when somebody asks. */
  readonly forget: () => void;
}

export function createConfiguring(catalog: Catalog, files: FileStore): Configuring {
  let folders: readonly string[] = [];
  let settings = readSettings(undefined);
  const readConfigurations = (): Configurations =>
    createConfigurations({
      files,
      catalog,
      layers: [settingsLayer(settings, folders)],
      roots: folders,
      compileCommands:
        settings.compileCommands === undefined ? undefined : absolutePaths(settings.compileCommands, folders)[0],
      configuration: settings.configuration,
      searches: settings.readsProjects,
    });
  let configurations = readConfigurations();
  const lintLevels = new Set<string>();
  const readLintConfigs = (): LintConfigs => {
    const configs = createLintConfigs({ files, roots: folders, rules: describedRules.map(({ id }) => id) });
    for (const path of lintLevels) configs.look(path);
    return configs;
  };
  let lintConfigs = readLintConfigs();
  const forget = (): void => {
    configurations = readConfigurations();
    lintConfigs = readLintConfigs();
  };
  return {
    folders: () => folders,
    settings: () => settings,
    configurations: () => configurations,
    lintConfigs: () => lintConfigs,
    setFolders(paths) {
      folders = paths;
      forget();
    },
    setSettings(next) {
      // Clients send the same at the start and when they are asked: what was read by then stays.
      if (JSON.stringify(next) === JSON.stringify(settings)) return false;
      settings = next;
      forget();
      return true;
    },
    setLintLevels(path, text) {
      files.overlay(path, text === undefined ? undefined : sourceFile(path, text));
      if (text === undefined) lintLevels.delete(path);
      else lintLevels.add(path);
      lintConfigs = readLintConfigs();
    },
    forget,
  };
}
