/**
 * RtlQueryRegistryValues: goes through a table of what the driver wants to know, writes values straight into its
 * variables, or calls its routines, and takes defaults for what is not there.
 */
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
} from '../../machine/native.ts';
import { allocatePool, freePool } from '../ex/pool.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel, StructView } from '../kernel-types.ts';
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_NO_MEMORY,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_TYPE_MISMATCH,
} from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import { type RegistryValue, relativePath } from './registry.ts';

// Flags of RTL_QUERY_REGISTRY_TABLE (wdm.h).
const isSubkey = 0x1;
const isTopKey = 0x2;
const isRequired = 0x4;
const isUnprocessed = 0x10;
const isDirect = 0x20;
const regNone = 0;
const regSz = 1;
const regExpandSz = 2;
const regBinary = 3;
const regDword = 4;
const regMultiSz = 7;
/** 'Strg' */
const stringTag = 0x67727453;
const entriesMax = 1000;

const systemVariables: Readonly<Record<string, string>> = {
  systemroot: 'C:\\Windows',
  windir: 'C:\\Windows',
  systemdrive: 'C:',
};

interface QueryState {
  readonly root: string;
  readonly path: string;
  readonly table: GuestAddress;
  readonly context: bigint;
  /** The block given to the routine under way, freed after it. */
  readonly block: GuestAddress;
  readonly left: number;
  /** Strings of a REG_MULTI_SZ that the routine is still to be called with. */
  readonly strings: readonly RegistryValue[];
  /** Values of the key that the entry's routine has had, where it is called for all of them. */
  readonly given: number;
}

export const registryQueryApis = {
  RtlQueryRegistryValues: (kernel, { arguments: args }) => {
    const path = relativePath(kernel, args.uint(0), args.pointer(1));
    if (typeof path === 'number') return returns(path);
    if (!kernel.parts.registry.has(path)) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    const context = args.uint64(3);
    const table = args.pointer(2);
    return next(kernel, {
      root: path,
      path,
      table,
      context,
      block: NULL_ADDRESS,
      left: entriesMax,
      strings: [],
      given: 0,
    });
  },
} satisfies KernelApis;

export const registryQueryContinuations = {
  'rtl.query-returned': (kernel, _thread, state, value) => {
    const query = state as unknown as QueryState;
    if (query.block !== 0n) {
      const bad = freePool(kernel, 'RtlQueryRegistryValues', query.block, 0);
      if (bad !== undefined) return bad;
    }
    const status = Number(BigInt.asIntN(32, value));
    if (status < 0 && status !== STATUS_BUFFER_TOO_SMALL) return returns(status);
    if (query.strings.length > 0) return callRoutine(kernel, query, query.strings);
    return next(kernel, query.given > 0 ? query : advanced(kernel, query, query.path));
  },
} satisfies ContinuationTable;

function advanced(kernel: Kernel, query: QueryState, path: string): QueryState {
  const size = BigInt(kernel.types.sizeOf('RTL_QUERY_REGISTRY_TABLE'));
  return {
    ...query,
    path,
    table: (query.table + size) as GuestAddress,
    block: NULL_ADDRESS,
    left: query.left - 1,
    strings: [],
    given: 0,
  };
}

