/**
 * What `wsk run --format json` prints, as a test's outcome: plain data in and out. Anything may come in, because the
 * program may have been ended half-way; then its error text is what there is to show.
 */
export interface ResultMessage {
  readonly text: string;
  /** Line and column from 0. */
  readonly place?: { readonly path: string; readonly line: number; readonly column: number };
}

export type ScenarioResult =
  | { readonly kind: 'passed'; readonly output: string }
  | { readonly kind: 'failed'; readonly output: string; readonly messages: readonly ResultMessage[] }
  /** The run could not begin. */
  | { readonly kind: 'errored'; readonly message: string };

interface RunJson {
  readonly outcome?: string;
  readonly log?: readonly string[];
  readonly findings?: readonly FindingJson[];
  readonly completions?: number;
  readonly virtualTimeMs?: number;
  readonly untried?: readonly string[];
}

interface FindingJson {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly bugCheck?: { readonly code: number; readonly name: string };
  readonly stack?: readonly { readonly functionName: string; readonly file?: string; readonly line?: number }[];
}

const outcomes: Readonly<Record<string, string>> = {
  'entry-failed': 'DriverEntry failed.',
  'not-emulated': 'The driver called what is not emulated.',
  hang: 'The driver hangs.',
  limit: 'The run was stopped at the limit of statements.',
};

/** `resolve` makes an absolute path of one that is relative to where the program ran. */
export function scenarioResult(
  { status, out, err }: { readonly status: number | null; readonly out: string; readonly err: string },
  resolve: (path: string) => string,
): ScenarioResult {
  const json = parsed(out);
  if (json === undefined || status === null || status > 1 || json.outcome === 'not-run')
    return { kind: 'errored', message: errorText(err.trim()) };
  const findings = json.findings ?? [];
  const output = [
    ...(json.log ?? []).map((line) => line.trimEnd()),
    `${json.outcome ?? ''}: ${json.completions ?? 0} IRP completions, ${json.virtualTimeMs ?? 0} ms of virtual time`,
    ...(json.untried ?? []),
  ].join('\n');
  if (status === 0) return { kind: 'passed', output };
  const serious = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  const messages = serious.map((finding) => message(finding, resolve));
  const why = outcomes[json.outcome ?? ''] ?? 'The run failed.';
  return { kind: 'failed', output, messages: messages.length === 0 ? [{ text: why }] : messages };
}

/** What is wrong comes first, because an editor shows the first line beside the scenario; then all of it. */
function errorText(err: string): string {
  const placed = /^(?!wsk: ).+?:\d+:\d+: .+$/m.exec(err)?.[0];
  if (placed !== undefined && !err.startsWith(placed)) return `${placed}\n\n${err}`;
  return err || 'The run was ended before it was over.';
}

function message(finding: FindingJson, resolve: (path: string) => string): ResultMessage {
  const { rule, bugCheck, file, line, column } = finding;
  const check =
    bugCheck === undefined ? [] : [`Bug check 0x${bugCheck.code.toString(16).toUpperCase()} ${bugCheck.name}`];
  const stack = (finding.stack ?? []).map(
    (frame) => `    at ${frame.functionName}${frame.file === undefined ? '' : ` (${frame.file}:${frame.line ?? 1})`}`,
  );
  return {
    text: [`${finding.message} [${rule}]`, ...check, ...stack].join('\n'),
    place: { path: resolve(file), line: Math.max(0, line - 1), column: Math.max(0, column - 1) },
  };
}

function parsed(text: string): RunJson | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Our own program wrote it.
    return typeof value === 'object' && value !== null ? (value as RunJson) : undefined;
  } catch {
    return undefined;
  }
}
