/**
 * Turns a fault of the machine into a finding: a rule, a sentence for people, the bug check that Windows would stop
 * with, and the history of the memory concerned.
 */

import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { Fault, Region } from '../machine/machine-types.ts';
import { bugCheck } from './bug-checks.ts';
import { poolBlockOf, poolHistory } from './ex/pool.ts';
import { accessText, boundsText, exceptionText, named, sourceText, unwrittenText } from './fault-words.ts';
import type { IrpRecord, Kernel, RunFinding } from './kernel-types.ts';
import { missingName } from './missing-names.ts';
import { endedMappingText } from './mm/user-mappings.ts';
import { foreignUserMemory, userMemoryTouched } from './mm/user-memory.ts';
import { objectHistory } from './object-memory.ts';
import { currentSpan, describeAddress, functionName, hexAddress, offsetText } from './places.ts';
import { type FindingRequest, makeFinding } from './report.ts';
import { watchedTouched } from './verifier/watched-memory.ts';

const exceptionAccessViolation = 0xc0000005;
const exceptionDivideByZero = 0xc0000094;
const exceptionIntegerOverflow = 0xc0000095;
const exceptionBreakpoint = 0x80000003;
const exceptionMisaligned = 0x80000002;

export function faultFinding(kernel: Kernel, fault: Fault): RunFinding {
  return makeFinding(kernel, { severity: 'error', ...faultRequest(kernel, fault) });
}

/** As a finding that the run goes on after: true where it may. */
export function tolerateFault(kernel: Kernel, fault: Fault): boolean {
  // In a driver, what was never written is whatever a former owner of the memory left: nothing sensible can follow.
  if (fault.kind === 'uninitialised-read' && !kernel.parts.library.isProgram) return false;
  if (fault.kind === 'unchecked-user-memory') return userMemoryTouched(kernel, fault);
  if (fault.kind === 'watched-memory') {
    watchedTouched(kernel, fault);
    return true;
  }
  kernel.report({ severity: 'warning', ...faultRequest(kernel, fault) });
  return true;
}

function faultRequest(kernel: Kernel, fault: Fault): Omit<FindingRequest, 'severity'> {
  const request = { ...requestOf(kernel, fault), ...placeOf(kernel, fault) };
  if (fault.values === undefined || !showsValues(fault)) return request;
  return { ...request, message: `${request.message.replace(/\.$/, '')}; ${fault.values}.` };
}

/** The expression at fault, where it stands in the driver's own file and not in a call of the kernel. */
function placeOf(kernel: Kernel, { kind, span }: Fault): { readonly span?: Span } {
  const statement = currentSpan(kernel);
  // Before a function's first statement, and behind its last, the fault knows the place best.
  if (span !== undefined && (statement === undefined || kind === 'no-return-value')) return { span };
  const isWithin =
    span !== undefined &&
    kernel.parts.currentCall === undefined &&
    kernel.current !== undefined &&
    span.file === statement?.file &&
    span.start >= statement.start &&
    span.end <= statement.end;
  return isWithin ? { span } : {};
}

/** The values of an expression's variables tell something where a value is what went wrong. */
function showsValues({ kind, detail }: Fault): boolean {
  return (
    kind === 'out-of-bounds' ||
    kind === 'index-out-of-bounds' ||
    kind === 'wild-address' ||
    (kind === 'uninitialised-read' && detail.endsWith(']')) ||
    kind.startsWith('division')
  );
}

