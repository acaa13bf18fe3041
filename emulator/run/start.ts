/**
 * From a plan to a run that stands before its first statement: reads the files, links them, boots the kernel with its
 * subsystems. What is wrong with the source comes back as problems.
 */

import { nearestName } from '../../base/nearest.ts';
import { isCplusplusName, type SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../../cfront/errors.ts';
import { createHeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { ParseOptions, TranslationUnit } from '../../cfront/unit.ts';
import { reportWskLeaks } from '../checks/wsk-leaks.ts';
import { announcedFunctions, createKernel } from '../kernel/index.ts';
import type { Kernel, Subsystem } from '../kernel/kernel-types.ts';
import { createLibrary } from '../kernel/library.ts';
import { createMachine, link, type Program } from '../machine/index.ts';
import { randomStrategy, recordChoices, usualStrategy } from '../sim/index.ts';
import { faultPlans } from '../surroundings/faults.ts';
import { asPeerScripts, networkChanges, networkOptions } from '../surroundings/network.ts';
import { createWsk } from '../wsk/subsystem.ts';
import { createContext } from './context.ts';
import { isBridged } from './outside-state.ts';
import { createRun } from './run.ts';
import { sourceProblems } from './source-problems.ts';
import type { Run, RunPlan, RunStart } from './types.ts';

/** Guest memory of one run. */
const MEMORY_BYTES = 256 * 1024 * 1024;

export function startRun(plan: RunPlan): RunStart {
  /* For one file, too: of headers that are shared, only what is asked for is read. */
  const headers = (typeof plan.parse === 'function' ? undefined : plan.parse.headers) ?? createHeaderCache();
  const read = (file: SourceFile): TranslationUnit => {
    const parse = typeof plan.parse === 'function' ? plan.parse(file) : plan.parse;
    const language = isCplusplusName(file) ? cplusplusOptions(parse) : parse;
    const options = plan.entry === 'DriverEntry' ? language : programOptions(language);
    return parseTranslationUnit(file, { headers, ...options });
  };
  const units = plan.files.map(read);
  const stubs = (plan.stubs ?? []).map(read);
  const unreadable = sourceProblems([...units, ...stubs]);
  if (unreadable.length > 0) return { kind: 'problems', problems: unreadable };
  const { program, problems } = link(units, stubs, createLibrary(plan.catalog, headers), announcedFunctions);
  if (problems.some(({ severity }) => severity === 'error')) return { kind: 'problems', problems };
  const missing = missingEntry(plan, program, units);
  if (missing !== undefined) return { kind: 'problems', problems: [missing] };
  // Nothing in a program changes when it runs, so that the same run begins again without reading anything.
  const again = (outside = plan.outside): Run => {
    const same = outside === undefined ? plan : { ...plan, outside };
    return createRun(createContext(same, [...units, ...stubs], boot(same, program)));
  };
  return { kind: 'ready', run: again(), again, warnings: problems };
}

/** C in a file that is called C++ has these words. */
function cplusplusOptions(parse: ParseOptions): ParseOptions {
  const words = { bool: '_Bool', true: '1', false: '0', nullptr: '((void *)0)' };
  return { ...parse, defines: { ...words, ...parse.defines } };
}

/** Programs for many systems ask for the data model by one of these names; a WDK build has none of them. */
function programOptions(parse: ParseOptions): ParseOptions {
  return { ...parse, defines: { __LLP64__: '1', ...parse.defines } };
}

function boot(plan: RunPlan, program: Program): Kernel {
  const choices = recordChoices(plan.seed === undefined ? usualStrategy : randomStrategy(plan.seed));
  const kernelBoot = createKernel({
    catalog: plan.catalog,
    choices,
    subsystems: subsystems(plan),
    faults: faultPlans(plan.scenario, plan.catalog),
    ...(plan.seed === undefined ? {} : { seed: plan.seed }),
    ...(plan.trace === undefined ? {} : { trace: plan.trace }),
  });
  return kernelBoot.attach(createMachine(program, kernelBoot.natives, { memoryLimit: MEMORY_BYTES }));
}

function subsystems(plan: RunPlan): readonly Subsystem[] {
  return [createWsk(wskOptions(plan), reportWskLeaks)];
}

function wskOptions(plan: RunPlan): Parameters<typeof createWsk>[0] {
  const { scenario, seed, dataFiles } = plan;
  const { network } = scenario;
  return {
    completionDelayNs: scenario.completionDelayUs * 1000,
    readyAfterNs: scenario.wskReadyAfterMs * 1_000_000,
    network: networkOptions(scenario, seed, isBridged(plan)),
    names: network.names,
    reverseNames: network.reverseNames,
    changes: networkChanges(scenario),
    peers: asPeerScripts(scenario.peers, dataFiles),
  };
}

function missingEntry(plan: RunPlan, program: Program, units: readonly TranslationUnit[]): SyntaxProblem | undefined {
  const unit = units[0];
  if (unit === undefined || program.functions.some((one) => one.name === plan.entry)) return undefined;
  const isDriver = plan.entry === 'DriverEntry';
  const missing = isDriver
    ? 'No file defines DriverEntry, with which a driver begins.'
    : `No file defines the entry function ${plan.entry}.`;
  const defined = units.flatMap(({ functions }) => functions);
  const meant = nearestName(
    plan.entry,
    defined.map(({ symbol }) => symbol.name),
  );
  const similar = defined.find(({ symbol }) => symbol.name === meant);
  const hint = isDriver
    ? ' A program with a main function runs with --entry main ("entry": "main" in launch.json).'
    : '';
  return {
    code: 'no-entry',
    severity: 'error',
    message: meant === undefined ? missing + hint : `${missing} Did you mean ${meant}?`,
    span: similar === undefined ? { file: unit.file, start: 0, end: 0 } : place(similar.nameToken),
  };
}
