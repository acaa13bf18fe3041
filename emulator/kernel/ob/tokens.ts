/** Primary tokens of processes, one for each, as objects with references; what they say is in library/tokens.c. */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { STATUS_INVALID_HANDLE, STATUS_NO_TOKEN, STATUS_OBJECT_TYPE_MISMATCH } from '../statuses.ts';
import { addDriverReference, handleObject, openHandle } from './handles.ts';
import { createObject, dereferenceObject, objectAt } from './objects.ts';
import { processOfHandle } from './processes.ts';

/** Bytes of an object that drivers know by its address only. */
const opaqueSize = 64;

export const tokenApis = {
  PsReferencePrimaryToken: (kernel, { arguments: args }) => {
    const token = tokenOf(kernel, args.pointer(0));
    addDriverReference(kernel, token);
    return returns(token);
  },
  PsDereferencePrimaryToken: (kernel, { name, arguments: args }) => {
    const token = args.pointer(0);
    const record = objectAt(kernel, token);
    if (record?.type !== 'token' || record.driverReferences.pop() === undefined) {
      return kernel.report({
        rule: 'reference-not-held',
        severity: 'error',
        message: `${name} is given ${describeAddress(kernel, token)}, to which the driver holds no reference of PsReferencePrimaryToken.`,
      });
    }
    dereferenceObject(kernel, token);
    return returnsVoid;
  },
  ZwOpenProcessTokenEx: (kernel, { arguments: args }) => {
    const of = processOfHandle(kernel, args.uint64(0));
    if (typeof of === 'object') return returns(of.status);
    const object = tokenOf(kernel, of);
    const how = { object, access: args.uint(1), attributes: args.uint(2), owner: 'driver' } as const;
    kernel.memory.writeU64(args.pointer(3), openHandle(kernel, how));
    return returns(0);
  },
  /** No thread acts for somebody else here. */
  ZwOpenThreadTokenEx: (kernel, { arguments: args }) => {
    const thread = handleObject(kernel, args.uint64(0));
    if (thread === undefined) return returns(STATUS_INVALID_HANDLE);
    return returns(objectAt(kernel, thread)?.type === 'thread' ? STATUS_NO_TOKEN : STATUS_OBJECT_TYPE_MISMATCH);
  },
} satisfies KernelApis;

const KiCheckToken: Api = (kernel, { arguments: args }) => {
  const token = handleObject(kernel, args.uint64(0));
  if (token === undefined) return returns(STATUS_INVALID_HANDLE);
  return returns(objectAt(kernel, token)?.type === 'token' ? 0 : STATUS_OBJECT_TYPE_MISMATCH);
};

/** What library/tokens.c asks. */
export const tokenCheckApis = { KiCheckToken };

function tokenOf(kernel: Kernel, process: GuestAddress): GuestAddress {
  for (const record of kernel.parts.objects.records.values())
    if (record.type === 'token' && record.details.process === process) return record.address;
  const label = `token of ${objectAt(kernel, process)?.label ?? 'a process'}`;
  return createObject(kernel, 'token', label, opaqueSize, { process });
}
