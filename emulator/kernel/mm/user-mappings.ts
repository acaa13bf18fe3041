/**
 * Pages that a driver maps into a program (MmMapLockedPagesSpecifyCache and MmMapLockedPages with UserMode): a second
 * address of the same bytes, below MmUserProbeAddress, that is there in the process that was current, until
 * MmUnmapLockedPages takes it away in the same process or the process ends.
 *
 * Which bytes an address of this kind stands for follows from the address alone (`mappedTarget`); whether it stands for
 * them now, and for whom, is written here, and asked at each access. The program cannot unmap such pages, so an access
 * outside of __try is none of the mistakes that it is with the program's own memory.
 */
import type { Span } from '../../../base/source.ts';
import type { Region, UserAccess } from '../../machine/machine-types.ts';
import { mappedAddress, mappedTarget, userMappingRanges } from '../../machine/memory/layout.ts';
import { type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentProcess, processOf } from '../ob/process-context.ts';
import { currentSpan, hexAddress } from '../places.ts';
import type { History } from '../report.ts';
import { mdlHistory } from './mdl-records.ts';

interface UserMapping {
  readonly address: GuestAddress;
  /** Bytes. */
  readonly size: number;
  /** Where the bytes are for the kernel. */
  readonly target: GuestAddress;
  readonly mdl: GuestAddress;
  readonly process: GuestAddress;
  readonly isReadOnly: boolean;
  readonly mappedAt: Span | undefined;
  readonly statements: number;
}

export interface UserMappingState {
  live: UserMapping[];
  /** Those that were taken away last: an access to one is told as what it is. */
  ended: UserMapping[];
  /** How many there have been. */
  made: number;
}

const endedMax = 100;

export function createUserMappings(): UserMappingState {
  return { live: [], ended: [], made: 0 };
}

/** The new address, in the current process; undefined where no range of addresses is left. */
export function addUserMapping(
  kernel: Kernel,
  given: Pick<UserMapping, 'target' | 'mdl' | 'size' | 'isReadOnly'>,
): GuestAddress | undefined {
  const { userMappings: state } = kernel.parts;
  for (let tries = 0; tries < userMappingRanges; tries++) {
    const address = mappedAddress(given.target, state.made++ % userMappingRanges);
    if (state.live.some((mapping) => overlaps(mapping, { address, size: given.size }))) continue;
    const now = { mappedAt: currentSpan(kernel), statements: kernel.machine.statements };
    state.live.push({ ...given, ...now, address, process: currentProcess(kernel) });
    return address;
  }
  return undefined;
}

/** MmUnmapLockedPages of an address of user mode. */
export function endUserMapping(kernel: Kernel, call: string, address: GuestAddress, mdl: GuestAddress): NativeResult {
  const mapping = kernel.parts.userMappings.live.find((one) => one.address === address && one.mdl === mdl);
  const wrong = wrongEnd(kernel, mapping, address);
  if (wrong === undefined) {
    endMappings(kernel, (one) => one === mapping);
    return returnsVoid;
  }
  const { rule, subcode, what } = wrong;
  return kernel.report({
    rule,
    severity: 'error',
    message: `${call} unmaps ${what}.`,
    also: [`0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, address, mdl),
    history: mapping === undefined ? mdlHistory(kernel, mdl) : historyOf(kernel, mapping),
  });
}

interface WrongEnd {
  readonly rule: 'irql-too-high' | 'mdl-not-mapped';
  /** Of bug check 0xC4. */
  readonly subcode: number;
  readonly what: string;
}

function wrongEnd(kernel: Kernel, mapping: UserMapping | undefined, address: GuestAddress): WrongEnd | undefined {
  const isHigh = kernel.irql > 1;
  const rule = isHigh
    ? ({ rule: 'irql-too-high', subcode: 0x7a } as const)
    : ({ rule: 'mdl-not-mapped', subcode: 0xb9 } as const);
  if (mapping === undefined) return { ...rule, what: `${hexAddress(address)}, where this MDL is not mapped` };
  if (isHigh) return { ...rule, what: `a user-mode address at IRQL ${kernel.irql}; it may at IRQL <= APC_LEVEL` };
  if (mapping.process === currentProcess(kernel)) return undefined;
  return { ...rule, what: 'a user-mode address in another process than the one it was mapped in' };
}

/** A process ends: what was mapped into it is there no more. */
export function endMappingsOfProcess(kernel: Kernel, process: GuestAddress): void {
  endMappings(kernel, (mapping) => mapping.process === process);
}

function endMappings(kernel: Kernel, ends: (mapping: UserMapping) => boolean): void {
  const { userMappings: state } = kernel.parts;
  state.ended = [...state.ended, ...state.live.filter(ends)].slice(-endedMax);
  state.live = state.live.filter((mapping) => !ends(mapping));
}

/** An access to an address of such a range; a fault's kind refuses it. */
export function judgeMapped(kernel: Kernel, given: UserAccess): ReturnType<Kernel['machine']['judgesUser']> {
  const mapping = kernel.parts.userMappings.live.find((one) => covers(one, given));
  if (mapping === undefined) return 'wild-address';
  const thread = kernel.current === undefined ? undefined : kernel.parts.scheduler.threads.get(kernel.current.id);
  if (processOf(kernel, thread) !== mapping.process) return 'foreign-user-memory';
  return mapping.isReadOnly && given.access === 'write' ? 'write-to-read-only' : undefined;
}

/** Whether all of the bytes are mapped into the current process, for such an access. */
export function isMappedHere(kernel: Kernel, given: Pick<UserAccess, 'address' | 'size' | 'access'>): boolean {
  return judgeMapped(kernel, { ...given, region: undefined }) === undefined;
}

/** ": MmUnmapLockedPages has taken this mapping away", where that is why no memory is there. */
export function endedMappingText(kernel: Kernel, address: GuestAddress): string {
  if (mappedTarget(address) === undefined) return '';
  const isEnded = kernel.parts.userMappings.ended.some((one) => covers(one, { address, size: 1 }));
  return isEnded ? ': what was mapped to this user-mode address has been unmapped' : '';
}

/** An MDL goes, or the memory that it describes, while a program still sees the pages. */
export function reportStillMapped(kernel: Kernel, call: string, of: GuestAddress | Region): NativeResult | undefined {
  const { live } = kernel.parts.userMappings;
  if (live.length === 0) return undefined;
  const mapping = live.find(({ mdl, target }) =>
    typeof of === 'bigint' ? mdl === of : target >= of.start && target < of.start + BigInt(of.size),
  );
  if (mapping === undefined) return undefined;
  return kernel.report({
    rule: 'mdl-freed-while-mapped',
    severity: 'error',
    message: `${call}: the pages are still mapped into a program, which goes on to see and change what will be others' memory. Call MmUnmapLockedPages in that program first.`,
    also: ['0xC4/0xB8'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xb8, mapping.mdl, 0, 0),
    history: historyOf(kernel, mapping),
  });
}

function historyOf(kernel: Kernel, { mdl, mappedAt, statements, address }: UserMapping): History {
  const mapped = { what: `mapped into a program at ${hexAddress(address)}`, span: mappedAt, statements };
  return [...mdlHistory(kernel, mdl), mapped];
}

interface Range {
  readonly address: bigint;
  readonly size: number;
}

function covers(mapping: Range, { address, size }: Range): boolean {
  return address >= mapping.address && address + BigInt(size) <= mapping.address + BigInt(mapping.size);
}

function overlaps(a: Range, b: Range): boolean {
  return a.address < b.address + BigInt(b.size) && b.address < a.address + BigInt(a.size);
}
