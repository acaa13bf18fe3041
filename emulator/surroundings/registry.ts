/** The scenario's registry: filled before the driver starts, and held against what the scenario expects at the end. */
import type { SourceFile, Span } from '../../base/source.ts';
import { keysOf } from '../kernel/io/device-keys.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import { addKey, keyAt, type RegistryValue } from '../kernel/registry/registry.ts';
import { type RegistryType, registryPlace, type ScenarioValue } from '../scenario/registry.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** What is not as the scenario expects it, and where the scenario says so. */
export interface Difference {
  readonly message: string;
  readonly span: Span | undefined;
}

/** Numbers of the types in winnt.h. */
const typeNumbers: Readonly<Record<RegistryType, number>> = {
  REG_SZ: 1,
  REG_EXPAND_SZ: 2,
  REG_BINARY: 3,
  REG_DWORD: 4,
  REG_MULTI_SZ: 7,
  REG_QWORD: 11,
};

/** The first file's name without folders and ending: what the service would be called. */
export function serviceName(files: readonly SourceFile[]): string {
  const path = files[0]?.path ?? 'driver.c';
  return (path.split(/[\\/]/).pop() ?? path).replace(/\.[^.]*$/, '');
}

export function addRegistry(kernel: Kernel, { registry }: Scenario, driver: string): void {
  for (const key of registry) {
    const values = key.values.map(({ name, type, bytes }) => ({ name, type: typeNumbers[type], data: [...bytes] }));
    addKey(kernel, fullPath(kernel, key.path, driver), values);
  }
}

/** What the scenario expects of the registry and is not so. */
export function registryDifferences(kernel: Kernel, { expect }: Scenario, driver: string): readonly Difference[] {
  const places = expect.places.registry;
  return expect.registry.flatMap(({ path, values }) => {
    const found = keyAt(kernel, fullPath(kernel, path, driver));
    if (found === undefined) {
      return [{ message: `The scenario expects the registry key ${path}, but there is none.`, span: places.get(path) }];
    }
    return values.flatMap((wanted) => {
      const message = complaintAboutValue(path, wanted, found.get(wanted.name.toLowerCase()));
      return message === undefined ? [] : [{ message, span: places.get(registryPlace(path, wanted.name)) }];
    });
  });
}

function complaintAboutValue(path: string, wanted: ScenarioValue, got: RegistryValue | undefined): string | undefined {
  const what = `the value ${wanted.name} of the registry key ${path}`;
  if (got === undefined) return `The scenario expects ${what}, but there is none.`;
  if (isSame(wanted, got)) return undefined;
  const expected = shown(typeNumbers[wanted.type], [...wanted.bytes]);
  return `The scenario expects ${what} to be ${expected}, but it is ${shown(got.type, got.data)}.`;
}

function isSame({ type, bytes }: ScenarioValue, got: RegistryValue): boolean {
  return (
    typeNumbers[type] === got.type && bytes.length === got.data.length && bytes.every((byte, i) => byte === got.data[i])
  );
}

function shown(type: number, data: readonly number[]): string {
  const name = Object.entries(typeNumbers).find(([, number]) => number === type)?.[0] ?? `type ${type}`;
  if (type === typeNumbers.REG_DWORD || type === typeNumbers.REG_QWORD) {
    return `${name} ${data.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)}`;
  }
  if (type === typeNumbers.REG_BINARY) {
    const digits = data.slice(0, 32).map((byte) => byte.toString(16).padStart(2, '0'));
    return `${name} ${digits.join(' ')}${data.length > 32 ? ' …' : ''}`;
  }
  const units = Array.from({ length: data.length >> 1 }, (_, i) => (data[2 * i] ?? 0) | ((data[2 * i + 1] ?? 0) << 8));
  return `${name} ${JSON.stringify(String.fromCharCode(...units.slice(0, 80)).replace(/\0+$/, ''))}`;
}

/** Of a key as it is written: \Device\Lower0\Driver is what the driver of that device has, the rest the device's own. */
function fullPath(kernel: Kernel, path: string, driver: string): string {
  for (const device of kernel.parts.io.answering.values()) {
    const below = path.toLowerCase().startsWith(`${device.name.toLowerCase()}\\`) ? path.slice(device.name.length) : '';
    if (below === '') continue;
    const keys = keysOf(device);
    return /^\\driver(\\|$)/i.test(below) ? `${keys.driver}${below.slice(7)}` : `${keys.device}${below}`;
  }
  if (/^\\registry\\/i.test(path)) return path;
  const service = `\\Registry\\Machine\\System\\CurrentControlSet\\Services\\${driver}`;
  return path === '.' ? service : `${service}\\${path}`;
}
