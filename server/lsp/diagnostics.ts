/** A document's diagnostics: what its text has wrong, then lint's findings with their paths. */
import type { Connection, Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import { syntaxFindings } from '../lint/syntax.ts';
import { range, severities } from './convert.ts';
import type { Workspace } from './workspace.ts';

export const diagnosticSource = 'wsk';

export function publishDiagnostics(connection: Connection, workspace: Workspace, uri: string): void {
  const analysis = workspace.analysis(uri);
  if (analysis === undefined) return;
  const findings = findingsOf(workspace, uri);
  const version = workspace.version(uri);
  void connection.sendDiagnostics({
    uri,
    ...(version === undefined ? {} : { version }),
    diagnostics: findings.map((finding) => diagnostic(workspace, finding)),
  });
}

/** Every finding that lies in the document itself. */
export function findingsOf(workspace: Workspace, uri: string): readonly Finding[] {
  const analysis = workspace.analysis(uri);
  if (analysis === undefined) return [];
  const all = [...syntaxFindings(analysis.unit), ...workspace.findings(uri)];
  return all.filter((finding) => finding.span.file === analysis.unit.file);
}

function diagnostic(workspace: Workspace, finding: Finding): Diagnostic {
  const related = finding.path.flatMap((step) => relatedInformation(workspace, step.span, step.message));
  return {
    range: range(finding.span),
    severity: severities[finding.severity],
    code: finding.rule,
    source: diagnosticSource,
    message: finding.message,
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

function relatedInformation(workspace: Workspace, span: Span, message: string): DiagnosticRelatedInformation[] {
  const uri = workspace.uriOf(span.file);
  return uri === undefined ? [] : [{ location: { uri, range: range(span) }, message }];
}
