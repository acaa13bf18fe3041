/** Our plain data to LSP's: spans to ranges, kinds to numbers. */
import {
  CompletionItemKind,
  DiagnosticSeverity,
  InsertTextFormat,
  type CompletionItem as LspCompletionItem,
  MarkupKind,
  type Range,
  SymbolKind,
} from 'vscode-languageserver';
import type { Severity } from '../../base/finding.ts';
import { positionAt, type Span } from '../../base/source.ts';
import type { ApiKey, CompletionItem } from '../features/completion-item.ts';
import { expand } from '../features/patterns/pattern.ts';
import type { DocumentSymbol } from '../features/symbols.ts';

export function range(span: Span): Range {
  const start = positionAt(span.file, span.start);
  const end = positionAt(span.file, span.end);
  return { start: { line: start.line, character: start.column }, end: { line: end.line, character: end.column } };
}

export const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const completionKinds: Readonly<Record<CompletionItem['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Field,
  method: CompletionItemKind.Method,
  function: CompletionItemKind.Function,
  constant: CompletionItemKind.Constant,
  type: CompletionItemKind.Class,
  variable: CompletionItemKind.Variable,
  macro: CompletionItemKind.Constant,
  header: CompletionItemKind.File,
  pattern: CompletionItemKind.Snippet,
};

export const symbolKinds: Readonly<Record<DocumentSymbol['kind'], SymbolKind>> = {
  function: SymbolKind.Function,
  variable: SymbolKind.Variable,
  type: SymbolKind.TypeParameter,
  struct: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  'enum-member': SymbolKind.EnumMember,
  field: SymbolKind.Field,
  macro: SymbolKind.Constant,
};

export function markdown(value: string): { kind: typeof MarkupKind.Markdown; value: string } {
  return { kind: MarkupKind.Markdown, value };
}

/** What comes back with an item when its text is asked for. */
export interface ItemData {
  readonly uri: string;
  readonly api?: ApiKey;
  readonly declared?: string;
}

/** `snippets`: the editor fills in placeholders; for others their proposals are written out. */
export function completionItem(
  item: CompletionItem,
  uri: string,
  { snippets }: { readonly snippets: boolean },
): LspCompletionItem {
  const { api, declared } = item;
  const isWhole = api === undefined && declared === undefined;
  const data: ItemData | undefined = isWhole
    ? undefined
    : { uri, ...(api === undefined ? {} : { api }), ...(declared === undefined ? {} : { declared }) };
  return {
    label: item.label,
    kind: completionKinds[item.kind],
    ...(item.detail === '' ? {} : { detail: item.detail }),
    sortText: String(item.rank).padStart(5, '0') + item.label,
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
export function readItemData(raw: unknown): ItemData | undefined {
  if (!isRecord(raw) || typeof raw.uri !== 'string') return undefined;
  const { uri, api, declared } = raw;
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