function requestOf(kernel: Kernel, fault: Fault): Omit<FindingRequest, 'severity'> {
  const subject = kernel.parts.currentCall === undefined ? '' : `${kernel.parts.currentCall.name}: `;
  const access = `${subject}${accessText(fault)}`;
  const where = describeAddress(kernel, fault.address);
  switch (fault.kind) {
    case 'null-dereference': {
      const failedAt = kernel.parts.io.failedIrpAllocationAt;
      const isIrp = failedAt !== undefined && fault.address < BigInt(kernel.types.sizeOf('IRP'));
      return {
        rule: isIrp ? 'irp-null-check' : 'null-dereference',
        message: `${access} at NULL${fault.address === 0n ? '' : ` + ${offsetText(fault.address)}`}${named(fault)}${fault.member === undefined ? '' : `: ${fault.member}`}.`,
        docRules: isIrp ? ['R14'] : [],
        bugCheck: accessBugCheck(kernel, fault),
        history: isIrp
          ? [{ what: 'IoAllocateIrp returned NULL here', span: failedAt, statements: kernel.machine.statements }]
          : [],
      };
    }
    case 'wild-address':
      return {
        rule: 'wild-address',
        message: `${access} at ${hexAddress(fault.address)}${named(fault)}, where no memory is${endedMappingText(kernel, fault.address)}.`,
        bugCheck: accessBugCheck(kernel, fault),
      };
    case 'use-after-free':
      return useAfterFree(kernel, fault, `${access} in ${where}, which has been freed.`);
    case 'out-of-bounds':
      return {
        rule: 'out-of-bounds',
        message: `${access} outside of ${boundsText(kernel, fault)}.`,
        also: isOfPool(fault) ? ['0xC4/0x51'] : [],
        history: historyOf(kernel, fault),
        ...outsideBugCheck(fault),
      };
    case 'use-after-return': {
      // Only the kernel can be late: it completes a request whose buffer was a local of a function that has returned.
      const isLateCompletion = kernel.current !== undefined && kernel.parts.currentCall === undefined;
      return {
        rule: isLateCompletion && isContext(kernel) ? 'stack-buffer-outlives-call' : 'use-after-return',
        message: `${access} in a local variable of a function that has returned${named(fault)}.`,
        docRules: isLateCompletion && isContext(kernel) ? ['R75'] : [],
      };
    }
    case 'use-after-scope':
      return {
        rule: 'use-after-scope',
        message: `${access} in ${fault.region?.label ?? 'a local variable'}, whose block has been left${named(fault)}.`,
      };
    case 'index-out-of-bounds':
      return {
        rule: 'out-of-bounds',
        message: `Goes past the end of an array, into what follows it in its structure or in the next row (${fault.detail}).`,
      };
    case 'uninitialised-read':
      return {
        rule: 'uninitialised-read',
        message: `${subject}Reads ${unwrittenText(fault, subject !== '', where)}.`,
        history: historyOf(kernel, fault),
      };
    case 'write-to-read-only':
      return {
        rule: 'write-to-read-only',
        message: `${access} in ${where}, which is read-only.`,
        bugCheck: bugCheck('ATTEMPTED_WRITE_TO_READONLY_MEMORY', fault.address),
      };
    case 'paged-at-raised-irql':
      return {
        rule: 'paged-memory-at-dispatch',
        message: `${access} in ${where}, which is pageable, at IRQL ${kernel.irql}: a page fault can't be served there.`,
        history: historyOf(kernel, fault),
        bugCheck: bugCheck('DRIVER_IRQL_NOT_LESS_OR_EQUAL', fault.address, kernel.irql, writeBit(fault), 0),
      };
    case 'watched-memory':
      return { rule: 'irp-touched-after-send', message: `${access} in ${where}, which has been given away.` };
    case 'foreign-user-memory':
    case 'unchecked-user-memory':
      return foreignUserMemory(kernel, fault, access);
    case 'misaligned':
      return {
        rule: 'misaligned-access',
        message: `${access} at ${hexAddress(fault.address)}, which is not aligned as it must be.`,
        bugCheck: exceptionBugCheck(kernel, exceptionMisaligned),
      };
    case 'division-by-zero':
      return {
        rule: 'division-by-zero',
        message: `Divides by zero${fault.detail === '' ? '' : `: ${fault.detail}`}.`,
        bugCheck: exceptionBugCheck(kernel, exceptionDivideByZero),
      };
    case 'division-overflow':
      return {
        rule: 'division-overflow',
        message: `Divides the smallest integer by -1${fault.detail === '' ? '' : `: ${fault.detail}`}. The quotient does not fit.`,
        bugCheck: exceptionBugCheck(kernel, exceptionIntegerOverflow),
      };
    case 'shift-out-of-range': {
      const bits = fault.size * 8;
      const text = fault.span === undefined ? '' : ` (${sourceText(fault.span)})`;
      return {
        rule: 'shift-out-of-range',
        message: `Shifts ${bits} bits by ${fault.detail}${text}, which C leaves undefined. An x64 processor uses the low ${bits === 64 ? 6 : 5} bits of the count: ${Number(fault.detail) & (bits - 1)}.`,
      };
    }
    case 'argument-mismatch':
      return { rule: 'argument-mismatch', message: `va_arg takes another type than the call passed: ${fault.detail}.` };
    case 'missing-argument':
      return {
        rule: 'missing-argument',
        message: `va_arg goes past the arguments of the call: it asks for ${fault.detail}.`,
      };
    case 'bad-call':
      return {
        rule: 'bad-call',
        message:
          fault.address === 0n
            ? `Calls through a NULL function pointer${named(fault)}.`
            : `Calls ${hexAddress(fault.address)}${named(fault)}, where no function begins.`,
        bugCheck: accessBugCheck(kernel, fault),
      };
    case 'call-mismatch':
      return {
        rule: 'call-mismatch',
        message: `Calls ${functionName(kernel, fault.address)} as a function of another type${fault.detail === '' ? '' : `: ${fault.detail}`}.`,
      };
    case 'missing-function':
    case 'missing-variable':
      return missingName(kernel, fault);
    case 'stack-overflow':
      return {
        rule: 'stack-overflow',
        message: `The ${kernel.parts.library.isProgram ? '' : 'kernel '}stack overflows in ${fault.detail}. A thread has ${Math.round(fault.size / 1024)} KB for all its calls.`,
        bugCheck: bugCheck('UNEXPECTED_KERNEL_MODE_TRAP', 8, fault.address, 0, 0),
      };
    case 'no-return-value':
      return {
        rule: 'missing-return-value',
        message: `The value of ${fault.detail || 'a function'} is used, but it ended without returning one.`,
      };
    case 'unreachable-code':
      return { rule: 'unreachable-code', message: `Reaches code that was declared unreachable${named(fault)}.` };
    case 'fast-fail':
      return {
        rule: 'fast-fail',
        message: `Stops the system by fast fail: ${fault.detail}.`,
        bugCheck: bugCheck('KERNEL_SECURITY_CHECK_FAILURE', 0, 0, 0, 0),
      };
    case 'not-supported':
      return { rule: 'not-emulated', message: `The emulator can't run this: ${fault.detail}.` };
    case 'bad-jump':
      return { rule: 'bad-jump', message: `longjmp has nowhere to go: ${fault.detail}.` };
    case 'unhandled-exception':
      return {
        rule: 'unhandled-exception',
        message: `${subject}Raises the exception ${exceptionText(kernel, fault.detail)}, which no __except takes.`,
        bugCheck: exceptionBugCheck(kernel, Number(fault.detail) || 0),
      };
    case 'breakpoint-instruction':
      return {
        rule: 'breakpoint',
        message: `Reaches a breakpoint instruction (${fault.detail}) with no debugger to stop in.`,
        also: ['DebugBreakUsage'],
        bugCheck: exceptionBugCheck(kernel, exceptionBreakpoint),
      };
    default:
      return unreachable(fault.kind);
  }
}

