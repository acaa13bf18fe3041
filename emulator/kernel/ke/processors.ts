/**
 * How many processors and groups there are, where a thread may run, its stack and its floating-point state. One processor in
 * one group is modelled: every affinity is 1, and a thread that is bound to it runs where it would anyhow.
 */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, ContinuationTable, Kernel } from '../kernel-types.ts';
import {
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_PARAMETER_3,
  STATUS_INVALID_PARAMETER_4,
  STATUS_UNSUCCESSFUL,
} from '../statuses.ts';
import { currentThread } from './blocking.ts';

/**
 * PF_… of what an x64 processor with AVX2 has: compare-exchange, MMX, SSE, TSC, PAE, SSE2, NX, 16-byte exchange, XSAVE,
 * AVX2.
 */
const features = new Set([2, 3, 6, 8, 9, 10, 12, 13, 14, 17, 28, 32, 36, 37, 38, 39, 40]);
/** Units of 100 ns. */
const timerResolution = 156_250;
/** MAXIMUM_EXPANSION_SIZE */
const stackSizeMax = 0x11800n;
const dpcTimeLimit = 1282;
const watchdogLimit = 7692;

const expandStack: Api = (_kernel, call) =>
  call.arguments.uint64(2) > stackSizeMax ? returns(STATUS_INVALID_PARAMETER) : callOnLargerStack(call);

const expandStackEx: Api = (kernel, call) => {
  if (call.arguments.uint64(2) > stackSizeMax) return returns(STATUS_INVALID_PARAMETER_3);
  const mayWait = (call.arguments.uint(3) & 0xff) !== 0;
  return mayWait && kernel.irql >= 2 ? returns(STATUS_INVALID_PARAMETER_4) : callOnLargerStack(call);
};

function callOnLargerStack({ name, arguments: args }: Parameters<Api>[1]): ReturnType<Api> {
  return {
    kind: 'call',
    target: args.pointer(0),
    arguments: [args.uint64(1)],
    frameLabel: name,
    then: { name: 'ke.stack-expanded', state: {} },
  };
}

