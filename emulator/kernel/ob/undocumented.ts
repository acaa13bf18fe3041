/**
 * Functions that Windows exports and the WDK's headers do not declare: drivers write the prototypes themselves, as people
 * have found them out. Layouts are those of x64. They stand in a table of their own, because no bundled header may declare
 * them: a driver's own prototype must not meet another one.
 */
import { type GuestAddress, returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import {
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INVALID_INFO_CLASS,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_TYPE_MISMATCH,
  STATUS_PARTIAL_COPY,
} from '../statuses.ts';
import { addDriverReference } from './handles.ts';
import { type ObjectRecord, objectAt } from './objects.ts';
import { processId, systemProcess, systemProcessId } from './process-context.ts';
import { processOfHandle } from './processes.ts';
import { querySystemInformation } from './system-lists.ts';

const queryProcessBasic = 0;
const queryProcessWow64 = 26;
const processBasicSize = 48;
const pointerSize = 8;
/** Characters that a process keeps of its image's name. */
const imageNameMax = 14;

const queryInformationProcess: Api = (kernel, { arguments: args }) => {
  const asked = processOfHandle(kernel, args.uint64(0));
  if (typeof asked === 'object') return returns(asked.status);
  const [kind, buffer, length, neededAt] = [args.int(1), args.pointer(2), args.uint(3), args.pointer(4)];
  if (kind !== queryProcessBasic && kind !== queryProcessWow64) return returns(STATUS_INVALID_INFO_CLASS);
  const size = kind === queryProcessBasic ? processBasicSize : pointerSize;
  if (length !== size) return returns(STATUS_INFO_LENGTH_MISMATCH);
  kernel.memory.fill(buffer, size, 0);
  if (kind === queryProcessBasic) {
    const at = (offset: number): GuestAddress => (buffer + BigInt(offset)) as GuestAddress;
    kernel.memory.writeU32(buffer, 0x103);
    kernel.memory.writeU64(at(16), 1n);
    kernel.memory.writeU32(at(24), 8);
    kernel.memory.writeU64(at(32), BigInt(processId(kernel, asked)));
    kernel.memory.writeU64(at(40), BigInt(parentId(kernel, asked)));
  }
  if (neededAt !== 0n) kernel.memory.writeU32(neededAt, size);
  return returns(0);
};

const querySystem: Api = (kernel, { arguments: args }) =>
  querySystemInformation(kernel, {
    kind: args.int(0),
    buffer: args.pointer(1),
    length: args.uint(2),
    neededAt: args.pointer(3),
  });

export const undocumentedApis: Readonly<Record<string, Api>> = {
  ZwQuerySystemInformation: querySystem,
  NtQuerySystemInformation: querySystem,
  ZwQueryInformationProcess: queryInformationProcess,
  NtQueryInformationProcess: queryInformationProcess,
  PsGetProcessImageFileName: (kernel, { arguments: args }) => returns(imageName(kernel, args.pointer(0))),
  PsGetProcessInheritedFromUniqueProcessId: (kernel, { arguments: args }) => returns(parentId(kernel, args.pointer(0))),
  PsGetProcessWow64Process: () => returns(0),
  PsIsProtectedProcess: () => returns(0),
  /** By the name of a driver or of anything else in the object manager's directories. */
  ObReferenceObjectByName: (kernel, { arguments: args }) => {
    const found = objectNamed(kernel, unicodeString(kernel, args.pointer(0)).toLowerCase());
    if (found === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    const typeOf = objectAt(kernel, args.pointer(4))?.details.typeOf;
    if (typeOf !== undefined && typeOf !== found.type) return returns(STATUS_OBJECT_TYPE_MISMATCH);
    addDriverReference(kernel, found.address);
    kernel.memory.writePointer(args.pointer(7), found.address);
    return returns(0);
  },
  /** Addresses of all processes are different here, so that it makes no difference which process each belongs to. */
  MmCopyVirtualMemory: (kernel, { arguments: args }) => {
    const length = Number(args.uint64(4));
    const bytes = kernel.memory.peek(args.pointer(1), length);
    const isDone = bytes !== undefined && kernel.memory.poke(args.pointer(3), bytes);
    if (args.pointer(6) !== 0n) kernel.memory.writeU64(args.pointer(6), isDone ? BigInt(length) : 0n);
    return returns(isDone ? 0 : STATUS_PARTIAL_COPY);
  },
};

function objectNamed(kernel: Kernel, name: string): ObjectRecord | undefined {
  const { names, records } = kernel.parts.objects;
  const address = names.get(name);
  if (address !== undefined) return records.get(address);
  for (const record of records.values())
    if (
      record.type === 'driver' &&
      record.label.toLowerCase() === `driver object of ${name.replace(/^\\driver\\/, '')}`
    )
      return record;
  return undefined;
}

function parentId(kernel: Kernel, process: GuestAddress): number {
  return process === systemProcess(kernel) ? 0 : systemProcessId;
}

/** The name in the process object: one byte for each character, cut off after the fourteenth. */
function imageName(kernel: Kernel, process: GuestAddress): GuestAddress {
  const label = objectAt(kernel, process)?.label ?? '';
  const text = label.replace(/^process /, '').slice(0, imageNameMax);
  const known = kernel.parts.imageNames.get(process);
  if (known !== undefined) return known;
  const region = kernel.memory.allocate({ size: imageNameMax + 2, kind: 'object', label: `image name of ${label}` });
  if (region === undefined) return 0n as GuestAddress;
  kernel.memory.fill(region.start, imageNameMax + 2, 0);
  kernel.memory.poke(
    region.start,
    Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff),
  );
  kernel.parts.imageNames.set(process, region.start);
  return region.start;
}
