/** A finding of the run for the client's list of problems: places become paths, lines and columns. */
import type { RunFinding } from '../../emulator/index.ts';
import { type Client, pathFor, rangeFor } from '../client.ts';
import type { ProtocolFinding, ProtocolPlace } from '../protocol.ts';
import { bugCheckText } from './exception-info.ts';

export function protocolFinding(finding: RunFinding, client: Client): ProtocolFinding {
  const { rule, severity, message, span, history, path } = finding;
  const place = (at: typeof span): ProtocolPlace => {
    const { line, column } = rangeFor(client, at);
    return { path: pathFor(client, at.file.path), line, column };
  };
  const { endLine, endColumn } = rangeFor(client, span);
  const check = bugCheckText(finding);
  const steps = history.length > 0 ? history : path.map((step) => ({ what: step.message, span: step.span }));
  return {
    rule,
    severity,
    message: check === undefined ? message : `${message}\n${check}`,
    ...place(span),
    endLine,
    endColumn,
    steps: steps.flatMap(({ what, span: at }) => (at === undefined ? [] : [{ what, place: place(at) }])),
  };
}
