/**
 * Document links: the header that each `#include` of the file names, bundled ones too, and the rules that its marks
 * (`wsk-lint: allow …`) name.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import { marksOf } from '../lint/silence/comments.ts';
import type { Analysis } from './analysis.ts';

export interface DocumentLink {
  /** The name between its quotes, or the rule's id. */
  readonly span: Span;
  readonly target:
    | { readonly kind: 'file'; readonly file: SourceFile }
    | { readonly kind: 'rule'; readonly id: string };
}

export function documentLinks({ unit }: Analysis): readonly DocumentLink[] {
  const includes = unit.includes.flatMap(({ isDirect, span, name, file }): DocumentLink[] => {
    if (!isDirect || file === undefined || span.file !== unit.file) return [];
    // The name may come out of a macro, and is not written here then.
    const at = unit.file.text.slice(span.start, span.end).lastIndexOf(name);
    if (at < 0 || name === '') return [];
    const start = span.start + at;
    return [{ span: { file: unit.file, start, end: start + name.length }, target: { kind: 'file', file } }];
  });
  // Which lines a mark covers makes no difference to where it leads.
  const marks = marksOf(unit.file, () => [], unit.comments).flatMap(({ allows }): DocumentLink[] =>
    allows.kind === 'rule' ? [{ span: allows.span, target: { kind: 'rule', id: allows.id } }] : [],
  );
  return [...includes, ...marks];
}
