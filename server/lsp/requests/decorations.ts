/** What is drawn into the text: semantic tokens, inlay hints, and values while a driver stands. */
import { InlayHintKind, type InlayHint as LspInlayHint, SemanticTokensBuilder } from 'vscode-languageserver';
import { positionAt } from '../../../base/source.ts';
import type { Analysis } from '../../features/analysis.ts';
import { inlayHints } from '../../features/inlay-hints.ts';
import { inlineValues } from '../../features/inline-values.ts';
import { semanticTokens, tokenModifiers, tokenTypes } from '../../features/semantic-tokens.ts';
import { range } from '../convert.ts';
import type { Features } from './features.ts';

/** How the numbers of `semanticTokens` are to be read. */
export const tokenLegend = { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] };

/** Text of a file with more names than an editor can colour at each keystroke; it asks for those on the screen instead. */
const wholeMax = 600_000;

export function registerDecorations({ connection, workspace, guard }: Features): void {
  const { semanticTokens: tokens, inlayHint, inlineValue } = connection.languages;
  tokens.on(({ textDocument: { uri } }, token) =>
    guard.late('semantic tokens', { data: [] }, { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return { data: [] };
      // Null, and not an empty list, which would be all that there is.
      if (analysis.unit.file.text.length > wholeMax) return null;
      return encoded(analysis, 0, Number.POSITIVE_INFINITY);
    }),
  );
  tokens.onRange(({ textDocument: { uri }, range: { start, end } }, token) =>
    guard.late('semantic tokens', { data: [] }, { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return { data: [] };
      return encoded(analysis, workspace.offset(uri, start), workspace.offset(uri, end));
    }),
  );
  inlayHint.on(({ textDocument: { uri }, range: { start, end } }, token) =>
    guard.late('inlay hints', [], { uri, token }, () => {
      const analysis = workspace.settings().inlayHints ? workspace.analysis(uri) : undefined;
      if (analysis === undefined) return [];
      const found = inlayHints(analysis, workspace.offset(uri, start), workspace.offset(uri, end));
      return found.map(({ offset, text, kind }): LspInlayHint => {
        const { line, column } = positionAt(analysis.unit.file, offset);
        const position = { line, character: column };
        return kind === 'parameter'
          ? { position, label: text, kind: InlayHintKind.Parameter, paddingRight: true }
          : { position, label: text, paddingLeft: true };
      });
    }),
  );
  inlineValue.on(({ textDocument: { uri }, range: seen, context: { stoppedLocation } }, token) =>
    guard.read('inline values', [], { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return [];
      const offset = (at: typeof seen.start): number => workspace.offset(uri, at);
      const view = { start: offset(seen.start), end: offset(seen.end) };
      return inlineValues(analysis, view, offset(stoppedLocation.start)).map(({ name, span }) => {
        return { range: range(span), variableName: name, caseSensitiveLookup: true };
      });
    }),
  );
}

function encoded(analysis: Analysis, start: number, end: number): { data: number[] } {
  const builder = new SemanticTokensBuilder();
  for (const token of semanticTokens(analysis, start, end)) {
    const { line, column } = positionAt(analysis.unit.file, token.start);
    const bits = token.modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0);
    builder.push(line, column, token.end - token.start, tokenTypes.indexOf(token.type), bits);
  }
  return builder.build();
}
