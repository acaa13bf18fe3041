/**
 * Another C extension as an editor sees it: an error at a missing semicolon and at a number given to a pointer, a hover and
 * an inlay hint at each call of IoAllocateIrp. What it finds, it finds by looking at lines.
 */
const vscode = require('vscode');

exports.activate = (context) => {
  const selector = [{ language: 'c' }, { language: 'cpp' }];
  const diagnostics = vscode.languages.createDiagnosticCollection('stub');
  const look = (document) => {
    if (document.languageId !== 'c') return;
    const found = [];
    for (let number = 0; number < document.lineCount; number += 1) {
      const { text, range } = document.lineAt(number);
      const message = /^\s+int \w+ = \d+$/.test(text) ? "expected ';'" : /\*\w+ = \d\.\d;/.test(text) ? 'wrong type' : '';
      if (message === '') continue;
      const one = new vscode.Diagnostic(range, `stub: ${message}`, vscode.DiagnosticSeverity.Error);
      one.source = 'stub';
      found.push(one);
    }
    diagnostics.set(document.uri, found);
  };
  vscode.workspace.textDocuments.forEach(look);
  context.subscriptions.push(
    diagnostics,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
    vscode.languages.registerHoverProvider(selector, {
      provideHover(document, position) {
        const range = document.getWordRangeAtPosition(position);
        const isCall = range !== undefined && document.getText(range) === 'IoAllocateIrp';
        return isCall ? new vscode.Hover(new vscode.MarkdownString('Hover of the stub')) : undefined;
      },
    }),
    vscode.languages.registerInlayHintsProvider(selector, {
      provideInlayHints(document) {
        return [...document.getText().matchAll(/IoAllocateIrp\(/g)].map(
          (match) => new vscode.InlayHint(document.positionAt(match.index + match[0].length), 'StubSize:'),
        );
      },
    }),
  );
};
