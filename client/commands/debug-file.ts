/**
 * "WSK: Debug This File": starts what F5 would start with no launch.json for the file in the active editor, or for the one
 * that a menu of the explorer or a tab names. It is the button of scenario files, for which VS Code knows no debugger,
 * and of C files that look like a driver's: `wsk.isDriver` says so to package.json.
 */
import { commands, Disposable, debug, type TextEditor, Uri, window, workspace } from 'vscode';
import { startConfiguration } from '../debug/configuration.ts';

/** A header that only drivers include, or where drivers begin. */
const driverText = /^[ \t]*#[ \t]*include[ \t]*[<"](?:ntddk|wdm|ntifs|wsk|d4drvif)\.h[>"]|\bDriverEntry\b/im;

export function registerDebugFile(): Disposable {
  return Disposable.from(debugCommand(), showButton());
}

function showButton(): Disposable {
  const show = (editor: TextEditor | undefined): void => {
    const isDriver = editor !== undefined && driverText.test(editor.document.getText());
    void commands.executeCommand('setContext', 'wsk.isDriver', isDriver);
  };
  show(window.activeTextEditor);
  return Disposable.from(
    window.onDidChangeActiveTextEditor(show),
    workspace.onDidSaveTextDocument(() => show(window.activeTextEditor)),
  );
}

function debugCommand(): Disposable {
  return commands.registerCommand('wsk.debugFile', async (resource?: unknown) => {
    const document =
      resource instanceof Uri ? await workspace.openTextDocument(resource) : window.activeTextEditor?.document;
    // The driver is read from the disk.
    if (document?.isDirty === true) await document.save();
    const configuration = startConfiguration(document);
    if (configuration === undefined) return;
    await debug.startDebugging(document && workspace.getWorkspaceFolder(document.uri), configuration);
  });
}
