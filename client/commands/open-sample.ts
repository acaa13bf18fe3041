/**
 * "WSK: Open Sample": copies one of the bundled drivers into a folder that the user picks and opens it there, with the
 * driver's C file in front (in a browser VS Code leaves that out), so that it can be changed and run. Never overwrites:
 * a folder of that name is opened as it is.
 */
import { commands, type Disposable, type ExtensionContext, FileType, Uri, window, workspace } from 'vscode';

const samples = [
  {
    label: 'listen',
    description: 'a correct driver',
    detail: 'Creates a listening socket, keeps its port exclusive, accepts, closes and unloads.',
  },
  {
    label: 'echo',
    description: 'a server with many clients',
    detail: 'Sends back what comes, by event callbacks; runs with scripted clients, or with real ones over loopback.',
  },
  {
    label: 'listen-buggy',
    description: 'the same driver with eight mistakes',
    detail: 'Each is found by a rule of the lint; the emulated kernel stops at the first.',
  },
];

export function registerOpenSample(context: ExtensionContext): Disposable {
  return commands.registerCommand('wsk.openSample', async (name?: unknown) => {
    const given = samples.find((sample) => sample.label === name);
    const sample =
      given ?? (await window.showQuickPick(samples, { title: 'WSK: Open Sample', placeHolder: 'Which driver?' }));
    if (!sample) return;
    const picked = await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: 'Copy the Sample Here',
      title: `Where to put the sample "${sample.label}"?`,
    });
    const parent = picked?.[0];
    if (!parent) return;
    const target = Uri.joinPath(parent, sample.label);
    try {
      if (!(await exists(target)))
        await workspace.fs.copy(Uri.joinPath(context.extensionUri, 'samples', sample.label), target);
    } catch (error) {
      void window.showErrorMessage(`The sample can't be copied to ${target.fsPath}: ${String(error)}`);
      return;
    }
    // A window without a folder has nothing to lose; one with a folder keeps it.
    await commands.executeCommand('vscode.openFolder', target, {
      forceNewWindow: workspace.workspaceFolders !== undefined,
      filesToOpen: [Uri.joinPath(target, `${sample.label}.c`)],
    });
  });
}

async function exists(folder: Uri): Promise<boolean> {
  try {
    return (await workspace.fs.stat(folder)).type === FileType.Directory;
  } catch {
    return false;
  }
}