/** Goes on with the entry that the state stands at; an entry with neither routine nor name ends the table. */
function next(kernel: Kernel, query: QueryState): NativeResult {
  for (let at = query; at.left > 0; ) {
    const entry = kernel.view('RTL_QUERY_REGISTRY_TABLE', at.table);
    const flags = entry.getNumber('Flags');
    const routine = entry.getPointer('QueryRoutine');
    const nameAt = entry.getPointer('Name');
    const isPathEntry = (flags & (isSubkey | isTopKey)) !== 0;
    if (routine === 0n && nameAt === 0n && !isPathEntry && (flags & isDirect) === 0) return returns(0);
    const name = nameAt === 0n ? '' : readText(kernel, nameAt, { unit: 2 });
    let { path } = at;
    if ((flags & isTopKey) !== 0) path = at.root;
    if ((flags & isSubkey) !== 0) {
      path = `${at.root}\\${name.toLowerCase()}`;
      if (!kernel.parts.registry.has(path) && (flags & isRequired) !== 0) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
      if (routine === 0n) {
        at = advanced(kernel, at, path);
        continue;
      }
    }
    if (routine !== 0n && (nameAt === 0n || (flags & isSubkey) !== 0)) {
      // Without the name of one, the routine is called for every value of the key.
      const value = [...(kernel.parts.registry.get(path)?.values() ?? [])][at.given];
      if (value === undefined) at = advanced(kernel, at, path);
      else {
        at = { ...at, path, given: at.given + 1 };
        const parts = processed(value, flags);
        if (parts.length > 0) return callRoutine(kernel, at, parts);
      }
      continue;
    }
    const value = valueFor(kernel, entry, path, name);
    if (value === undefined && (flags & isRequired) !== 0) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    if (value !== undefined && (flags & isDirect) !== 0) {
      const status = storeAll(kernel, entry, value, flags);
      if (status < 0) return returns(status);
    } else if (value !== undefined && routine !== 0n) {
      const parts = processed(value, flags);
      if (parts.length > 0) return callRoutine(kernel, { ...at, path }, parts);
    }
    at = advanced(kernel, at, path);
  }
  return returns(0);
}

/** The registry's value, or the entry's default. */
function valueFor(kernel: Kernel, entry: StructView, path: string, name: string): RegistryValue | undefined {
  const value = kernel.parts.registry.get(path)?.get(name.toLowerCase());
  if (value !== undefined) return value;
  // The top byte carries the type that the driver expects.
  const type = entry.getNumber('DefaultType') & 0xff;
  const dataAt = entry.getPointer('DefaultData');
  if (type === regNone || dataAt === 0n) return undefined;
  let size = entry.getNumber('DefaultLength');
  if (size === 0 && (type === regSz || type === regExpandSz)) size = textBytes(kernel, dataAt);
  const isNoList = size === 0 || (size >= 4 && kernel.memory.readU32(dataAt) === 0);
  if (type === regMultiSz && isNoList) size = stringsBytes(kernel, dataAt);
  return { name, type, data: size === 0 ? [] : [...kernel.memory.readBytes(dataAt, size)] };
}

/** With the NUL at its end. */
function textBytes(kernel: Kernel, address: GuestAddress): number {
  return (readText(kernel, address, { unit: 2 }).length + 1) * 2;
}

/** Strings up to the empty one that ends them. */
function stringsBytes(kernel: Kernel, address: GuestAddress): number {
  for (let size = 0; ; ) {
    const length = textBytes(kernel, offsetAddress(address, size));
    size += length;
    if (length === 2) return size;
  }
}

/**
 * What becomes of a value without RTL_QUERY_REGISTRY_NOEXPAND: the names of environment variables in a REG_EXPAND_SZ give
 * way to their values, and a REG_MULTI_SZ is taken one string after the other; all of them are REG_SZ then.
 */
function processed(value: RegistryValue, flags: number): RegistryValue[] {
  if ((flags & isUnprocessed) !== 0) return [value];
  if (value.type === regExpandSz) return [textValue(value.name, expandVariables(textOf(value)))];
  if (value.type !== regMultiSz) return [value];
  // The last character ends the list; an empty string before it is a string like others.
  const list = textOf(value).replace(/\0$/, '');
  return list === ''
    ? []
    : list
        .replace(/\0$/, '')
        .split('\0')
        .map((one) => textValue(value.name, one));
}

/** The UNICODE_STRINGs of several strings follow each other. */
function storeAll(kernel: Kernel, entry: StructView, value: RegistryValue, flags: number): number {
  const expected = (entry.getNumber('DefaultType') >>> 24) & 0xff;
  if (expected !== 0 && expected !== value.type) return STATUS_OBJECT_TYPE_MISMATCH;
  let target = entry.getPointer('EntryContext');
  for (const part of processed(value, flags)) {
    const status = storeDirect(kernel, target, part);
    if (status < 0) return status;
    target = (target + BigInt(kernel.types.sizeOf('UNICODE_STRING'))) as GuestAddress;
  }
  return 0;
}

