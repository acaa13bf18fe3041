/**
 * What the server knows of the client's workspace: its folders and settings (configuring.ts), the open documents
 * (open-documents.ts), and where files are. Every feature asks this one record.
 */
import { pathToFileURL } from 'node:url';
import type { Position } from 'vscode-languageserver';
import type { Finding } from '../../base/finding.ts';
import type { SourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import {
  bundledPrefix,
  type Configurations,
  createFileStore,
  type FileConfiguration,
  type LintConfigs,
} from '../../host/index.ts';
import { createOpenDocuments, type OpenDocuments } from './documents/open-documents.ts';
import { createWhenRead, type WhenRead } from './documents/reading.ts';
import { isBelow, pathsBelow, relatedPaths } from './documents/related-files.ts';
import { type ClientAbilities, noAbilities } from './settings/client-abilities.ts';
import { createConfiguring } from './settings/configuring.ts';
import { docsFolders, type Settings } from './settings/settings.ts';
import { pathOf } from './uri-path.ts';

export interface Workspace
  extends Pick<
    OpenDocuments,
    'open' | 'change' | 'close' | 'analysis' | 'readOn' | 'includersOf' | 'analyseUnopened' | 'forgetOutdated'
  > {
  readonly catalog: Catalog;
  setFolders(uris: readonly string[]): void;
  setSettings(settings: Settings): void;
  setClient(abilities: ClientAbilities): void;
  /** What the client can do. */
  client(): ClientAbilities;
  settings(): Settings;
  /** Checkouts of the driver docs that the settings name, as absolute paths, each once. */
  docsFolders(): readonly string[];
  openUris(): readonly string[];
  /** Reads compile_commands.json and projects again when somebody asks. */
  forgetConfiguration(): void;
  /** Whether anything was read from what has been deleted: a file, or the folder around one. */
  wasRead(uri: string): boolean;
  configurations(): Configurations;
  /** What `.wsklint.yaml` files say, those that are open as they are typed. */
  lintConfigs(): LintConfigs;
  /** An open `.wsklint.yaml`; undefined gives the disk's back. */
  setLintLevels(uri: string, text: string | undefined): void;
  /** How a document is compiled, and who said so. */
  configuration(uri: string): FileConfiguration;
  /** When `analysis` has nothing left to read. */
  readonly whenRead: WhenRead;
  /** Works at them; true when `findings` has little left to do. */
  advance(uri: string, isTimeUp: () => boolean): boolean;
  /** Lint's findings; empty while lint is off. */
  findings(uri: string): readonly Finding[];
  offset(uri: string, position: Position): number;
  /** The text of a line up to a position in it. */
  lineBefore(uri: string, position: Position): string;
  /** C files that are compiled with a document or lie beside it, its own path and open ones among them. */
  relatedPaths(uri: string): readonly string[];
  /** All C files of the workspace's folders. */
  sourcePaths(): readonly string[];
  isOpen(path: string): boolean;
  /** False for what the user may not or does not want to change: bundled headers, and files outside of the workspace. */
  isOwn(file: SourceFile): boolean;
  /** The URI under which the client knows a file; undefined for a bundled header that it cannot show. */
  uriOf(file: SourceFile): string | undefined;
  pathOf(uri: string): string;
  version(uri: string): number | undefined;
  isCpp(uri: string): boolean;
}

export function createWorkspace(catalog: Catalog): Workspace {
  const files = createFileStore();
  const configuring = createConfiguring(catalog, files);
  const documents = createOpenDocuments(catalog, files, configuring.configurations);
  let client = noAbilities;
  const { configurations, settings, folders } = configuring;
  const version = (uri: string): number | undefined => documents.document(uri)?.version;
  return {
    ...documents,
    catalog,
    setFolders(uris) {
      configuring.setFolders(uris.map(pathOf));
      documents.forgetAnalyses();
    },
    setSettings(next) {
      if (configuring.setSettings(next)) documents.forgetAnalyses();
    },
    setClient(abilities) {
      client = abilities;
    },
    client: () => client,
    settings,
    docsFolders: () => docsFolders(settings(), folders()),
    openUris: documents.uris,
    forgetConfiguration() {
      configuring.forget();
      documents.forgetAnalyses();
    },
    wasRead: (uri) => files.forgetDeleted(pathOf(uri)),
    configurations,
    lintConfigs: configuring.lintConfigs,
    setLintLevels: (uri, text) => configuring.setLintLevels(pathOf(uri), text),
    configuration: (uri) => configurations().of(pathOf(uri)),
    advance: (uri, isTimeUp) =>
      settings().lintEnabled ? documents.advance(uri, isTimeUp) : documents.readOn(uri, isTimeUp),
    findings: (uri) => (settings().lintEnabled ? documents.findings(uri) : []),
    offset: (uri, position) => documents.document(uri)?.offsetAt(position) ?? 0,
    lineBefore(uri, position) {
      const start = { line: position.line, character: 0 };
      return documents.document(uri)?.getText({ start, end: position }) ?? '';
    },
    relatedPaths: (uri) => relatedPaths(pathOf(uri), configurations()).map(documents.spelt),
    sourcePaths: () => pathsBelow(folders(), configurations()).map(documents.spelt),
    isOpen: (path) => documents.uriAt(path) !== undefined,
    isOwn(file) {
      if (file.path.startsWith(bundledPrefix)) return false;
      const isOpen = documents.uriAt(file.path) !== undefined;
      return isOpen || folders().length === 0 || folders().some((folder) => isBelow(file.path, folder));
    },
    uriOf(file) {
      if (file.path.startsWith(bundledPrefix)) {
        return client.showsHeaders ? `${bundledPrefix}/${file.path.slice(bundledPrefix.length)}` : undefined;
      }
      return documents.uriAt(file.path) ?? pathToFileURL(file.path).href;
    },
    pathOf,
    version,
    whenRead: createWhenRead({ readOn: documents.readOn, version }),
    isCpp: (uri) => documents.document(uri)?.languageId === 'cpp',
  };
}
