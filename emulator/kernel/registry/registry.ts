/**
 * A registry in memory: keys by path without regard to case, values by name. It starts with the driver's own key, which
 * has no values but those that the run gives it; what the driver writes lasts for the run.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText, unicodeString, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { handleObject, openDriverHandle, openKernelHandle } from '../ob/handles.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import {
  STATUS_BUFFER_OVERFLOW,
  STATUS_BUFFER_TOO_SMALL,
  STATUS_CANNOT_DELETE,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_PARAMETER,
  STATUS_KEY_DELETED,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_SYNTAX_BAD,
} from '../statuses.ts';
import { changedName, changedValue, registryChanged } from './registry-watches.ts';

export interface RegistryValue {
  readonly name: string;
  /** REG_SZ, REG_DWORD … */
  readonly type: number;
  readonly data: readonly number[];
}

/** Values by name in lower case, by path in lower case. */
export type Registry = Map<string, Map<string, RegistryValue>>;

const valueBasic = 0;
const valueFull = 1;
const valuePartial = 2;
const createdNew = 1;
/** Keys that need no scenario: a driver may make its own below them. */
const usualKeys =
  /^\\registry\\(machine|user|machine\\(software|system|hardware|sam|security)|machine\\software\\(microsoft|policies|classes)|machine\\software\\microsoft\\windows( nt)?(\\currentversion)?|machine\\system\\currentcontrolset(\\(control|services|enum|policies|hardware profiles))?|user\\\.default)$/;
const openedExisting = 2;

export const registryApis = {
  ZwOpenKey: (kernel, { arguments: args }) => {
    const path = objectPath(kernel, args.pointer(2));
    if (typeof path === 'number') return returns(path);
    if (!isThere(kernel, path)) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    kernel.memory.writeU64(args.pointer(0), openKey(kernel, path, args.uint(1), args.pointer(2)));
    return returns(0);
  },
  ZwCreateKey: (kernel, { arguments: args }) => {
    const path = objectPath(kernel, args.pointer(2));
    if (typeof path === 'number') return returns(path);
    const isNew = !isThere(kernel, path);
    if (isNew && !hasParent(kernel, path)) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    if (isNew) makeKey(kernel, path);
    kernel.memory.writeU64(args.pointer(0), openKey(kernel, path, args.uint(1), args.pointer(2)));
    if (args.pointer(6) !== 0n) kernel.memory.writeU32(args.pointer(6), isNew ? createdNew : openedExisting);
    return returns(0);
  },
  ZwDeleteKey: (kernel, { arguments: args }) => {
    const path = keyPath(kernel, args.uint64(0));
    if (path === undefined) return returns(STATUS_INVALID_HANDLE);
    const prefix = `${path}\\`;
    for (const key of kernel.parts.registry.keys()) if (key.startsWith(prefix)) return returns(STATUS_CANNOT_DELETE);
    if (!kernel.parts.registry.delete(path)) return returns(STATUS_KEY_DELETED);
    registryChanged(kernel, parentOf(path), changedName);
    return returns(0);
  },
  ZwSetValueKey: (kernel, { arguments: args }) => {
    const path = keyPath(kernel, args.uint64(0)) ?? '';
    const values = kernel.parts.registry.get(path);
    if (values === undefined) return returns(withoutKey(kernel, args.uint64(0)));
    const size = args.uint(5);
    const data = size === 0 ? [] : [...kernel.memory.readBytes(args.pointer(4), size)];
    setValue(values, { name: unicodeString(kernel, args.pointer(1)), type: args.uint(3), data });
    registryChanged(kernel, path, changedValue);
    return returns(0);
  },
  ZwDeleteValueKey: (kernel, { arguments: args }) => {
    const path = keyPath(kernel, args.uint64(0)) ?? '';
    if (!kernel.parts.registry.has(path)) return returns(withoutKey(kernel, args.uint64(0)));
    return returns(deleteValue(kernel, path, unicodeString(kernel, args.pointer(1))));
  },
  ZwQueryValueKey: (kernel, { arguments: args }) => {
    const values = keyValues(kernel, args.uint64(0));
    if (values === undefined) return returns(withoutKey(kernel, args.uint64(0)));
    const value = values.get(unicodeString(kernel, args.pointer(1)).toLowerCase());
    if (value === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    return queryValue(kernel, value, args.int(2), args.pointer(3), args.uint(4), args.pointer(5));
  },

  RtlWriteRegistryValue: (kernel, { arguments: args }) => {
    const path = relativePath(kernel, args.uint(0), args.pointer(1));
    if (typeof path === 'number') return returns(path);
    const values = kernel.parts.registry.get(path) ?? makeKey(kernel, path);
    const size = args.uint(5);
    const data = size === 0 ? [] : [...kernel.memory.readBytes(args.pointer(4), size)];
    setValue(values, { name: readText(kernel, args.pointer(2), { unit: 2 }), type: args.uint(3), data });
    registryChanged(kernel, path, changedValue);
    return returns(0);
  },
  IoOpenDriverRegistryKey: (kernel, { arguments: args }) => {
    const name = unicodeString(kernel, kernel.view('DRIVER_OBJECT', args.pointer(0)).addressOf('DriverName'));
    const service = `\\registry\\machine\\system\\currentcontrolset\\services\\${name.split('\\').pop()?.toLowerCase()}`;
    const path = `${service}\\parameters`;
    if (!kernel.parts.registry.has(path)) makeKey(kernel, path);
    kernel.memory.writeU64(args.pointer(4), openKey(kernel, path, args.uint(2)));
    return returns(0);
  },
} satisfies KernelApis;

/** Puts a key with its values, and the keys above it, into the registry; any control set is the current one. */
export function addKey(kernel: Kernel, path: string, values: readonly RegistryValue[]): void {
  const full = rememberNames(kernel, path);
  for (let at = full.lastIndexOf('\\'); at > 0; at = full.lastIndexOf('\\', at - 1)) {
    const above = full.slice(0, at);
    if (!kernel.parts.registry.has(above)) kernel.parts.registry.set(above, new Map());
  }
  const key = kernel.parts.registry.get(full) ?? new Map<string, RegistryValue>();
  kernel.parts.registry.set(full, key);
  for (const value of values) setValue(key, value);
}

/** The values of a key, by name in lower case. */
export function keyAt(kernel: Kernel, path: string): ReadonlyMap<string, RegistryValue> | undefined {
  return kernel.parts.registry.get(normalised(path));
}

/** A new key without values, of which those hear who watch the one above. */
export function makeKey(kernel: Kernel, path: string): Map<string, RegistryValue> {
  const values = new Map<string, RegistryValue>();
  kernel.parts.registry.set(path, values);
  registryChanged(kernel, parentOf(path), changedName);
  return values;
}

/** Its status. */
export function deleteValue(kernel: Kernel, path: string, name: string): number {
  if (kernel.parts.registry.get(path)?.delete(name.toLowerCase()) !== true) return STATUS_OBJECT_NAME_NOT_FOUND;
  registryChanged(kernel, path, changedValue);
  return 0;
}

function setValue(values: Map<string, RegistryValue>, value: RegistryValue): void {
  values.set(value.name.toLowerCase(), value);
}

function normalised(path: string): string {
  return path
    .toLowerCase()
    .replace(/\\+$/, '')
    .replace(/^\\registry\\machine\\system\\controlset\d+\\/, '\\registry\\machine\\system\\currentcontrolset\\');
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('\\')));
}

