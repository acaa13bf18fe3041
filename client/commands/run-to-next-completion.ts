/**
 * "WSK: Run to Next IRP Completion": lets the stopped driver go on until the first line of the completion routine that
 * runs next; from the menu of an IRP in the tree, until that of this IRP. The adapter does the work and reports the
 * stop as any other; a driver that ends before is reported by the end of its session.
 */
import { commands, Disposable, debug, window } from 'vscode';
import { type RunToNextCompletionArguments, runToNextCompletionRequest } from '../../debugger/protocol.ts';

export function registerRunToNextCompletion(): Disposable {
  return Disposable.from(
    // Where a button of the debugger calls it, its arguments are none of ours.
    commands.registerCommand('wsk.runToNextCompletion', () => runTo(undefined)),
    commands.registerCommand('wsk.runToCompletion', (node: { readonly irp?: number } | undefined) => runTo(node?.irp)),
  );
}

async function runTo(irp: number | undefined): Promise<void> {
  const session = debug.activeDebugSession;
  if (session?.type !== 'wsk') {
    void window.showInformationMessage(
      "Start a driver first: open its C file and press F5. This command then goes to the next IRP's completion routine.",
    );
    return;
  }
  const item = debug.activeStackItem;
  const threadId = item?.session === session ? item.threadId : 1;
  const args: RunToNextCompletionArguments = irp === undefined ? { threadId } : { threadId, irp };
  try {
    await session.customRequest(runToNextCompletionRequest, args);
  } catch (error) {
    void window.showErrorMessage(
      `Run to Next IRP Completion: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
