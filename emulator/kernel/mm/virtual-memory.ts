/**
 * ZwAllocateVirtualMemory and ZwFreeVirtualMemory: memory of a program that a driver makes in it (documentation pages of
 * both). What is reserved is here committed at once: memory that a driver only reserves it does not touch. It is the
 * program's like any other: there in its process alone, pageable, and to be touched inside a __try.
 */
import type { Region } from '../../machine/machine-types.ts';
import { type GuestAddress, returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { processOfHandle } from '../ob/processes.ts';
import {
  STATUS_CONFLICTING_ADDRESSES,
  STATUS_INVALID_PAGE_PROTECTION,
  STATUS_INVALID_PARAMETER_2,
  STATUS_INVALID_PARAMETER_3,
  STATUS_INVALID_PARAMETER_4,
  STATUS_INVALID_PARAMETER_5,
  STATUS_NO_MEMORY,
} from '../statuses.ts';
import { allocateUserMemory, isOfProcess } from './user-memory.ts';

// winnt.h and wdm.h.
const memCommit = 0x1000;
const memReserve = 0x2000;
const memReset = 0x80000;
const memPhysical = 0x400000;
/** MEM_COMMIT, MEM_RESERVE, MEM_TOP_DOWN, MEM_WRITE_WATCH, MEM_PHYSICAL, MEM_LARGE_PAGES. */
const allocationTypes = 0x20703000;
const memDecommit = 0x4000;
const memRelease = 0x8000;
const pageBytes = 4096;
/** PAGE_NOACCESS to PAGE_EXECUTE_WRITECOPY, one of them. */
const protections = 0xff;
const pageNoAccess = 0x1;
/** PAGE_WRITECOPY and PAGE_EXECUTE_WRITECOPY are for views of sections. */
const copyProtections = 0x88;
/** PAGE_GUARD, PAGE_NOCACHE, PAGE_WRITECOMBINE. */
const modifiers = 0x700;
/** As a number of bits; from 32 on it is a mask. */
const zeroBitsMax = 21n;
/** The first address that no program can have: 64 KB below the end of the lower half lie out of bounds, too. */
const userLimit = 0x7fff_ffff_0000n;

const STATUS_FREE_VM_NOT_AT_BASE = 0xc000009f | 0;
const STATUS_MEMORY_NOT_ALLOCATED = 0xc00000a0 | 0;

export const virtualMemoryApis = {
  ZwAllocateVirtualMemory: (kernel, { arguments: args }) => {
    const [baseAt, sizeAt, type, protection] = [args.pointer(1), args.pointer(3), args.uint(4), args.uint(5)];
    const owner = processOfHandle(kernel, args.uint64(0));
    if (typeof owner === 'object') return returns(owner.status);
    const [zeroBits, isProtection] = [args.uint64(2), isPrivateProtection(protection)];
    if (zeroBits > zeroBitsMax && zeroBits < 32n) return returns(STATUS_INVALID_PARAMETER_3);
    if (!isAllocationType(type)) return returns(STATUS_INVALID_PARAMETER_5);
    if (!isProtection) return returns(STATUS_INVALID_PAGE_PROTECTION);
    const [base, size] = [kernel.memory.readPointer(baseAt), kernel.memory.readSize(sizeAt)];
    if (base >= userLimit) return returns(STATUS_INVALID_PARAMETER_2);
    if (size === 0 || base + BigInt(size) > userLimit) return returns(STATUS_INVALID_PARAMETER_4);
    if (base !== 0n) {
      const region = madeAt(kernel, base, owner);
      const end = region === undefined ? 0n : region.start + BigInt(region.size);
      // Memory that was reserved before is committed; a place of one's own choice nobody can have.
      const isWithin = (type & memReserve) === 0 && base + BigInt(size) <= end;
      return returns(isWithin ? 0 : STATUS_CONFLICTING_ADDRESSES);
    }
    if (type === memReset) return returns(STATUS_CONFLICTING_ADDRESSES);
    const whole = Math.ceil(size / pageBytes) * pageBytes;
    const region = allocateUserMemory(kernel, owner, whole, label);
    if (region === undefined) return returns(STATUS_NO_MEMORY);
    kernel.memory.writePointer(baseAt, region.start);
    kernel.memory.writeU64(sizeAt, whole);
    return returns(0);
  },
  ZwFreeVirtualMemory: (kernel, { arguments: args }) => {
    const [baseAt, sizeAt, type] = [args.pointer(1), args.pointer(2), args.uint(3)];
    const owner = processOfHandle(kernel, args.uint64(0));
    if (typeof owner === 'object') return returns(owner.status);
    if (type !== memDecommit && type !== memRelease) return returns(STATUS_INVALID_PARAMETER_4);
    const [base, size] = [kernel.memory.readPointer(baseAt), kernel.memory.readSize(sizeAt)];
    const region = madeAt(kernel, base, owner);
    if (region === undefined) return returns(STATUS_MEMORY_NOT_ALLOCATED);
    if (size === 0 && base !== region.start) return returns(STATUS_FREE_VM_NOT_AT_BASE);
    if (type === memRelease) kernel.memory.free(region);
    kernel.memory.writePointer(baseAt, base);
    kernel.memory.writeU64(sizeAt, size === 0 ? region.size : Math.ceil(size / pageBytes) * pageBytes);
    return returns(0);
  },
} satisfies KernelApis;

const label = 'memory of ZwAllocateVirtualMemory';

/** The memory that was made here for this process. */
function madeAt(kernel: Kernel, address: GuestAddress, process: GuestAddress): Region | undefined {
  const region = kernel.memory.regionAt(address);
  const isMade = region?.isFreed === false && region.label === label && isOfProcess(region, process);
  return isMade ? region : undefined;
}

function isAllocationType(type: number): boolean {
  if (type === memReset) return true;
  if ((type & ~allocationTypes) !== 0 || (type & (memCommit | memReserve)) === 0) return false;
  return (type & (memPhysical | memCommit)) !== (memPhysical | memCommit);
}

function isPrivateProtection(protection: number): boolean {
  const kind = protection & protections;
  if ((protection & ~(protections | modifiers)) !== 0 || !isOneBit(kind)) return false;
  return (kind & copyProtections) === 0 && !(kind === pageNoAccess && (protection & modifiers) !== 0);
}

function isOneBit(value: number): boolean {
  return value !== 0 && (value & (value - 1)) === 0;
}
