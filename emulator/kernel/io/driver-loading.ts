/**
 * ZwLoadDriver and ZwUnloadDriver. The driver under test is the only one that is loaded from outside: others have a
 * registry key at most, and an image only where the scenario puts a file there, which is none of a driver. When the
 * driver is unloaded is the run's to say, so unloading it is declined, as for a driver of a device.
 */
import { returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { keyAt } from '../registry/registry.ts';
import {
  STATUS_IMAGE_ALREADY_LOADED,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_IMAGE_FORMAT,
  STATUS_OBJECT_NAME_NOT_FOUND,
} from '../statuses.ts';

export const driverLoadingApis = {
  ZwLoadDriver: (kernel, { arguments: args }) => {
    const key = unicodeString(kernel, args.pointer(0));
    if (isLoaded(kernel, key)) return returns(STATUS_IMAGE_ALREADY_LOADED);
    const image = imagePath(kernel, key);
    const isThere = image !== undefined && kernel.parts.files.nodes.has(image);
    return returns(isThere ? STATUS_INVALID_IMAGE_FORMAT : STATUS_OBJECT_NAME_NOT_FOUND);
  },
  ZwUnloadDriver: (kernel, { arguments: args }) =>
    returns(
      isLoaded(kernel, unicodeString(kernel, args.pointer(0)))
        ? STATUS_INVALID_DEVICE_REQUEST
        : STATUS_OBJECT_NAME_NOT_FOUND,
    ),
} satisfies KernelApis;

function serviceOf(key: string): string {
  return key.replace(/\\+$/, '').split('\\').pop()?.toLowerCase() ?? '';
}

function isLoaded(kernel: Kernel, key: string): boolean {
  const label = `driver object of ${serviceOf(key)}`;
  return [...kernel.parts.objects.records.values()].some((r) => r.type === 'driver' && r.label.toLowerCase() === label);
}

/** ImagePath in the names of the file system, or where Windows looks without one; undefined without a key. */
function imagePath(kernel: Kernel, key: string): string | undefined {
  const values = keyAt(kernel, key);
  if (values === undefined) return undefined;
  const data = values.get('imagepath')?.data ?? [];
  const units = Array.from({ length: data.length >> 1 }, (_, i) => (data[i * 2] ?? 0) | ((data[i * 2 + 1] ?? 0) << 8));
  const text = String.fromCharCode(...units).replace(/\0.*$/s, '') || `system32\\drivers\\${serviceOf(key)}.sys`;
  return text
    .replace(/^(?:\\systemroot|%systemroot%)\\/i, '')
    .replace(/^(?!\\)/, '\\??\\C:\\Windows\\')
    .toLowerCase();
}
