/**
 * What must hold whatever the text: the front end, lint and the machine end soon, throw nothing, place what they say
 * inside the text, and do not drown the reader in problems.
 *
 * A text in, what broke out (undefined when nothing did). Bundled headers are read as they are; no other file exists.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceFile, type Span, sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { SyntaxProblem } from '../../cfront/errors.ts';
import { createHeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { children, findPath, nodePlace, type TreeNode } from '../../cfront/parse/walk.ts';
import { dumpDeclarations } from '../../cfront/testing/dump.ts';
import type { ParseOptions, TranslationUnit } from '../../cfront/unit.ts';
import { defaultScenario, startRun } from '../../emulator/index.ts';
import { loadCatalog } from '../../host/catalog-file.ts';
import { lint } from '../../server/lint/lint.ts';

/** Problems of one file that are still worth reading. */
const problemsMax = 110;
const statementsMax = 20_000;

export interface Breakage {
  readonly kind: 'exception' | 'span' | 'order' | 'count' | 'sharing';
  readonly message: string;
}

export interface MutantReport {
  readonly breakage: Breakage | undefined;
  readonly problems: number;
  readonly wasRun: boolean;
}

export interface MutantSteps {
  /** Reads the text once more without shared headers: the problems must be the same. */
  readonly rereads: boolean;
  readonly lints: boolean;
  readonly runs: boolean;
}

let catalog: Catalog | undefined;

function bundledCatalog(): Catalog {
  catalog ??= loadCatalog(join(process.env.WSK_ROOT ?? '.', 'dist'));
  return catalog;
}

/** The header of our conformance programs; one object, because `#pragma once` goes by it. */
let checkHeader: SourceFile | undefined;

function ownHeader(name: string): SourceFile | undefined {
  if (name !== 'check.h') return undefined;
  checkHeader ??= sourceFile(name, readFileSync(join(process.env.WSK_ROOT ?? '.', 'test/c/check.h'), 'utf8'));
  return checkHeader;
}

const include: ParseOptions['include'] = ({ name }) => {
  const file = bundledCatalog().headerFile(name) ?? ownHeader(name);
  return file === undefined
    ? { kind: 'missing', searched: ['the bundled headers'] }
    : { kind: 'found', file, isSystem: true };
};

export function checkMutant(text: string, steps: MutantSteps): MutantReport {
  const file = sourceFile('mutant.c', text);
  let problems = 0;
  let wasRun = false;
  try {
    const unit = parseTranslationUnit(file, { include, headers });
    problems = unit.problems.length;
    const found = checkProblems(unit) ?? checkTree(unit) ?? (steps.rereads ? checkSharing(unit) : undefined);
    if (found !== undefined) return { breakage: found, problems, wasRun };
    if (steps.lints) {
      const { findings } = lint([unit], bundledCatalog());
      for (const finding of findings) {
        const wrong = [finding.span, ...finding.path.map((step) => step.span)].map(wrongSpan).find(Boolean);
        if (wrong !== undefined) {
          return { breakage: { kind: 'span', message: `${finding.rule}: ${wrong}` }, problems, wasRun };
        }
      }
    }
    if (steps.runs && !unit.problems.some((problem) => problem.severity === 'error')) wasRun = run(file);
    return { breakage: undefined, problems, wasRun };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { breakage: { kind: 'exception', message }, problems, wasRun };
  }
}

/** Headers that mutants share, as the files of an editor do. */
const headers = createHeaderCache();

function checkSharing(unit: TranslationUnit): Breakage | undefined {
  const shown = (one: TranslationUnit): string =>
    one.problems.map(({ code, span }) => `${span.file.path} ${span.start} ${code}`).join('\n');
  const alone = parseTranslationUnit(unit.file, { include });
  if (shown(alone) === shown(unit) && alone.declarations.length === unit.declarations.length) return undefined;
  return {
    kind: 'sharing',
    message: `shared headers: ${shown(unit).slice(0, 300)}; alone: ${shown(alone).slice(0, 300)}`,
  };
}

function checkProblems(unit: TranslationUnit): Breakage | undefined {
  const own = unit.problems.filter((problem) => problem.span.file === unit.file);
  if (own.length > problemsMax) return { kind: 'count', message: `${own.length} problems` };
  for (const problem of unit.problems) {
    for (const span of spansOf(problem)) {
      const wrong = wrongSpan(span);
      if (wrong !== undefined) return { kind: 'span', message: `${problem.code}: ${wrong}` };
    }
  }
  return undefined;
}

function spansOf(problem: SyntaxProblem): readonly Span[] {
  const related = (problem.related ?? []).map((one) => one.span);
  return [problem.span, ...related, ...(problem.fix?.edits ?? []).map((edit) => edit.span)];
}

/** Undefined for a span inside its file whose end does not come before its start. */
function wrongSpan({ file, start, end }: Span): string | undefined {
  const isRight = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
  return isRight && end <= file.text.length ? undefined : `${start}..${end} of ${file.text.length} in ${file.path}`;
}

/** Every node lies in its file, and declarations of the main file come one after another. */
function checkTree(unit: TranslationUnit): Breakage | undefined {
  const own = unit.declarations.filter((node) => nodePlace(node).file === unit.file);
  const below: TreeNode[] = [...own];
  for (let node = below.pop(); node !== undefined; node = below.pop()) {
    const wrong = wrongSpan(nodePlace(node));
    if (wrong !== undefined) return { kind: 'span', message: `${node.kind}: ${wrong}` };
    for (const child of children(node)) below.push(child);
  }
  // A tag's declaration lies inside the one that defines it, so it is their ends that follow one another.
  let end = 0;
  for (const node of own) {
    // Arguments of one invocation may come in any order, and more than once.
    if (node.first.expansion !== undefined || node.last.expansion !== undefined) continue;
    const { start, end: at } = nodePlace(node);
    // A header in the middle of a declaration may end it in a place of its own.
    if (node.first.file !== node.last.file) continue;
    if (unit.includes.some(({ span }) => span.file === unit.file && span.start >= start && span.end <= at)) continue;
    if (at < end) return { kind: 'order', message: `${node.kind} ends at ${at}, the one before it at ${end}` };
    end = at;
  }
  dumpDeclarations(own);
  findPath(unit, unit.file.text.length >> 1);
  return undefined;
}

function run(file: SourceFile): boolean {
  const isProgram = /\bmain\b/.test(file.text);
  const start = startRun({
    files: [file],
    parse: { include, headers },
    catalog: bundledCatalog(),
    scenario: defaultScenario,
    seed: undefined,
    entry: isProgram ? 'main' : 'DriverEntry',
    statementsMax,
  });
  if (start.kind === 'problems') return false;
  for (;;) {
    if (start.run.advance(10_000).kind === 'ended') return true;
  }
}
