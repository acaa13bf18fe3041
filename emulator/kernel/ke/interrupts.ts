/**
 * Interrupt objects: a service routine is connected and disconnected, and code runs in step with it at its IRQL. No device
 * of this machine interrupts, so the routine itself is never called.
 */
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import { currentSpan, functionName, hexAddress } from '../places.ts';
import { STATUS_INVALID_PARAMETER, STATUS_NOT_FOUND } from '../statuses.ts';
import { lowerIrql, raiseIrql } from './irql.ts';

const opaqueSize = 256;
/** The IRQL of a device whose driver leaves it to the system. */
const deviceIrql = 5;
const fullySpecified = 1;
const lineBased = 2;
const messageBased = 3;
const fullySpecifiedGroup = 4;

export const interruptApis = {
  IoConnectInterrupt: (kernel, { name, arguments: args }) =>
    connect(kernel, name, args.pointer(0), args.pointer(1), args.uint(6) & 0xff),
  IoDisconnectInterrupt: (kernel, { name, arguments: args }) => disconnect(kernel, name, args.pointer(0)),
  IoConnectInterruptEx: (kernel, { name, arguments: args }) => {
    const view = kernel.view('IO_CONNECT_INTERRUPT_PARAMETERS', args.pointer(0));
    switch (view.getNumber('Version')) {
      case fullySpecified:
      case fullySpecifiedGroup:
      case lineBased: {
        const part = view.getNumber('Version') === lineBased ? 'LineBased' : 'FullySpecified';
        const target = view.getPointer(`${part}.InterruptObject`);
        const irql = view.getNumber(`${part}.SynchronizeIrql`);
        return connect(kernel, name, target, view.getPointer(`${part}.ServiceRoutine`), irql);
      }
      case messageBased: {
        // A device without messages: its line, where the driver has a routine for that.
        const fallBack = view.getPointer('MessageBased.FallBackServiceRoutine');
        if (fallBack === 0n) return returns(STATUS_NOT_FOUND);
        view.set('Version', lineBased);
        const target = view.getPointer('MessageBased.ConnectionContext.InterruptObject');
        return connect(kernel, name, target, fallBack, view.getNumber('MessageBased.SynchronizeIrql'));
      }
      default:
        return returns(STATUS_INVALID_PARAMETER);
    }
  },
  IoDisconnectInterruptEx: (kernel, { name, arguments: args }) => {
    const view = kernel.view('IO_DISCONNECT_INTERRUPT_PARAMETERS', args.pointer(0));
    return disconnect(kernel, name, view.getPointer('ConnectionContext.InterruptObject'));
  },
  KeSynchronizeExecution: (kernel, { name, arguments: args }) => {
    const irql = irqlOf(kernel, name, args.pointer(0));
    if (typeof irql !== 'number') return irql;
    const before = kernel.irql;
    const bad = raiseIrql(kernel, name, irql);
    if (bad !== undefined) return bad;
    return {
      kind: 'call',
      target: args.pointer(1),
      arguments: [args.uint64(2)],
      frameLabel: name,
      then: { name: 'ke.synchronized', state: { before } },
    };
  },
  KeAcquireInterruptSpinLock: (kernel, { name, arguments: args }) => {
    const irql = irqlOf(kernel, name, args.pointer(0));
    if (typeof irql !== 'number') return irql;
    const before = kernel.irql;
    return raiseIrql(kernel, name, irql) ?? returns(before);
  },
  KeReleaseInterruptSpinLock: (kernel, { name, arguments: args }) => {
    const irql = irqlOf(kernel, name, args.pointer(0));
    if (typeof irql !== 'number') return irql;
    return lowerIrql(kernel, name, args.uint(1) & 0xff) ?? returnsVoid;
  },
} satisfies KernelApis;

export const interruptContinuations = {
  'ke.synchronized': (kernel, _thread, state, value) =>
    lowerIrql(kernel, 'KeSynchronizeExecution', state.before as number) ?? returns(value & 0xffn),
} satisfies ContinuationTable;

function connect(
  kernel: Kernel,
  call: string,
  target: GuestAddress,
  routine: GuestAddress,
  synchronizeIrql: number,
): NativeResult {
  const irql = synchronizeIrql === 0 ? deviceIrql : synchronizeIrql;
  const object = createObject(kernel, 'registration', 'interrupt object', opaqueSize, { interruptIrql: irql });
  kernel.memory.writePointer(target, object);
  kernel.parts.registrations.set(object, {
    address: object,
    what: `The interrupt of ${functionName(kernel, routine)}`,
    undo: call.replace('Connect', 'Disconnect'),
    registeredAt: currentSpan(kernel),
  });
  return returns(0);
}

function disconnect(kernel: Kernel, call: string, object: GuestAddress): NativeResult {
  const irql = irqlOf(kernel, call, object);
  if (typeof irql !== 'number') return irql;
  kernel.parts.registrations.delete(object);
  dereferenceObject(kernel, object);
  return returnsVoid;
}

/** The IRQL at which code runs in step with the interrupt. */
function irqlOf(kernel: Kernel, call: string, object: GuestAddress): number | NativeResult {
  kernel.memory.readU8(object);
  const irql = objectAt(kernel, object)?.details.interruptIrql;
  if (typeof irql === 'number') return irql;
  return kernel.report({
    rule: 'bad-interrupt-object',
    severity: 'error',
    message: `${call} is given ${hexAddress(object)}, which is no interrupt object of IoConnectInterrupt or IoConnectInterruptEx.`,
    bugCheck: bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', 0xc0000005, object),
  });
}
