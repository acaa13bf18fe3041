/**
 * What every language feature looks at: one parsed file and the catalog. Features take an `Analysis` and an offset
 * into its file and give plain data; LSP and its positions are known in server/lsp only.
 */
import type { Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

export interface Analysis {
  readonly unit: TranslationUnit;
  readonly catalog: Catalog;
}

/** The identifier at or right before an offset, for features that work on words. */
export function wordAt(
  unit: TranslationUnit,
  offset: number,
): { readonly text: string; readonly span: Span } | undefined {
  const { text } = unit.file;
  const isWord = (i: number): boolean => /[\w$]/.test(text.charAt(i));
  let start = Math.max(0, Math.min(offset, text.length));
  let end = start;
  while (start > 0 && isWord(start - 1)) start--;
  while (end < text.length && isWord(end)) end++;
  const word = text.slice(start, end);
  return /^[A-Za-z_$]/.test(word) ? { text: word, span: { file: unit.file, start, end } } : undefined;
}
