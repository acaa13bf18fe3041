/**
 * Where an editor shows values while a driver stands in a function: behind each line that has run, the variables that are
 * named in it. In: the part of the file that is seen, and where the function stands. Out: places and names, in order;
 * the editor asks the debugger for the values of these names.
 */
import type { Span } from '../../base/source.ts';
import type { CSymbol } from '../../cfront/parse/ast.ts';
import { nodePlace, walk } from '../../cfront/parse/walk.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { functionAt } from './places/scope.ts';

export interface InlineValue {
  readonly name: string;
  readonly span: Span;
}

/** `stopped` is where the statement begins that is to run next. */
export function inlineValues(
  analysis: Analysis,
  seen: { readonly start: number; readonly end: number },
  stopped: number,
): readonly InlineValue[] {
  const { file } = analysis.unit;
  const definition = functionAt(analysis, stopped);
  if (definition === undefined) return [];
  const lineEnd = file.text.indexOf('\n', stopped);
  const end = Math.min(seen.end, lineEnd < 0 ? file.text.length : lineEnd);
  const found = new Map<string, InlineValue>();
  const add = (symbol: CSymbol, span: Span): void => {
    if (symbol.kind !== 'variable' || span.file !== file || span.start < seen.start || span.end > end) return;
    // What a macro names stands nowhere.
    if (file.text.slice(span.start, span.end) !== symbol.name) return;
    const line = file.text.lastIndexOf('\n', span.start);
    const key = `${line} ${symbol.name}`;
    if (!found.has(key)) found.set(key, { name: symbol.name, span });
  };
  for (const parameter of definition.parameters) {
    for (const node of parameter.declarations)
      if (node.kind === 'variable-declaration') add(parameter, place(node.nameToken));
  }
  walk(definition.body, (node) => {
    if (node.kind === 'variable-declaration') add(node.symbol, place(node.nameToken));
    else if (node.kind === 'name') add(node.symbol, nodePlace(node));
    return true;
  });
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}
