/**
 * Open documents and what is known of them. A document is parsed when somebody asks and its text or the settings have
 * changed since; lint's findings come from the same parse.
 */
import path from 'node:path';
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
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import { bundledPrefix, createFileStore, createIncluder } from '../../host/index.ts';
import type { Analysis } from '../features/analysis.ts';
import { lint } from '../lint/lint.ts';
import { definesOf, readSettings, type Settings } from './settings.ts';

interface OpenDocument {
  readonly document: TextDocument;
  analysis: Analysis | undefined;
  findings: readonly Finding[] | undefined;
}

export interface Workspace {
  setFolders(uris: readonly string[]): void;
  setSettings(settings: Settings): void;
  open(item: TextDocumentItem): void;
  change(id: VersionedTextDocumentIdentifier, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  openUris(): readonly string[];
  forgetAnalyses(): void;
  /** Undefined for a document that is not open. */
  analysis(uri: string): Analysis | undefined;
  /** Lint's findings; empty while lint is off. */
  findings(uri: string): readonly Finding[];
  offset(uri: string, position: { readonly line: number; readonly character: number }): number;
  /** The URI under which the client knows a file; undefined for a bundled header. */
  uriOf(file: SourceFile): string | undefined;
  version(uri: string): number | undefined;
}

export function createWorkspace(catalog: Catalog): Workspace {
  const documents = new Map<string, OpenDocument>();
  const uris = new Map<string, string>();
  const files = createFileStore();
  let folders: readonly string[] = [];
  let settings = readSettings(undefined);

  const parseOptions = (): ParseOptions => ({
    include: createIncluder({
      catalog,
      files,
      includePath: settings.includePath.flatMap((p) => absolutePaths(p, folders)),
    }),
    defines: definesOf(settings.defines),
  });
  const forgetAnalyses = (): void => {
    for (const open of documents.values()) {
      open.analysis = undefined;
      open.findings = undefined;
    }
  };
  const store = (document: TextDocument): void => {
    documents.set(document.uri, { document, analysis: undefined, findings: undefined });
    const label = pathOf(document.uri);
    uris.set(label, document.uri);
    files.overlay(label, sourceFile(label, document.getText()));
  };
  const analysisOf = (uri: string): Analysis | undefined => {
    const open = documents.get(uri);
    if (open === undefined) return undefined;
    const reading = files.read(pathOf(uri));
    if (reading.kind !== 'file') return undefined;
    open.analysis ??= { unit: parseTranslationUnit(reading.file, parseOptions()), catalog };
    return open.analysis;
  };

  return {
    setFolders(list) {
      folders = list.map(pathOf);
      forgetAnalyses();
    },
    setSettings(next) {
      settings = next;
      forgetAnalyses();
    },
    open: (item) => store(TextDocument.create(item.uri, item.languageId, item.version, item.text)),
    change(id, changes) {
      const open = documents.get(id.uri);
      if (open !== undefined) store(TextDocument.update(open.document, [...changes], id.version));
    },
    close(uri) {
      documents.delete(uri);
      files.overlay(pathOf(uri), undefined);
    },
    openUris: () => [...documents.keys()],
    forgetAnalyses,
    analysis: analysisOf,
    findings(uri) {
      const open = documents.get(uri);
      const analysis = analysisOf(uri);
      if (open === undefined || analysis === undefined || !settings.lintEnabled) return [];
      const findings = open.findings ?? lint([analysis.unit], catalog).findings;
      open.findings = findings;
      return findings;
    },
    offset: (uri, position) => documents.get(uri)?.document.offsetAt(position) ?? 0,
    uriOf: (file) =>
      file.path.startsWith(bundledPrefix) ? undefined : (uris.get(file.path) ?? pathToFileURL(file.path).href),
    version: (uri) => documents.get(uri)?.document.version,
  };
}

/** A file's path; what is no file (an unsaved buffer) keeps its URI as its label. */
function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  } catch {
    return uri;
  }
}

/** A setting's folder: absolute as it is, relative to each workspace folder, with `${workspaceFolder}` filled in. */
function absolutePaths(folder: string, folders: readonly string[]): readonly string[] {
  const bare = folder.replace(/^\$\{workspaceFolder\}[\\/]?/, '');
  return path.isAbsolute(bare) ? [bare] : folders.map((f) => path.join(f, bare));
}
