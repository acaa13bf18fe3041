/** What came of a run, in one record. */
import { untried } from '../surroundings/untried.ts';
import type { RunContext } from './context.ts';
import type { Outcome, RunResult } from './types.ts';

export function makeResult(context: RunContext): RunResult {
  const { kernel } = context;
  return {
    outcome: outcomeOf(context),
    findings: [...kernel.findings],
    log: [...kernel.log],
    output: kernel.output.join(''),
    statements: kernel.machine.statements,
    completions: kernel.trace.count('irp-completed'),
    virtualTimeMs: kernel.timeNs / 1_000_000,
    entryResult: context.entryResult,
    untried: untried(kernel),
  };
}

function outcomeOf(context: RunContext): Outcome {
  const { findings } = context.kernel;
  if (context.stoppedBy !== undefined) return context.stoppedBy;
  if (findings.some((finding) => finding.rule === 'not-emulated')) return 'not-emulated';
  if (findings.length > 0) return 'findings';
  const isMain = context.plan.entry !== 'DriverEntry';
  const { entryResult } = context;
  if (entryResult !== undefined && (isMain ? entryResult !== 0 : entryResult < 0)) return 'entry-failed';
  return 'clean';
}
