/**
 * The command behind every click in a tree that goes to a line of the driver: takes a node with a `place` (lines and
 * columns from 1) and shows that place, in the editor that the user is in. Not in the command palette: it needs a node.
 */
import { commands, Disposable, env, Position, Range, Uri, window } from 'vscode';
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

/** "Copy Address" of an IRP in the tree, and "Copy Value" of a line below it. */
export function registerCopies(): Disposable {
  const copy = (text: string | undefined): Thenable<void> | undefined =>
    text === undefined ? undefined : env.clipboard.writeText(text);
  return Disposable.from(
    commands.registerCommand('wsk.copyAddress', (node: { readonly address?: string }) => copy(node.address)),
    commands.registerCommand('wsk.copyValue', (node: { readonly description?: string }) => copy(node.description)),
  );
}
