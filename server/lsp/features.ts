/** Binds LSP's requests to the features. */
import {
  type CodeAction,
  CodeActionKind,
  CompletionTriggerKind,
  type Connection,
  MarkupContent,
  type TextEdit,
} from 'vscode-languageserver';
import type { Finding, Fix } from '../../base/finding.ts';
import { complete } from '../features/completion.ts';
import { completionMarkdown } from '../features/completion-item.ts';
import { definition } from '../features/definition.ts';
import { hover } from '../features/hover.ts';
import { signatureHelp } from '../features/signature-help.ts';
import { documentSymbols } from '../features/symbols.ts';
import { completionItem, markdown, range, readItemData, symbolKinds } from './convert.ts';
import { findingsIn } from './diagnostics.ts';
import type { Guard } from './guard.ts';
import type { Workspace } from './workspace.ts';

export function registerFeatures(connection: Connection, workspace: Workspace, guard: Guard): void {
  connection.onHover(({ textDocument: { uri }, position }) =>
    guard.now('hover', null, () => {
      const analysis = workspace.analysis(uri);
      const found = analysis === undefined ? undefined : hover(analysis, workspace.offset(uri, position));
      return found === undefined ? null : { contents: markdown(found.markdown), range: range(found.span) };
    }),
  );

  connection.onCompletion(({ textDocument: { uri }, position, context }) =>
    guard.now('completion', [], () => {
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
      const shown = new Set(
        context.diagnostics.map((d) => `${d.code} ${d.range.start.line}:${d.range.start.character}`),
      );
      const wanted = findingsIn(workspace, uri).filter((finding) => {
        const { start } = range(finding.span);
        return shown.has(`${finding.rule} ${start.line}:${start.character}`);
      });
      return wanted.flatMap((finding) => (finding.fixes ?? []).map((fix) => codeAction(workspace, finding, fix)));
    }),
  );
}

/** Names of the requests that are our own. */
export const headerTextRequest = 'wsk/headerText';

function codeAction(workspace: Workspace, finding: Finding, fix: Fix): CodeAction {
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, newText } of fix.edits) {
    const uri = workspace.uriOf(span.file);
    if (uri !== undefined) (changes[uri] ??= []).push({ range: range(span), newText });
  }
  const isPreferred = finding.fixes?.length === 1;
  return { title: fix.title, kind: CodeActionKind.QuickFix, isPreferred, edit: { changes } };
}
