/**
 * Lints one driver: reads and parses its files, in parts where they are too large together (room.ts), and lets go of what
 * it read. The same whether a worker or the main thread
 * does it. In: a task. Out: plain data.
 *
 * C++ is read as the editor reads it: each file by itself, for what holds of a single call; its syntax is not judged.
 */

import { getHeapStatistics } from 'node:v8';
import type { Finding } from '../../base/finding.ts';
import type { SourceFile } from '../../base/source.ts';
import { createHeaderCache, type HeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { place } from '../../cfront/tokenize/token.ts';
import { forgetTokens } from '../../cfront/tokenize/tokenize.ts';
import type { ParseOptions, TranslationUnit } from '../../cfront/unit.ts';
import { type Configurations, isCplusplus } from '../../host/index.ts';
import { createCplusplusReader } from '../../server/features/cplusplus/parse.ts';
import { holdsInCplusplus } from '../../server/features/cplusplus/rules.ts';
import { type LintResult, lint } from '../../server/lint/lint.ts';
import { syntaxFindings } from '../../server/lint/syntax.ts';
import { readSources, type SourceReader } from '../sources.ts';
import type { Step } from './progress.ts';
import type { LintedFinding, LintTask, TaskResult } from './result.ts';
import { leftOutText, partsText, roomIn, surelyFits } from './room.ts';

/** `done` hears of each file. */
export type Linter = (task: LintTask, done: (step: Step) => void) => TaskResult;

/** Drivers whose headers are remembered together. */
const tasksOfCache = 16;

export function createLinter(
  reader: SourceReader,
  known: ReadonlyMap<string | undefined, Configurations> = new Map(),
): Linter {
  const configurations = new Map(known);
  let headers: HeaderCache = createHeaderCache();
  let count = 0;
  const cplusplus = createCplusplusReader();
  const room = roomIn(getHeapStatistics().heap_size_limit);
  return ({ project, files }, done) => {
    // Headers of one driver are of no use to the next; the bundled ones are, so they are read again now and then only.
    if (++count % tasksOfCache === 0) headers = createHeaderCache();
    const own = configurations.get(project) ?? reader.configurations(project);
    configurations.set(project, own);
    const optionsOf = ({ path }: SourceFile): ParseOptions => ({ ...own.parseOptions(path), headers });
    const isCpp = ({ path }: SourceFile): boolean => isCplusplus(path, own);
    const all = readSources(files, reader, own, 'lint');
    const sources = all.filter(({ text }) => text.length <= room.charactersMax);
    const inC = sources.filter((file) => !isCpp(file));
    // Where a large driver is cut does not hang on what was linted before it.
    if (!surelyFits(inC, room)) headers = createHeaderCache();
    const parts: Part[] = [];
    for (let from = 0; from < inC.length; ) {
      const part = lintPart(inC.slice(from));
      parts.push(part);
      from += part.fileCount;
      if (from < inC.length) headers = createHeaderCache();
    }
    const inCplusplus = sources.filter(isCpp).flatMap((file) => {
      const unit = cplusplus.read(file, optionsOf(file));
      done('read');
      const { findings, silenced } = lint([unit], reader.catalog, { checked: () => done('checked') });
      return linted([unit], {
        findings: findings.filter(({ rule }) => holdsInCplusplus(rule)),
        silenced: silenced.filter(({ finding }) => holdsInCplusplus(finding.rule)),
      });
    });
    return {
      findings: [...parts.flatMap(({ findings }) => findings), ...inCplusplus],
      limits: parts.flatMap(({ limits }) => limits),
      gaps: [
        ...(parts.length > 1 ? [partsText(inC, parts.length)] : []),
        ...all.filter((file) => !sources.includes(file)).map(leftOutText),
      ],
      problems: own.problems(),
    };

    /** The first of these files, as many as there is room for, and one at least. */
    function lintPart(open: readonly SourceFile[]): Part {
      const read: TranslationUnit[] = [];
      const before = headers.parsedTokens;
      for (const file of open) {
        if (headers.parsedTokens - before > room.tokensMax) break;
        read.push(parseTranslationUnit(file, optionsOf(file)));
        done('read');
        // Files stay for as long as the command runs; their tokens would take more than the trees that are made of them.
        forgetTokens(file);
      }
      const units = ownUnits(read);
      // Those that others include are checked with them.
      for (const _ of read.slice(units.length)) done('checked');
      const result = lint(units, reader.catalog, { checked: () => done('checked') });
      const syntax = linted(units, { findings: units.flatMap(syntaxFindings), silenced: [] });
      return { fileCount: read.length, findings: [...syntax, ...linted(units, result)], limits: result.limits };
    }
  };
}

/** What was found in files that were held together. */
interface Part extends Pick<TaskResult, 'findings' | 'limits'> {
  readonly fileCount: number;
}

/** Without C files that another of the driver's includes: what they mean is known there, with what stands before them. */
function ownUnits(units: readonly TranslationUnit[]): readonly TranslationUnit[] {
  const main = new Set(units.map(({ file }) => file));
  const parts = new Set<SourceFile>();
  for (const { file, includes } of units) {
    if (parts.has(file)) continue;
    for (const { file: other } of includes)
      if (other !== undefined && other !== file && main.has(other)) parts.add(other);
  }
  return parts.size === 0 ? units : units.filter(({ file }) => !parts.has(file));
}

function linted(
  units: readonly TranslationUnit[],
  { findings, silenced }: Pick<LintResult, 'findings' | 'silenced'>,
): readonly LintedFinding[] {
  const nameOf = functionNames(units);
  const withName = (finding: Finding): LintedFinding => ({ finding, functionName: nameOf(finding), mark: undefined });
  return [
    ...findings.map(withName),
    ...silenced.map(({ finding, mark, reason }) => ({ ...withName(finding), mark: { span: mark, reason } })),
  ];
}

/** The function around a finding, in whichever of the driver's files. */
function functionNames(units: readonly TranslationUnit[]): (finding: Finding) => string | undefined {
  const byPath = new Map<string, { readonly start: number; readonly end: number; readonly name: string }[]>();
  for (const { first, last, symbol } of units.flatMap((unit) => unit.functions)) {
    const { file, start } = place(first);
    const known = byPath.get(file.path) ?? [];
    byPath.set(file.path, known);
    known.push({ start, end: place(last).end, name: symbol.name });
  }
  return ({ span }) =>
    byPath.get(span.file.path)?.find(({ start, end }) => start <= span.start && span.start < end)?.name;
}
