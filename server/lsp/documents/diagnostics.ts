/**
 * A document's diagnostics: what its text has wrong, then lint's findings with their paths.
 *
 * A finding in a header of the user's is shown at the header, open or not, as long as an open file includes it. A header
 * alone is half a program, so that what is found through the files that include it counts more than what it says itself.
 */
import {
  type Connection,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
} from 'vscode-languageserver';
import type { Finding, FindingTag } from '../../../base/finding.ts';
import type { Span } from '../../../base/source.ts';
import { faded } from '../../features/faded.ts';
import { SYNTAX_RULE, syntaxFindings } from '../../lint/syntax.ts';
import { blockingFindings } from '../../lint/syntax-blocking.ts';
import { range, severities } from '../convert.ts';
import { hasPage, rulePageUri } from '../requests/rule-pages.ts';
import type { Workspace } from '../workspace.ts';

export const diagnosticSource = 'wsk';

export interface DiagnosticsPublisher {
  /** Reads the document if it has changed, and shows what is found in it and in its headers. */
  publish(uri: string): void;
  /** Takes back what was shown because of a document that is closed now. */
  close(uri: string): void;
}

export function createPublisher(
  connection: Pick<Connection, 'sendDiagnostics'>,
  workspace: Workspace,
): DiagnosticsPublisher {
  /** Headers that are shown with a finding. One that is not open has nobody else to take that back. */
  const headers = new Set<string>();
  /** What each document was told last, with its version: a client waits for every version, and for each once. */
  const told = new Map<string, string>();
  const send = (uri: string): void => {
    const version = workspace.version(uri);
    const diagnostics = [
      ...findingsIn(workspace, uri).map((finding) => diagnostic(workspace, finding)),
      ...(workspace.client().showsTags ? fadedIn(workspace, uri) : []),
    ];
    if (version !== undefined || diagnostics.length === 0) headers.delete(uri);
    else headers.add(uri);
    const params = { uri, ...(version === undefined ? {} : { version }), diagnostics };
    const text = JSON.stringify(params);
    // Nothing was ever told of a header without findings.
    const isKnown = told.has(uri) ? told.get(uri) === text : version === undefined && diagnostics.length === 0;
    if (isKnown) return;
    if (version === undefined && diagnostics.length === 0) told.delete(uri);
    else told.set(uri, text);
    void connection.sendDiagnostics(params);
  };
  return {
    publish(uri) {
      if (workspace.version(uri) === undefined) return;
      const found = findingsOf(workspace, uri).flatMap(({ span }) => workspace.uriOf(span.file) ?? []);
      for (const touched of new Set([uri, ...headers, ...found])) send(touched);
    },
    close(uri) {
      for (const touched of new Set([uri, ...headers])) send(touched);
    },
  };
}

/** Every finding that lies in a document: its own, or those of the open files that include it. */
export function findingsIn(workspace: Workspace, uri: string): readonly Finding[] {
  const includers = workspace.includersOf(uri);
  const readers = includers.length > 0 ? includers : [uri];
  const seen = new Set<string>();
  return readers
    .flatMap((reader) => findingsOf(workspace, reader))
    .filter(({ span, rule, message }) => {
      const key = `${span.start} ${span.end} ${rule} ${message}`;
      if (workspace.uriOf(span.file) !== uri || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** Every finding of an open document and its headers. C++ is read for its calls only: its syntax is not ours to judge. */
function findingsOf(workspace: Workspace, uri: string): readonly Finding[] {
  const analysis = workspace.analysis(uri);
  if (analysis === undefined) return [];
  const { unit } = analysis;
  const syntax = workspace.settings().leavesSyntax ? blockingFindings(unit) : syntaxFindings(unit);
  const all = [...syntax, ...workspace.findings(uri)];
  const own = all.filter(({ span, rule }) => {
    return !unit.isSystemFile(span.file) && !(rule === SYNTAX_RULE && workspace.isCpp(uri));
  });
  return own.flatMap((finding) => workspace.lintConfigs().apply(finding) ?? []);
}

const tags: Readonly<Record<FindingTag, DiagnosticTag>> = {
  deprecated: DiagnosticTag.Deprecated,
  unnecessary: DiagnosticTag.Unnecessary,
};

/** Hints, which editors show in the text alone. A header has its text from whoever includes it, and C++ is read in parts. */
function fadedIn(workspace: Workspace, uri: string): Diagnostic[] {
  const { lintEnabled, leavesSyntax } = workspace.settings();
  const analysis = lintEnabled && !workspace.isCpp(uri) ? workspace.analysis(uri) : undefined;
  if (analysis === undefined || workspace.includersOf(uri).length > 0 || /\.(?:h\w*|in[cl])$/i.test(uri)) return [];
  return (
    faded(analysis)
      // Another extension greys what is left out, by macros that it knows.
      .filter(({ tag }) => tag === 'deprecated' || !leavesSyntax)
      .map(({ span, tag, message }) => ({
        range: range(span),
        severity: DiagnosticSeverity.Hint,
        source: diagnosticSource,
        message,
        tags: [tags[tag]],
      }))
  );
}

function diagnostic(workspace: Workspace, finding: Finding): Diagnostic {
  const related = finding.path.flatMap((step) => relatedInformation(workspace, step.span, step.message));
  return {
    range: range(finding.span),
    severity: severities[finding.severity],
    code: finding.rule,
    ...(workspace.client().hasCommands && hasPage(finding.rule)
      ? { codeDescription: { href: rulePageUri(finding.rule) } }
      : {}),
    source: diagnosticSource,
    message: finding.message,
    ...(finding.tag === undefined ? {} : { tags: [tags[finding.tag]] }),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

function relatedInformation(workspace: Workspace, span: Span, message: string): DiagnosticRelatedInformation[] {
  const uri = workspace.uriOf(span.file);
  return uri === undefined ? [] : [{ location: { uri, range: range(span) }, message }];
}
