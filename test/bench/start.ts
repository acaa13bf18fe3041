/**
 * How long a person waits who has pressed F5: from the driver's source to its first statement, in a process that has
 * run nothing.
 */
import { readFileSync } from 'node:fs';
import { sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import { defaultScenario, startRun } from '../../emulator/index.ts';
import { commandBudgetBytes, delayOptimisation } from '../../host/optimiser.ts';

/** Milliseconds from `startRun` to the first statement of the driver in `file`; of no use a second time in one process. */
export function startTime(file: string, catalog: Catalog, parse: ParseOptions): number {
  const text = readFileSync(file, 'utf8');
  // As every program of ours does at its start; compiled code that is kept from the last start is not in this figure.
  delayOptimisation(process.versions.node, commandBudgetBytes);
  const begun = performance.now();
  const started = startRun({
    files: [sourceFile(file, text)],
    parse,
    catalog,
    scenario: defaultScenario,
    seed: undefined,
    entry: 'DriverEntry',
    statementsMax: 1000,
  });
  if (started.kind !== 'ready') throw new Error(started.problems.map(({ message }) => message).join('\n'));
  while (started.run.statements === 0) {
    if (started.run.advance(1).kind === 'ended') throw new Error(`${file} ends before its first statement`);
  }
  return performance.now() - begun;
}
