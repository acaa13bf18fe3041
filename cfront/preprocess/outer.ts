/** What a header has of the files that include it. Their next edition is another file, so it cannot be shared. */
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Token } from '../tokenize/token.ts';
import type { Macro } from './macro.ts';

/** All that a macro's definition says, and nothing about where it stands. */
export function macroText(macro: Macro | undefined): unknown {
  if (macro === undefined) return null;
  const { definition, builtin, parameters } = macro;
  const body = definition.body.map(({ kind, text, afterSpace }) => [kind, text, afterSpace]);
  return [builtin, definition.parameters, parameters, definition.isVariadic, body];
}

/** The macro is written in one of these files. */
export function isOf(files: ReadonlySet<SourceFile>, macro: Macro | undefined): boolean {
  const file = macro?.definition.span?.file;
  return file !== undefined && files.has(file);
}

/** The token, or a macro call that it came by, is written in one of these files. Pragmas are found by their text. */
export function comesFrom(files: ReadonlySet<SourceFile>, token: Token): boolean {
  if (token.kind === 'pragma') return false;
  if (files.has(token.file)) return true;
  for (let at = token.expansion; at !== undefined; at = at.outer) if (files.has(at.invocation.file)) return true;
  return false;
}

export function pointsTo(files: ReadonlySet<SourceFile>, { span, related = [], fix }: SyntaxProblem): boolean {
  const spans = [span, ...related.map((r) => r.span), ...(fix?.edits.map((edit) => edit.span) ?? [])];
  return spans.some(({ file }) => files.has(file));
}
