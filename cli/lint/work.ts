/**
 * Lints one driver: reads and parses its files, and lets go of what it read. The same whether a worker or the main thread
 * does it. In: a task. Out: plain data.
 */

import type { Finding } from '../../base/finding.ts';
import { createHeaderCache, type HeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Configurations } from '../../host/index.ts';
import { lint } from '../../server/lint/lint.ts';
import { syntaxFindings } from '../../server/lint/syntax.ts';
import { readSources, type SourceReader } from '../sources.ts';
import type { LintedFinding, LintTask, TaskResult } from './result.ts';

export type Linter = (task: LintTask) => TaskResult;

/** Drivers whose headers are remembered together. */
const tasksOfCache = 16;

export function createLinter(
  reader: SourceReader,
  known: ReadonlyMap<string | undefined, Configurations> = new Map(),
): Linter {
  const configurations = new Map(known);
  let headers: HeaderCache = createHeaderCache();
  let count = 0;
  return ({ project, files }) => {
    // Headers of one driver are of no use to the next; the bundled ones are, so they are read again now and then only.
    if (++count % tasksOfCache === 0) headers = createHeaderCache();
    const own = configurations.get(project) ?? reader.configurations(project);
    configurations.set(project, own);
    const units = readSources(files, reader, own, 'lint').map((file) =>
      parseTranslationUnit(file, { ...own.parseOptions(file.path), headers }),
    );
    const { findings, silenced, limits } = lint(units, reader.catalog);
    const nameOf = functionNames(units);
    const linted = (finding: Finding): LintedFinding => ({ finding, functionName: nameOf(finding), mark: undefined });
    return {
      findings: [
        ...units.flatMap(syntaxFindings).map(linted),
        ...findings.map(linted),
        ...silenced.map(({ finding, mark, reason }) => ({ ...linted(finding), mark: { span: mark, reason } })),
      ],
      limits,
      problems: own.problems(),
    };
  };
}

/** The function around a finding, in whichever of the driver's files. */
function functionNames(units: readonly TranslationUnit[]): (finding: Finding) => string | undefined {
  const functions = units.flatMap((unit) =>
    unit.functions.map(({ first, last, symbol }) => ({ start: place(first), end: place(last), name: symbol.name })),
  );
  return ({ span }) =>
    functions.find(
      ({ start, end }) => start.file.path === span.file.path && start.start <= span.start && span.start < end.end,
    )?.name;
}