/** A key that every Windows has is made when it is first asked for, and is no news to those who watch its parent. */
function isThere(kernel: Kernel, path: string): boolean {
  const { registry } = kernel.parts;
  if (!registry.has(path) && usualKeys.test(path)) registry.set(path, new Map());
  return registry.has(path);
}

/** ZwCreateKey makes one key at a time. The hives' roots and the branches that every Windows has are there. */
function hasParent(kernel: Kernel, path: string): boolean {
  const parent = parentOf(path);
  return kernel.parts.registry.has(parent) || usualKeys.test(parent);
}

/** The path that OBJECT_ATTRIBUTES name, under their root key where there is one; or the status of what is none. */
function objectPath(kernel: Kernel, attributes: GuestAddress): string | number {
  const view = kernel.view('OBJECT_ATTRIBUTES', attributes);
  const nameAt = view.getPointer('ObjectName');
  const name = nameAt === 0n ? '' : unicodeString(kernel, nameAt);
  const root = view.get('RootDirectory');
  const parent = root === 0n ? '' : keyPath(kernel, root);
  if (parent === undefined) return STATUS_INVALID_HANDLE;
  if (root === 0n && !name.startsWith('\\')) return STATUS_OBJECT_PATH_SYNTAX_BAD;
  return rememberNames(kernel, root === 0n ? name : `${parent}\\${name}`);
}

/** Keys are found without regard to case, but listed as they were first named. */
function rememberNames(kernel: Kernel, path: string): string {
  const full = normalised(path);
  const leaf = path.replace(/\\+$/, '').split('\\').pop() ?? '';
  if (!kernel.parts.registryNames.has(full)) kernel.parts.registryNames.set(full, leaf);
  return full;
}

const relativeToHandle = 0x40000000;
const machine = '\\registry\\machine';
/** What RTL_REGISTRY_ABSOLUTE, _SERVICES … stand for. */
const relativeRoots = [
  '',
  `${machine}\\system\\currentcontrolset\\services\\`,
  `${machine}\\system\\currentcontrolset\\control\\`,
  `${machine}\\software\\microsoft\\windows nt\\currentversion\\`,
  `${machine}\\hardware\\devicemap\\`,
  '\\registry\\user\\.default\\',
];

