/** Primary tokens of processes, one for each, as objects with references; what they say is in library/tokens.c. */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { addDriverReference } from './handles.ts';
import { createObject, dereferenceObject, objectAt } from './objects.ts';

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
} satisfies KernelApis;

function tokenOf(kernel: Kernel, process: GuestAddress): GuestAddress {
  for (const record of kernel.parts.objects.records.values())
    if (record.type === 'token' && record.details.process === process) return record.address;
  const label = `token of ${objectAt(kernel, process)?.label ?? 'a process'}`;
  return createObject(kernel, 'token', label, opaqueSize, { process });
}
