/**
 * One open document, and the reading of it. In: its text, by way of the files, and how it is compiled. Out: its analysis,
 * when somebody asks and its text has changed since, or a header that it read.
 *
 * A long text is read in pieces, between which other requests are answered. What has been begun is brought to its end, also
 * where a newer text has come meanwhile: that one is read from there, so that somebody who types all the time in a text
 * which nobody has read yet does not keep it from being read.
 */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../../base/finding.ts';
import { advanced, type InPieces } from '../../../base/in-pieces.ts';
import type { SourceFile } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { createHeaderCache } from '../../../cfront/header-cache.ts';
import { readingTranslationUnit } from '../../../cfront/index.ts';
import { createReader, type Reader } from '../../../cfront/typing/reader.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { Configurations, FileStore } from '../../../host/index.ts';
import type { Analysis } from '../../features/analysis.ts';
import { createCplusplusReader } from '../../features/cplusplus/parse.ts';
import type { Linter } from '../../lint/typing/linter.ts';

export interface OpenDocument {
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

export interface DocumentReader {
  /** Reads until time is up; true when nothing is left to read. */
  readonly readOn: (open: OpenDocument, isTimeUp: () => boolean) => boolean;
  /** Its analysis is what reading it now would give. */
  readonly isCurrent: (open: OpenDocument) => boolean;
  /** Reads a file that is not open; nothing of it is kept. */
  readonly readUnopened: (file: SourceFile) => InPieces<Analysis>;
}

/** Of files that are open together few begin in different ways, and editions that typing made are of no use any more. */
const openEditions = 3;

/** `keyOf` names a file by its path (`fileKey`). */
export function createDocumentReader(
  catalog: Catalog,
  files: FileStore,
  configurations: () => Configurations,
  keyOf: (path: string) => string,
): DocumentReader {
  const headers = createHeaderCache(openEditions);
  const readers = { c: createReader(), cpp: createCplusplusReader() };

  const readerOf = ({ document }: OpenDocument): Reader => (document.languageId === 'cpp' ? readers.cpp : readers.c);
  const isRead = (open: OpenDocument, file: SourceFile): boolean =>
    readerOf(open).isCurrent(file, configurations().parseOptions(open.path));
  const begin = (open: OpenDocument, file: SourceFile): Begun => {
    const options = { ...configurations().parseOptions(file.path), headers };
    open.linter.expect(file);
    return { file, work: readerOf(open).reading(file, options), isInDoubt: false };
  };

  return {
    readOn(open, isTimeUp) {
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
    },
    isCurrent(open) {
      const latest = files.read(open.path);
      return open.analysis !== undefined && latest.kind === 'file' && isRead(open, latest.file);
    },
    *readUnopened(file) {
      const options = { ...configurations().parseOptions(file.path), headers };
      return { unit: yield* readingTranslationUnit(file, options), catalog };
    },
  };
}
