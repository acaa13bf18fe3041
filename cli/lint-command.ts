/**
 * `wsk lint`: plans what is linted together, has it linted, on several threads where that pays, and shows the findings.
 * The rest stands in lint/, a file for each part.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { createLintConfigs, readRulePage } from '../host/index.ts';
import { describedRules } from '../server/lint/described.ts';
import { displayPath, isSerious, placeText } from './finding-output.ts';
import { InputError } from './input.ts';
import { baselineText, readBaseline } from './lint/baseline.ts';
import { reportOf } from './lint/collect.ts';
import { type LintOptions, readLintOptions } from './lint/options.ts';
import { groupsOf, tasksOf } from './lint/plan.ts';
import { lintInParallel, workerCount } from './lint/pool.ts';
import { progressOf } from './lint/progress.ts';
import type { LintReport, TaskResult } from './lint/result.ts';
import { memoryRemedy } from './lint/room.ts';
import { explanation, rulesJson, rulesTable } from './lint/rules-output.ts';
import { closingLine, shownReport } from './lint/show.ts';
import { showConfig } from './lint/show-config.ts';
import { createLinter } from './lint/work.ts';
import { writeError, writeLine } from './output.ts';
import { checkConfiguration, createSourceReader, readSources, reportConfigProblems } from './sources.ts';

export async function lintCommand(args: readonly string[]): Promise<number> {
  const options = readLintOptions(args);
  const { names, values, order } = options.reading;
  if (values.rules === true) {
    writeLine(options.format === 'json' ? rulesJson() : rulesTable());
    return 0;
  }
  if (values.explain !== undefined) {
    writeLine(explanation(values.explain, __dirname, options));
    return 0;
  }
  const baseline = values.baseline === undefined ? undefined : readBaseline(values.baseline);
  const reader = createSourceReader({ values, order });
  const groups = groupsOf(names, reader);
  if (values['show-config'] === true) {
    showConfig(groups, reader, options.format === 'json' ? 'json' : 'text');
    return 0;
  }
  const planned = groups.map((group) => {
    const { configurations, isOfSolution } = group;
    const sources = readSources(group.names, reader, configurations, 'lint');
    // A solution's projects need not all have the configuration that is asked for; the nearest one is theirs.
    if (!isOfSolution) checkConfiguration(reader, configurations, sources);
    const sizes = new Map(sources.map((file) => [file.path, file.text.length]));
    return { tasks: tasksOf(group, sources), sizes };
  });
  const tasks = planned.flatMap((group) => group.tasks);
  const sizes = planned.flatMap((group) =>
    group.tasks.map(({ files }) => files.reduce((sum, file) => sum + (group.sizes.get(file) ?? 0), 0)),
  );
  const characters = sizes.reduce((sum, size) => sum + size, 0);
  const progress = progressOf(tasks.reduce((sum, { files }) => sum + files.length, 0));
  const known = new Map(groups.map(({ project, configurations }) => [project, configurations]));
  const results = await lintInParallel(
    tasks,
    sizes,
    { values, order },
    {
      workers: workerCount(tasks.length, characters, options.jobs),
      linter: () => createLinter(reader, known),
      progress,
    },
  );
  progress?.end();
  const configs = createLintConfigs({
    files: reader.store,
    roots: [],
    rules: describedRules.map(({ id }) => id),
  });
  let from = 0;
  const perGroup = planned.map((group): readonly TaskResult[] => results.slice(from, (from += group.tasks.length)));
  const files = tasks.flatMap((task) => task.files);
  const report = reportOf(perGroup, files, { configs, baseline });
  const problems = [
    ...groups.flatMap(({ configurations }) => configurations.problems()),
    ...results.flatMap((r) => r.problems),
  ];
  reportConfigProblems([{ problems: () => problems }]);
  const isConfigRight = configs.problems().length === 0;
  for (const { span, message } of configs.problems()) writeError(`${placeText(span)}: error: ${message}`);
  const toWrite = values['write-baseline'];
  for (const gap of report.gaps) writeError(`wsk: warning: ${gap}`);
  if (report.gaps.length > 0) writeError(`     ${memoryRemedy(getHeapStatistics().heap_size_limit)}`);
  const isWhole = isConfigRight && report.gaps.length === 0;
  const status = isWhole ? statusOf(report) : 2;
  if (toWrite !== undefined) {
    writeTo(toWrite, baselineText(toWrite, report.findings));
    const count = report.findings.length;
    writeLine(`${displayPath(path.resolve(toWrite))}: ${count} ${count === 1 ? 'finding' : 'findings'} written`);
    return isWhole ? 0 : 2;
  }
  show(report, options, status);
  return status;
}

function statusOf({ findings }: LintReport): number {
  return findings.some(({ finding }) => isSerious(finding)) ? 1 : 0;
}

function show(report: LintReport, { reading: { values }, format, colour }: LintOptions, exitCode: number): void {
  const explainsLimits = values['explain-limits'] === true;
  const text = shownReport(report, {
    format,
    colour,
    explainsLimits,
    exitCode,
    folder: process.cwd(),
    checkout: process.env.GITHUB_WORKSPACE ?? process.cwd(),
    page: (rule) => readRulePage(__dirname, rule),
  });
  if (values.output !== undefined) writeTo(values.output, `${text}${text === '' ? '' : '\n'}`);
  else if (text !== '') writeLine(text);
  const isForPeople = format === 'text' || format === 'github' || values.output !== undefined;
  if (isForPeople) writeLine(closingLine(report, explainsLimits));
}

function writeTo(name: string, text: string): void {
  try {
    writeFileSync(name, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(`${name} can't be written (${code ?? String(error)}).`, 'Check the folder and its rights.');
  }
}
