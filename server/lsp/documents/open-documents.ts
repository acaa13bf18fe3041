/**
 * Open documents and what is known of them. A document is parsed when somebody asks and its text has changed since, or a
 * header that it read; lint's findings come from the same parse.
 *
 * A long text is read in pieces, between which other requests are answered. What has been begun is brought to its end, also
 * where a newer text has come meanwhile: that one is read from there, so that somebody who types all the time in a text
 * which nobody has read yet does not keep it from being read.
 */
import nodePath from 'node:path';
import type {
  TextDocumentContentChangeEvent,
  TextDocumentItem,
  VersionedTextDocumentIdentifier,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../../base/finding.ts';
import { advanced, type InPieces } from '../../../base/in-pieces.ts';
import { type SourceFile, sourceFile } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { createHeaderCache } from '../../../cfront/header-cache.ts';
import { readingTranslationUnit } from '../../../cfront/index.ts';
import { createReader, type Reader } from '../../../cfront/typing/reader.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { type Configurations, type FileStore, fileKey } from '../../../host/index.ts';
import type { Analysis } from '../../features/analysis.ts';
import { createCplusplusReader } from '../../features/cplusplus/parse.ts';
import { holdsInCplusplus } from '../../features/cplusplus/rules.ts';
import { createLinter, type Linter } from '../../lint/typing/linter.ts';
import { pathOf } from '../uri-path.ts';

interface OpenDocument {
  readonly document: TextDocument;
  readonly path: string;
  analysis: Analysis | undefined;
  /** What has been begun, of this text or of one before it. */
  reading: Begun | undefined;
  findings: readonly Finding[] | undefined;
  /** Knows what was found in the functions that the next change leaves as they are. */
  linter: Linter;
  /** Keys (`fileKey`) of the files that the last analysis read; they stay when the analysis is forgotten. */
  reads: ReadonlySet<string>;
}

interface Begun {
  readonly file: SourceFile;
  readonly work: InPieces<TranslationUnit>;
  /** Something else than this document has changed since: it may be a header that was read before that. */
  isInDoubt: boolean;
}

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

/** Of files that are open together few begin in different ways, and editions that typing made are of no use any more. */
const openEditions = 3;

export function createOpenDocuments(
  catalog: Catalog,
  files: FileStore,
  configurations: () => Configurations,
  flavour: nodePath.PlatformPath = nodePath,
): OpenDocuments {
  const documents = new Map<string, OpenDocument>();
  const uris = new Map<string, string>();
  const keyOf = (path: string): string => fileKey(path, flavour);
  const headers = createHeaderCache(openEditions);
  const readers = { c: createReader(), cpp: createCplusplusReader() };

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
  const readerOf = ({ document }: OpenDocument): Reader => (document.languageId === 'cpp' ? readers.cpp : readers.c);
  const begin = (open: OpenDocument, file: SourceFile): Begun => {
    const options = { ...configurations().parseOptions(file.path), headers };
    open.linter.expect(file);
    return { file, work: readerOf(open).reading(file, options), isInDoubt: false };
  };
  const readOn = (open: OpenDocument, isTimeUp: () => boolean): boolean => {
    while (open.analysis === undefined) {
      const latest = files.read(open.path);
      if (latest.kind !== 'file') return true;
      const begun = open.reading ?? begin(open, latest.file);
      // One that fails is not gone on with.
      open.reading = undefined;
      const read = advanced(begun.work, isTimeUp);
      if (read === undefined) {
        open.reading = begun;
        return false;
      }
      const { result: unit } = read;
      open.linter.note(unit);
      open.reads = new Set(unit.includes.flatMap(({ file }) => (file === undefined ? [] : keyOf(file.path))));
      if (begun.file === latest.file && (!begun.isInDoubt || isRead(open, begun.file)))
        open.analysis = { unit, catalog };
    }
    return true;
  };
  const analysisOf = (open: OpenDocument): Analysis | undefined => {
    readOn(open, () => false);
    return open.analysis;
  };
  const isRead = (open: OpenDocument, file: SourceFile): boolean =>
    readerOf(open).isCurrent(file, configurations().parseOptions(open.path));
  const isCurrent = (open: OpenDocument): boolean => {
    const latest = files.read(open.path);
    return open.analysis !== undefined && latest.kind === 'file' && isRead(open, latest.file);
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
      return open === undefined || readOn(open, isTimeUp);
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
      if (!readOn(open, isTimeUp)) return false;
      const { analysis, linter } = open;
      return analysis === undefined || linter.advance(analysis.unit, isTimeUp);
    },
    includersOf,
    forgetAnalyses() {
      for (const open of documents.values()) renew(open);
    },
    forgetOutdated() {
      doubtReadings();
      for (const open of documents.values()) if (open.reading === undefined && !isCurrent(open)) renew(open);
    },
    *analyseUnopened(file) {
      const options = { ...configurations().parseOptions(file.path), headers };
      return { unit: yield* readingTranslationUnit(file, options), catalog };
    },
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
