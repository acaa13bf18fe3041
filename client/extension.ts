/**
 * Entry point of the extension in VS Code: comes alive with the first C file, the debug type `wsk` or one of our
 * commands, starts the language server, and registers the debugger, the tree of IRPs, tests, tasks and the commands.
 * Each of them is in a file of its own and is disposed of through the context. Nothing here knows C or IRPs.
 */
import { commands, type ExtensionContext } from 'vscode';
import { registerDebugFile } from './commands/debug-file.ts';
import { registerCopies, registerGoToPlace } from './commands/go-to-place.ts';
import { registerOpenSample } from './commands/open-sample.ts';
import { registerRunToNextCompletion } from './commands/run-to-next-completion.ts';
import { registerDebugger } from './debug/register.ts';
import { registerRunFindings } from './debug/run-findings.ts';
import { startLanguageClient } from './language.ts';
import { registerLintTasks } from './lint-tasks.ts';
import { registerScenarioTests } from './scenario-tests/scenario-tests.ts';
import { offerInTerminals } from './terminal.ts';
import { registerIrpTree } from './views/irp-tree.ts';
import { registerTimeline } from './views/timeline-view.ts';

export function activate(context: ExtensionContext): void {
  // The tree of IRPs is hidden from people who never open a C file.
  void commands.executeCommand('setContext', 'wsk.active', true);
  context.subscriptions.push(
    registerDebugger(context),
    registerRunFindings(),
    registerIrpTree(context),
    registerTimeline(context),
    registerDebugFile(),
    registerGoToPlace(),
    registerCopies(),
    registerOpenSample(context),
    registerRunToNextCompletion(),
    registerLintTasks(context),
    registerScenarioTests(context),
    startLanguageClient(context),
  );
  offerInTerminals(context);
}
