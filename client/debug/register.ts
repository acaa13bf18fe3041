/**
 * Registers the debug type `wsk`: its configurations, and its adapter, which is dist/adapter.js in a process of its own,
 * so that a driver that loops for ever can't hold up the editor. The process is VS Code's own executable as plain Node,
 * because users need not have Node.
 */
import {
  DebugAdapterExecutable,
  type Disposable,
  Disposable as Disposables,
  debug,
  type ExtensionContext,
  Uri,
} from 'vscode';
import { configurationProvider } from './configuration.ts';

export function registerDebugger(context: ExtensionContext): Disposable {
  const adapter = Uri.joinPath(context.extensionUri, 'dist/adapter.js').fsPath;
  return Disposables.from(
    debug.registerDebugConfigurationProvider('wsk', configurationProvider),
    debug.registerDebugAdapterDescriptorFactory('wsk', {
      createDebugAdapterDescriptor: () =>
        new DebugAdapterExecutable(process.execPath, [adapter], { env: { ELECTRON_RUN_AS_NODE: '1' } }),
    }),
  );
}
