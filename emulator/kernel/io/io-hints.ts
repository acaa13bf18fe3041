/** Small facts about requests, stacks and privileges that drivers ask for, and hints that nothing here acts on. */
import { returns, returnsVoid } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import type { KernelApis } from '../kernel-apis.ts';
import { STATUS_INVALID_PARAMETER } from '../statuses.ts';
import { systemRecord } from '../system-record.ts';

const priorityHintShift = 17;
const priorityHintMask = 0x7 << priorityHintShift;
const normalPriority = 2;
const priorityHintMax = 5;
const dataAlignment = 64;
/** IRP_SYNCHRONOUS_API and IRP_SYNCHRONOUS_PAGING_IO; FO_SYNCHRONOUS_IO */
const synchronousRequest = 0x44;
const synchronousFile = 0x2;
/** IoPagingPriorityInvalid */
const notPaging = 0;
const mappingLabel = 'generic mapping of files';

export const ioHintApis = {
  IoGetIoPriorityHint: (kernel, { arguments: args }) => {
    const flags = kernel.view('IRP', args.pointer(0)).getNumber('Flags');
    const hint = (flags & priorityHintMask) >> priorityHintShift;
    return returns(hint === 0 ? normalPriority : hint - 1);
  },
  IoSetIoPriorityHint: (kernel, { arguments: args }) => {
    const hint = args.int(1);
    if (hint < 0 || hint >= priorityHintMax) return returns(STATUS_INVALID_PARAMETER);
    const irp = kernel.view('IRP', args.pointer(0));
    const others = irp.getNumber('Flags') & ~priorityHintMask;
    irp.set('Flags', others | ((hint + 1) << priorityHintShift));
    return returns(0);
  },
  /** The request says so itself, or its file was opened so. */
  IoIsOperationSynchronous: (kernel, { arguments: args }) => {
    const irp = kernel.view('IRP', args.pointer(0));
    if ((irp.getNumber('Flags') & synchronousRequest) !== 0) return returns(1);
    const file = kernel
      .view('IO_STACK_LOCATION', irp.getPointer('Tail.Overlay.CurrentStackLocation'))
      .getPointer('FileObject');
    const isFile = file !== 0n && (kernel.view('FILE_OBJECT', file).getNumber('Flags') & synchronousFile) !== 0;
    return returns(isFile ? 1 : 0);
  },
  /** No request of a run is the memory manager's own paging. */
  IoGetPagingIoPriority: (kernel, { arguments: args }) => {
    kernel.view('IRP', args.pointer(0)).getNumber('Flags');
    return returns(notPaging);
  },
  IoGetFileObjectGenericMapping: (kernel) => {
    const type = 'GENERIC_MAPPING';
    const mapping = systemRecord(kernel, type, mappingLabel, (address) => {
      const view = kernel.view(type, address);
      view.set('GenericRead', 0x0012_0089);
      view.set('GenericWrite', 0x0012_0116);
      view.set('GenericExecute', 0x0012_00a0);
      view.set('GenericAll', 0x001f_01ff);
    });
    return returns(mapping);
  },
  /** One disk, and no other device of those that the structure counts. */
  IoGetConfigurationInformation: (kernel) => {
    const type = 'CONFIGURATION_INFORMATION';
    const information = systemRecord(kernel, type, type, (address) => {
      const view = kernel.view(type, address);
      view.set('DiskCount', 1);
      view.set('Version', kernel.types.sizeOf(type));
    });
    return returns(information);
  },
  IoSetTopLevelIrp: (kernel, { arguments: args }) => {
    kernel.parts.topLevelIrps.set(currentThread(kernel).id, args.pointer(0));
    return returnsVoid;
  },
  IoGetTopLevelIrp: (kernel) => returns(kernel.parts.topLevelIrps.get(currentThread(kernel).id) ?? 0n),
  IoGetStackLimits: (kernel, { arguments: args }) => {
    // The caller's variables are on its stack.
    const region = kernel.memory.regionAt(args.pointer(0));
    const low = region?.kind === 'stack' ? region.start : 0n;
    kernel.memory.writeU64(args.pointer(0), low);
    kernel.memory.writeU64(args.pointer(1), low + BigInt(region?.kind === 'stack' ? region.size : 0));
    return returnsVoid;
  },
  /** Where the stack of the current thread begins: its highest address. */
  IoGetInitialStack: (kernel) => {
    const frame = kernel.current === undefined ? undefined : kernel.machine.frames(kernel.current)[0];
    const region = frame === undefined ? undefined : kernel.memory.regionAt(frame.base);
    return returns(region === undefined ? 0n : region.start + BigInt(region.size));
  },
  IoWithinStackLimits: (kernel, { arguments: args }) => {
    const region = kernel.memory.regionAt(args.pointer(0));
    if (region?.kind !== 'stack') return returns(0);
    return returns(args.pointer(0) + args.uint64(1) <= region.start + BigInt(region.size) ? 1 : 0);
  },
  KeGetRecommendedSharedDataAlignment: () => returns(dataAlignment),

  SeLockSubjectContext: () => returnsVoid,
  SeUnlockSubjectContext: () => returnsVoid,
  /** System threads have every privilege; a program's thread is an ordinary user's. */
  SeSinglePrivilegeCheck: (_kernel, { arguments: args }) => returns((args.int(1) & 0xff) === 0 ? 1 : 0),
  SePrivilegeCheck: (_kernel, { arguments: args }) => returns((args.int(2) & 0xff) === 0 ? 1 : 0),
} satisfies KernelApis;
