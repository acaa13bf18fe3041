/**
 * The one exception of the emulator: guest code, or a native on its behalf, did what it must not.
 *
 * It is thrown by checked memory access and by operations of the VM, and caught in one place, the VM's loop (natives
 * run inside it), which turns it into a `fault` stop. It never leaves `Machine.run`; a kernel that touches memory
 * between runs must be ready for it.
 */
import type { Fault, Region } from './machine-types.ts';
import type { GuestAddress } from './native.ts';

export class GuestFault extends Error {
  override readonly name = 'GuestFault';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.kind} at 0x${fault.address.toString(16)}`);
    this.fault = fault;
  }
}

/** A fault of an access to memory. */
export function memoryFault(
  kind: Fault['kind'],
  access: Fault['access'],
  address: GuestAddress,
  size: number,
  region: Region | undefined,
  start: GuestAddress = address,
): GuestFault {
  const isMissing = region?.isMissing === true && (kind === 'uninitialised-read' || kind === 'write-to-read-only');
  const detail = region?.label ?? '';
  const begin = start === address ? {} : { start };
  return new GuestFault({
    kind: isMissing ? 'missing-variable' : kind,
    access,
    address,
    size,
    detail,
    region,
    ...begin,
  });
}

/** A fault of an operation that is no access to memory. */
export function operationFault(
  kind: Fault['kind'],
  detail: string,
  address: GuestAddress = 0n as GuestAddress,
  size = 0,
): GuestFault {
  const access: Fault['access'] =
    kind === 'bad-call' || kind === 'call-mismatch' || kind === 'missing-function' ? 'execute' : 'none';
  return new GuestFault({ kind, access, address, size, detail, region: undefined });
}
