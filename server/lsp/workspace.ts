/**
 * Open documents and what is known of them. A document is parsed when somebody asks and its text or the settings have
 * changed since; lint's findings come from the same parse.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  TextDocumentContentChangeEvent,
  TextDocumentItem,
  VersionedTextDocumentIdentifier,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../base/finding.ts';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { createHeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { createReader } from '../../cfront/typing/reader.ts';
import {
  bundledPrefix,
  type Configurations,
  createConfigurations,
  createFileStore,
  createLintConfigs,
  type FileConfiguration,
  type LintConfigs,
} from '../../host/index.ts';
import type { Analysis } from '../features/analysis.ts';
import { createCplusplusReader } from '../features/cplusplus/parse.ts';
import { holdsInCplusplus } from '../features/cplusplus/rules.ts';
import { describedRules } from '../lint/described.ts';
import { createLinter, type Linter } from '../lint/typing/linter.ts';
import { type ClientAbilities, noAbilities } from './client-abilities.ts';
import { isBelow, pathsBelow, relatedPaths } from './related-files.ts';
import { absolutePaths, docsFolders, readSettings, type Settings, settingsLayer } from './settings.ts';

interface OpenDocument {
  readonly document: TextDocument;
  readonly path: string;
  analysis: Analysis | undefined;
  findings: readonly Finding[] | undefined;
  /** Knows what was found in the functions that the next change leaves as they are. */
  linter: Linter;
  /** Paths of the files that the last analysis read; they stay when the analysis is forgotten. */
  reads: ReadonlySet<string>;
}

export interface Workspace {
  readonly catalog: Catalog;
  setFolders(uris: readonly string[]): void;
  setSettings(settings: Settings): void;
  setClient(abilities: ClientAbilities): void;
  /** What the client can do. */
  client(): ClientAbilities;
  settings(): Settings;
  /** Checkouts of the driver docs that the settings name, as absolute paths, each once. */
  docsFolders(): readonly string[];
  /**
   * Opening, changing and closing give the other open documents that have to be read again: those that include this
   * one and, when it closes, the headers that were read as parts of it.
   */
  open(item: TextDocumentItem): readonly string[];
  change(id: VersionedTextDocumentIdentifier, changes: readonly TextDocumentContentChangeEvent[]): readonly string[];
  close(uri: string): readonly string[];
  openUris(): readonly string[];
  forgetAnalyses(): void;
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
  /** Undefined for a document that is not open. */
  analysis(uri: string): Analysis | undefined;
  /** Lint's findings; empty while lint is off. */
  findings(uri: string): readonly Finding[];
  offset(uri: string, position: { readonly line: number; readonly character: number }): number;
  /** C files that are compiled with a document or lie beside it, its own path and open ones among them. */
  relatedPaths(uri: string): readonly string[];
  /** All C files of the workspace's folders. */
  sourcePaths(): readonly string[];
  isOpen(path: string): boolean;
  /** Reads a file that is not open, where its text has one of the words; nothing of it is kept. */
  analyseUnopened(path: string, words: readonly string[]): Analysis | undefined;
  /** False for what the user may not or does not want to change: bundled headers, and files outside of the workspace. */
  isOwn(file: SourceFile): boolean;
  /** The documents whose last analysis read this file. */
  includersOf(uri: string): readonly string[];
  /** The URI under which the client knows a file; undefined for a bundled header that it cannot show. */
  uriOf(file: SourceFile): string | undefined;
  pathOf(uri: string): string;
  version(uri: string): number | undefined;
  isCpp(uri: string): boolean;
}

/** Of files that are open together few begin in different ways, and editions that typing made are of no use any more. */
const openEditions = 3;

