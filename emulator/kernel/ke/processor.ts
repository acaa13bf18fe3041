/**
 * The processor as it describes itself: CPUID, the state registers that a driver may read, random numbers. It is one x64
 * processor with AVX2, RDRAND and RDSEED; what a driver would change of it is not emulated.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { nextUint32 } from '../../sim/random.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_ACCESS_VIOLATION } from '../statuses.ts';

type Leaf = readonly [number, number, number, number];
const none: Leaf = [0, 0, 0, 0];
/** EAX, EBX, ECX, EDX by function, as an Intel processor of family 6 gives them. */
const leaves: Readonly<Record<number, Leaf>> = {
  0: [0xd, 0x756e6547, 0x6c65746e, 0x49656e69],
  // One logical processor; SSE3 to SSE4.2, CX16, POPCNT, AES, XSAVE, OSXSAVE, AVX, F16C, RDRAND.
  1: [0x000306c3, 0x00010800, 0x7ed8320b, 0x0f8bfbff],
  // BMI1, AVX2, SMEP, BMI2, ERMS, RDSEED, SMAP.
  7: [0, 0x001403a8, 0, 0],
  13: [7, 0x340, 0x340, 0],
  [0x80000000]: [0x80000008, 0, 0, 0],
  // SYSCALL, NX, RDTSCP, long mode; LAHF, LZCNT.
  [0x80000001]: [0, 0, 0x21, 0x2c100800],
  [0x80000008]: [0x3027, 0, 0, 0],
};
const avxState = 7;
const eflags = 0x202;
const cr0 = 0x80050033;
const cr4 = 0x1506f8;
/** Model-specific registers: time-stamp counter, APIC base, EFER. Any other is a general protection fault. */
const timeStampCounter = 0x10;
const registers: Readonly<Record<number, bigint>> = { 27: 0xfee00900n, [0xc0000080]: 0xd01n };

export const processorApis = {
  __cpuid: (kernel, { arguments: args }) => identify(kernel, args.pointer(0), args.uint(1), 0),
  __cpuidex: (kernel, { arguments: args }) => identify(kernel, args.pointer(0), args.uint(1), args.uint(2)),
  _xgetbv: (_kernel, { arguments: args }) => (args.uint(0) === 0 ? returns(avxState) : protectionFault()),
  __readmsr: (kernel, { arguments: args }) => {
    const register = args.uint(0);
    if (register === timeStampCounter) return returns(BigInt(Math.floor(kernel.timeNs)) * 3n);
    const value = registers[register];
    return value === undefined ? protectionFault() : returns(value);
  },
  __readeflags: () => returns(eflags),
  __getcallerseflags: () => returns(eflags),
  __readcr0: () => returns(cr0),
  __readcr2: () => returns(0),
  __readcr4: () => returns(cr4),
  _rdrand16_step: (kernel, { arguments: args }) => random(kernel, args.pointer(0), 2),
  _rdrand32_step: (kernel, { arguments: args }) => random(kernel, args.pointer(0), 4),
  _rdrand64_step: (kernel, { arguments: args }) => random(kernel, args.pointer(0), 8),
  _rdseed16_step: (kernel, { arguments: args }) => random(kernel, args.pointer(0), 2),
  _rdseed32_step: (kernel, { arguments: args }) => random(kernel, args.pointer(0), 4),
  _rdseed64_step: (kernel, { arguments: args }) => random(kernel, args.pointer(0), 8),
} satisfies KernelApis;

function identify(kernel: Kernel, target: GuestAddress, leaf: number, part: number): NativeResult {
  // Leaf 7 has one part only; a leaf that there is not is told as zeros.
  const values = leaf === 7 && part !== 0 ? none : (leaves[leaf] ?? none);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true);
  kernel.memory.writeBytes(target, bytes);
  return returns(0);
}

/** The kernel's handler gives a general protection fault on as an access violation. */
function protectionFault(): NativeResult {
  return { kind: 'raise', code: STATUS_ACCESS_VIOLATION };
}

/** From the run's seed, like all that is random; it never runs dry. */
function random(kernel: Kernel, target: GuestAddress, size: 2 | 4 | 8): NativeResult {
  const bytes = Uint8Array.from({ length: size }, () => nextUint32(kernel.parts.random) & 0xff);
  kernel.memory.writeBytes(target, bytes);
  return returns(1);
}
