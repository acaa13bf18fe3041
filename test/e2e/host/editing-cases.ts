/**
 * Cases of typing: whole patterns, new callbacks, C++ files, levels of lint's rules and marks that hide a finding. What is
 * written is thrown away unsaved, so that the samples stay as they are.
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  completionAt,
  hoverText,
  openSample,
  ourDiagnostics,
  positionOf,
  setText,
  until,
  writeFile,
} from './support.ts';

const patterns = [
  'wskregistration',
  'wsksynchronouscall',
  'wskasynchronouscall',
  'wsklistener',
  'wskdatagramecho',
  'dot4transaction',
];

export const editingCases: Readonly<Record<string, () => Promise<unknown>>> = {
  ...Object.fromEntries(
    patterns.map((label) => [
      `the pattern ${label} expands, brings its headers and has no squiggle`,
      () => expandPattern(label),
    ]),
  ),

  'a new callback is written above the table that names it': async () => {
    const content =
      '#include <ntddk.h>\n#include <wsk.h>\n\nconst WSK_CLIENT_LISTEN_DISPATCH EchoListenDispatch = {\n    .WskAcceptEvent = \n};\n';
    const document = await vscode.workspace.openTextDocument({ language: 'c', content });
    const at = new vscode.Position(4, '    .WskAcceptEvent = '.length);
    const items = await until('the new callback', async () => {
      const found = await completionAt(document, at);
      return found.has('EchoAcceptEvent') ? found : undefined;
    });
    await accept(document, items.get('EchoAcceptEvent'), new vscode.Range(at, at));
    const text = document.getText();
    assert.match(text, /EchoAcceptEvent\(\s+PVOID SocketContext,[\s\S]*STATUS_REQUEST_NOT_ACCEPTED/);
    assert.ok(text.indexOf('EchoAcceptEvent(') < text.indexOf('EchoListenDispatch ='), text);
    assert.match(text, /\.WskAcceptEvent = EchoAcceptEvent/);
    assert.deepEqual(await squiggles(document), []);
    await revert();
  },

  'a name of a header that is not included brings the header': async () => {
    const content = '#include <ntddk.h>\n\nstatic PWSK_SOCK\n';
    const document = await vscode.workspace.openTextDocument({ language: 'c', content });
    await vscode.window.showTextDocument(document);
    const at = new vscode.Position(2, 'static PWSK_SOCK'.length);
    const items = await until('the type', async () => {
      const found = await completionAt(document, at);
      return found.has('PWSK_SOCKET') ? found : undefined;
    });
    await accept(document, items.get('PWSK_SOCKET'), new vscode.Range(2, 'static '.length, 2, at.character));
    assert.match(document.getText(), /^#include <ntddk\.h>\n#include <wsk\.h>\n\nstatic PWSK_SOCKET/);
    await revert();
  },

  'a C++ file has hovers, lint of its calls, and no noise': async () => {
    const content = `#include <ntddk.h>
#include <wsk.h>

namespace echo {
template <typename T> class Holder final {
public:
    explicit Holder(T *value) noexcept : value_(value) {}
    Holder(const Holder &) = delete;
    auto get() const -> T * { return value_; }
private:
    T *value_ = nullptr;
};
}

extern "C" PIRP AllocateIrp()
{
    auto holder = echo::Holder<int>(nullptr);
    (void)holder;
    return IoAllocateIrp(0, FALSE);
}
`;
    const document = await vscode.workspace.openTextDocument(await writeFile('listen/holder.cpp', content));
    assert.equal(document.languageId, 'cpp');
    await vscode.window.showTextDocument(document);
    const found = await until('the mistake in the call', () => {
      const all = ourDiagnostics(document);
      return all.length > 0 ? all : undefined;
    });
    assert.deepEqual(
      found.map(({ code }) => (typeof code === 'object' ? code.value : code)),
      ['irp-stack-size'],
    );
    assert.match(await hoverText(document, positionOf(document, 'IoAllocateIrp', 2)), /StackSize/);
    await vscode.workspace.fs.delete(document.uri);
  },

  'a .wsklint.yaml turns a rule off as it is typed, and completes its name': async () => {
    const bad = await openSample('listen-buggy/listen-buggy.c');
    const rules = () => ourDiagnostics(bad).map(({ code }) => (typeof code === 'object' ? code.value : code));
    await until('the finding', () => rules().includes('irp-stack-size'));
    const uri = await writeFile('listen-buggy/.wsklint.yaml', 'rules:\n  irp-stack\n');
    const levels = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(levels);
    const items = await until('the rules', async () => {
      const found = await completionAt(levels, new vscode.Position(1, '  irp-stack'.length));
      return found.has('irp-stack-size') ? found : undefined;
    });
    assert.ok(items.size > 40, `${items.size} rules`);
    await setText(levels, 'rules:\n  irp-stack-size: off\n');
    await until('the finding to go', () => rules().length > 0 && !rules().includes('irp-stack-size'));
    await setText(levels, 'rules:\n  irp-stak-size: off\n');
    await until('the finding again', () => rules().includes('irp-stack-size'));
    const [problem] = await until('what is wrong in the file', () => {
      const all = vscode.languages.getDiagnostics(uri);
      return all.length > 0 ? all : undefined;
    });
    assert.match(problem?.message ?? '', /irp-stack-size/);
    await setText(levels, 'rules:\n  irp-stack-size: hint\n');
    await levels.save();
    const shown = () =>
      ourDiagnostics(bad).find(({ code }) => typeof code === 'object' && code.value === 'irp-stack-size');
    await until('the hint', () => shown()?.severity === vscode.DiagnosticSeverity.Hint);
    await setText(levels, '');
    await until('an error again', () => shown()?.severity === vscode.DiagnosticSeverity.Error);
    await levels.save();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(uri);
  },

  'a mark that hides nothing is removed by its quick fix': async () => {
    const content = '#include <ntddk.h>\n\n// wsk-lint: allow irp-stack-size nothing here\nint One = 1;\n';
    const document = await vscode.workspace.openTextDocument({ language: 'c', content });
    await until('the finding', () => ourDiagnostics(document).length > 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      positionRange(document, 'allow irp-stack-size'),
    );
    const remove = actions.find(({ title }) => title === 'Remove the mark');
    assert.ok(remove?.edit, actions.map(({ title }) => title).join(', '));
    assert.ok(await vscode.workspace.applyEdit(remove.edit));
    assert.doesNotMatch(document.getText(), /wsk-lint/);
    await until('no finding', () => ourDiagnostics(document).length === 0);
  },
};

async function expandPattern(label: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'c', content: `\n${label}` });
  await vscode.window.showTextDocument(document);
  let offered: readonly string[] = [];
  const words = (): string =>
    `the pattern in ${JSON.stringify(document.getText())} of ${document.uri.toString()}${document.isClosed ? ', which is closed' : ''}; offered: ${offered.slice(0, 20).join(' ')}`;
  const items = await until(words, async () => {
    const found = await completionAt(document, new vscode.Position(1, label.length));
    offered = [...found.keys()];
    return found.has(label) ? found : undefined;
  });
  await accept(document, items.get(label), new vscode.Range(1, 0, 1, label.length));
  assert.match(document.getText(), /^\n?#include <ntddk\.h>\n(?:#include .*\n)+\n/);
  assert.deepEqual(await squiggles(document), [], label);
  await revert();
}

/** What Enter does with an item of completion: its text in place of `typed`, and its edits elsewhere. */
async function accept(
  document: vscode.TextDocument,
  item: vscode.CompletionItem | undefined,
  typed: vscode.Range,
): Promise<void> {
  assert.ok(item);
  const editor = await vscode.window.showTextDocument(document);
  const insert = item.insertText ?? (typeof item.label === 'string' ? item.label : item.label.label);
  const text = insert instanceof vscode.SnippetString ? insert : new vscode.SnippetString().appendText(insert);
  assert.ok(await editor.insertSnippet(text, typed));
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, item.additionalTextEdits ?? []);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function revert(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

function positionRange(document: vscode.TextDocument, text: string): vscode.Range {
  const start = positionOf(document, text);
  return new vscode.Range(start, start.translate(0, text.length));
}

/** What our diagnostics say of a document as it is now: a mistake at its end tells when they have looked at all of it. */
async function squiggles(document: vscode.TextDocument): Promise<readonly string[]> {
  await setText(document, `${document.getText()}\nint PlantedMistake = ;\n`);
  const lines = () =>
    ourDiagnostics(document).map(({ range, message }) => `${document.lineAt(range.start).text}: ${message}`);
  await until('the planted mistake', () => lines().some((line) => line.includes('PlantedMistake')));
  return lines().filter((line) => !line.includes('PlantedMistake'));
}
