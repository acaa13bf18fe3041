/** Holds what a run has come to against what its scenario expects; each difference is a finding. */
import type { RunRule } from '../../base/run-rules.ts';
import type { Span } from '../../base/source.ts';
import { fileDifferences } from '../surroundings/callers.ts';
import { registryDifferences, serviceName } from '../surroundings/registry.ts';
import type { RunContext } from './context.ts';

export function checkExpectations(context: RunContext): void {
  const { kernel, plan } = context;
  const { log, findings, places } = plan.scenario.expect;
  const found = kernel.findings.map((finding) => finding.rule);
  let at = 0;
  for (const [index, wanted] of log.entries()) {
    const place = kernel.log.indexOf(wanted, at);
    if (place < 0) {
      fail(
        context,
        'expected-log',
        `The scenario expects the log line "${wanted}"${at > 0 ? ` after "${kernel.log[at - 1]}"` : ''}, but it did not come.${nearestLine(kernel.log, wanted, at)}`,
        places.log[index],
      );
      break;
    }
    at = place + 1;
  }
  for (const { message, span } of fileDifferences(kernel, plan.scenario, plan.dataFiles ?? new Map()))
    fail(context, 'expected-file', message, span);
  for (const { message, span } of registryDifferences(kernel, plan.scenario, serviceName(plan.files)))
    fail(context, 'expected-registry', message, span);
  if (findings === undefined) return;
  const missing = findings.filter((rule) => !found.includes(rule));
  const surplus = found.filter((rule) => !findings.includes(rule));
  if (missing.length > 0) {
    const message = `The scenario expects the finding ${missing.join(', ')}, but it did not come.`;
    fail(context, 'expected-findings', message, places.rules[findings.indexOf(missing[0] ?? '')]);
  }
  if (surplus.length > 0) {
    const message = `The scenario does not expect the finding ${[...new Set(surplus)].join(', ')}.`;
    fail(context, 'expected-findings', message, places.findings);
  }
}

/** What came instead, where somebody may have meant it. */
function nearestLine(log: readonly string[], wanted: string, from: number): string {
  if (log.includes(wanted))
    return ' It came before that: the lines are expected in the order in which they stand here.';
  const longer = log.slice(from).find((line) => line.includes(wanted));
  return longer === undefined ? '' : ` "${longer}" has it as a part, but a whole line is expected.`;
}

/** `place` is that of the expectation in the scenario's file. */
function fail(context: RunContext, rule: RunRule, message: string, place?: Span): void {
  context.kernel.report({ rule, severity: 'warning', message, span: place, stack: [] });
}
