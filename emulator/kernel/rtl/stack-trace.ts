/** RtlCaptureStackBackTrace: the calls that lead to the caller. A function's beginning stands for a place inside of it. */
import { returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import { offsetAddress } from '../struct-view.ts';

export const stackTraceApis = {
  RtlCaptureStackBackTrace: (kernel, { arguments: args }) => {
    const { current, machine } = kernel;
    const skip = args.uint(0);
    const frames = current === undefined ? [] : machine.frames(current).filter(({ symbol }) => symbol !== undefined);
    const addresses = frames
      .slice(skip, skip + args.uint(1))
      .flatMap(({ functionName }) => machine.functionAddress(functionName) ?? []);
    for (const [i, address] of addresses.entries())
      kernel.memory.writePointer(offsetAddress(args.pointer(2), i * 8), address);
    const hash = addresses.reduce((sum, address) => sum + Number(address & 0xffff_ffffn), 0);
    if (args.pointer(3) !== 0n) kernel.memory.writeU32(args.pointer(3), hash >>> 0);
    return returns(addresses.length);
  },
} satisfies KernelApis;
