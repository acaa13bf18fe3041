/**
 * Reinitialize routines: a driver asks in DriverEntry, or in such a routine itself, to be called once more when all
 * drivers have been loaded. In a run that is when DriverEntry has succeeded, before devices are added and programs
 * begin; a routine for the end of the boot comes first, as if the driver had been loaded by it.
 */
import { defined } from '../../../base/assert.ts';
import { type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import { createKernelThread } from '../ke/kernel-threads.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { checkEnd } from '../verifier/end-checks.ts';

export interface Reinitialization {
  readonly driver: GuestAddress;
  readonly routine: GuestAddress;
  readonly context: bigint;
  readonly isBoot: boolean;
}

export const reinitializeApis = {
  IoRegisterDriverReinitialization: (kernel, { arguments: args }) =>
    register(kernel, { driver: args.pointer(0), routine: args.pointer(1), context: args.uint64(2), isBoot: false }),
  IoRegisterBootDriverReinitialization: (kernel, { arguments: args }) =>
    register(kernel, { driver: args.pointer(0), routine: args.pointer(1), context: args.uint64(2), isBoot: true }),
  IopReinitialize: (kernel) => next(kernel),
} satisfies KernelApis;

export const reinitializeContinuations = {
  'io.reinitialized': (kernel) => {
    checkEnd(kernel, currentThread(kernel));
    return kernel.parts.stop === undefined ? next(kernel) : { kind: 'stop' };
  },
} satisfies ContinuationTable;

/** The thread that calls what is registered; undefined where nothing is. */
export function startReinitialization(kernel: Kernel): KernelThread | undefined {
  if (kernel.parts.io.reinitializations.length === 0) return undefined;
  const entry = defined(kernel.machine.functionAddress('IopReinitialize'), 'the caller of Reinitialize routines');
  return createKernelThread(kernel, { name: 'Reinitialize', entry, arguments: [], kind: 'worker' });
}

function register(kernel: Kernel, one: Reinitialization): NativeResult {
  kernel.view('DRIVER_OBJECT', one.driver).getNumber('Type');
  kernel.parts.io.reinitializations.push(one);
  return returnsVoid;
}

function next(kernel: Kernel): NativeResult {
  const { reinitializations } = kernel.parts.io;
  const at = Math.max(
    0,
    reinitializations.findIndex(({ isBoot }) => isBoot),
  );
  const [one] = reinitializations.splice(at, 1);
  if (one === undefined) return returnsVoid;
  const extension = kernel.view('DRIVER_OBJECT', one.driver).getPointer('DriverExtension');
  const view = kernel.view('DRIVER_EXTENSION', extension);
  const count = view.getNumber('Count') + 1;
  view.set('Count', count);
  return {
    kind: 'call',
    target: one.routine,
    arguments: [one.driver, one.context, BigInt(count)],
    frameLabel: 'IopCallDriverReinitializationRoutines',
    then: { name: 'io.reinitialized', state: {} },
  };
}
