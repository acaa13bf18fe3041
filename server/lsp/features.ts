/** Binds LSP's requests to the features. */
import {
  CodeActionKind,
  CompletionTriggerKind,
  type Connection,
  type Diagnostic,
  type CodeAction as LspCodeAction,
  MarkupContent,
  type TextEdit,
} from 'vscode-languageserver';
import type { Finding } from '../../base/finding.ts';
import { bundledPrefix } from '../../catalog/catalog.ts';
import { type CodeAction, codeActions } from '../features/code-actions.ts';
import { complete } from '../features/completion.ts';
import { completionMarkdown } from '../features/completion-item.ts';
import { definition } from '../features/definition.ts';
import { hover } from '../features/hover.ts';
import { signatureHelp } from '../features/signature-help.ts';
import { documentSymbols } from '../features/symbols.ts';
import { completionItem, markdown, range, readItemData, symbolKinds } from './convert.ts';
import { findingsIn } from './diagnostics.ts';
import type { Guard } from './guard.ts';
import type { Scenarios } from './scenarios.ts';
import type { Workspace } from './workspace.ts';

export function registerFeatures(
  connection: Connection,
  workspace: Workspace,
  scenarios: Scenarios,
  guard: Guard,
): void {
  connection.onHover(({ textDocument: { uri }, position }) =>
    guard.now('hover', null, () => {
      if (scenarios.has(uri)) return scenarios.hover(uri, position);
      const analysis = workspace.analysis(uri);
      const found = analysis === undefined ? undefined : hover(analysis, workspace.offset(uri, position));
      return found === undefined ? null : { contents: markdown(found.markdown), range: range(found.span) };
    }),
  );

  connection.onCompletion(({ textDocument: { uri }, position, context }) =>
    guard.now('completion', [], () => {
      if (scenarios.has(uri)) return scenarios.completion(uri, position);
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return [];
      const trigger = context?.triggerKind === CompletionTriggerKind.TriggerCharacter ? 'character' : 'person';
      const { items, isIncomplete } = complete(analysis, workspace.offset(uri, position), { trigger });
      return { isIncomplete, items: items.map((item) => completionItem(item, uri)) };
    }),
  );

  // An API's text is some kilobytes, so that it is sent for the one item that somebody looks at.
  connection.onCompletionResolve((item) =>
    guard.now('completion item', item, () => {
      const data = readItemData(item.data);
      if (data === undefined) return item;
      const { catalog } = workspace;
      const text = completionMarkdown(data.api, catalog, workspace.analysis(data.uri)?.unit);
      if (text === '') return item;
      const note = MarkupContent.is(item.documentation) ? `${item.documentation.value}\n\n` : '';
      return { ...item, documentation: markdown(note + text) };
    }),
  );

  connection.onSignatureHelp(({ textDocument: { uri }, position }) =>
    guard.now('signature help', null, () => {
      const analysis = workspace.analysis(uri);
      const help = analysis === undefined ? undefined : signatureHelp(analysis, workspace.offset(uri, position));
      if (help === undefined) return null;
      const parameters = help.parameters.map((p) => ({
        label: [p.start, p.end] as [number, number],
        documentation: markdown(p.markdown),
      }));
      return {
        signatures: [{ label: help.label, documentation: markdown(help.markdown), parameters }],
        activeSignature: 0,
        activeParameter: help.active,
      };
    }),
  );

  connection.onDefinition(({ textDocument: { uri }, position }) =>
    guard.now('definition', null, () => {
      const analysis = workspace.analysis(uri);
      const span = analysis === undefined ? undefined : definition(analysis, workspace.offset(uri, position));
      const target = span === undefined ? undefined : workspace.uriOf(span.file);
      return span === undefined || target === undefined ? null : { uri: target, range: range(span) };
    }),
  );

  connection.onRequest(headerTextRequest, (params: unknown) =>
    guard.now('header text', null, () => {
      const name = typeof params === 'object' && params !== null && 'name' in params ? params.name : undefined;
      return typeof name === 'string' ? (workspace.catalog.header(name) ?? null) : null;
    }),
  );

  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    guard.now('document symbols', [], () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return [];
      return documentSymbols(analysis).map((s) => ({
        name: s.name,
        detail: s.detail,
        kind: symbolKinds[s.kind],
        range: range(s.span),
        selectionRange: range(s.nameSpan),
      }));
    }),
  );

  connection.onCodeAction(({ textDocument: { uri }, context }) =>
    guard.now('code action', [], () => {
      const isWanted =
        context.only === undefined || context.only.some((kind) => CodeActionKind.QuickFix.startsWith(kind));
      if (!isWanted) return [];
      const all = findingsIn(workspace, uri);
      const wanted = all.filter((finding) => context.diagnostics.some((shown) => isShownAs(finding, shown)));
      return codeActions(wanted, all).flatMap((action) => {
        const diagnostics = context.diagnostics.filter((shown) => action.findings.some((f) => isShownAs(f, shown)));
        return lspAction(workspace, action, diagnostics) ?? [];
      });
    }),
  );
}

/** Names of the requests that are our own. */
export const headerTextRequest = 'wsk/headerText';

/** A diagnostic that the editor sends back is this finding's. */
function isShownAs(finding: Finding, { code, range: at, message }: Diagnostic): boolean {
  const { start } = range(finding.span);
  const isHere = start.line === at.start.line && start.character === at.start.character;
  return isHere && code === finding.rule && (message === undefined || message === finding.message);
}

/** Undefined where an edit lies in a file that the editor cannot change. */
function lspAction(
  workspace: Workspace,
  { title, edits, isPreferred }: CodeAction,
  diagnostics: Diagnostic[],
): LspCodeAction | undefined {
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, newText } of edits) {
    const uri = workspace.uriOf(span.file);
    if (uri === undefined || uri.startsWith(bundledPrefix)) return undefined;
    (changes[uri] ??= []).push({ range: range(span), newText });
  }
  return { title, kind: CodeActionKind.QuickFix, isPreferred, diagnostics, edit: { changes } };
}
