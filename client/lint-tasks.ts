/**
 * Tasks that lint whole folders, where the editor checks what is open: "wsk: lint" for each folder of the workspace. What
 * they find joins the Problems panel by the matcher `$wsk`, except for files that are open, of which the editor tells.
 */
import {
  type Disposable,
  type ExtensionContext,
  ProcessExecution,
  Task,
  TaskGroup,
  tasks,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import { sourceOptions, wskCall } from './commands/program.ts';

export function registerLintTasks(context: ExtensionContext): Disposable {
  return tasks.registerTaskProvider('wsk', {
    provideTasks: () => (workspace.workspaceFolders ?? []).map((folder) => lintTask(context, folder, ['.'])),
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0];
      if (folder === undefined || definition.command !== 'lint') return undefined;
      const files: unknown = definition.files;
      const names = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
      return lintTask(context, folder, names.length === 0 ? ['.'] : names, definition);
    },
  });
}

function lintTask(
  context: ExtensionContext,
  folder: WorkspaceFolder,
  files: readonly string[],
  definition: Task['definition'] = { type: 'wsk', command: 'lint' },
): Task {
  const { command, args, env } = wskCall(context, ['lint', ...sourceOptions(folder), ...files]);
  const execution = new ProcessExecution(command, [...args], { cwd: folder.uri.fsPath, env: { ...env } });
  const task = new Task(definition, folder, 'lint', 'wsk', execution, '$wsk');
  task.group = TaskGroup.Build;
  task.detail = 'Checks every C file of the folder, those that are not open too';
  return task;
}
