/**
 * "WSK: Debug This File": starts what F5 would start with no launch.json for the file in the active editor, or for the one
 * that a menu of the explorer or a tab names. It is the button of scenario files, for which VS Code knows no debugger,
 * and of C files that look like a driver's: `wsk.isDriver` says so to package.json. Where no file is in front, as behind
 * the walkthrough's button, it is the driver of the folder that is open.
 */
import { commands, Disposable, debug, type TextDocument, type TextEditor, Uri, window, workspace } from 'vscode';
import { startConfiguration } from '../debug/configuration.ts';
import { headerName } from '../debug/launch.ts';

/** A header that only drivers include, where drivers begin, or what their functions give back and take. */
const driverText =
  /^[ \t]*#[ \t]*include[ \t]*[<"](?:ntddk|wdm|ntifs|wsk|d4drvif)\.h[>"]|\b(?:DriverEntry|NTSTATUS|PIRP)\b/im;

export function registerDebugFile(): Disposable {
  return Disposable.from(debugCommand(), showButton());
}

function showButton(): Disposable {
  const show = (editor: TextEditor | undefined): void => {
    const isDriver = editor !== undefined && isDebugged(editor.document);
    void commands.executeCommand('setContext', 'wsk.isDriver', isDriver);
  };
  show(window.activeTextEditor);
  return Disposable.from(
    window.onDidChangeActiveTextEditor(show),
    workspace.onDidSaveTextDocument(() => show(window.activeTextEditor)),
  );
}

/** Headers, the bundled ones too, are no driver. */
function isDebugged(document: TextDocument): boolean {
  const { scheme, path } = document.uri;
  return scheme === 'file' && !headerName.test(path) && driverText.test(document.getText());
}

function debugCommand(): Disposable {
  return commands.registerCommand('wsk.debugFile', async (resource?: unknown) => {
    const document =
      resource instanceof Uri
        ? await workspace.openTextDocument(resource)
        : (window.activeTextEditor?.document ?? (await driverOfFolder()));
    if (document === undefined) return;
    // The driver is read from the disk.
    if (document?.isDirty === true) await document.save();
    const configuration = startConfiguration(document);
    if (configuration === undefined) return;
    await debug.startDebugging(workspace.getWorkspaceFolder(document.uri), configuration);
  });
}

/** C files that are looked into for a DriverEntry; a folder with more is no driver's. */
const filesMax = 500;

/** Opens the file with DriverEntry, which the user chooses where there are several; says so where there is none. */
async function driverOfFolder(): Promise<TextDocument | undefined> {
  const files = await workspace.findFiles('**/*.c', undefined, filesMax);
  const texts = await Promise.all(files.map(async (uri) => new TextDecoder().decode(await workspace.fs.readFile(uri))));
  const drivers = files.filter((_, i) => /\bDriverEntry\b/.test(texts[i] ?? ''));
  if (drivers.length === 0) return offerSample();
  const items = drivers.map((uri) => ({ label: workspace.asRelativePath(uri), uri }));
  items.sort((a, b) => (a.label < b.label ? -1 : 1));
  const options = { title: 'WSK: Debug This File', placeHolder: 'Which driver?' };
  const chosen = items.length === 1 ? items[0] : await window.showQuickPick(items, options);
  if (chosen === undefined) return undefined;
  return (await window.showTextDocument(chosen.uri)).document;
}

async function offerSample(): Promise<undefined> {
  const open = 'Open a Sample';
  const message = 'There is no driver here to run: open the folder of yours, or a sample.';
  if ((await window.showInformationMessage(message, open)) === open) await commands.executeCommand('wsk.openSample');
}