export const processorCountApis = {
  KeQueryMaximumProcessorCount: () => returns(1),
  KeQueryActiveGroupCount: () => returns(1),
  KeQueryMaximumGroupCount: () => returns(1),
  KeQueryActiveProcessors: () => returns(1),
  KeQueryGroupAffinity: (_kernel, { arguments: args }) => returns((args.uint(0) & 0xffff) === 0 ? 1 : 0),
  KeGetCurrentNodeNumber: () => returns(0),
  KeQueryHighestNodeNumber: () => returns(0),
  /** A node that there is not has no processors. */
  KeQueryNodeActiveAffinity: (kernel, { arguments: args }) => {
    const count = (args.uint(0) & 0xffff) === 0 ? 1 : 0;
    if (args.pointer(1) !== 0n) {
      kernel.memory.fill(args.pointer(1), kernel.types.sizeOf('GROUP_AFFINITY'), 0);
      kernel.view('GROUP_AFFINITY', args.pointer(1)).set('Mask', count);
    }
    if (args.pointer(2) !== 0n) kernel.memory.writeU16(args.pointer(2), count);
    return returnsVoid;
  },
  KeSetSystemAffinityThread: (kernel, { name, arguments: args }) => {
    setAffinity(kernel, name, { mask: args.uint64(0), group: 0 });
    return returnsVoid;
  },
  /** The set that the system had given the thread before; none where it ran where its user wants it. */
  KeSetSystemAffinityThreadEx: (kernel, { name, arguments: args }) =>
    returns(setAffinity(kernel, name, { mask: args.uint64(0), group: 0 })),
  KeSetSystemGroupAffinityThread: (kernel, { name, arguments: args }) => {
    const wanted = readAffinity(kernel, args.pointer(0));
    const before = setAffinity(kernel, name, wanted);
    if (args.pointer(1) !== 0n) {
      kernel.memory.fill(args.pointer(1), kernel.types.sizeOf('GROUP_AFFINITY'), 0);
      kernel.view('GROUP_AFFINITY', args.pointer(1)).set('Mask', before);
    }
    return returnsVoid;
  },
  /** Zeroes stand for what the user wants; a set without processors changes nothing. */
  KeRevertToUserGroupAffinityThread: (kernel, { arguments: args }) => {
    const wanted = readAffinity(kernel, args.pointer(0));
    const thread = currentThread(kernel);
    if (wanted.mask === 0n && wanted.group === 0) thread.systemAffinity = 0;
    else if (isValid(wanted)) thread.systemAffinity = 1;
    return returnsVoid;
  },
  KeRevertToUserAffinityThread: (kernel) => {
    currentThread(kernel).systemAffinity = 0;
    return returnsVoid;
  },
  KeRevertToUserAffinityThreadEx: (kernel, { arguments: args }) => {
    const mask = args.uint64(0);
    if (mask === 0n || isValid({ mask, group: 0 })) currentThread(kernel).systemAffinity = Number(mask & 1n);
    return returnsVoid;
  },
  KeQueryRuntimeThread: (kernel, { arguments: args }) => {
    kernel.memory.readU8(args.pointer(0));
    kernel.memory.writeU32(args.pointer(1), 0);
    return returns(Math.floor(kernel.timeNs / 100 / timerResolution));
  },
  KeIsExecutingDpc: (kernel) => {
    const thread = kernel.parts.scheduler.threads.get(kernel.current?.id ?? -1);
    return returns(thread?.kind === 'context' ? 1 : 0);
  },
  KeShouldYieldProcessor: () => returns(0),
  KeQueryDpcWatchdogInformation: (kernel, { arguments: args }) => {
    if (kernel.irql < 2) return returns(STATUS_UNSUCCESSFUL);
    const view = kernel.view('KDPC_WATCHDOG_INFORMATION', args.pointer(0));
    view.set('DpcTimeLimit', dpcTimeLimit);
    view.set('DpcTimeCount', dpcTimeLimit);
    view.set('DpcWatchdogLimit', watchdogLimit);
    view.set('DpcWatchdogCount', watchdogLimit);
    view.set('Reserved', 0);
    return returns(0);
  },
  ExIsProcessorFeaturePresent: (_kernel, { arguments: args }) => returns(features.has(args.uint(0)) ? 1 : 0),
  ExSetTimerResolution: () => returns(timerResolution),
  KeSaveExtendedProcessorState: (kernel, { arguments: args }) => {
    kernel.memory.fill(args.pointer(1), kernel.types.sizeOf('XSTATE_SAVE'), 0);
    return returns(0);
  },
  KeRestoreExtendedProcessorState: (kernel, { arguments: args }) => {
    kernel.memory.readBytes(args.pointer(0), kernel.types.sizeOf('XSTATE_SAVE'));
    return returnsVoid;
  },
  KeExpandKernelStackAndCallout: expandStack,
  KeExpandKernelStackAndCalloutEx: expandStackEx,
} satisfies KernelApis;

/** ALL_PROCESSOR_GROUPS */
const allGroups = 0xffff;

/** Processors of a group: there is one, in group 0. */
export function processorsOf(group: number): number {
  const number = group & allGroups;
  return number === 0 || number === allGroups ? 1 : 0;
}

export const processorCountContinuations = {
  'ke.stack-expanded': () => returns(0),
} satisfies ContinuationTable;

interface Affinity {
  readonly mask: bigint;
  readonly group: number;
}

function readAffinity(kernel: Kernel, at: GuestAddress): Affinity {
  const view = kernel.view('GROUP_AFFINITY', at);
  return { mask: view.get('Mask'), group: view.getNumber('Group') };
}

/** At least one of the processors is there: what else the set names is left out. */
function isValid({ mask, group }: Affinity): boolean {
  return group === 0 && (mask & 1n) !== 0n;
}

/** What the system had given the thread before; 0 where it had given none, or where the set is none and nothing changes. */
function setAffinity(kernel: Kernel, call: string, wanted: Affinity): number {
  const thread = currentThread(kernel);
  if (!isValid(wanted)) {
    kernel.report({
      rule: 'bad-affinity',
      severity: 'warning',
      message: `${call} changes nothing: the set ${setText(wanted)}. There is one processor, number 0; KeQueryActiveProcessorCountEx counts them.`,
    });
    return 0;
  }
  const before = thread.systemAffinity ?? 0;
  thread.systemAffinity = 1;
  return before;
}

function setText({ mask, group }: Affinity): string {
  if (mask === 0n) return 'is empty';
  const where = group === 0 ? '' : ` of group ${group}`;
  return `0x${mask.toString(16).toUpperCase()}${where} has no processor that is there`;
}
