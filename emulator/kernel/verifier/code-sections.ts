/**
 * Code that is not always in memory: functions in a PAGE section may be paged out and must not run at DISPATCH_LEVEL, and
 * those in the INIT section are gone after DriverEntry. Looked at where such a function calls the kernel, which it does as
 * soon as it has raised the IRQL itself; PAGED_CODE() need not stand in it.
 */
import type { NativeCall, Program } from '../../machine/machine-types.ts';
import type { NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { currentThread } from '../ke/blocking.ts';
import type { Kernel } from '../kernel-types.ts';
import { isLoading } from './lock-order.ts';

export type Sections = ReadonlyMap<string, 'paged' | 'init'>;

/** Undefined when the function that makes the call may run now. */
export function checkSection(kernel: Kernel, { name, site }: NativeCall): NativeResult | undefined {
  const { tables } = kernel.parts;
  tables.sections ??= sectionsOf(kernel.machine.program);
  const { sections } = tables;
  if (sections.size === 0 || site.functionName === undefined) return undefined;
  const section = sections.get(site.functionName);
  if (section === undefined) return undefined;
  if (kernel.irql >= 2) {
    return kernel.report({
      rule: 'paged-code-at-dispatch',
      severity: 'error',
      message: `${site.functionName}, which is in a pageable section, runs at IRQL ${kernel.irql} when it calls ${name}: where its code is paged out, a page fault can't be served there.`,
      docRules: ['R90'],
      also: ['C28172', '0xD1'],
      bugCheck: bugCheck('DRIVER_IRQL_NOT_LESS_OR_EQUAL', site.functionName, kernel.irql, 8, site.functionName),
    });
  }
  if (section === 'paged' || isLoading(kernel, currentThread(kernel))) return undefined;
  return kernel.report({
    rule: 'init-code-after-load',
    severity: 'error',
    message: `${site.functionName}, which is in the INIT section, runs after DriverEntry has returned: its code has been thrown away.`,
    bugCheck: bugCheck('PAGE_FAULT_IN_NONPAGED_AREA', site.functionName, 8, 0, 0),
  });
}

function sectionsOf(program: Program): Sections {
  const sections = new Map<string, 'paged' | 'init'>();
  for (const { name, definition } of program.functions) {
    const section = definition?.section?.toUpperCase();
    if (section?.startsWith('PAGE') === true) sections.set(name, 'paged');
    else if (section === 'INIT') sections.set(name, 'init');
  }
  return sections;
}
