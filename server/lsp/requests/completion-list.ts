/**
 * Lists of completion as LSP has them, and what comes back with an item when somebody looks at it. Most items are looked
 * up by their label: where the client knows defaults of a list, those carry nothing of their own, which halves the list.
 */
import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  type CompletionItem as LspCompletionItem,
  type CompletionList as LspCompletionList,
} from 'vscode-languageserver';
import type { ApiKey, CompletionItem } from '../../features/completion/item.ts';
import { expand } from '../../features/patterns/pattern.ts';
import { markdown, range } from '../convert.ts';

/** What the client can do with a list. */
export interface ListAbilities {
  /** It fills in placeholders; for others their proposals are written out. */
  readonly snippets: boolean;
  /** It takes an item's `data` from the list, where the item has none. */
  readonly defaultData: boolean;
  /** It strikes out what is better left alone. */
  readonly tags: boolean;
}

/** What comes back with an item when its text is asked for. */
export interface ItemData {
  readonly uri: string;
  readonly api?: ApiKey;
  readonly declared?: string;
}

const completionKinds: Readonly<Record<CompletionItem['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Field,
  method: CompletionItemKind.Method,
  function: CompletionItemKind.Function,
  constant: CompletionItemKind.Constant,
  type: CompletionItemKind.Class,
  variable: CompletionItemKind.Variable,
  macro: CompletionItemKind.Constant,
  header: CompletionItemKind.File,
  directive: CompletionItemKind.Keyword,
  pattern: CompletionItemKind.Snippet,
};

/** `uri`: of the document that the list is for. */
export function completionList(
  items: readonly CompletionItem[],
  uri: string,
  abilities: ListAbilities & { readonly isIncomplete: boolean },
): LspCompletionList {
  const { isIncomplete } = abilities;
  const byLabel = { uri, byLabel: true };
  const usesDefault = abilities.defaultData && items.some(isLookedUpByLabel);
  const dataOf = (item: CompletionItem): unknown => {
    const { api, declared } = item;
    const isWhole = api === undefined && declared === undefined;
    // What has nothing to be looked up must not get the default.
    if (isWhole) return usesDefault ? {} : undefined;
    if (isLookedUpByLabel(item)) return usesDefault ? undefined : byLabel;
    return { uri, ...(api === undefined ? {} : { api }), ...(declared === undefined ? {} : { declared }) };
  };
  return {
    isIncomplete,
    ...(usesDefault ? { itemDefaults: { data: byLabel } } : {}),
    items: items.map((item) => lspItem(item, dataOf(item), abilities)),
  };
}

function isLookedUpByLabel({ label, api, declared }: CompletionItem): boolean {
  if (api === undefined && declared === undefined) return false;
  const isApi = api === undefined || (api.name === label && api.typeName === undefined);
  return isApi && (declared === undefined || declared === label);
}

function lspItem(item: CompletionItem, data: unknown, { snippets, tags }: ListAbilities): LspCompletionItem {
  return {
    label: item.label,
    kind: completionKinds[item.kind],
    ...(item.detail === '' ? {} : { detail: item.detail }),
    ...(tags && item.isDeprecated === true ? { tags: [CompletionItemTag.Deprecated] } : {}),
    // Among those of one rank, clients go by the label.
    sortText: String(item.rank).padStart(5, '0'),
    ...(item.filterText === undefined ? {} : { filterText: item.filterText }),
    ...(item.note === undefined ? {} : { documentation: markdown(item.note) }),
    ...(item.insert === undefined ? {} : insertion(item.insert, snippets)),
    ...(item.edits === undefined || item.edits.length === 0
      ? {}
      : { additionalTextEdits: item.edits.map(({ span, newText }) => ({ range: range(span), newText })) }),
    ...(data === undefined ? {} : { data }),
  };
}

function insertion(text: string, snippets: boolean): Pick<LspCompletionItem, 'insertText' | 'insertTextFormat'> {
  return snippets
    ? { insertText: text, insertTextFormat: InsertTextFormat.Snippet }
    : { insertText: expand(text), insertTextFormat: InsertTextFormat.PlainText };
}

/** Reads what an editor sends back, which may be anything. */
export function readItemData({ label, data: raw, detail }: LspCompletionItem): ItemData | undefined {
  if (!isRecord(raw) || typeof raw.uri !== 'string') return undefined;
  const { uri, api, declared, byLabel } = raw;
  // A line that it has already is better than what the declaration says.
  if (byLabel === true) return { uri, api: { name: label }, ...(detail === undefined ? { declared: label } : {}) };
  const key = isRecord(api) ? apiKey(api) : undefined;
  return {
    uri,
    ...(key === undefined ? {} : { api: key }),
    ...(typeof declared === 'string' ? { declared } : {}),
  };
}

function apiKey({ name, typeName }: Readonly<Record<string, unknown>>): ApiKey | undefined {
  if (typeof name !== 'string') return undefined;
  return typeof typeName === 'string' ? { name, typeName } : { name };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
