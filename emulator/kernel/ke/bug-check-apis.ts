/** Stops that the driver asks for: KeBugCheck, fast fail, assertions, breakpoints, raised exceptions, pageable code. */

import { type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck, bugCheckName } from '../bug-checks.ts';
import { readText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { hex } from '../places.ts';
import { STATUS_ACCESS_VIOLATION, STATUS_DATATYPE_MISALIGNMENT } from '../statuses.ts';
import { irqlText } from '../verifier/preconditions.ts';

/** Codes of __fastfail that drivers meet. */
const fastFails: Readonly<Record<number, string>> = {
  3: 'a list entry is corrupt: an entry was removed twice, inserted twice, or overwritten',
  5: 'an invalid argument',
  7: 'a fatal error of the driver',
};

export const bugCheckApis = {
  KeBugCheck: (kernel, { arguments: args }) => driverBugCheck(kernel, args.uint(0), []),
  KeBugCheckEx: (kernel, { arguments: args }) =>
    driverBugCheck(kernel, args.uint(0), [args.uint64(1), args.uint64(2), args.uint64(3), args.uint64(4)]),
  __fastfail: (kernel, { arguments: args }) => {
    const code = args.uint(0);
    return kernel.report({
      rule: code === 3 ? 'corrupt-list' : 'fast-fail',
      severity: 'error',
      message: `Fast fail ${code}: ${fastFails[code] ?? 'the driver stops the system'}.`,
      bugCheck: bugCheck('KERNEL_SECURITY_CHECK_FAILURE', code, 0, 0, 0),
    });
  },
  RtlAssert: (kernel, { arguments: args }) => {
    const expression = readText(kernel, args.pointer(0), { unit: 1 });
    const message = args.pointer(3) === 0n ? '' : ` (${readText(kernel, args.pointer(3), { unit: 1 })})`;
    return kernel.report({
      rule: 'assertion-failed',
      severity: 'error',
      message: `The assertion ${expression} does not hold${message}.`,
    });
  },
  /** The state of KdDebuggerNotPresent: none is there. */
  KdRefreshDebuggerNotPresent: () => returns(1),
  DbgBreakPoint: (_kernel, { name }) => ({ kind: 'breakpoint', name }),
  DbgBreakPointWithStatus: (_kernel, { name }) => ({ kind: 'breakpoint', name }),
  ExRaiseStatus: (_kernel, { arguments: args }) => ({ kind: 'raise', code: args.int(0) }),
  ExRaiseAccessViolation: () => ({ kind: 'raise', code: STATUS_ACCESS_VIOLATION }),
  ExRaiseDatatypeMisalignment: () => ({ kind: 'raise', code: STATUS_DATATYPE_MISALIGNMENT }),
  __wsk_paged_code: (kernel) => {
    if (kernel.irql <= 1) return returnsVoid;
    return kernel.report({
      rule: 'paged-code-at-dispatch',
      severity: 'error',
      message: `PAGED_CODE() is reached at ${irqlText(kernel.irql)}: the function may be paged out, and a page fault can't be served above APC_LEVEL.`,
      docRules: ['R90'],
      also: ['C28170', '0xD1'],
      bugCheck: bugCheck('DRIVER_IRQL_NOT_LESS_OR_EQUAL', 'PAGED_CODE', kernel.irql, 8, 0),
    });
  },
} satisfies KernelApis;

function driverBugCheck(kernel: Kernel, code: number, parameters: readonly bigint[]): NativeResult {
  const name = bugCheckName(code);
  return kernel.report({
    rule: 'bug-check',
    severity: 'error',
    message: `The driver stops the system with bug check ${hex(code)}${name === undefined ? '' : ` (${name})`}.`,
    bugCheck: {
      code,
      name: name ?? hex(code),
      parameters: parameters.map((parameter) => `0x${parameter.toString(16).toUpperCase()}`),
    },
  });
}
