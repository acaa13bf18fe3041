/**
 * From a name to a device: `\Device\Echo`, its link `\??\Echo`, the Win32 form `\\.\Echo`, or the class GUID of a device
 * interface. What stands behind the device's own name (`\Device\Echo\left`) is for the driver to read.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { objectAt } from '../ob/objects.ts';

/** Symbolic links that are followed: more means that they run in a circle. */
const linksMax = 16;

export interface NamedDevice {
  readonly device: GuestAddress;
  /** With its leading backslash, or empty. */
  readonly rest: string;
}

export function resolveDevice(kernel: Kernel, name: string): NamedDevice | undefined {
  let path = objectPath(kernel, name);
  for (let i = 0; i < linksMax; i++) {
    const found = longestName(kernel, path);
    if (found === undefined) return undefined;
    const rest = path.slice(found.length);
    if (kernel.parts.io.devices.has(found.object)) return { device: found.object, rest };
    const target = objectAt(kernel, found.object)?.details.target;
    if (typeof target !== 'string') return undefined;
    path = objectPath(kernel, target + rest);
  }
  return undefined;
}

/**
 * `\\.\Echo`, `\DosDevices\Echo`, `\DosDevices\Global\Echo` and `\??\Echo` are one name, since here is one session only;
 * a GUID stands for the first device that has it, and what follows `\\.\GLOBALROOT` is a name of the kernel's.
 */
export function objectPath(kernel: Kernel, name: string): string {
  if (/^\{[0-9a-f-]{36}\}$/i.test(name)) {
    const wanted = name.toLowerCase();
    for (const [link, { guid }] of kernel.parts.io.interfaces)
      if (guid === wanted && kernel.parts.objects.names.has(link)) return link;
  }
  return linkPath(name);
}

/** The name under which a symbolic link is kept, whichever of its directory's names was used. */
export function linkPath(name: string): string {
  return name
    .replace(/^\\\\[.?]\\/, '\\??\\')
    .replace(/^\\(dosdevices|global\?\?)\\/i, '\\??\\')
    .replace(/^\\\?\?\\global\\/i, '\\??\\')
    .replace(/^\\\?\?\\globalroot(?=\\)/i, '');
}

/** Names of devices and of links to them, for messages. */
export function deviceNames(kernel: Kernel): readonly string[] {
  const { names, records } = kernel.parts.objects;
  return [...names].flatMap(([name, object]) => {
    const type = records.get(object)?.type;
    return type === 'device' || type === 'symbolic link' ? [name] : [];
  });
}

/** The longest beginning of the path, up to a backslash, that is a name. */
function longestName(
  kernel: Kernel,
  path: string,
): { readonly object: GuestAddress; readonly length: number } | undefined {
  const lower = path.toLowerCase();
  const { names } = kernel.parts.objects;
  for (let length = lower.length; length > 0; length = lower.lastIndexOf('\\', length - 1)) {
    const part = lower.slice(0, length);
    const object = names.get(part);
    if (object !== undefined) return { object, length };
  }
  return undefined;
}
