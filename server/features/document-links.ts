/** Document links: the header that each `#include` of the file names, bundled ones too. */
import type { SourceFile, Span } from '../../base/source.ts';
import type { Analysis } from './analysis.ts';

export interface DocumentLink {
  /** The name between its quotes. */
  readonly span: Span;
  readonly target: SourceFile;
}

export function documentLinks({ unit }: Analysis): readonly DocumentLink[] {
  return unit.includes.flatMap(({ isDirect, span, name, file }) => {
    if (!isDirect || file === undefined || span.file !== unit.file) return [];
    // The name may come out of a macro, and is not written here then.
    const at = unit.file.text.slice(span.start, span.end).lastIndexOf(name);
    if (at < 0 || name === '') return [];
    const start = span.start + at;
    return [{ span: { file: unit.file, start, end: start + name.length }, target: file }];
  });
}
