/** The timer of a device object: its routine is called about once a second at DISPATCH_LEVEL while it is started. */
import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';

export interface IoTimerRecord {
  readonly routine: GuestAddress;
  readonly context: bigint;
  isOn: boolean;
  /** Counts the starts, so that a tick of an earlier one is known. */
  starts: number;
}

const periodNs = 1e9;

export const ioTimerApis = {
  IoInitializeTimer: (kernel, { arguments: args }) => {
    const device = args.pointer(0);
    const record = { routine: args.pointer(1), context: args.uint64(2), isOn: false, starts: 0 };
    kernel.parts.ioTimers.set(device, record);
    // Drivers know of it only that it is there.
    kernel.view('DEVICE_OBJECT', device).set('Timer', device);
    return returns(0);
  },
  IoStartTimer: (kernel, { arguments: args }) => {
    const device = args.pointer(0);
    const record = kernel.parts.ioTimers.get(device);
    kernel.memory.readU8(device);
    if (record === undefined || record.isOn) return returnsVoid;
    record.isOn = true;
    record.starts++;
    return tick(kernel, device, record.starts);
  },
  IoStopTimer: (kernel, { arguments: args }) => {
    const record = kernel.parts.ioTimers.get(args.pointer(0));
    kernel.memory.readU8(args.pointer(0));
    if (record !== undefined) record.isOn = false;
    return returnsVoid;
  },
} satisfies KernelApis;

export const ioTimerContinuations = {
  'io.timer-tick': (kernel, _thread, state) => {
    const { device, start } = state as unknown as { device: GuestAddress; start: number };
    const record = kernel.parts.ioTimers.get(device);
    const isDeleted = kernel.parts.io.devices.get(device)?.isDeleted !== false;
    if (record === undefined || isDeleted || !record.isOn || record.starts !== start) return returnsVoid;
    tick(kernel, device, start);
    const then: Continuation = { name: 'kernel.done', state: {} };
    const values = [device, record.context];
    return { kind: 'call', target: record.routine, arguments: values, frameLabel: 'IopTimerDispatch', then };
  },
} satisfies ContinuationTable;

function tick(kernel: Kernel, device: GuestAddress, start: number): NativeResult {
  const step = { name: 'io.timer-tick', state: { device, start } };
  kernel.schedule({ afterNs: periodNs, irql: 2, label: 'timer of a device object', step });
  return returnsVoid;
}