function textOf({ data }: RegistryValue): string {
  let text = '';
  for (let i = 0; i + 1 < data.length; i += 2) text += String.fromCharCode((data[i] ?? 0) | ((data[i + 1] ?? 0) << 8));
  return text;
}

function textValue(name: string, text: string): RegistryValue {
  const data = Array.from({ length: text.length + 1 }, (_, i) => text.charCodeAt(i) || 0).flatMap((unit) => [
    unit & 0xff,
    unit >> 8,
  ]);
  return { name, type: regSz, data };
}

/** The system's own environment; what it does not have stays as it is written. */
function expandVariables(text: string): string {
  const [plain = ''] = text.split('\0');
  return plain.replace(/%([^%]+)%/g, (whole, name: string) => systemVariables[name.toLowerCase()] ?? whole);
}

/** Into a UNICODE_STRING for text, into the variable itself for what fits four bytes. */
function storeDirect(kernel: Kernel, target: GuestAddress, value: RegistryValue): number {
  const bytes = Uint8Array.from(value.data);
  if ([regSz, regExpandSz, regMultiSz].includes(value.type)) {
    const view = kernel.view('UNICODE_STRING', target);
    if (view.getPointer('Buffer') === 0n) {
      const how = { isPaged: true, isUninitialised: false, isCacheAligned: false, call: 'RtlQueryRegistryValues' };
      const buffer = allocatePool(kernel, { size: Math.max(2, bytes.length), tag: stringTag, ...how });
      if (buffer === 0n) return STATUS_NO_MEMORY;
      view.set('Buffer', buffer);
      view.set('MaximumLength', Math.max(2, bytes.length));
    }
    if (bytes.length > view.getNumber('MaximumLength')) return STATUS_BUFFER_TOO_SMALL;
    if (bytes.length > 0) kernel.memory.writeBytes(view.getPointer('Buffer'), bytes);
    view.set('Length', Math.max(0, bytes.length - 2));
    return 0;
  }
  if (value.type === regDword || bytes.length <= 4) {
    if (bytes.length > 0) kernel.memory.writeBytes(target, bytes.slice(0, 4));
    return 0;
  }
  if (value.type === regBinary) {
    // A negative length in the variable says that the data goes there alone.
    const room = kernel.memory.readI32(target);
    if (room < 0) {
      if (-room < bytes.length) return STATUS_BUFFER_TOO_SMALL;
      kernel.memory.writeBytes(target, bytes);
      return 0;
    }
    if (room < bytes.length) return STATUS_BUFFER_TOO_SMALL;
    kernel.memory.writeU32(target, bytes.length);
    kernel.memory.writeU32((target + 4n) as GuestAddress, value.type);
    kernel.memory.writeBytes((target + 8n) as GuestAddress, bytes);
  }
  return 0;
}

/** Calls the routine of the entry that the state stands at with the first of the values. */
function callRoutine(kernel: Kernel, query: QueryState, values: readonly RegistryValue[]): NativeResult {
  const [value, ...strings] = values;
  if (value === undefined) return next(kernel, query);
  const entry = kernel.view('RTL_QUERY_REGISTRY_TABLE', query.table);
  const routine = entry.getPointer('QueryRoutine');
  const name = `${value.name}\0`;
  const how = { isPaged: true, isUninitialised: false, isCacheAligned: false, call: 'RtlQueryRegistryValues' };
  const size = value.data.length + name.length * 2;
  const block = allocatePool(kernel, { size, tag: stringTag, ...how });
  if (block === 0n) return returns(STATUS_NO_MEMORY);
  if (value.data.length > 0) kernel.memory.writeBytes(block, Uint8Array.from(value.data));
  const nameAt = (block + BigInt(value.data.length)) as GuestAddress;
  writeText(kernel, nameAt, name, 2);
  const then: Continuation = { name: 'rtl.query-returned', state: { ...query, strings, block } };
  const args = [nameAt, BigInt(value.type), block, BigInt(value.data.length), query.context, entry.get('EntryContext')];
  return { kind: 'call', target: routine, arguments: args, frameLabel: 'RtlQueryRegistryValues', then };
}