function isOfPool({ region }: Fault): boolean {
  return region === undefined || region.kind === 'pool' || region.kind === 'object';
}

/** FAST_FAIL_STACK_COOKIE_CHECK_FAILURE. */
const stackCookieOverwritten = 2;

/**
 * Special pool faults right behind a block. What is written behind a local destroys the cookie that the function checks at
 * its end; a read, and what lies behind a global, stops nothing.
 */
function outsideBugCheck(fault: Fault): Pick<FindingRequest, 'bugCheck'> {
  if (isOfPool(fault))
    return { bugCheck: bugCheck('DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION', fault.address, writeBit(fault), 0, 0) };
  const isOverrun = fault.region?.kind === 'stack' && writeBit(fault) === 1 && fault.address >= fault.region.start;
  return isOverrun ? { bugCheck: bugCheck('KERNEL_SECURITY_CHECK_FAILURE', stackCookieOverwritten, 0, 0, 0) } : {};
}

function useAfterFree(kernel: Kernel, fault: Fault, message: string): Omit<FindingRequest, 'severity'> {
  const irp = [...kernel.irps.values()].find((record) => record.address === fault.region?.start);
  const isAfterSend = irp?.isFreedByRoutine === true;
  return {
    rule: isAfterSend ? 'irp-touched-after-send' : 'use-after-free',
    message: `${message}${goneIrpText(irp)}`,
    docRules: isAfterSend ? ['R21'] : [],
    history: irp?.history ?? historyOf(kernel, fault),
    bugCheck:
      kernel.irql >= 2
        ? bugCheck('DRIVER_IRQL_NOT_LESS_OR_EQUAL', fault.address, kernel.irql, writeBit(fault), 0)
        : bugCheck('DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL', fault.address, writeBit(fault), 0, 0),
  };
}

