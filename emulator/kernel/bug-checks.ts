/** Bug check codes by name, as Windows' stop screen and debuggers give them; one flat table. */
import type { RunFinding } from './kernel-types.ts';

const codes = {
  IRQL_NOT_LESS_OR_EQUAL: 0x0a,
  INVALID_KERNEL_HANDLE: 0x93,
  KMODE_EXCEPTION_NOT_HANDLED: 0x1e,
  APC_INDEX_MISMATCH: 0x01,
  KERNEL_APC_PENDING_DURING_EXIT: 0x20,
  NO_MORE_IRP_STACK_LOCATIONS: 0x35,
  MULTIPLE_IRP_COMPLETE_REQUESTS: 0x44,
  MUTEX_LEVEL_NUMBER_VIOLATION: 0x0d,
  MAXIMUM_WAIT_OBJECTS_EXCEEDED: 0x0c,
  IRQL_NOT_DISPATCH_LEVEL: 0x08,
  IRQL_NOT_GREATER_OR_EQUAL: 0x09,
  SPIN_LOCK_ALREADY_OWNED: 0x0f,
  SPIN_LOCK_NOT_OWNED: 0x10,
  THREAD_NOT_MUTEX_OWNER: 0x11,
  CANCEL_STATE_IN_COMPLETED_IRP: 0x48,
  PAGE_FAULT_IN_NONPAGED_AREA: 0x50,
  PROCESS_HAS_LOCKED_PAGES: 0x76,
  SYSTEM_THREAD_EXCEPTION_NOT_HANDLED: 0x7e,
  UNEXPECTED_KERNEL_MODE_TRAP: 0x7f,
  ATTEMPTED_SWITCH_FROM_DPC: 0xb8,
  ATTEMPTED_WRITE_TO_READONLY_MEMORY: 0xbe,
  BAD_POOL_CALLER: 0xc2,
  DRIVER_VERIFIER_DETECTED_VIOLATION: 0xc4,
  TIMER_OR_DPC_INVALID: 0xc7,
  DRIVER_VERIFIER_IOMANAGER_VIOLATION: 0xc9,
  DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS: 0xcb,
  DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS: 0xce,
  DRIVER_IRQL_NOT_LESS_OR_EQUAL: 0xd1,
  DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL: 0xd5,
  DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION: 0xd6,
  RESOURCE_NOT_OWNED: 0xe3,
  WORKER_THREAD_RETURNED_AT_BAD_IRQL: 0xe1,
  MANUALLY_INITIATED_CRASH: 0xe2,
  DRIVER_POWER_STATE_FAILURE: 0x9f,
  REFERENCE_BY_POINTER: 0x18,
  KERNEL_SECURITY_CHECK_FAILURE: 0x139,
} as const;

export type BugCheckName = keyof typeof codes;

const names = new Map<number, string>(Object.entries(codes).map(([name, code]) => [code, name]));

/** Numbers are written in hexadecimal; text stays as it is. */
export function bugCheck(name: BugCheckName, ...parameters: (number | bigint | string)[]): RunFinding['bugCheck'] {
  return { code: codes[name], name, parameters: parameters.map(parameterText) };
}

/** The name of a code that a driver gave to KeBugCheckEx; undefined for one of its own. */
export function bugCheckName(code: number): string | undefined {
  return names.get(code);
}

function parameterText(value: number | bigint | string): string {
  if (typeof value === 'string') return value;
  const bits = typeof value === 'number' ? BigInt(value) : value;
  return `0x${BigInt.asUintN(64, bits).toString(16).toUpperCase()}`;
}
