/** Addresses for locked pages: in the kernel, where they have one already, and in the current program. */
import type { NativeCall } from '../../machine/machine-types.ts';
import { USER_LIMIT } from '../../machine/memory/layout.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_CONFLICTING_ADDRESSES, STATUS_INSUFFICIENT_RESOURCES } from '../statuses.ts';
import {
  mappedToSystemVa,
  mdlData,
  mdlFlags,
  mdlHistory,
  pagesLocked,
  partial,
  partialHasBeenMapped,
  setFlags,
  sourceIsNonPagedPool,
} from './mdl-records.ts';
import { addUserMapping, endUserMapping } from './user-mappings.ts';

/** MdlMappingNoWrite */
const noWrite = 0x8000_0000;

export const mdlMappingApis = {
  MmGetSystemAddressForMdlSafe: (kernel, { name, arguments: args }) => mapPages(kernel, name, args.pointer(0)),
  MmMapLockedPagesSpecifyCache: (kernel, call) => {
    if (!mapsToUser(call)) return mapPages(kernel, call.name, call.arguments.pointer(0));
    const [requested, priority] = [call.arguments.pointer(3), call.arguments.uint(5)];
    return mapToUser(kernel, call, { requested, isReadOnly: (priority & noWrite) !== 0 });
  },
  MmMapLockedPages: (kernel, call) =>
    mapsToUser(call)
      ? mapToUser(kernel, call, { requested: 0n, isReadOnly: false })
      : mapPages(kernel, call.name, call.arguments.pointer(0)),
  MmUnmapLockedPages: (kernel, { name, arguments: args }) => {
    const [address, mdl] = [args.pointer(0), args.pointer(1)];
    const flags = mdlFlags(kernel, mdl);
    if (address < USER_LIMIT) return endUserMapping(kernel, name, address, mdl);
    if ((flags & (mappedToSystemVa | partialHasBeenMapped)) === 0) {
      return kernel.report({
        rule: 'mdl-not-mapped',
        severity: 'error',
        message: `${name} unmaps an MDL that is not mapped.`,
        also: ['0xC4/0xB6'],
        bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xb6, mdl),
        history: mdlHistory(kernel, mdl),
      });
    }
    setFlags(kernel, mdl, flags & ~(mappedToSystemVa | partialHasBeenMapped));
    return returnsVoid;
  },
} satisfies KernelApis;

/** Such a call raises where it fails, and returns NULL otherwise. */
export function mapsToUser({ name, arguments: args }: NativeCall): boolean {
  return name.startsWith('MmMapLockedPages') && (args.int(1) & 0xff) !== 0;
}

/** The address at which the kernel sees the pages: the one they have, or that of locked user-mode pages. */
function mapPages(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult {
  const view = kernel.view('MDL', mdl);
  const flags = mdlFlags(kernel, mdl);
  if ((flags & (mappedToSystemVa | sourceIsNonPagedPool)) !== 0) return returns(view.get('MappedSystemVa'));
  const bad = checkPages(kernel, call, mdl);
  if (bad !== undefined) return bad;
  const base = mdlData(kernel, mdl);
  view.set('MappedSystemVa', base);
  setFlags(kernel, mdl, flags | mappedToSystemVa | ((flags & partial) === 0 ? 0 : partialHasBeenMapped));
  return returns(base);
}

/** A further address, in the current process: also for pages that the kernel sees already. */
function mapToUser(
  kernel: Kernel,
  { name, arguments: args }: NativeCall,
  how: { readonly requested: bigint; readonly isReadOnly: boolean },
): NativeResult {
  const mdl = args.pointer(0);
  const bad = checkPages(kernel, name, mdl);
  if (bad !== undefined) return bad;
  // A place of the driver's own choice nobody can have here; Windows may refuse it, too.
  if (how.requested !== 0n) return { kind: 'raise', code: STATUS_CONFLICTING_ADDRESSES };
  const size = kernel.view('MDL', mdl).getNumber('ByteCount');
  const given = { mdl, target: mdlData(kernel, mdl), size, isReadOnly: how.isReadOnly };
  const address = addUserMapping(kernel, given);
  return address === undefined ? { kind: 'raise', code: STATUS_INSUFFICIENT_RESOURCES } : returns(address);
}

/** Only what is locked, or never paged out, may be mapped. */
function checkPages(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult | undefined {
  const flags = mdlFlags(kernel, mdl);
  if ((flags & (pagesLocked | partial | sourceIsNonPagedPool)) !== 0) return undefined;
  return kernel.report({
    rule: 'mdl-not-locked',
    severity: 'error',
    message: `${call} maps an MDL whose pages are neither locked nor from non-paged pool.`,
    also: ['0xC4/0x85', '0xC4/0xB3'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xb3, mdl, flags),
    history: mdlHistory(kernel, mdl),
  });
}
