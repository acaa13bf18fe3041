/**
 * Memory of user-mode programs, as drivers meet it: pageable, there in its own process only, and good for nothing until
 * it has been probed, inside a __try. What the I/O manager copies for a driver or locks for it is none of this.
 *
 * A program may free its memory or change it while a driver looks; so an access without __try is a mistake even where it
 * goes well, and one of memory that ProbeForRead or ProbeForWrite has not seen may be of the kernel's own memory.
 */
import type { Fault, Region, UserAccess } from '../../machine/machine-types.ts';
import { mappedTarget } from '../../machine/memory/layout.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { Kernel } from '../kernel-types.ts';
import { processOf } from '../ob/process-context.ts';
import { describeAddress, functionName } from '../places.ts';
import type { FindingRequest } from '../report.ts';
import { type FetchState, noteFetch } from '../verifier/double-fetch.ts';
import { judgeMapped } from './user-mappings.ts';

interface UserRegionInfo {
  readonly process: GuestAddress;
  /** What a driver has probed. */
  readonly probed: { readonly start: bigint; readonly end: bigint; readonly isWrite: boolean }[];
}

interface UserRange {
  readonly address: bigint;
  readonly size: number;
}

/** State between the machine's question and its second try. */
export interface UserMemoryState {
  /** Statement and place of the instruction that is tried again, and its accesses that have been judged. */
  statement: number;
  span: Fault['span'];
  /** Those that may pass, each once: the machine does not say here when the next statement begins. */
  passes: UserRange[];
  /** Those that have passed; a further try of the same instruction makes them again. */
  passed: UserRange[];
  readonly fetches: FetchState;
}

/** Ranges that are remembered for one region. */
const probedMax = 1000;

/** Memory of a program; undefined when memory is used up. */
export function allocateUserMemory(
  kernel: Kernel,
  process: GuestAddress,
  size: number,
  label: string,
): Region | undefined {
  const info: UserRegionInfo = { process, probed: [] };
  return kernel.memory.allocate({ size: Math.max(1, size), kind: 'user', label, isPaged: true, info });
}

export function isOfProcess(region: Region, process: GuestAddress): boolean {
  return infoOf(region)?.process === process;
}

/** ProbeForRead and ProbeForWrite have seen a range. */
export function noteProbed(kernel: Kernel, address: GuestAddress, size: bigint, isWrite: boolean): void {
  const info = infoOf(kernel.memory.regionAt(address));
  if (info === undefined || info.probed.length >= probedMax) return;
  info.probed.push({ start: address, end: address + size, isWrite });
}

/** True where memory of a program is not that of the process in which the driver runs now. */
export function isForeign(kernel: Kernel, region: Region | undefined): boolean {
  const info = infoOf(region);
  if (info === undefined) return false;
  const thread = kernel.current === undefined ? undefined : kernel.parts.scheduler.threads.get(kernel.current.id);
  return processOf(kernel, thread) !== info.process;
}

/** What the machine asks about each access of a driver. */
export function judgeUserAccess(kernel: Kernel, given: UserAccess): ReturnType<Kernel['machine']['judgesUser']> {
  if (mappedTarget(given.address) !== undefined) return judgeMapped(kernel, given);
  if (infoOf(given.region) === undefined) return undefined;
  if (isForeign(kernel, given.region)) return 'foreign-user-memory';
  const { userMemory, currentCall } = kernel.parts;
  if (currentCall !== undefined) {
    const isGuarded = kernel.current !== undefined && kernel.machine.isGuarded(kernel.current);
    reportUnchecked(kernel, given, isGuarded);
    noteFetch(kernel, given, undefined);
    return undefined;
  }
  const at = userMemory.passes.findIndex(({ address, size }) => address === given.address && size === given.size);
  if (at < 0) return 'unchecked-user-memory';
  userMemory.passed.push(...userMemory.passes.splice(at, 1));
  return undefined;
}

/** The machine tells where the access of guest code stands; it is made again after this. */
export function userMemoryTouched(kernel: Kernel, fault: Fault): true {
  const { address, size, region } = fault;
  const access = fault.access === 'write' ? 'write' : 'read';
  const { userMemory } = kernel.parts;
  const { statements } = kernel.machine;
  const isSame = userMemory.statement === statements && isSamePlace(userMemory.span, fault.span);
  const judged = isSame ? [...userMemory.passed, ...userMemory.passes] : [];
  Object.assign(userMemory, {
    statement: statements,
    span: fault.span,
    passes: [...judged, { address, size }],
    passed: [],
  });
  reportUnchecked(kernel, { address, size, access, region, ...spanOf(fault) }, fault.detail === 'guarded');
  noteFetch(kernel, { address, size, access, region }, fault.span);
  return true;
}

export function foreignUserMemory(kernel: Kernel, fault: Fault, access: string): Omit<FindingRequest, 'severity'> {
  const where = describeAddress(kernel, fault.address);
  const thread = kernel.current === undefined ? undefined : kernel.parts.scheduler.threads.get(kernel.current.id);
  const context =
    thread === undefined || thread.kind === 'context'
      ? 'a context that may be in any process'
      : `the thread ${thread.kind === 'system' ? functionName(kernel, thread.startRoutine) : thread.name}`;
  return {
    rule: 'user-memory-wrong-process',
    message: `${access} in ${where} from ${context}: a user-mode address means something in its own process only. Copy the data in the dispatch routine, or lock it with an MDL.`,
    bugCheck: bugCheck('PAGE_FAULT_IN_NONPAGED_AREA', fault.address, fault.access === 'write' ? 2 : 0, 0, 0),
  };
}

function isSamePlace(a: Fault['span'], b: Fault['span']): boolean {
  return a?.file === b?.file && a?.start === b?.start && a?.end === b?.end;
}

function spanOf({ span }: Fault): { readonly span?: NonNullable<Fault['span']> } {
  return span === undefined ? {} : { span };
}

function reportUnchecked(
  kernel: Kernel,
  given: UserAccess & { readonly span?: Fault['span'] },
  isGuarded: boolean,
): void {
  const end = given.address + BigInt(given.size);
  const info = infoOf(given.region);
  const isProbed = info?.probed.some(
    (range) => given.address >= range.start && end <= range.end && (range.isWrite || given.access === 'read'),
  );
  const where = describeAddress(kernel, given.address);
  const how = given.access === 'write' ? 'Writes to' : 'Reads';
  const call = kernel.parts.currentCall === undefined ? '' : `${kernel.parts.currentCall.name}: `;
  const place = given.span === undefined || kernel.parts.currentCall !== undefined ? {} : { span: given.span };
  if (isProbed !== true) {
    const probe = given.access === 'write' ? 'ProbeForWrite' : 'ProbeForRead';
    kernel.report({
      rule: 'user-memory-not-probed',
      severity: 'warning',
      message: `${call}${how} ${where} by its user-mode address, which ${probe} has not checked${isGuarded ? '' : ', and outside of __try'}: a program could pass any address here, of the kernel's memory too.`,
      ...place,
    });
  } else if (!isGuarded) {
    kernel.report({
      rule: 'user-memory-outside-try',
      severity: 'warning',
      message: `${call}${how} ${where} by its user-mode address outside of __try: the program may free it at any time, and the exception would stop the system.`,
      bugCheck: bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', 0xc0000005, 0, 0, 0),
      ...place,
    });
  }
}

function infoOf(region: Region | undefined): UserRegionInfo | undefined {
  // Only `allocateUserMemory` makes regions of this kind.
  return region?.kind === 'user' ? (region.info as UserRegionInfo) : undefined;
}
