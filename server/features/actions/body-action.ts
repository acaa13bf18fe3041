/**
 * "Write the body of <name>": from a function that the file declares and nobody defines, where the cursor stands on its
 * name, to its definition at the end of the file. A callback does what such a callback must do, as `callback-stub.ts` has
 * it for new ones.
 */
import { lineBreakOf } from '../../../base/source.ts';
import type { FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { definitionText } from '../completion/callback-stub.ts';
import { roleOf } from '../driver/roles.ts';
import { definedIn } from '../names/linkage.ts';
import { nameAt } from '../places/name-at.ts';
import type { CodeAction } from './code-actions.ts';

/** `others`: units of the same driver, which may define what this one declares. */
export function bodyAction(
  analysis: Analysis,
  offset: number,
  others: readonly TranslationUnit[],
): CodeAction | undefined {
  const { file } = analysis.unit;
  const found = nameAt(analysis, offset);
  const symbol = found?.kind === 'symbol' && found.symbol.kind === 'function' ? found.symbol : undefined;
  if (symbol === undefined || symbol.definition !== undefined || !isDeclaredIn(analysis.unit, symbol)) return undefined;
  if (symbol.linkage === 'external' && definedIn(others, symbol).length > 0) return undefined;
  const end = file.text.trimEnd().length;
  const text = `\n\n${definitionText(analysis, symbol, roleOf(analysis, symbol)).trimEnd()}\n`;
  return {
    title: `Write the body of '${symbol.name}', which is declared only`,
    edits: [{ span: { file, start: end, end: file.text.length }, newText: text.replaceAll('\n', lineBreakOf(file)) }],
    isPreferred: false,
    findings: [],
  };
}

/** In the file itself: what a header declares, some other file or library defines. */
function isDeclaredIn({ file }: TranslationUnit, { declarations }: FunctionSymbol): boolean {
  return declarations.some(({ first }) => place(first).file === file);
}
