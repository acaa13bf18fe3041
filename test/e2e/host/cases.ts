/**
 * The cases of the extension-host suite, by name, in the order in which they run. Each uses VS Code's public interface
 * only, waits for events or polls, and leaves no session and no setting behind. A text that it gives is a figure to print.
 */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { IrpsResponse, ProtocolIrp } from '../../../debugger/protocol.ts';
import { docsCases } from './docs-cases.ts';
import { editingCases } from './editing-cases.ts';
import { hoverText, openSample, ourDiagnostics, positionOf, until } from './support.ts';

const extensionId = 'wsk-workbench.wsk-workbench';

export const cases: Readonly<Record<string, () => Promise<unknown>>> = {
  'the extension comes alive with the first C file': async () => {
    await openSample('listen/listen.c');
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, `${extensionId} is not installed`);
    await until('it is active', () => extension.isActive);
  },

  'activation loads what the client needs, and nothing of the server': async () => {
    const programs = join(vscode.extensions.getExtension(extensionId)?.extensionPath ?? '', 'dist');
    // Modules that Node has loaded in this process, of which the extension is one.
    const loaded = Object.keys(require.cache).filter((file) => dirname(file) === programs);
    assert.deepEqual(
      loaded.map((file) => basename(file)),
      ['extension.js'],
    );
    const bytes = statSync(join(programs, 'client.js')).size;
    assert.ok(bytes < 600_000, `dist/client.js has ${bytes} bytes`);
    // How long that takes, is the machine's affair: a figure.
    await vscode.commands.executeCommand('perfview.show');
    const report = await until('the startup report', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf')?.getText(),
    );
    // | extension | eager | load code | call activate | finish activate | …
    const row = report.split('\n').find((line) => line.includes(extensionId)) ?? '';
    const [load = Number.NaN, call = Number.NaN, finish = Number.NaN] = row.split('|').slice(3, 6).map(Number);
    assert.ok(load >= 0 && call >= 0 && finish >= 0, `no times in ${row}`);
    return `${bytes} bytes of code loaded in ${load} ms, activated in ${call} ms, finished in ${finish} ms`;
  },

  'every command of the manifest is there': async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    const declared: { command: string }[] = extension?.packageJSON.contributes.commands;
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  },

  'a task lints a folder, and its findings go to the Problems panel': async () => {
    const [task] = await vscode.tasks.fetchTasks({ type: 'wsk' });
    assert.deepEqual([task?.name, task?.problemMatchers], ['lint', ['$wsk']]);
    const ended = new Promise<number | undefined>((resolve) => {
      const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== 'lint') return;
        listening.dispose();
        resolve(exitCode);
      });
    });
    assert.ok(task);
    await vscode.tasks.executeTask(task);
    // The buggy sample is among the files.
    assert.equal(await ended, 1);
  },

  'a hover explains WskSocket': async () => {
    const document = await openSample('listen/listen.c');
    const at = positionOf(document, 'WskSocket(', 2);
    const text = await until('the hover', async () => {
      const all = await hoverText(document, at);
      return all.includes('NTSTATUS') ? all : undefined;
    });
    for (const part of ['WskSocket', 'DISPATCH_LEVEL', 'AddressFamily', 'Flags'])
      assert.ok(text.includes(part), `${part} in ${text}`);
  },

  'the definition of a WSK type is in a bundled header that can be read': async () => {
    const document = await openSample('listen/listen.c');
    const places = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      positionOf(document, 'WSK_PROVIDER_NPI', 2),
    );
    const uris = places.map((place) => ('targetUri' in place ? place.targetUri : place.uri));
    const header = uris.find(({ scheme }) => scheme === 'wsk-headers');
    assert.ok(header, `among ${uris.join(' ')}`);
    const text = (await vscode.workspace.openTextDocument(header)).getText();
    assert.match(text, /typedef struct _WSK_PROVIDER_NPI/);
  },

  'references, calls across completions, lenses and colours': async () => {
    const document = await openSample('listen/listen.c');
    const { uri } = document;
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      uri,
      positionOf(document, 'AcceptComplete', 2),
    );
    assert.ok(references.length >= 3, `${references.length} references`);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 99);
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.ok(titles.includes('Run on the emulator'), titles.join(', '));
    assert.ok(titles.includes('1 IRP completes here: from WskAccept'), titles.join(', '));
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend | undefined>(
      'vscode.provideDocumentSemanticTokensLegend',
      uri,
    );
    assert.ok(legend?.tokenModifiers.includes('defaultLibrary'));
    const [item] = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
      'vscode.prepareCallHierarchy',
      uri,
      positionOf(document, 'AcceptComplete', 2),
    );
    assert.equal(item?.name, 'AcceptComplete');
    const incoming = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
      'vscode.provideIncomingCalls',
      item,
    );
    assert.ok(incoming.length > 0);
  },

  'a rename that is not ours to do is refused': async () => {
    const document = await openSample('listen/listen.c');
    const at = positionOf(document, 'IoFreeIrp', 2);
    await assert.rejects(
      async () => vscode.commands.executeCommand('vscode.prepareRename', document.uri, at),
      /not yours to change/,
    );
  },

  'a finding leads to the page of its rule': async () => {
    const document = await openSample('listen-buggy/listen-buggy.c');
    // Of a task there may be findings before those of the editor.
    const code = await until('findings with a page', () =>
      ourDiagnostics(document)
        .map(({ code: one }) => (typeof one === 'object' ? one : undefined))
        .find((one) => one !== undefined),
    );
    assert.equal(code.target.scheme, 'wsk-rule');
    const page = await vscode.workspace.openTextDocument(code.target);
    assert.ok(page.getText().includes(String(code.value)), page.getText().slice(0, 200));
    await vscode.commands.executeCommand('vscode.open', code.target);
    await until('the page as its reader sees it', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom && input.uri.scheme === 'wsk-rule';
    });
    await vscode.commands.executeCommand('wsk.explainRule', code.value);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  },

  'completion in the argument Flags offers the flags': async () => {
    const document = await openSample('listen/listen.c');
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      positionOf(document, 'WSK_FLAG_LISTEN_SOCKET'),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const flag of ['WSK_FLAG_BASIC_SOCKET', 'WSK_FLAG_LISTEN_SOCKET', 'WSK_FLAG_CONNECTION_SOCKET'])
      assert.ok(labels.includes(flag), labels.join(' '));
    assert.ok(!labels.includes('WSK_FLAG_DATAGRAM_SOCKET'), 'the argument before says SOCK_STREAM');
  },

  'the correct sample has no finding, the buggy one has many': async () => {
    const good = await openSample('listen/listen.c');
    const bad = await openSample('listen-buggy/listen-buggy.c');
    await until('eight findings', () => ourDiagnostics(bad).length >= 8);
    assert.deepEqual(
      ourDiagnostics(good).map(({ message }) => message),
      [],
    );
  },

  'a setting applies without a restart': async () => {
    const document = await openSample('listen-buggy/listen-buggy.c');
    const settings = vscode.workspace.getConfiguration('wsk');
    await until('findings', () => ourDiagnostics(document).length > 0);
    await settings.update('lint.enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      await until('no finding', () => ourDiagnostics(document).length === 0);
    } finally {
      await settings.update('lint.enabled', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await until('findings again', () => ourDiagnostics(document).length > 0);
  },

  ...editingCases,
  ...docsCases,

  'a launch configuration stops on entry and ends': async () => {
    const document = await openSample('listen/listen.c');
    const run = await launch({ program: document.fileName, stopOnEntry: true });
    await run.stopped();
    assert.equal((await run.top()).name, 'DriverEntry');
    await run.end();
  },

  'the IRPs of a run, and the way to the next completion routine': async () => {
    const document = await openSample('listen/listen.c');
    const breakpoint = breakpointAt(document, 'DriverObject->DriverUnload = ListenUnload;');
    vscode.debug.addBreakpoints([breakpoint]);
    try {
      const run = await launch({ program: document.fileName });
      await run.stopped();
      const accept = (await run.irps()).find((irp) => irp.call === 'WskAccept');
      assert.equal(accept?.state, 'pending');
      assert.match(accept?.issuedAt?.path ?? '', /listen\.c$/);
      await until('the stack item', () => vscode.debug.activeStackItem !== undefined);
      await vscode.commands.executeCommand('wsk.runToNextCompletion');
      await run.stopped();
      assert.equal((await run.top()).name, 'AcceptComplete');
      assert.equal((await run.irps()).find((irp) => irp.call === 'WskAccept')?.state, 'completing');
      await run.end();
    } finally {
      vscode.debug.removeBreakpoints([breakpoint]);
    }
  },

  'a launch configuration whose file is missing is refused with its name': async () => {
    let refusal: string | undefined;
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('wsk', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: { command?: string; success?: boolean; body?: unknown }) => {
          if (message.command === 'launch' && message.success === false) refusal = JSON.stringify(message.body);
        },
      }),
    });
    // VS Code's own message about it is modal and waits for a user who is not there.
    void vscode.debug.startDebugging(undefined, {
      type: 'wsk',
      request: 'launch',
      name: 'no file',
      program: 'no-such-file.c',
    });
    assert.match(await until('the refusal', () => refusal), /no-such-file\.c/);
    tracker.dispose();
  },
};