export function createWorkspace(catalog: Catalog): Workspace {
  const documents = new Map<string, OpenDocument>();
  const uris = new Map<string, string>();
  const files = createFileStore();
  const headers = createHeaderCache(openEditions);
  const readers = { c: createReader(), cpp: createCplusplusReader() };
  let folders: readonly string[] = [];
  let settings = readSettings(undefined);
  let client = noAbilities;

  const readConfiguration = (): Configurations =>
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
  let configurations = readConfiguration();
  const readLintConfigs = (): LintConfigs =>
    createLintConfigs({ files, roots: folders, rules: describedRules.map(({ id }) => id) });
  let lintConfigs = readLintConfigs();
  const lintLevels = new Set<string>();
  const lookAtLintLevels = (): void => {
    lintConfigs = readLintConfigs();
    for (const path of lintLevels) lintConfigs.look(path);
  };
  const forgetAnalyses = (): void => {
    for (const open of documents.values()) {
      forget(open);
      open.linter = createLinter(catalog);
    }
  };
  const forgetConfiguration = (): void => {
    configurations = readConfiguration();
    lookAtLintLevels();
    forgetAnalyses();
  };
  const store = (document: TextDocument): void => {
    const before = documents.get(document.uri);
    const reads = before?.reads ?? new Set();
    const linter = before?.linter ?? createLinter(catalog);
    const path = before?.path ?? pathOf(document.uri);
    documents.set(document.uri, { document, path, analysis: undefined, findings: undefined, linter, reads });
    uris.set(path, document.uri);
    files.overlay(path, sourceFile(path, document.getText()));
  };
  const analysisOf = (uri: string): Analysis | undefined => {
    const open = documents.get(uri);
    if (open === undefined) return undefined;
    if (open.analysis === undefined) {
      const reading = files.read(open.path);
      if (reading.kind !== 'file') return undefined;
      const options = { ...configurations.parseOptions(reading.file.path), headers };
      const reader = open.document.languageId === 'cpp' ? readers.cpp : readers.c;
      open.linter.expect(reading.file);
      const unit = reader.read(reading.file, options);
      open.linter.note(unit);
      open.analysis = { unit, catalog };
      open.reads = new Set(unit.includes.flatMap(({ file }) => file?.path ?? []));
    }
    return open.analysis;
  };

  const findingsOf = ({ document, linter }: OpenDocument, { unit }: Analysis): readonly Finding[] => {
    const { findings } = linter.lint(unit);
    return document.languageId === 'cpp' ? findings.filter(({ rule }) => holdsInCplusplus(rule)) : findings;
  };

  const includersOf = (uri: string): readonly string[] => {
    const label = pathOf(uri);
    return [...documents].flatMap(([other, { reads }]) => (other !== uri && reads.has(label) ? [other] : []));
  };
  /** A header that has changed makes what was read through it old. */
  const forgetIncluders = (uri: string): readonly string[] => {
    const includers = includersOf(uri);
    for (const includer of includers) {
      const open = documents.get(includer);
      if (open !== undefined) forget(open);
    }
    return includers;
  };

  return {
    catalog,
    setFolders(list) {
      folders = list.map(pathOf);
      forgetConfiguration();
    },
    setClient(abilities) {
      client = abilities;
    },
    client: () => client,
    settings: () => settings,
    docsFolders: () => docsFolders(settings, folders),
    setSettings(next) {
      // Clients send the same at the start and when they are asked: what was read by then stays.
      if (JSON.stringify(next) === JSON.stringify(settings)) return;
      settings = next;
      forgetConfiguration();
    },
    open(item) {
      const includers = forgetIncluders(item.uri);
      store(TextDocument.create(item.uri, item.languageId, item.version, item.text));
      return includers;
    },
    change(id, changes) {
      const open = documents.get(id.uri);
      if (open === undefined) return [];
      const includers = forgetIncluders(id.uri);
      store(TextDocument.update(open.document, [...changes], id.version));
      return includers;
    },
    close(uri) {
      const includers = forgetIncluders(uri);
      const reads = documents.get(uri)?.reads ?? new Set();
      documents.delete(uri);
      uris.delete(pathOf(uri));
      files.overlay(pathOf(uri), undefined);
      return [...includers, ...[...documents.keys()].filter((other) => reads.has(pathOf(other)))];
    },
    openUris: () => [...documents.keys()],
    forgetAnalyses,
    forgetConfiguration,
    wasRead: (uri) => files.forgetDeleted(pathOf(uri)),
    configurations: () => configurations,
    lintConfigs: () => lintConfigs,
    setLintLevels(uri, text) {
      const path = pathOf(uri);
      files.overlay(path, text === undefined ? undefined : sourceFile(path, text));
      if (text === undefined) lintLevels.delete(path);
      else lintLevels.add(path);
      lookAtLintLevels();
    },
    configuration: (uri) => configurations.of(pathOf(uri)),
    analysis: analysisOf,
    findings(uri) {
      const open = documents.get(uri);
      const analysis = analysisOf(uri);
      if (open === undefined || analysis === undefined || !settings.lintEnabled) return [];
      const findings = open.findings ?? findingsOf(open, analysis);
      open.findings = findings;
      return findings;
    },
    offset: (uri, position) => documents.get(uri)?.document.offsetAt(position) ?? 0,
    sourcePaths: () => pathsBelow(folders, configurations),
    relatedPaths: (uri) => relatedPaths(pathOf(uri), configurations),
    isOpen: (path) => uris.has(path),
    analyseUnopened(path, words) {
      // A store of its own, so that the texts of a whole project don't stay.
      const reading = createFileStore().read(path);
      if (reading.kind !== 'file') return undefined;
      const { text } = reading.file;
      if (!words.some((word) => text.includes(word))) return undefined;
      return { unit: parseTranslationUnit(reading.file, { ...configurations.parseOptions(path), headers }), catalog };
    },
    isOwn(file) {
      if (file.path.startsWith(bundledPrefix)) return false;
      return uris.has(file.path) || folders.length === 0 || folders.some((folder) => isBelow(file.path, folder));
    },
    includersOf,
    uriOf(file) {
      if (file.path.startsWith(bundledPrefix)) {
        return client.showsHeaders ? `${bundledPrefix}/${file.path.slice(bundledPrefix.length)}` : undefined;
      }
      return uris.get(file.path) ?? pathToFileURL(file.path).href;
    },
    pathOf,
    version: (uri) => documents.get(uri)?.document.version,
    isCpp: (uri) => documents.get(uri)?.document.languageId === 'cpp',
  };
}

function forget(open: OpenDocument): void {
  open.analysis = undefined;
  open.findings = undefined;
}

/** A file's path; what is no file (an unsaved buffer) keeps its URI as its label. */
function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  } catch {
    return uri;
  }
}
