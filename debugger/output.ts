/**
 * What appears in the debug console: the driver's DbgPrint lines and what a program prints, findings, problems of a
 * launch, and a line at the end. Each line that has a place in the source carries it, so that the client links it.
 */
import { StringDecoder } from 'node:string_decoder';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { placeText, type Span } from '../base/source.ts';
import type { Run, RunFinding, RunResult } from '../emulator/index.ts';
import { type Client, rangeFor } from './client.ts';
import { bugCheckText, findingLines } from './inspect/exception-info.ts';
import type { LaunchProblem } from './launch/launch.ts';
import { withPlace } from './place-text.ts';
import type { Sources } from './sources.ts';

export type Output = DebugProtocol.OutputEvent['body'];

export interface Printer {
  /** Sends what the run has printed since the last call. */
  catchUp(run: Run): void;
  finding(finding: RunFinding): void;
  line(category: 'console' | 'stdout' | 'stderr', text: string, span?: Span): void;
}

export function createPrinter(client: Client, sources: Sources, send: (output: Output) => void): Printer {
  let events = 0;
  let pieces = 0;
  // What printf writes is bytes; a character may come in several pieces.
  const decoder = new StringDecoder('utf8');
  const line: Printer['line'] = (category, text, span) => send({ category, output: `${text}\n`, ...place(span) });
  const place = (span: Span | undefined): Partial<Output> => {
    if (span === undefined) return {};
    const { line: at, column } = rangeFor(client, span);
    return { source: sources.describe(span.file), line: at, column };
  };
  return {
    line,
    catchUp(run) {
      for (const event of run.trace(events)) {
        events++;
        if (event.kind === 'log') line('stdout', event.text, event.span);
      }
      const written = run.output(pieces);
      pieces += written.length;
      const text = decoder.write(Buffer.from(written.join(''), 'latin1'));
      if (text !== '') send({ category: 'stdout', output: text });
    },
    finding(finding) {
      const { severity, message, rule, span } = finding;
      const check = bugCheckText(finding);
      line('stderr', `${severity}: ${message} [${rule}]${check === undefined ? '' : `\n${check}`}`, span);
      for (const { text, span: at } of findingLines(finding)) line('stderr', withPlace(text, at), at);
    },
  };
}

/** One line for the dialog: the first problem with its place, and how many more there are. */
export function launchMessage(problems: readonly LaunchProblem[]): string {
  const [first] = problems;
  if (first === undefined) return "The driver can't be started.";
  const more = problems.length - 1;
  const others = more === 0 ? '' : ` (and ${more} more; all are in the Debug Console)`;
  const text = `${problemText(first)}${others}`;
  if (first.span === undefined) return text;
  return `${text}${/[.)\]]$/.test(text) ? '' : '.'} Mend that, then start again.`;
}

export function problemText({ message, span }: LaunchProblem): string {
  return span === undefined ? message : `${placeText(span)}: ${message}`;
}

/** `entryStatus` names what the entry function returned. */
export function summaryText(
  { outcome, findings, completions, statements, virtualTimeMs, untried }: RunResult,
  entryStatus: string | undefined,
): string {
  const outcomes: Readonly<Record<RunResult['outcome'], string>> = {
    clean: 'Clean',
    findings: `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`,
    'entry-failed': `The entry function failed${entryStatus === undefined ? '' : ` with ${entryStatus}`}`,
    'not-emulated': 'Stopped at a call that is not emulated',
    hang: 'The driver hangs',
    limit: 'Stopped at the limit of statements',
  };
  const irps = `${completions} IRP ${completions === 1 ? 'completion' : 'completions'}`;
  const summary = `${outcomes[outcome]}: ${irps}, ${statements} statements, ${virtualTimeMs} ms of virtual time.`;
  return [summary, ...untried].join('\n');
}

/** As `wsk run` ends: 0 clean, 1 findings; a program's own exit status. */
export function exitCode(result: RunResult, entry: string): number {
  if (result.findings.some(({ severity }) => severity === 'error' || severity === 'warning')) return 1;
  if (entry !== 'DriverEntry') return (result.entryResult ?? 0) & 0xff;
  return result.outcome === 'clean' ? 0 : 1;
}
