/**
 * Registers of devices: physical addresses that a driver maps, and ports. The machine has no device behind them: mapped
 * registers keep what is written to them, ports read as ones and forget what is written, as an empty bus does.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import { currentSpan, hexAddress } from '../places.ts';

const mappingMax = 0x400_0000n;

export const deviceMemoryApis = {
  MmMapIoSpace: (kernel, call) => mapIoSpace(kernel, call),
  MmMapIoSpaceEx: (kernel, call) => mapIoSpace(kernel, call),
  MmUnmapIoSpace: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    const mapping = kernel.parts.registrations.get(address);
    const region = kernel.memory.regionAt(address);
    if (mapping?.undo !== name || region === undefined)
      return kernel.report({
        rule: 'bad-mapping',
        severity: 'error',
        message: `MmUnmapIoSpace is given ${hexAddress(address)}, which MmMapIoSpace has not returned, or which has been unmapped.`,
      });
    kernel.parts.registrations.delete(address);
    kernel.memory.free(region);
    return returnsVoid;
  },

  READ_REGISTER_UCHAR: read(1),
  READ_REGISTER_USHORT: read(2),
  READ_REGISTER_ULONG: read(4),
  READ_REGISTER_ULONG64: read(8),
  WRITE_REGISTER_UCHAR: write(1),
  WRITE_REGISTER_USHORT: write(2),
  WRITE_REGISTER_ULONG: write(4),
  WRITE_REGISTER_ULONG64: write(8),
  READ_REGISTER_BUFFER_UCHAR: copy(1, 'from'),
  READ_REGISTER_BUFFER_USHORT: copy(2, 'from'),
  READ_REGISTER_BUFFER_ULONG: copy(4, 'from'),
  READ_REGISTER_BUFFER_ULONG64: copy(8, 'from'),
  WRITE_REGISTER_BUFFER_UCHAR: copy(1, 'to'),
  WRITE_REGISTER_BUFFER_USHORT: copy(2, 'to'),
  WRITE_REGISTER_BUFFER_ULONG: copy(4, 'to'),
  WRITE_REGISTER_BUFFER_ULONG64: copy(8, 'to'),

  READ_PORT_UCHAR: () => returns(0xff),
  READ_PORT_USHORT: () => returns(0xffff),
  READ_PORT_ULONG: () => returns(0xffffffff),
  READ_PORT_BUFFER_UCHAR: readPorts(1),
  READ_PORT_BUFFER_USHORT: readPorts(2),
  READ_PORT_BUFFER_ULONG: readPorts(4),
  WRITE_PORT_UCHAR: () => returnsVoid,
  WRITE_PORT_USHORT: () => returnsVoid,
  WRITE_PORT_ULONG: () => returnsVoid,
  WRITE_PORT_BUFFER_UCHAR: writePorts(1),
  WRITE_PORT_BUFFER_USHORT: writePorts(2),
  WRITE_PORT_BUFFER_ULONG: writePorts(4),
  __inbyte: () => returns(0xff),
  __inword: () => returns(0xffff),
  __indword: () => returns(0xffffffff),
  __inbytestring: readPorts(1),
  __inwordstring: readPorts(2),
  __indwordstring: readPorts(4),
  __outbyte: () => returnsVoid,
  __outword: () => returnsVoid,
  __outdword: () => returnsVoid,
  __outbytestring: writePorts(1),
  __outwordstring: writePorts(2),
  __outdwordstring: writePorts(4),
} satisfies KernelApis;

function mapIoSpace(kernel: Kernel, { arguments: args }: NativeCall): NativeResult {
  const length = args.uint64(1);
  if (length === 0n || length > mappingMax) return returns(NULL_ADDRESS);
  const label = `registers at physical ${hexAddress(args.pointer(0))}`;
  const region = kernel.memory.allocate({ size: Number(length), kind: 'object', label });
  if (region === undefined) return returns(NULL_ADDRESS);
  kernel.parts.registrations.set(region.start, {
    address: region.start,
    what: `A mapping of ${label}`,
    undo: 'MmUnmapIoSpace',
    registeredAt: currentSpan(kernel),
  });
  return returns(region.start);
}

function read(size: 1 | 2 | 4 | 8): Api {
  return ({ memory }, { arguments: args }) => {
    const at = args.pointer(0);
    if (size === 8) return returns(memory.readU64(at));
    return returns(size === 1 ? memory.readU8(at) : size === 2 ? memory.readU16(at) : memory.readU32(at));
  };
}

function write(size: 1 | 2 | 4 | 8): Api {
  return ({ memory }, { arguments: args }) => {
    const at = args.pointer(0);
    if (size === 8) memory.writeU64(at, args.uint64(1));
    else if (size === 4) memory.writeU32(at, args.uint(1));
    else if (size === 2) memory.writeU16(at, args.uint(1) & 0xffff);
    else memory.writeU8(at, args.uint(1) & 0xff);
    return returnsVoid;
  };
}

/** Registers in a row, from or to a buffer. */
function copy(size: number, direction: 'from' | 'to'): Api {
  return ({ memory }, { arguments: args }) => {
    const [registers, buffer, length] = [args.pointer(0), args.pointer(1), args.uint(2) * size];
    if (length === 0) return returnsVoid;
    if (direction === 'from') memory.writeBytes(buffer, memory.readBytes(registers, length));
    else memory.writeBytes(registers, memory.readBytes(buffer, length));
    return returnsVoid;
  };
}

function readPorts(size: number): Api {
  return (kernel, { arguments: args }) => fillOnes(kernel, args.pointer(1), args.uint(2) * size);
}

function fillOnes(kernel: Kernel, buffer: GuestAddress, length: number): NativeResult {
  if (length > 0) kernel.memory.fill(buffer, length, 0xff);
  return returnsVoid;
}

/** The buffer is read all the same: it must be there. */
function writePorts(size: number): Api {
  return ({ memory }, { arguments: args }) => {
    if (args.uint(2) > 0) memory.readBytes(args.pointer(1), args.uint(2) * size);
    return returnsVoid;
  };
}