/** A running session of ours, as its adapter's messages tell it. */
interface Run {
  /** Waits for the next stop that nobody has waited for. */
  stopped(): Promise<void>;
  top(): Promise<{ name: string; line: number }>;
  irps(): Promise<readonly ProtocolIrp[]>;
  end(): Promise<void>;
}

async function launch(configuration: Readonly<Record<string, unknown>>): Promise<Run> {
  let session: vscode.DebugSession | undefined;
  let stops = 0;
  let threadId = 1;
  let over = false;
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('wsk', {
    createDebugAdapterTracker: (created) => {
      session = created;
      return {
        onDidSendMessage: (message: { type?: string; event?: string; body?: { threadId?: number } }) => {
          if (message.type !== 'event' || message.event !== 'stopped') return;
          stops += 1;
          threadId = message.body?.threadId ?? threadId;
        },
      };
    },
  });
  // The active session is no sign of the end: VS Code may still name a session that is over.
  const endings = vscode.debug.onDidTerminateDebugSession((ended) => {
    if (ended.id === session?.id) over = true;
  });
  const started = await vscode.debug.startDebugging(undefined, {
    type: 'wsk',
    request: 'launch',
    name: 'suite',
    ...configuration,
  });
  assert.ok(started && session, 'the session did not start');
  const ours = session;
  return {
    stopped: async () => {
      await until('a stop', () => stops > 0 || over);
      assert.ok(stops > 0, 'the driver ended without a stop');
      stops -= 1;
    },
    top: async () => (await ours.customRequest('stackTrace', { threadId, startFrame: 0, levels: 1 })).stackFrames[0],
    irps: async () => {
      const answer: IrpsResponse = await ours.customRequest('wsk/irps');
      return answer.irps;
    },
    end: async () => {
      await vscode.debug.stopDebugging(ours);
      await until('the end of the session', () => over);
      tracker.dispose();
      endings.dispose();
    },
  };
}

function breakpointAt(document: vscode.TextDocument, text: string): vscode.SourceBreakpoint {
  return new vscode.SourceBreakpoint(new vscode.Location(document.uri, positionOf(document, text)));
}
