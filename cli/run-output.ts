/** What `wsk run` says at its end: the result with its findings, or why the source could not be run. */
import type { Finding } from '../base/finding.ts';
import type { SyntaxProblem } from '../cfront/errors.ts';
import type { RunFinding, RunResult } from '../emulator/index.ts';
import { countText, findingJson, findingText, place, placeText } from './finding-output.ts';
import { wantsColour, writeError, writeLine } from './output.ts';
import { folded, shortened } from './shortened.ts';

export interface ResultForm {
  readonly format: 'text' | 'json';
  readonly isProgram: boolean;
  /** The name of an NTSTATUS, where it has one. */
  readonly statusName: (status: number) => string | undefined;
}

export function reportResult(result: RunResult, { format, isProgram, statusName }: ResultForm): void {
  if (format === 'json') {
    const { outcome, log, statements, completions, virtualTimeMs, entryResult, untried } = result;
    const output = isProgram ? { output: result.output } : {};
    const findings = result.findings.map(runFindingJson);
    writeLine(
      JSON.stringify(
        { outcome, findings, log, statements, completions, virtualTimeMs, entryResult, untried, ...output },
        undefined,
        1,
      ),
    );
    return;
  }
  // What a program prints is its own; what we say of it goes beside it.
  const say = isProgram ? writeError : writeLine;
  const colour = wantsColour();
  for (const finding of result.findings) say(`\n${runFindingText(finding, colour)}`);
  if (!isProgram) say(['', summary(result, statusName), ...result.untried].join('\n'));
}

/**
 * Source that can't be run is bad input: every problem on standard error as lint shows it, and for scripts a result that
 * says so.
 */
export function reportProblems(problems: readonly SyntaxProblem[], format: 'text' | 'json'): void {
  for (const problem of problems) reportProblem(problem);
  writeError('wsk: the driver was not run; mend the above first.');
  if (format !== 'json') return;
  const findings = problems.map((problem) => findingJson(problemFinding(problem)));
  writeLine(JSON.stringify({ outcome: 'not-run', findings }, undefined, 1));
}

export function reportProblem(problem: SyntaxProblem): void {
  writeError(findingText(problemFinding(problem), wantsColour()));
}

function problemFinding({ code, severity, message, span, related = [], fix }: SyntaxProblem): Finding {
  const fixes = fix === undefined ? {} : { fixes: [fix] };
  return { rule: code, severity, message, span, path: related, docRules: [], ...fixes };
}

function summary(result: RunResult, statusName: ResultForm['statusName']): string {
  const { outcome, completions, statements, virtualTimeMs, entryResult = 0 } = result;
  const status = statusName(entryResult) ?? `0x${(entryResult >>> 0).toString(16)}`;
  const failed = `DriverEntry failed with ${status}`;
  const outcomes: Readonly<Record<RunResult['outcome'], string>> = {
    clean: 'clean',
    findings: entryResult < 0 ? `${countText(result.findings)}, ${failed}` : countText(result.findings),
    'entry-failed': failed,
    'not-emulated': 'stopped at a call that is not emulated',
    hang: 'hangs',
    limit: 'stopped at the limit of statements',
  };
  return `${outcomes[outcome]}: ${completions} IRP ${completions === 1 ? 'completion' : 'completions'}, ${statements} statements, ${Math.round(virtualTimeMs * 1000) / 1000} ms of virtual time`;
}

function runFindingJson(finding: RunFinding): object {
  const history = finding.history.map(({ what, span, statements }) => ({
    what,
    ...(span === undefined ? {} : place(span)),
    statements,
  }));
  const stack = finding.stack.map(({ functionName, span }) => ({
    functionName,
    ...(span === undefined ? {} : place(span)),
  }));
  return { ...findingJson(finding), bugCheck: finding.bugCheck, history, stack };
}

function runFindingText(finding: RunFinding, colour: boolean): string {
  const { bugCheck } = finding;
  const hex = (code: number): string => `0x${code.toString(16).toUpperCase()}`;
  const check =
    bugCheck === undefined
      ? []
      : [`    bug check ${hex(bugCheck.code)} ${bugCheck.name} (${bugCheck.parameters.join(', ')})`];
  const history = finding.history.map(
    ({ what, span }) => `    ${span === undefined ? '' : `${placeText(span)}: `}${what}`,
  );
  const stack = finding.stack.map(
    ({ functionName, span }) => `      ${functionName}${span === undefined ? '' : `  ${placeText(span)}`}`,
  );
  const happened = shortened(
    history.map((line) => `  ${line}`),
    { head: 8, tail: 12, note: (count) => `      … ${count} more` },
  );
  const calls = shortened(folded(stack), { head: 12, tail: 4, note: (count) => `      … ${count} more calls` });
  // The history says what the path says, and more.
  const head = history.length === 0 ? finding : { ...finding, path: [] };
  return [
    findingText(head, colour),
    ...check,
    ...(history.length === 0 ? [] : ['    what happened:', ...happened]),
    ...(stack.length === 0 ? [] : ['    call stack:', ...calls]),
  ].join('\n');
}
