/**
 * `wsk lint`: parses the files, lints them together, prints the findings. Of a solution, each project is linted by
 * itself, as it is built.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../base/finding.ts';
import { createHeaderCache } from '../cfront/header-cache.ts';
import { parseTranslationUnit } from '../cfront/index.ts';
import { type Configurations, isSolutionFile, showConfiguration } from '../host/index.ts';
import { lint } from '../server/lint/lint.ts';
import { syntaxFindings } from '../server/lint/syntax.ts';
import { byDriver } from './drivers.ts';
import { countText, displayPath, findingJson, findingText, isSerious } from './finding-output.ts';
import { InputError, readFormat, readOptions } from './input.ts';
import { wantsColour, writeLine } from './output.ts';
import {
  checkConfiguration,
  createSourceReader,
  onlyProject,
  readSources,
  reportConfigProblems,
  type SourceReader,
  sourceOptions,
} from './sources.ts';

export function lintCommand(args: readonly string[]): number {
  const { names, values, order } = readOptions('lint', args, { ...sourceOptions, 'show-config': 'flag' });
  const format = readFormat(values.format);
  const reader = createSourceReader({ values, order });
  const groups = groupsOf(names, reader);
  if (values['show-config'] === true) return showConfig(groups, reader, format);
  const findings: Finding[] = [];
  const headers = createHeaderCache();
  let count = 0;
  for (const { names: files, configurations, isOfSolution } of groups) {
    const sources = readSources(files, reader, configurations, 'lint');
    // A solution's projects need not all have the configuration that is asked for; the nearest one is theirs.
    if (!isOfSolution) checkConfiguration(reader, configurations, sources);
    count += sources.length;
    const units = sources.map((file) =>
      parseTranslationUnit(file, { ...configurations.parseOptions(file.path), headers }),
    );
    const drivers = files.some(isFolder) ? byDriver(units) : [units];
    findings.push(
      ...once(units.flatMap(syntaxFindings)),
      ...once(drivers.flatMap((driver) => lint(driver, reader.catalog).findings)),
    );
  }
  reportConfigProblems(groups.map(({ configurations }) => configurations));
  if (format === 'json') {
    writeLine(JSON.stringify({ findings: findings.map(findingJson) }, undefined, 1));
  } else {
    const colour = wantsColour();
    for (const finding of findings) writeLine(`${findingText(finding, colour)}\n`);
    writeLine(`${count} ${count === 1 ? 'file' : 'files'}: ${countText(findings)}`);
  }
  return findings.some(isSerious) ? 1 : 0;
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What is wrong in a header is found by every file that includes it, and told once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ span, message }) => {
    const key = `${span.file.path} ${span.start} ${message}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Files that are linted together, and how they are compiled. */
interface Group {
  readonly names: readonly string[];
  readonly configurations: Configurations;
  readonly isOfSolution: boolean;
}

function groupsOf(names: readonly string[], reader: SourceReader): readonly Group[] {
  const solutions = names.filter(isSolutionFile);
  const others = names.filter((name) => !isSolutionFile(name));
  const configurations = reader.configurations(onlyProject(others));
  const groups = solutions.flatMap((name) => solutionGroups(name, reader, configurations));
  return others.length > 0 || solutions.length === 0
    ? [...groups, { names: others, configurations, isOfSolution: false }]
    : groups;
}

function solutionGroups(name: string, reader: SourceReader, configurations: Configurations): readonly Group[] {
  const solution = configurations.solution(path.resolve(name));
  if (solution === undefined) throw new InputError(`${name} can't be read.`, 'Check the name of the solution.');
  const groups = solution.projects.flatMap((project): Group[] => {
    const own = reader.configurations(project);
    const sources = [...(own.project(project)?.sources.values() ?? [])];
    // A project of C++ alone has nothing for us.
    return sources.some(({ isExcluded, isCpp }) => !isExcluded && !isCpp)
      ? [{ names: [project], configurations: own, isOfSolution: true }]
      : [];
  });
  if (groups.length > 0) return groups;
  reportConfigProblems([configurations]);
  throw new InputError(`${name} has no project that compiles C files.`, 'Name a C file, or a .vcxproj file.');
}

/** `--show-config`: what holds for each file, and which source said it. */
function showConfig(groups: readonly Group[], reader: SourceReader, format: 'text' | 'json'): number {
  const files = groups.flatMap(({ names, configurations }) =>
    readSources(names, reader, configurations, 'lint').map((file) => ({
      file: file.path,
      configuration: configurations.of(file.path),
    })),
  );
  if (format === 'json') {
    const shown = files.map(({ file, configuration }) => ({
      file: displayPath(file),
      from: configuration.layers.map((layer) => (layer.file === undefined ? layer.origin : displayPath(layer.file))),
      include: configuration.includePath.map(displayPath),
      forcedInclude: configuration.forcedIncludes.map(({ name }) => name),
      defines: configuration.defines,
      undefines: configuration.undefines,
      std: configuration.standard,
    }));
    writeLine(JSON.stringify({ files: shown }, undefined, 1));
  } else {
    for (const { file, configuration } of files) writeLine(showConfiguration(file, configuration, displayPath));
  }
  reportConfigProblems(
    groups.map(({ configurations }) => configurations),
    true,
  );
  return 0;
}
