/**
 * The open documents and what is known of them: which have to be read again when one opens, changes or closes. They are
 * read when somebody asks (`open-document.ts`), and lint's findings come from the same parse.
 */
import nodePath from 'node:path';
import type {
  TextDocumentContentChangeEvent,
  TextDocumentItem,
  VersionedTextDocumentIdentifier,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../../base/finding.ts';
import type { InPieces } from '../../../base/in-pieces.ts';
import { type SourceFile, sourceFile } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { type Configurations, type FileStore, fileKey } from '../../../host/index.ts';
import type { Analysis } from '../../features/analysis.ts';
import { holdsInCplusplus } from '../../features/cplusplus/rules.ts';
import { createLinter } from '../../lint/typing/linter.ts';
import { pathOf } from '../uri-path.ts';
import { createDocumentReader, type OpenDocument } from './open-document.ts';

export interface OpenDocuments {
  /**
   * Opening, changing and closing give the other open documents that have to be read again: those that include this
   * one and, when it closes, the headers that were read as parts of it.
   */
  readonly open: (item: TextDocumentItem) => readonly string[];
  readonly change: (
    id: VersionedTextDocumentIdentifier,
    changes: readonly TextDocumentContentChangeEvent[],
  ) => readonly string[];
  readonly close: (uri: string) => readonly string[];
  readonly uris: () => readonly string[];
  /** The client's URI of the document with that path, in whatever spelling: Windows' paths have no case. */
  readonly uriAt: (path: string) => string | undefined;
  /** A path as the client spells it, where the file is open: what projects and folders name may differ in case. */
  readonly spelt: (path: string) => string;
  readonly document: (uri: string) => TextDocument | undefined;
  /** Undefined for a document that is not open. Reads what is left to read. */
  readonly analysis: (uri: string) => Analysis | undefined;
  /** Reads a document until time is up; true when `analysis` has nothing left to read. */
  readonly readOn: (uri: string, isTimeUp: () => boolean) => boolean;
  readonly findings: (uri: string) => readonly Finding[];
  /** Works at a document's findings until time is up; true when `findings` has little left to do. */
  readonly advance: (uri: string, isTimeUp: () => boolean) => boolean;
  /** The documents whose last analysis read this file. */
  readonly includersOf: (uri: string) => readonly string[];
  /** Has all of them read and linted again when somebody asks. */
  readonly forgetAnalyses: () => void;
  /** The same for those that would be read otherwise now: files have come, gone or changed on the disk. */
  readonly forgetOutdated: () => void;
  /** Reads a file that is not open; nothing of it is kept. */
  readonly analyseUnopened: (file: SourceFile) => InPieces<Analysis>;
}

export function createOpenDocuments(
  catalog: Catalog,
  files: FileStore,
  configurations: () => Configurations,
  flavour: nodePath.PlatformPath = nodePath,
): OpenDocuments {
  const documents = new Map<string, OpenDocument>();
  const uris = new Map<string, string>();
  const keyOf = (path: string): string => fileKey(path, flavour);
  const reader = createDocumentReader(catalog, files, configurations, keyOf);

  const store = (document: TextDocument): void => {
    const before = documents.get(document.uri);
    const reads = before?.reads ?? new Set();
    const linter = before?.linter ?? createLinter(catalog);
    const path = before?.path ?? pathOf(document.uri);
    const reading = before?.reading;
    documents.set(document.uri, { document, path, analysis: undefined, reading, findings: undefined, linter, reads });
    uris.set(keyOf(path), document.uri);
    files.overlay(path, sourceFile(path, document.getText()));
  };
  const analysisOf = (open: OpenDocument): Analysis | undefined => {
    reader.readOn(open, () => false);
    return open.analysis;
  };
  /** Something has changed, in a document or beside them all. */
  const doubtReadings = (changed?: string): void => {
    for (const [uri, { reading }] of documents) if (reading !== undefined && uri !== changed) reading.isInDoubt = true;
  };
  const renew = (open: OpenDocument): void => {
    forget(open);
    open.reading = undefined;
    open.linter = createLinter(catalog);
  };
  const includersOf = (uri: string): readonly string[] => {
    const key = keyOf(pathOf(uri));
    return [...documents].flatMap(([other, { reads }]) => (other !== uri && reads.has(key) ? [other] : []));
  };
  /** A header that has changed makes what was read through it old. */
  const forgetIncluders = (uri: string): readonly string[] => {
    doubtReadings(uri);
    const includers = includersOf(uri);
    for (const includer of includers) {
      const open = documents.get(includer);
      if (open !== undefined) forget(open);
    }
    return includers;
  };

  return {
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
      uris.delete(keyOf(pathOf(uri)));
      files.overlay(pathOf(uri), undefined);
      return [...includers, ...[...documents.keys()].filter((other) => reads.has(keyOf(pathOf(other))))];
    },
    uris: () => [...documents.keys()],
    uriAt: (path) => uris.get(keyOf(path)),
    spelt: (path) => documents.get(uris.get(keyOf(path)) ?? '')?.path ?? path,
    document: (uri) => documents.get(uri)?.document,
    analysis(uri) {
      const open = documents.get(uri);
      return open === undefined ? undefined : analysisOf(open);
    },
    readOn(uri, isTimeUp) {
      const open = documents.get(uri);
      return open === undefined || reader.readOn(open, isTimeUp);
    },
    findings(uri) {
      const open = documents.get(uri);
      const analysis = open === undefined ? undefined : analysisOf(open);
      if (open === undefined || analysis === undefined) return [];
      open.findings ??= findingsOf(open, analysis);
      return open.findings;
    },
    advance(uri, isTimeUp) {
      const open = documents.get(uri);
      if (open === undefined || open.findings !== undefined) return true;
      if (!reader.readOn(open, isTimeUp)) return false;
      const { analysis, linter } = open;
      return analysis === undefined || linter.advance(analysis.unit, isTimeUp);
    },
    includersOf,
    forgetAnalyses() {
      for (const open of documents.values()) renew(open);
    },
    forgetOutdated() {
      doubtReadings();
      for (const open of documents.values()) if (open.reading === undefined && !reader.isCurrent(open)) renew(open);
    },
    analyseUnopened: reader.readUnopened,
  };
}

function forget(open: OpenDocument): void {
  open.analysis = undefined;
  open.findings = undefined;
}

function findingsOf({ document, linter }: OpenDocument, { unit }: Analysis): readonly Finding[] {
  const { findings } = linter.lint(unit);
  return document.languageId === 'cpp' ? findings.filter(({ rule }) => holdsInCplusplus(rule)) : findings;
}
