/** Variables that the system exports to drivers: object types, the system process, debugger flags. */
import type { GuestAddress } from '../../machine/native.ts';
import { writeUnicodeString } from '../io/devices.ts';
import type { Kernel } from '../kernel-types.ts';
import { createObject, type ObjectType } from './objects.ts';
import { systemProcess } from './process-context.ts';
import { createSecurityExports } from './security-exports.ts';
import { version } from './system-info.ts';

const objectTypes: Readonly<Record<string, ObjectType>> = {
  PsThreadType: 'thread',
  PsProcessType: 'process',
  IoFileObjectType: 'file',
  IoDriverObjectType: 'driver',
  IoDeviceObjectType: 'device',
  MmSectionObjectType: 'section',
  ExEventObjectType: 'event',
  ExSemaphoreObjectType: 'semaphore',
  CmKeyObjectType: 'key',
};

/** Bytes of an object that drivers know by its address only. */
const opaqueSize = 64;

/** Security descriptors of devices, as text (wdmsec.h). */
const system = 'D:P(A;;GA;;;SY)';
const descriptors: Readonly<Record<string, string>> = {
  SDDL_DEVOBJ_KERNEL_ONLY: 'D:P',
  SDDL_DEVOBJ_INF_SUPPLIED: 'D:P(A;;GA;;;SY)',
  SDDL_DEVOBJ_SYS_ALL: system,
  SDDL_DEVOBJ_SYS_ALL_ADM_ALL: `${system}(A;;GA;;;BA)`,
  SDDL_DEVOBJ_SYS_ALL_ADM_RX: `${system}(A;;GRGX;;;BA)`,
  SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R: `${system}(A;;GRGWGX;;;BA)(A;;GR;;;WD)`,
  SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R: `${system}(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)`,
  SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R: `${system}(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)`,
  SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX: `${system}(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)`,
};

/** Where user mode ends and the system begins. */
const addressLimits: readonly (readonly [string, bigint])[] = [
  ['MmHighestUserAddress', 0x7fff_fffe_ffffn],
  ['MmUserProbeAddress', 0x7fff_ffff_0000n],
  ['MmSystemRangeStart', 0xffff_8000_0000_0000n],
];

/** What a pointer leads to: its name, bytes and value. A free build has its four highest bits in NtBuildNumber. */
const pointedNumbers: readonly (readonly [string, 1 | 4, number])[] = [
  ['KdDebuggerEnabled', 1, 0],
  ['KdDebuggerNotPresent', 1, 1],
  ['NtBuildNumber', 4, (0xf000_0000 | version.build) >>> 0],
];

/** Gives values to those variables that the driver names. */
export function defineSystemVariables(kernel: Kernel): void {
  for (const [name, typeOf] of Object.entries(objectTypes)) {
    const variable = kernel.machine.globalAddress(name);
    if (variable === undefined) continue;
    // Drivers use *PsThreadType: the variable holds the address of a pointer to the type.
    const type = createObject(kernel, 'type', `object type ${typeOf}`, opaqueSize, { typeOf });
    const holder = kernel.memory.allocate({ size: 8, kind: 'object', label: `pointer to object type ${typeOf}` });
    if (holder === undefined) continue;
    kernel.memory.writePointer(holder.start, type);
    define(kernel, variable, holder.start);
  }
  const process = kernel.machine.globalAddress('PsInitialSystemProcess');
  if (process !== undefined) define(kernel, process, systemProcess(kernel));
  const exports = kernel.machine.globalAddress('SeExports');
  const values = exports === undefined ? undefined : createSecurityExports(kernel);
  if (exports !== undefined && values !== undefined) define(kernel, exports, values);
  for (const [name, value] of addressLimits) {
    const variable = kernel.machine.globalAddress(name);
    if (variable !== undefined) define(kernel, variable, value as GuestAddress);
  }
  for (const [name, text] of Object.entries(descriptors)) {
    const variable = kernel.machine.globalAddress(name);
    if (variable !== undefined && isOpened(kernel, variable)) writeUnicodeString(kernel, variable, text);
  }
  for (const [name, size, value] of pointedNumbers) {
    const variable = kernel.machine.globalAddress(name);
    const holder = variable === undefined ? undefined : kernel.memory.allocate({ size, kind: 'object', label: name });
    if (variable === undefined || holder === undefined) continue;
    if (size === 1) kernel.memory.writeU8(holder.start, value);
    else kernel.memory.writeU32(holder.start, value);
    define(kernel, variable, holder.start);
  }
  const processors = kernel.machine.globalAddress('KeNumberProcessors');
  if (processors !== undefined && isOpened(kernel, processors)) kernel.memory.writeU8(processors, 1);
}

/** Gives a value to a variable that nobody defines; the driver's own of that name keeps what it has. */
function define(kernel: Kernel, variable: GuestAddress, value: bigint): void {
  if (isOpened(kernel, variable)) kernel.memory.writePointer(variable, value);
}

/** True where nobody defines the variable: it can be written now. */
function isOpened(kernel: Kernel, variable: GuestAddress): boolean {
  const region = kernel.memory.regionAt(variable);
  if (region?.isMissing !== true) return false;
  region.isMissing = false;
  region.isReadOnly = false;
  return true;
}
