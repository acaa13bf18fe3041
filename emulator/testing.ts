/** Runs drivers in tests: text or files in, the result out. Nothing but tests imports this. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceFile, sourceFile } from '../base/source.ts';
import { catalog, root, withHeaders } from '../catalog/testing/reading.ts';
import { startRun } from './run/start.ts';
import type { Run, RunPlan, RunResult, RunStart } from './run/types.ts';
import { readScenario } from './scenario/read.ts';
import { defaultScenario, type Scenario } from './scenario/scenario.ts';

export { root, withHeaders as parseOptions } from '../catalog/testing/reading.ts';

export function planOf(files: readonly SourceFile[], changes: Partial<RunPlan> = {}): RunPlan {
  return {
    files,
    parse: withHeaders,
    catalog,
    scenario: defaultScenario,
    seed: undefined,
    entry: 'DriverEntry',
    statementsMax: 5_000_000,
    ...changes,
  };
}

export function fileAt(path: string): SourceFile {
  return sourceFile(path.split('/').pop() ?? path, readFileSync(join(root, path), 'utf8'));
}

export function scenarioText(text: string): Scenario {
  const reading = readScenario(sourceFile('test.wsk.yaml', text));
  if (reading.kind === 'problems') throw new Error(reading.problems.map((p) => p.message).join('\n'));
  return reading.scenario;
}

export function readyRun(plan: RunPlan): Run {
  return readyStart(plan).run;
}

/** A run of the plan, which can be begun again without reading anything; source problems are an error of the test. */
export function readyStart(plan: RunPlan): Extract<RunStart, { kind: 'ready' }> {
  const start = startRun(plan);
  if (start.kind === 'ready') return start;
  const lines = start.problems.slice(0, 20).map(({ code, message, span }) => {
    const line = span.file.text.slice(0, span.start).split('\n').length;
    return `${span.file.path}:${line}: ${code}: ${message}`;
  });
  throw new Error(lines.join('\n'));
}

/** Runs to the end. */
export function finish(run: Run): RunResult {
  for (;;) {
    const advance = run.advance(100_000);
    if (advance.kind === 'ended') return advance.result;
  }
}

export function runText(text: string, changes: Partial<RunPlan> = {}): RunResult {
  return finish(readyRun(planOf([sourceFile('driver.c', text)], changes)));
}

/** "rule line": what tests compare findings by. */
export function findingsOf(result: RunResult): string[] {
  return result.findings.map(({ rule, span }) => `${rule} ${span.file.text.slice(0, span.start).split('\n').length}`);
}
