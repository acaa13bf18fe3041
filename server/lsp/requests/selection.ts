/** What "Expand Selection" takes next, as LSP has it: each range holds the one before it. */
import type { SelectionRange } from 'vscode-languageserver';
import { selectionRanges } from '../../features/selection-ranges.ts';
import { range } from '../convert.ts';
import type { Features } from './features.ts';

export function registerSelection({ connection, workspace, guard }: Features): void {
  connection.onSelectionRanges(({ textDocument: { uri }, positions }, token) =>
    guard.read('selection ranges', null, { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return null;
      return positions.map((position) => {
        const [whole, ...inner] = selectionRanges(analysis, workspace.offset(uri, position)).map(range).reverse();
        const outermost: SelectionRange = { range: whole ?? { start: position, end: position } };
        return inner.reduce<SelectionRange>((parent, next) => ({ range: next, parent }), outermost);
      });
    }),
  );
}
