/**
 * What files of configuration (compile_commands.json, .vcxproj, .props) have wrong, shown at those files and written to
 * the log once. It is taken back when they are read again.
 */
import { pathToFileURL } from 'node:url';
import type { Connection } from 'vscode-languageserver';
import { placeText } from '../../../base/source.ts';
import type { ConfigProblem } from '../../../host/index.ts';
import { range, severities } from '../convert.ts';
import { diagnosticSource } from '../documents/diagnostics.ts';

export interface ConfigProblemPublisher {
  publish(problems: readonly ConfigProblem[]): void;
}

export function createConfigProblemPublisher(
  connection: Pick<Connection, 'sendDiagnostics' | 'console'>,
): ConfigProblemPublisher {
  const told = new Set<string>();
  let shown: ReadonlyMap<string, string> = new Map();
  return {
    publish(problems) {
      const byFile = new Map<string, ConfigProblem[]>();
      for (const problem of problems) {
        const line = `${placeText(problem.span)}: ${problem.severity}: ${problem.message}`;
        if (!told.has(line)) connection.console.warn(line);
        told.add(line);
        // What could merely not be taken over is for the log.
        if (problem.severity === 'note') continue;
        const uri = pathToFileURL(problem.span.file.path).href;
        byFile.set(uri, [...(byFile.get(uri) ?? []), problem]);
      }
      const next = new Map<string, string>();
      for (const [uri, list] of byFile) {
        const diagnostics = list.map(({ span, message }) => ({
          range: range(span),
          severity: severities.warning,
          code: 'configuration',
          source: diagnosticSource,
          message,
        }));
        const content = JSON.stringify(diagnostics);
        next.set(uri, content);
        if (shown.get(uri) !== content) void connection.sendDiagnostics({ uri, diagnostics });
      }
      for (const uri of shown.keys()) {
        if (!next.has(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
      }
      shown = next;
    },
  };
}
