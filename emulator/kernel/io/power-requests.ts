/**
 * Power requests: a driver asks that the display or the system stay on while something lasts. The machine never sleeps
 * here, so a request is only counted; one that is left at unload is told of.
 */
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { STATUS_INVALID_PARAMETER } from '../statuses.ts';

const undo = 'PoDeletePowerRequest';
/** PowerRequestExecutionRequired, the last type. */
const typeMax = 3;

export const powerRequestApis = {
  PoCreatePowerRequest: (kernel, { arguments: args }) => {
    const device = args.pointer(1);
    kernel.memory.writePointer(args.pointer(0), NULL_ADDRESS);
    if (device === 0n) return returns(STATUS_INVALID_PARAMETER);
    kernel.view('DEVICE_OBJECT', device).getNumber('Type');
    if (args.pointer(2) !== 0n) kernel.view('COUNTED_REASON_CONTEXT', args.pointer(2)).getNumber('Flags');
    const request = createObject(kernel, 'registration', 'power request', 16);
    const what = 'A power request';
    kernel.parts.registrations.set(request, { address: request, what, undo, registeredAt: currentSpan(kernel) });
    kernel.memory.writePointer(args.pointer(0), request);
    return returns(0);
  },
  PoSetPowerRequest: (kernel, { name, arguments: args }) => use(kernel, name, args.pointer(0), args.uint(1)),
  PoClearPowerRequest: (kernel, { name, arguments: args }) => use(kernel, name, args.pointer(0), args.uint(1)),
  PoDeletePowerRequest: (kernel, { name, arguments: args }) => {
    const bad = check(kernel, name, args.pointer(0));
    if (bad !== undefined) return bad;
    kernel.parts.registrations.delete(args.pointer(0));
    dereferenceObject(kernel, args.pointer(0));
    return returnsVoid;
  },
} satisfies KernelApis;

function use(kernel: Kernel, call: string, request: GuestAddress, type: number): NativeResult {
  return check(kernel, call, request) ?? returns(type > typeMax ? STATUS_INVALID_PARAMETER : 0);
}

function check(kernel: Kernel, call: string, request: GuestAddress): NativeResult | undefined {
  kernel.memory.readU8(request);
  if (kernel.parts.registrations.get(request)?.undo === undo) return undefined;
  return kernel.report({
    rule: 'not-an-object',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, request)}, which is no power request of PoCreatePowerRequest.`,
  });
}
