/**
 * Findings as annotations of GitHub Actions, one workflow command a line. In: findings. Out: lines. A path is relative to
 * the checkout, wherever in it the command runs; columns are left out where a finding has several lines, because GitHub
 * takes them within one line only.
 */
import path from 'node:path';
import type { Finding, Severity } from '../../base/finding.ts';
import { positionAt } from '../../base/source.ts';
import { place } from '../finding-output.ts';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

/** `checkout` is $GITHUB_WORKSPACE, or the current folder. */
export function annotation(finding: Finding, checkout: string): string {
  const { span, rule } = finding;
  const start = place(span);
  const end = positionAt(span.file, span.end);
  const endLine = end.line + 1;
  const isOneLine = endLine === start.line;
  const properties = {
    file: nameIn(span.file.path, checkout),
    line: start.line,
    ...(isOneLine ? { col: start.column } : {}),
    endLine,
    ...(isOneLine ? { endColumn: Math.max(end.column, start.column) } : {}),
    title: rule,
  };
  const text = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  const steps = finding.path.map(
    (step) => `${nameIn(step.span.file.path, checkout)}:${place(step.span).line}: ${step.message}`,
  );
  return `::${commands[finding.severity]} ${text.join(',')}::${escaped([finding.message, ...steps].join('\n'))}`;
}

function nameIn(file: string, checkout: string): string {
  const relative = path.relative(checkout, file);
  const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (isInside && path.isAbsolute(file) ? relative : file).replaceAll('\\', '/');
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
