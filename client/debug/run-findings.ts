/**
 * What a run has found, in the Problems panel beside what lint finds, with what led there: it stays when the session has
 * ended. The next run begins with none, and whoever edits a file has read what was said of it.
 */
import {
  type DebugSession,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Disposable,
  debug,
  Location,
  languages,
  Position,
  Range,
  Uri,
  workspace,
} from 'vscode';
import { findingEvent, type ProtocolFinding, type ProtocolPlace } from '../../debugger/protocol.ts';
import { trackSessions } from './tracker.ts';

const severities: Readonly<Record<ProtocolFinding['severity'], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function registerRunFindings(): Disposable {
  const findings = languages.createDiagnosticCollection('wsk run');
  let running: DebugSession | undefined;
  return Disposable.from(
    findings,
    trackSessions({
      started: (session) => {
        // A second driver beside the first adds its own.
        if (running === undefined) findings.clear();
        running = session;
      },
      stopped: () => undefined,
      ended: () => {
        running = undefined;
      },
    }),
    debug.onDidReceiveDebugSessionCustomEvent(({ event, body, session }) => {
      if (event !== findingEvent || session.type !== 'wsk') return;
      // The adapter is ours.
      const finding = body as ProtocolFinding;
      const uri = Uri.file(finding.path);
      findings.set(uri, [...(findings.get(uri) ?? []), diagnostic(finding)]);
    }),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) findings.delete(document.uri);
    }),
  );
}

function diagnostic(finding: ProtocolFinding): Diagnostic {
  const { rule, severity, message, endLine, endColumn, steps } = finding;
  const range = new Range(positionOf(finding), positionOf({ line: endLine, column: endColumn }));
  const result = new Diagnostic(range, message, severities[severity]);
  result.source = 'wsk run';
  result.code = { value: rule, target: Uri.from({ scheme: 'wsk-rule', path: `/${rule}.md` }) };
  result.relatedInformation = steps.map(
    ({ what, place }) => new DiagnosticRelatedInformation(new Location(Uri.file(place.path), positionOf(place)), what),
  );
  return result;
}

/** The protocol counts from 1. */
function positionOf({ line, column }: Pick<ProtocolPlace, 'line' | 'column'>): Position {
  return new Position(Math.max(0, line - 1), Math.max(0, column - 1));
}
