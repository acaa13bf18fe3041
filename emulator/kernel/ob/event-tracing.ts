/**
 * Event tracing: a driver registers its providers and writes events. No session listens here, so no provider is ever
 * enabled and no enable callback is called, as on a Windows where nobody traces; what a driver writes is read all the
 * same, so that an event whose data is gone is found. A provider that is left registered at unload is a leak.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { STATUS_INVALID_HANDLE } from '../statuses.ts';
import { createObject, dereferenceObject } from './objects.ts';

export const eventTracingApis = {
  EtwRegister: (kernel, { arguments: args }) => {
    kernel.view('GUID', args.pointer(0)).getNumber('Data1');
    const provider = createObject(kernel, 'registration', 'an event provider', 16);
    kernel.parts.registrations.set(provider, {
      address: provider,
      what: 'The event provider of EtwRegister',
      undo: 'EtwUnregister',
      registeredAt: currentSpan(kernel),
    });
    kernel.memory.writeU64(args.pointer(3), provider);
    return returns(0);
  },
  EtwUnregister: (kernel, { arguments: args }) => {
    const provider = args.pointer(0);
    if (!kernel.parts.registrations.delete(provider)) return returns(STATUS_INVALID_HANDLE);
    dereferenceObject(kernel, provider);
    return returns(0);
  },
  EtwEventEnabled: () => returns(0),
  EtwProviderEnabled: () => returns(0),
  EtwWrite: (kernel, { arguments: args }) => write(kernel, args.pointer(0), args.uint(3), args.pointer(4)),
  EtwWriteTransfer: (kernel, { arguments: args }) => write(kernel, args.pointer(0), args.uint(4), args.pointer(5)),
  EtwWriteString: (kernel, { arguments: args }) => write(kernel, args.pointer(0), 0, args.pointer(4)),
} satisfies KernelApis;

/** Handle 0 is what a driver has whose registration failed: nothing is written, and that is no mistake. */
function write(kernel: Kernel, provider: GuestAddress, count: number, data: GuestAddress): NativeResult {
  if (provider === 0n) return returns(0);
  if (!kernel.parts.registrations.has(provider)) return returns(STATUS_INVALID_HANDLE);
  const size = kernel.types.sizeOf('EVENT_DATA_DESCRIPTOR');
  for (let i = 0; i < count; i++) {
    const one = kernel.view('EVENT_DATA_DESCRIPTOR', (data + BigInt(i * size)) as GuestAddress);
    const bytes = one.getNumber('Size');
    if (bytes > 0) kernel.memory.readBytes(one.getPointer('Ptr'), bytes);
  }
  return returns(0);
}
