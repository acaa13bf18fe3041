/**
 * The command behind "3 IRPs complete here: from …" above a completion routine: shows the calls that send those IRPs as a
 * list in place. The language server gives them as LSP has them; VS Code wants objects of its own. Not in the palette.
 */
import { commands, type Disposable, Location, Position, Range, Uri } from 'vscode';
import type { Location as LspLocation, Position as LspPosition } from 'vscode-languageclient';

export function registerShowPlaces(): Disposable {
  return commands.registerCommand(
    'wsk.showPlaces',
    async (uri: string, position: LspPosition, places: readonly LspLocation[]) => {
      const locations = places.map(
        ({ uri: at, range }) => new Location(Uri.parse(at), new Range(toPosition(range.start), toPosition(range.end))),
      );
      await commands.executeCommand('editor.action.showReferences', Uri.parse(uri), toPosition(position), locations);
    },
  );
}

function toPosition({ line, character }: LspPosition): Position {
  return new Position(line, character);
}
