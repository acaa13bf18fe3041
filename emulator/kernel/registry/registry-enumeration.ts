/** Registry keys listed: subkeys and values by index, what a key says about itself, and the Rtl short cuts by path. */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import {
  STATUS_BUFFER_OVERFLOW,
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_PARAMETER,
  STATUS_NO_MORE_ENTRIES,
  STATUS_OBJECT_NAME_NOT_FOUND,
} from '../statuses.ts';
import { deleteValue, keyPath, keyValues, makeKey, queryValue, relativePath, withoutKey } from './registry.ts';

const keyBasic = 0;
const keyNode = 1;
const keyFull = 2;
const keyName = 3;

export const registryEnumerationApis = {
  ZwEnumerateKey: (kernel, { arguments: args }) => {
    const path = keyPath(kernel, args.uint64(0));
    if (path === undefined || keyValues(kernel, args.uint64(0)) === undefined)
      return returns(withoutKey(kernel, args.uint64(0)));
    const key = subkeys(kernel, path)[args.uint(1)];
    if (key === undefined) return returns(STATUS_NO_MORE_ENTRIES);
    const name = kernel.parts.registryNames.get(`${path}\\${key}`) ?? key;
    return queryKey(kernel, `${path}\\${name}`, name, args.int(2), args.pointer(3), args.uint(4), args.pointer(5));
  },
  ZwEnumerateValueKey: (kernel, { arguments: args }) => {
    const values = keyValues(kernel, args.uint64(0));
    if (values === undefined) return returns(withoutKey(kernel, args.uint64(0)));
    const value = [...values.values()][args.uint(1)];
    if (value === undefined) return returns(STATUS_NO_MORE_ENTRIES);
    return queryValue(kernel, value, args.int(2), args.pointer(3), args.uint(4), args.pointer(5));
  },
  ZwQueryKey: (kernel, { arguments: args }) => {
    const path = keyPath(kernel, args.uint64(0));
    if (path === undefined || keyValues(kernel, args.uint64(0)) === undefined)
      return returns(withoutKey(kernel, args.uint64(0)));
    const kind = args.int(1);
    const leaf = kernel.parts.registryNames.get(path) ?? path.split('\\').pop() ?? '';
    const name = kind === keyName ? path : leaf;
    return queryKey(kernel, path, name, kind, args.pointer(2), args.uint(3), args.pointer(4));
  },
  ZwFlushKey: (kernel, { arguments: args }) =>
    returns(keyValues(kernel, args.uint64(0)) === undefined ? withoutKey(kernel, args.uint64(0)) : 0),

  RtlCheckRegistryKey: (kernel, { arguments: args }) => {
    const path = relativePath(kernel, args.uint(0), args.pointer(1));
    if (typeof path === 'number') return returns(path);
    return returns(kernel.parts.registry.has(path) ? 0 : STATUS_OBJECT_NAME_NOT_FOUND);
  },
  RtlCreateRegistryKey: (kernel, { arguments: args }) => {
    const path = relativePath(kernel, args.uint(0), args.pointer(1));
    if (typeof path === 'number') return returns(path);
    if (!kernel.parts.registry.has(path)) makeKey(kernel, path);
    return returns(0);
  },
  RtlDeleteRegistryValue: (kernel, { arguments: args }) => {
    const path = relativePath(kernel, args.uint(0), args.pointer(1));
    if (typeof path === 'number') return returns(path);
    return returns(deleteValue(kernel, path, readText(kernel, args.pointer(2), { unit: 2 })));
  },
} satisfies KernelApis;

/** Names of the keys right below a path, in the order of the alphabet, as Windows lists them. */
function subkeys(kernel: Kernel, path: string): string[] {
  const prefix = `${path}\\`;
  const names = new Set<string>();
  for (const key of kernel.parts.registry.keys())
    if (key.startsWith(prefix)) names.add(key.slice(prefix.length).split('\\')[0] ?? '');
  return [...names].sort();
}

interface KeyLayout {
  readonly type: string;
  readonly fixed: number;
  readonly text: string;
}

function layoutOf(kernel: Kernel, kind: number, name: string): KeyLayout | undefined {
  const at = (type: string, member: string): number => kernel.types.offsetOf(type, member);
  switch (kind) {
    case keyBasic:
      return { type: 'KEY_BASIC_INFORMATION', fixed: at('KEY_BASIC_INFORMATION', 'Name'), text: name };
    case keyNode:
      return { type: 'KEY_NODE_INFORMATION', fixed: at('KEY_NODE_INFORMATION', 'Name'), text: name };
    case keyFull:
      return { type: 'KEY_FULL_INFORMATION', fixed: at('KEY_FULL_INFORMATION', 'Class'), text: '' };
    case keyName:
      return { type: 'KEY_NAME_INFORMATION', fixed: at('KEY_NAME_INFORMATION', 'Name'), text: name };
    default:
      return undefined;
  }
}

function queryKey(
  kernel: Kernel,
  path: string,
  name: string,
  kind: number,
  buffer: GuestAddress,
  room: number,
  resultAt: GuestAddress,
): NativeResult {
  const layout = layoutOf(kernel, kind, name);
  if (layout === undefined) return returns(STATUS_INVALID_PARAMETER);
  const total = layout.fixed + layout.text.length * 2;
  kernel.memory.writeU32(resultAt, total);
  if (room < layout.fixed) return returns(STATUS_BUFFER_TOO_SMALL);
  const view = kernel.view(layout.type, buffer);
  if (kind !== keyName) {
    view.set('LastWriteTime', 0);
    view.set('TitleIndex', 0);
  }
  if (kind !== keyFull) view.set('NameLength', layout.text.length * 2);
  if (kind === keyNode || kind === keyFull) {
    view.set('ClassOffset', 0xffffffff);
    view.set('ClassLength', 0);
  }
  if (kind === keyFull) {
    const below = subkeys(kernel, path);
    const values = [...(kernel.parts.registry.get(path)?.values() ?? [])];
    const longest = (lengths: readonly number[]): number => Math.max(0, ...lengths);
    view.set('SubKeys', below.length);
    view.set('MaxNameLen', longest(below.map((key) => key.length * 2)));
    view.set('MaxClassLen', 0);
    view.set('Values', values.length);
    view.set('MaxValueNameLen', longest(values.map((value) => value.name.length * 2)));
    view.set('MaxValueDataLen', longest(values.map((value) => value.data.length)));
  }
  const fits = Math.min(layout.text.length, (room - layout.fixed) >> 1);
  if (fits > 0) writeText(kernel, (buffer + BigInt(layout.fixed)) as GuestAddress, layout.text.slice(0, fits), 2);
  return returns(room < total ? STATUS_BUFFER_OVERFLOW : 0);
}
