/**
 * The command behind every click in a tree that goes to a line of the driver: takes a node with a `place` (lines and
 * columns from 1) and shows that place, in the editor that the user is in. Not in the command palette: it needs a node.
 */
import { commands, type Disposable, Position, Range, Uri, window } from 'vscode';
import type { ProtocolPlace } from '../../debugger/protocol.ts';

export const goToPlaceCommand = 'wsk.goToPlace';

export function registerGoToPlace(): Disposable {
  return commands.registerCommand(goToPlaceCommand, async (node: { readonly place?: ProtocolPlace } | undefined) => {
    const place = node?.place;
    if (!place) return;
    const position = new Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1));
    try {
      await window.showTextDocument(Uri.file(place.path), { selection: new Range(position, position) });
    } catch (error) {
      void window.showErrorMessage(`${place.path} can't be opened: ${String(error)}`);
    }
  });
}
