/**
 * How the extension starts `wsk`: dist/cli.js under VS Code's own executable as plain Node, because users need not have
 * Node; with the settings of the editor as options, so that a file is read there as the editor reads it.
 */
import { type ExtensionContext, Uri, type WorkspaceFolder, workspace } from 'vscode';

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function wskCall(context: ExtensionContext, args: readonly string[]): ProgramCall {
  const cli = Uri.joinPath(context.extensionUri, 'dist/cli.js').fsPath;
  return { command: process.execPath, args: [cli, ...args], env: { ELECTRON_RUN_AS_NODE: '1' } };
}

/** What `wsk.…` says of include folders and macros in a folder. */
export function sourceOptions(folder: WorkspaceFolder | undefined): readonly string[] {
  const settings = workspace.getConfiguration('wsk', folder);
  const list = (name: string): readonly string[] => settings.get<readonly string[]>(name, []);
  const inFolder = (name: string): string => name.replace('${workspaceFolder}', folder?.uri.fsPath ?? '.');
  const one = (option: string, name: string): readonly string[] => {
    const value = inFolder(settings.get<string>(name, ''));
    return value === '' ? [] : [option, value];
  };
  return [
    ...list('includePath').flatMap((path) => ['-I', inFolder(path)]),
    ...list('defines').flatMap((define) => ['-D', define]),
    ...list('undefines').flatMap((name) => ['-U', name]),
    ...one('--std', 'std'),
    ...one('--compile-commands', 'compileCommands'),
  ];
}
