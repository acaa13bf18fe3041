/**
 * The Testing view: every scenario file of the workspace is a test, which passes where `wsk run` finds nothing. Findings
 * stand at their lines. Run starts `wsk` in a process of its own for each, one after the other; Debug starts the debugger
 * on one. Running a driver needs a trusted workspace, as everywhere.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import {
  type CancellationToken,
  Disposable,
  debug,
  type ExtensionContext,
  Location,
  Position,
  Range,
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
  Uri,
  workspace,
} from 'vscode';
import { sourceOptions, wskCall } from '../commands/program.ts';
import { launchForFile } from '../debug/launch.ts';
import { type ResultMessage, type ScenarioResult, scenarioResult } from './run-result.ts';

const pattern = '**/*.wsk.{yaml,yml}';

export function registerScenarioTests(context: ExtensionContext): Disposable {
  const controller = tests.createTestController('wsk.scenarios', 'WSK Scenarios');
  const watcher = workspace.createFileSystemWatcher(pattern, false, true, false);
  const find = async (): Promise<void> => {
    const found = await workspace.findFiles(pattern, '**/node_modules/**', 1000);
    controller.items.replace(found.sort(byPath).map((uri) => itemOf(controller, uri)));
  };
  controller.refreshHandler = find;
  controller.createRunProfile(
    'Run',
    TestRunProfileKind.Run,
    (request, token) => runAll(context, controller, request, token),
    true,
  );
  controller.createRunProfile(
    'Debug',
    TestRunProfileKind.Debug,
    async (request) => {
      const [item] = wanted(controller, request);
      if (item?.uri === undefined) return;
      const start = launchForFile({ path: item.uri.fsPath, languageId: 'yaml', onDisk: true }, () => false);
      if (start.kind === 'launch')
        await debug.startDebugging(workspace.getWorkspaceFolder(item.uri), { ...start.launch });
    },
    true,
  );
  void find();
  return Disposable.from(
    controller,
    watcher,
    watcher.onDidCreate((uri) => controller.items.add(itemOf(controller, uri))),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    workspace.onDidChangeWorkspaceFolders(find),
  );
}

const byPath = (a: Uri, b: Uri): number => (a.path < b.path ? -1 : 1);

function itemOf(controller: TestController, uri: Uri): TestItem {
  const folder = path.posix.dirname(workspace.asRelativePath(uri));
  const item = controller.createTestItem(uri.toString(), path.posix.basename(uri.path), uri);
  if (folder !== '.') item.description = folder;
  item.range = new Range(0, 0, 0, 0);
  return item;
}

function wanted(controller: TestController, { include, exclude }: TestRunRequest): readonly TestItem[] {
  const all: TestItem[] = [];
  if (include !== undefined) all.push(...include);
  else for (const [, item] of controller.items) all.push(item);
  return all.filter((item) => exclude?.includes(item) !== true);
}

async function runAll(
  context: ExtensionContext,
  controller: TestController,
  request: TestRunRequest,
  token: CancellationToken,
): Promise<void> {
  const run = controller.createTestRun(request);
  const items = wanted(controller, request);
  for (const item of items) run.enqueued(item);
  for (const item of items) {
    if (token.isCancellationRequested) run.skipped(item);
    else if (request.include === undefined && (await waitsForClients(item))) {
      run.appendOutput('Skipped: it waits for real programs. Run it by itself, or debug it.\r\n', undefined, item);
      run.skipped(item);
    } else if (workspace.isTrusted) await runOne(context, run, item, token);
    else run.errored(item, new TestMessage('Running a driver on the emulated kernel needs a trusted workspace.'));
  }
  run.end();
}

/** A scenario with a bridge goes on until somebody ends it: it is for people. */
async function waitsForClients({ uri }: TestItem): Promise<boolean> {
  if (uri === undefined) return false;
  try {
    return /\bbridge:\s*true\b/.test(new TextDecoder().decode(await workspace.fs.readFile(uri)));
  } catch {
    // The run says why it can't be read.
    return false;
  }
}

async function runOne(
  context: ExtensionContext,
  run: TestRun,
  item: TestItem,
  token: CancellationToken,
): Promise<void> {
  const { uri } = item;
  if (uri === undefined) return;
  run.started(item);
  const started = Date.now();
  const folder = workspace.getWorkspaceFolder(uri);
  const cwd = folder?.uri.fsPath ?? path.dirname(uri.fsPath);
  const answer = await wskAnswer(
    context,
    ['run', ...sourceOptions(folder), '--format', 'json', uri.fsPath],
    cwd,
    token,
  );
  if (token.isCancellationRequested) {
    run.skipped(item);
    return;
  }
  const result = scenarioResult(answer, (file) => path.resolve(cwd, file));
  tell(run, item, result, Date.now() - started);
}

function tell(run: TestRun, item: TestItem, result: ScenarioResult, ms: number): void {
  const text = result.kind === 'errored' ? result.message : result.output;
  // The view is a terminal.
  run.appendOutput(`${text.replaceAll('\n', '\r\n')}\r\n`, undefined, item);
  switch (result.kind) {
    case 'passed':
      run.passed(item, ms);
      break;
    case 'errored':
      run.errored(item, new TestMessage(result.message), ms);
      break;
    case 'failed':
      run.failed(item, result.messages.map(testMessage), ms);
      break;
  }
}

function testMessage({ text, place }: ResultMessage): TestMessage {
  const message = new TestMessage(text);
  if (place !== undefined)
    message.location = new Location(Uri.file(place.path), new Position(place.line, place.column));
  return message;
}

interface Answer {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function wskAnswer(
  context: ExtensionContext,
  args: readonly string[],
  cwd: string,
  token: CancellationToken,
): Promise<Answer> {
  const call = wskCall(context, args);
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    const child = spawn(call.command, call.args, { cwd, env: { ...process.env, ...call.env }, windowsHide: true });
    const cancelled = token.onCancellationRequested(() => child.kill());
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const end = (status: number | null): void => {
      cancelled.dispose();
      resolve({ status, out, err });
    };
    child.on('error', (error) => {
      err += String(error);
      end(null);
    });
    child.on('close', end);
  });
}
