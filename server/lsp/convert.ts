/** Our plain data to LSP's: spans to ranges, kinds to numbers. */
import { DiagnosticSeverity, MarkupKind, type Range, SymbolKind } from 'vscode-languageserver';
import type { Severity } from '../../base/finding.ts';
import { positionAt, type Span } from '../../base/source.ts';
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

export const symbolKinds: Readonly<Record<DocumentSymbol['kind'], SymbolKind>> = {
  function: SymbolKind.Function,
  variable: SymbolKind.Variable,
  type: SymbolKind.TypeParameter,
  struct: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  'enum-member': SymbolKind.EnumMember,
  field: SymbolKind.Field,
  macro: SymbolKind.Constant,
  namespace: SymbolKind.Namespace,
  class: SymbolKind.Class,
  method: SymbolKind.Method,
};

export function markdown(value: string): { kind: typeof MarkupKind.Markdown; value: string } {
  return { kind: MarkupKind.Markdown, value };
}
