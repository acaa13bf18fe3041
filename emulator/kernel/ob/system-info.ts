/** What the system says of itself: version, processors, random numbers, routines by name. */
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { nextUint32 } from '../../sim/random.ts';
import { unicodeString } from '../guest-text.ts';
import { processorsOf } from '../ke/processors.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INVALID_PARAMETER, STATUS_REVISION_MISMATCH } from '../statuses.ts';

/** Windows 11, version 24H2. */
export const version = { major: 10, minor: 0, build: 26_100 };
/** NTDDI_VERSION that RtlIsNtDdiVersionAvailable compares with: NTDDI_WIN11_GE. */
const ddiVersion = 0x0a000010;
const workstation = 1;
/** Condition codes of VerSetConditionMask. */
const conditions = { equal: 1, greater: 2, greaterEqual: 3, less: 4, lessEqual: 5 };
const bitsPerCondition = 3n;
/** INVALID_PROCESSOR_INDEX */
const invalidIndex = 0xffff_ffff;

export const systemInfoApis = {
  RtlGetVersion: (kernel, { arguments: args }) => {
    const view = kernel.view('RTL_OSVERSIONINFOW', args.pointer(0));
    const size = view.getNumber('dwOSVersionInfoSize');
    const extended = kernel.types.sizeOf('RTL_OSVERSIONINFOEXW');
    kernel.memory.fill(args.pointer(0), size === extended ? extended : kernel.types.sizeOf('RTL_OSVERSIONINFOW'), 0);
    view.set('dwOSVersionInfoSize', size);
    view.set('dwMajorVersion', version.major);
    view.set('dwMinorVersion', version.minor);
    view.set('dwBuildNumber', version.build);
    view.set('dwPlatformId', 2);
    if (size === extended) kernel.view('RTL_OSVERSIONINFOEXW', args.pointer(0)).set('wProductType', workstation);
    return returns(0);
  },
  PsGetVersion: (kernel, { arguments: args }) => {
    const values = [version.major, version.minor, version.build];
    for (const [i, value] of values.entries())
      if (args.pointer(i) !== 0n) kernel.memory.writeU32(args.pointer(i), value);
    if (args.pointer(3) !== 0n) kernel.view('UNICODE_STRING', args.pointer(3)).set('Length', 0);
    return returns(0);
  },
  RtlIsNtDdiVersionAvailable: (_kernel, { arguments: args }) => returns(args.uint(0) <= ddiVersion ? 1 : 0),
  VerSetConditionMask: (_kernel, { arguments: args }) => {
    let mask = args.uint64(0);
    for (let bit = 0n; bit < 8n; bit++)
      if ((BigInt(args.uint(1)) >> bit) & 1n) mask |= BigInt(args.uint(2) & 7) << (bit * bitsPerCondition);
    return returns(BigInt.asUintN(64, mask));
  },
  RtlVerifyVersionInfo: (kernel, { arguments: args }) => {
    const view = kernel.view('RTL_OSVERSIONINFOEXW', args.pointer(0));
    const asked: readonly [number, string, number][] = [
      [0x2, 'dwMajorVersion', version.major],
      [0x1, 'dwMinorVersion', version.minor],
      [0x4, 'dwBuildNumber', version.build],
    ];
    if ((args.uint(1) & 7) === 0) return returns(STATUS_INVALID_PARAMETER);
    for (const [bit, member, actual] of asked) {
      if ((args.uint(1) & bit) === 0) continue;
      const condition = Number((args.uint64(2) >> (BigInt(Math.log2(bit)) * bitsPerCondition)) & 7n);
      const wanted = view.getNumber(member);
      if (!holds(condition, actual, wanted)) return returns(STATUS_REVISION_MISMATCH);
      // A greater part decides where only an order is asked for.
      if (condition !== conditions.equal && actual !== wanted) return returns(0);
    }
    return returns(0);
  },
  IoIsWdmVersionAvailable: (_kernel, { arguments: args }) =>
    returns((args.uint(0) & 0xff) < 6 || ((args.uint(0) & 0xff) === 6 && (args.uint(1) & 0xff) === 0) ? 1 : 0),
  IoIs32bitProcess: () => returns(0),
  MmQuerySystemSize: () => returns(2),

  /** One processor is modelled. */
  KeGetCurrentProcessorNumberEx: (kernel, { arguments: args }) => {
    if (args.pointer(0) !== 0n) kernel.memory.fill(args.pointer(0), 4, 0);
    return returns(0);
  },
  KeQueryActiveProcessorCount: (kernel, { arguments: args }) => {
    if (args.pointer(0) !== 0n) kernel.memory.writeU64(args.pointer(0), 1n);
    return returns(1);
  },
  KeQueryActiveProcessorCountEx: (_kernel, { arguments: args }) => returns(processorsOf(args.uint(0))),
  KeQueryMaximumProcessorCountEx: (_kernel, { arguments: args }) => returns(processorsOf(args.uint(0))),
  KeGetProcessorIndexFromNumber: (kernel, { arguments: args }) =>
    returns(kernel.memory.readU32(args.pointer(0)) === 0 ? 0 : invalidIndex),
  KeGetProcessorNumberFromIndex: (kernel, { arguments: args }) => {
    if (args.uint(0) !== 0) return returns(STATUS_INVALID_PARAMETER);
    kernel.memory.fill(args.pointer(1), 4, 0);
    return returns(0);
  },

  RtlRandomEx: (kernel, { arguments: args }) => random(kernel, args.pointer(0)),
  RtlRandom: (kernel, { arguments: args }) => random(kernel, args.pointer(0)),
  ExUuidCreate: (kernel, { arguments: args }) => {
    const bytes = Uint8Array.from({ length: 16 }, () => nextUint32(kernel.parts.random) & 0xff);
    // Version 1, as if from the time, and variant 1.
    bytes[7] = ((bytes[7] as number) & 0x0f) | 0x10;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    kernel.memory.writeBytes(args.pointer(0), bytes);
    return returns(0);
  },
  ExQueryTimerResolution: (kernel, { arguments: args }) => {
    const values = [156_250, 5_000, 156_250];
    for (const [i, value] of values.entries()) kernel.memory.writeU32(args.pointer(i), value);
    return returnsVoid;
  },
  MmGetSystemRoutineAddress: (kernel, { arguments: args }) => {
    const name = unicodeString(kernel, args.pointer(0));
    const { apis, members } = kernel.parts.tables;
    const isExported = apis.has(name) && !members.has(name);
    return returns(isExported ? (kernel.machine.functionAddress(name) ?? 0n) : 0n);
  },
} satisfies KernelApis;

function holds(condition: number, actual: number, wanted: number): boolean {
  switch (condition) {
    case conditions.equal:
      return actual === wanted;
    case conditions.greater:
      return actual > wanted;
    case conditions.greaterEqual:
      return actual >= wanted;
    case conditions.less:
      return actual < wanted;
    case conditions.lessEqual:
      return actual <= wanted;
    default:
      return false;
  }
}

/** The caller's seed is mixed with the run's own sequence: 31 bits, and the seed moves on. */
function random(kernel: Kernel, seedAt: GuestAddress): NativeResult {
  const seed = kernel.memory.readU32(seedAt);
  const value = (nextUint32(kernel.parts.random) ^ Math.imul(seed, 0x9e3779b1)) & 0x7fffffff;
  kernel.memory.writeU32(seedAt, (Math.imul(seed, 0x7fffffed) + 0x7fffffc3) & 0x7fffffff);
  return returns(value);
}
