/** Deferred procedure calls: queued once at a time, run in an interrupt context of their own at DISPATCH_LEVEL. */

import type { Span } from '../../../base/source.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeArguments,
  type NativeResult,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress, functionName } from '../places.ts';
import { checkNewDpc } from '../verifier/lock-checks.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';
import { blockOnKey, currentThread, wakeKey } from './blocking.ts';
import { pendingDpcs, pushPending, pushPendingFirst, removePendingDpc } from './pending-contexts.ts';

export interface DpcRecord {
  readonly address: GuestAddress;
  readonly initialisedAt: Span | undefined;
  importance: 'low' | 'medium' | 'high';
  /** In the queue; the bytes of the DPC are free for re-use as soon as it runs. */
  isQueued: boolean;
}

const highImportance = 2;
/** KOBJECTS of the two kinds. */
const dpcObject = 19;
const threadedDpcObject = 24;
const flushKey = 'dpc-queue-empty';

export const dpcApis = {
  KeInitializeDpc: (kernel, { name, arguments: args }) => initialiseDpc(kernel, name, args, dpcObject),
  KeInitializeThreadedDpc: (kernel, { name, arguments: args }) => initialiseDpc(kernel, name, args, threadedDpcObject),
  KeInsertQueueDpc: (kernel, { arguments: args }) => {
    const dpc = args.pointer(0);
    const record = kernel.parts.dpcs.get(dpc);
    if (record === undefined) return reportUninitialised(kernel, 'KeInsertQueueDpc', dpc);
    return returns(queueDpc(kernel, dpc, args.pointer(1), args.pointer(2)) ? 1 : 0);
  },
  KeRemoveQueueDpc: (kernel, { arguments: args }) => {
    if (!removePendingDpc(kernel.parts.scheduler.pending, args.pointer(0))) return returns(0);
    const record = kernel.parts.dpcs.get(args.pointer(0));
    if (record !== undefined) record.isQueued = false;
    return returns(1);
  },
  KeSetImportanceDpc: (kernel, { arguments: args }) => {
    const record = kernel.parts.dpcs.get(args.pointer(0));
    if (record === undefined) return reportUninitialised(kernel, 'KeSetImportanceDpc', args.pointer(0));
    record.importance = args.int(1) === highImportance ? 'high' : args.int(1) === 0 ? 'low' : 'medium';
    kernel.view('KDPC', args.pointer(0)).set('Importance', args.int(1));
    return returnsVoid;
  },
  /** One processor is modelled: it is the target of every DPC. */
  KeSetTargetProcessorDpc: (kernel, { arguments: args }) =>
    kernel.parts.dpcs.has(args.pointer(0))
      ? returnsVoid
      : reportUninitialised(kernel, 'KeSetTargetProcessorDpc', args.pointer(0)),
  KeSetTargetProcessorDpcEx: (kernel, { arguments: args }) =>
    kernel.parts.dpcs.has(args.pointer(0))
      ? returns(0)
      : reportUninitialised(kernel, 'KeSetTargetProcessorDpcEx', args.pointer(0)),
  KeFlushQueuedDpcs: (kernel) => {
    if (!hasQueuedDpcs(kernel)) return returnsVoid;
    return blockOnKey(kernel, flushKey, 'waits until queued DPCs have run', { name: 'ke.dpcs-flushed', state: {} });
  },
} satisfies KernelApis;

export const dpcContinuations = {
  'ke.run-dpc': (kernel, _thread, state) => {
    const dpc = state.dpc as GuestAddress;
    const record = kernel.parts.dpcs.get(dpc);
    if (record !== undefined) record.isQueued = false;
    const view = kernel.view('KDPC', dpc);
    view.set('DpcData', 0);
    const then: Continuation = { name: 'ke.dpc-returned', state: {} };
    return {
      kind: 'call',
      target: view.getPointer('DeferredRoutine'),
      arguments: [dpc, view.get('DeferredContext'), state.argument1 as bigint, state.argument2 as bigint],
      frameLabel: 'KiRetireDpcList',
      then,
    };
  },
  'ke.dpc-returned': (kernel) => {
    if (kernel.irql !== 2) {
      const thread = currentThread(kernel);
      return kernel.report({
        rule: 'irql-not-restored',
        severity: 'error',
        message: `${thread.name} returns at IRQL ${kernel.irql}; a DPC must return at DISPATCH_LEVEL.`,
        also: ['IrqlReturn'],
        bugCheck: bugCheck('IRQL_NOT_DISPATCH_LEVEL', kernel.irql),
      });
    }
    if (!hasQueuedDpcs(kernel)) wakeKey(kernel, flushKey, 0n);
    return returnsVoid;
  },
  'ke.dpcs-flushed': () => returnsVoid,
} satisfies ContinuationTable;

/** False when it was in the queue already. */
export function queueDpc(kernel: Kernel, dpc: GuestAddress, argument1: bigint, argument2: bigint): boolean {
  const record = kernel.parts.dpcs.get(dpc);
  if (record?.isQueued === true) return false;
  const view = kernel.view('KDPC', dpc);
  view.set('SystemArgument1', argument1);
  view.set('SystemArgument2', argument2);
  view.set('DpcData', 1);
  if (record !== undefined) record.isQueued = true;
  const { scheduler } = kernel.parts;
  const context = {
    id: scheduler.nextId++,
    irql: 2,
    label: `DPC ${functionName(kernel, view.getPointer('DeferredRoutine'))}`,
    step: { name: 'ke.run-dpc', state: { dpc, argument1, argument2 } },
    order: undefined,
    dpc,
    position: 0,
  };
  if (record?.importance === 'high') pushPendingFirst(scheduler.pending, context);
  else pushPending(scheduler.pending, context);
  return true;
}

function hasQueuedDpcs(kernel: Kernel): boolean {
  return pendingDpcs(kernel.parts.scheduler.pending).length > 0;
}

function initialiseDpc(kernel: Kernel, call: string, args: NativeArguments, type: number): NativeResult {
  const dpc = args.pointer(0);
  const bad = checkPageable(kernel, call, dpc) ?? checkNewDpc(kernel, call, dpc);
  if (bad !== undefined) return bad;
  const view = kernel.view('KDPC', dpc);
  kernel.memory.fill(dpc, kernel.types.sizeOf('KDPC'), 0);
  view.set('Type', type);
  view.set('Importance', 1);
  view.set('DeferredRoutine', args.pointer(1));
  view.set('DeferredContext', args.pointer(2));
  kernel.parts.dpcs.set(dpc, {
    address: dpc,
    initialisedAt: currentSpan(kernel),
    importance: 'medium',
    isQueued: false,
  });
  return returnsVoid;
}

function reportUninitialised(kernel: Kernel, call: string, dpc: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, dpc)}, which KeInitializeDpc has not made a DPC.`,
    bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 1, dpc, 0, 0),
  });
}
