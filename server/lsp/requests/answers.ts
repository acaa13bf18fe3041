/** What is told about the place of the cursor: hover, completion, signature help. */
import { CompletionTriggerKind, MarkupContent } from 'vscode-languageserver';
import { mayListBehindBlank } from '../../../base/blank.ts';
import type { FoundHeader, HeaderPlace } from '../../features/completion/headers.ts';
import { completionMarkdown, symbolDetail } from '../../features/completion/item.ts';
import { complete } from '../../features/completion.ts';
import { type Hover, hover } from '../../features/hover.ts';
import { type Documented, documentedAt } from '../../features/markdown/hover-docs.ts';
import { hoverWithoutHeader } from '../../features/markdown/reference.ts';
import { signatureHelp } from '../../features/signature-help.ts';
import { markdown, range } from '../convert.ts';
import type { Docs } from '../docs/docs.ts';
import { headerNames } from '../documents/header-names.ts';
import { completionList, readItemData } from './completion-list.ts';
import type { Features } from './features.ts';

export function registerAnswers({ connection, workspace, scenarios, lintLevels, guard, docs }: Features): void {
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    guard.read('hover', null, { uri, token }, async () => {
      if (scenarios.has(uri)) return scenarios.hover(uri, position);
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return null;
      const offset = workspace.offset(uri, position);
      const own = hover(analysis, offset) ?? hoverWithoutHeader(analysis, offset);
      const shown = docs.isOn() ? await withPage(docs, own, documentedAt(analysis, offset)) : own;
      return shown === undefined ? null : { contents: markdown(shown.markdown), range: range(shown.span) };
    }),
  );

  connection.onCompletion(({ textDocument: { uri }, position, context }, token) =>
    guard.read('completion', [], { uri, token }, () => {
      if (scenarios.has(uri)) return scenarios.completion(uri, position);
      if (lintLevels.has(uri)) return lintLevels.completion(uri, position);
      if (context?.triggerCharacter === ' ' && !mayListBehindBlank(workspace.lineBefore(uri, position))) return [];
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return [];
      const trigger = context?.triggerKind === CompletionTriggerKind.TriggerCharacter ? 'character' : 'person';
      const { includePath } = workspace.configuration(uri);
      const headers = (place: HeaderPlace): readonly FoundHeader[] =>
        headerNames(workspace.pathOf(uri), includePath, place);
      const { items, isIncomplete } = complete(analysis, workspace.offset(uri, position), { trigger, headers });
      return completionList(items, uri, { ...workspace.client().list, isIncomplete });
    }),
  );

  // An API's text is some kilobytes, and a header's declaration may not have been read: both are for the one item that
  // somebody looks at.
  connection.onCompletionResolve((item, token) => {
    const data = readItemData(item);
    if (data === undefined) return item;
    return guard.read('completion item', item, { uri: data.uri, token }, () => {
      const unit = workspace.analysis(data.uri)?.unit;
      const detail = unit === undefined || data.declared === undefined ? undefined : symbolDetail(unit, data.declared);
      const text = data.api === undefined ? '' : completionMarkdown(data.api, workspace.catalog, unit);
      const note = MarkupContent.is(item.documentation) ? `${item.documentation.value}\n\n` : '';
      return {
        ...item,
        ...(detail === undefined ? {} : { detail }),
        ...(text === '' ? {} : { documentation: markdown(note + text) }),
      };
    });
  });

  connection.onSignatureHelp(({ textDocument: { uri }, position }, token) =>
    guard.read('signature help', null, { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      const help = analysis === undefined ? undefined : signatureHelp(analysis, workspace.offset(uri, position));
      if (help === undefined) return null;
      const parameters = help.parameters.map((p) => ({
        label: [p.start, p.end] as [number, number],
        ...documentation(p.markdown),
      }));
      return {
        signatures: [{ label: help.label, ...documentation(help.markdown), parameters }],
        activeSignature: 0,
        activeParameter: help.active,
      };
    }),
  );
}

/** An editor keeps room for a text that is there and empty. */
function documentation(text: string): { readonly documentation?: MarkupContent } {
  return text === '' ? {} : { documentation: markdown(text) };
}

/** Our own facts first, then what the page of the user's docs says; either alone where there is no other. */
async function withPage(
  docs: Docs,
  own: Hover | undefined,
  documented: Documented | undefined,
): Promise<Hover | undefined> {
  if (documented === undefined) return own;
  const { span, ...question } = documented;
  const page = await docs.hover(question);
  if (page === '') return own;
  return own === undefined ? { markdown: page, span } : { ...own, markdown: `${own.markdown}\n\n---\n\n${page}` };
}
