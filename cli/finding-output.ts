/** Findings for scripts (JSON) and for people (the source line with a caret, then the way that leads there). */
import path from 'node:path';
import type { Finding, Severity } from '../base/finding.ts';
import { positionAt, type Span } from '../base/source.ts';
import { excerpt } from './excerpt.ts';
import { visible } from './shortened.ts';

export interface FindingJson {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly docRules: readonly string[];
  readonly also: readonly string[];
  readonly path: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

/** A path as people name it: relative to the current folder where it lies below it, with forward slashes. */
export function displayPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (inside ? relative : file).replaceAll('\\', '/');
}

/** File, line and column from 1. */
export function place(span: Span): { readonly file: string; readonly line: number; readonly column: number } {
  const { line, column } = positionAt(span.file, span.start);
  return { file: displayPath(span.file.path), line: line + 1, column: column + 1 };
}

export function placeText(span: Span): string {
  const { file, line, column } = place(span);
  return `${file}:${line}:${column}`;
}

export function findingJson(finding: Finding): FindingJson {
  const end = positionAt(finding.span.file, finding.span.end);
  const { rule, severity, message, docRules } = finding;
  return {
    rule,
    severity,
    message,
    ...place(finding.span),
    endLine: end.line + 1,
    endColumn: end.column + 1,
    docRules,
    also: finding.also ?? [],
    path: finding.path.map((step) => ({ ...place(step.span), message: step.message })),
  };
}

const colours: Readonly<Record<Severity, string>> = { error: '31', warning: '33', info: '36', hint: '90' };

export function findingText(finding: Finding, colour: boolean): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = `${paint('1', placeText(finding.span))}: ${paint(colours[finding.severity], finding.severity)}: ${visible(finding.message)} ${paint('90', `[${finding.rule}]`)}`;
  const steps = finding.path.map((step) => `    ${placeText(step.span)}: ${step.message}`);
  const help = (finding.fixes ?? []).map(({ title }) => `    ${paint('32', 'help')}: ${title}`);
  const lines = excerpt(finding.span, (text) => paint(colours[finding.severity], text));
  return [head, ...lines, ...help, ...steps].join('\n');
}

/** Findings that end a run. */
export function isError(finding: Finding): boolean {
  return finding.severity === 'error';
}

/** Findings that make a command end with status 1. */
export function isSerious(finding: Finding): boolean {
  return finding.severity === 'error' || finding.severity === 'warning';
}

/** "2 errors, 1 warning". */
export function countText(findings: readonly Finding[]): string {
  const count = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  const parts = (['error', 'warning', 'info', 'hint'] as const)
    .map((severity) => ({ severity, n: count(severity) }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => `${n} ${severity}${n === 1 || severity === 'info' ? '' : 's'}`);
  return parts.length === 0 ? 'no finding' : parts.join(', ');
}