/** Why a freed IRP is not the driver's any more, as a sentence. */
function goneIrpText(irp: IrpRecord | undefined): string {
  if (irp?.isFreedByRoutine === true)
    return ' Its completion routine has freed it: once it is sent, nobody else may look at it.';
  if (irp?.owner === 'io-manager' && irp.completedAt !== undefined)
    return " Once a request is completed, it is no longer the driver's: keep what is still needed of it in a variable.";
  return '';
}

function isContext(kernel: Kernel): boolean {
  const { current } = kernel;
  return current !== undefined && kernel.parts.scheduler.threads.get(current.id)?.kind === 'context';
}

function historyOf(kernel: Kernel, fault: Fault): RunFinding['history'] {
  return fault.region === undefined ? [] : regionHistory(kernel, fault.region);
}

/** What happened to an IRP, an MDL, a pool block or another object, by its memory; nothing for other memory. */
export function regionHistory(kernel: Kernel, region: Region): RunFinding['history'] {
  const irp = kernel.irps.get(region.start);
  if (irp !== undefined) return irp.history;
  const mdl = kernel.parts.mdls.get(region.start);
  if (mdl !== undefined && region.label === 'MDL') return mdl.history;
  const block = poolBlockOf(region);
  return block === undefined ? objectHistory(region) : poolHistory(block);
}

function writeBit(fault: Fault): number {
  return fault.access === 'execute' ? 8 : fault.access === 'write' ? 1 : 0;
}

function accessBugCheck(kernel: Kernel, fault: Fault): RunFinding['bugCheck'] {
  // What is no address of x64 is no page fault, at any IRQL.
  if (BigInt.asIntN(48, fault.address) !== BigInt.asIntN(64, fault.address))
    return exceptionBugCheck(kernel, exceptionAccessViolation);
  if (kernel.irql >= 2)
    return bugCheck('DRIVER_IRQL_NOT_LESS_OR_EQUAL', fault.address, kernel.irql, writeBit(fault), 0);
  // The lower half of the address space is user mode's: the processor's exception finds no handler there.
  if (fault.address < 0x8000_0000_0000n) return exceptionBugCheck(kernel, exceptionAccessViolation);
  return bugCheck('PAGE_FAULT_IN_NONPAGED_AREA', fault.address, fault.access === 'write' ? 2 : 0, 0, 0);
}

function exceptionBugCheck(kernel: Kernel, code: number): RunFinding['bugCheck'] {
  return isContext(kernel)
    ? bugCheck('KMODE_EXCEPTION_NOT_HANDLED', code >>> 0, 0, 0, 0)
    : bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', code >>> 0, 0, 0, 0);
}