/** The key that the RtlXxxRegistry functions are given, by a path under a root or by a handle; or why there is none. */
export function relativePath(kernel: Kernel, relativeTo: number, pathAt: GuestAddress): string | number {
  if ((relativeTo & relativeToHandle) !== 0) return keyPath(kernel, pathAt) ?? STATUS_INVALID_HANDLE;
  const root = relativeRoots[relativeTo & 0xff];
  if (root === undefined) return STATUS_INVALID_PARAMETER;
  return rememberNames(kernel, `${root}${readText(kernel, pathAt, { unit: 2 })}`);
}

/** A handle of the kernel to a key that is there. */
export function openKernelKey(kernel: Kernel, path: string, access: number): bigint {
  return openKey(kernel, normalised(path), access);
}

/** With the OBJECT_ATTRIBUTES that were given; a handle of the kernel where the I/O manager opens the key. */
function openKey(kernel: Kernel, path: string, access: number, attributesAt?: GuestAddress): bigint {
  const key = createObject(kernel, 'key', `registry key ${path}`, 16, { path });
  const handle =
    attributesAt === undefined
      ? openKernelHandle(kernel, key, access)
      : openDriverHandle(kernel, key, attributesAt, access);
  dereferenceObject(kernel, key);
  return handle;
}

export function keyPath(kernel: Kernel, handle: bigint): string | undefined {
  const object = handleObject(kernel, handle);
  const path = object === undefined ? undefined : objectAt(kernel, object)?.details.path;
  return typeof path === 'string' ? path : undefined;
}

/** The status of a handle behind which no key stands any more, or never did. */
export function withoutKey(kernel: Kernel, handle: bigint): number {
  return keyPath(kernel, handle) === undefined ? STATUS_INVALID_HANDLE : STATUS_KEY_DELETED;
}

export function keyValues(kernel: Kernel, handle: bigint): Map<string, RegistryValue> | undefined {
  const path = keyPath(kernel, handle);
  return path === undefined ? undefined : kernel.parts.registry.get(path);
}

/** Writes what fits: the fixed part alone is an overflow, less than that is too small. */
export function queryValue(
  kernel: Kernel,
  value: RegistryValue,
  kind: number,
  buffer: GuestAddress,
  room: number,
  resultAt: GuestAddress,
): NativeResult {
  const layout = layoutOf(kernel, value, kind);
  if (layout === undefined) return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writeU32(resultAt, layout.total);
  if (room < layout.fixed) return returns(STATUS_BUFFER_TOO_SMALL);
  const view = kernel.view(layout.type, buffer);
  view.set('TitleIndex', 0);
  view.set('Type', value.type);
  if (kind !== valuePartial) view.set('NameLength', value.name.length * 2);
  if (kind === valueFull) view.set('DataOffset', layout.dataAt);
  if (kind !== valueBasic) view.set('DataLength', value.data.length);
  const at = (offset: number): GuestAddress => (buffer + BigInt(offset)) as GuestAddress;
  if (kind !== valuePartial) {
    const fits = Math.max(0, Math.min(value.name.length, (room - layout.fixed) >> 1));
    writeText(kernel, at(layout.fixed), value.name.slice(0, fits), 2);
  }
  if (kind !== valueBasic) {
    const fits = Math.max(0, Math.min(value.data.length, room - layout.dataAt));
    if (fits > 0) kernel.memory.writeBytes(at(layout.dataAt), Uint8Array.from(value.data.slice(0, fits)));
  }
  return returns(room < layout.total ? STATUS_BUFFER_OVERFLOW : 0);
}

interface ValueLayout {
  readonly type: string;
  /** Bytes before the name or the data. */
  readonly fixed: number;
  readonly dataAt: number;
  readonly total: number;
}

function layoutOf(kernel: Kernel, value: RegistryValue, kind: number): ValueLayout | undefined {
  const nameBytes = value.name.length * 2;
  switch (kind) {
    case valueBasic: {
      const type = 'KEY_VALUE_BASIC_INFORMATION';
      const fixed = kernel.types.offsetOf(type, 'Name');
      return { type, fixed, dataAt: 0, total: fixed + nameBytes };
    }
    case valueFull: {
      const type = 'KEY_VALUE_FULL_INFORMATION';
      const fixed = kernel.types.offsetOf(type, 'Name');
      const dataAt = Math.ceil((fixed + nameBytes) / 4) * 4;
      return { type, fixed, dataAt, total: dataAt + value.data.length };
    }
    case valuePartial: {
      const type = 'KEY_VALUE_PARTIAL_INFORMATION';
      const fixed = kernel.types.offsetOf(type, 'Data');
      return { type, fixed, dataAt: fixed, total: fixed + value.data.length };
    }
    default:
      return undefined;
  }
}
