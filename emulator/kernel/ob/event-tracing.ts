/**
 * Event tracing: a driver registers its providers and writes events. No session listens here, so no provider is ever
 * enabled and no enable callback is called, as on a Windows where nobody traces; what a driver writes all the same goes
 * into the run's trace, a string into its log too, and an event whose data is gone is found. A provider that is left
 * registered at unload is a leak.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { flushLog, logText } from '../rtl/debug-print.ts';
import { STATUS_INVALID_HANDLE } from '../statuses.ts';
import { createObject, dereferenceObject } from './objects.ts';
import { hexText } from './trace-logging.ts';

/** Bytes of one piece of data that the trace shows. */
const bytesMax = 32;

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
  EtwWrite: (kernel, { arguments: args }) =>
    write(kernel, args.pointer(0), args.pointer(1), args.uint(3), args.pointer(4)),
  EtwWriteTransfer: (kernel, { arguments: args }) =>
    write(kernel, args.pointer(0), args.pointer(1), args.uint(4), args.pointer(5)),
  EtwWriteString: (kernel, { arguments: args }) => {
    const [provider, text] = [args.pointer(0), args.pointer(4)];
    if (provider === 0n) return returns(0);
    if (!kernel.parts.registrations.has(provider)) return returns(STATUS_INVALID_HANDLE);
    flushLog(kernel);
    logText(kernel, `${readText(kernel, text, { unit: 2 })}\n`);
    return returns(0);
  },
} satisfies KernelApis;

/** Handle 0 is what a driver has whose registration failed: nothing is written, and that is no mistake. */
function write(
  kernel: Kernel,
  provider: GuestAddress,
  descriptor: GuestAddress,
  count: number,
  data: GuestAddress,
): NativeResult {
  if (provider === 0n) return returns(0);
  if (!kernel.parts.registrations.has(provider)) return returns(STATUS_INVALID_HANDLE);
  const event = kernel.view('EVENT_DESCRIPTOR', descriptor);
  const size = kernel.types.sizeOf('EVENT_DATA_DESCRIPTOR');
  const pieces: string[] = [];
  for (let i = 0; i < count; i++) {
    const one = kernel.view('EVENT_DATA_DESCRIPTOR', (data + BigInt(i * size)) as GuestAddress);
    const bytes = one.getNumber('Size');
    if (bytes > 0) pieces.push(hexText(kernel.memory.readBytes(one.getPointer('Ptr'), bytes).subarray(0, bytesMax)));
  }
  const text = `event ${event.getNumber('Id')}, level ${event.getNumber('Level')}`;
  kernel.emit({ kind: 'log', text: pieces.length === 0 ? text : `${text}: ${pieces.join(', ')}` });
  return returns(0);
}
