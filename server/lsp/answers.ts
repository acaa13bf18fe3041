/** What is told about the place of the cursor: hover, completion, signature help. */
import { CompletionTriggerKind, MarkupContent } from 'vscode-languageserver';
import { complete } from '../features/completion.ts';
import { completionMarkdown } from '../features/completion-item.ts';
import { hover } from '../features/hover.ts';
import { signatureHelp } from '../features/signature-help.ts';
import { completionItem, markdown, range, readItemData } from './convert.ts';
import type { Features } from './features.ts';

export function registerAnswers({ connection, workspace, scenarios, guard }: Features): void {
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
}
