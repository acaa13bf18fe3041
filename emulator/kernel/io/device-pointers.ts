/** IoGetDeviceObjectPointer: opens a device by its name and gives its stack and a reference to the file. */
import { type GuestAddress, returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable } from '../kernel-types.ts';
import { addDriverReference } from '../ob/handles.ts';
import { closeDeviceHandle, openDevice, openRequest } from './device-files.ts';
import { topOfStack } from './device-stacks.ts';

export const devicePointerApis = {
  IoGetDeviceObjectPointer: (kernel, { arguments: args }) => {
    const request = openRequest(unicodeString(kernel, args.pointer(0)), args.uint(1));
    const state = { fileAt: args.pointer(2), deviceAt: args.pointer(3) };
    return openDevice(kernel, request, { name: 'io.device-pointer', state });
  },
} satisfies KernelApis;

export const devicePointerContinuations = {
  /** The driver gets a reference to the file; the handle goes again, so the device gets its cleanup at once. */
  'io.device-pointer': (kernel, _thread, state, value) => {
    const status = Number(BigInt.asIntN(32, value));
    if (status < 0) return returns(status);
    const file = state.file as GuestAddress;
    addDriverReference(kernel, file);
    kernel.memory.writePointer(state.fileAt as GuestAddress, file);
    const device = kernel.view('FILE_OBJECT', file).getPointer('DeviceObject');
    kernel.memory.writePointer(state.deviceAt as GuestAddress, topOfStack(kernel, device));
    return closeDeviceHandle(kernel, state.handle as bigint, { name: 'io.dispatched', state: {} });
  },
} satisfies ContinuationTable;
