/**
 * The registry in a scenario file: what stands in it before the driver starts, and what must stand in it at the end. Keys
 * are paths, below the driver's service key unless they begin with \Registry\; values are written as YAML has them.
 */
import { hexShape } from './byte-shape.ts';
import { hexBytes } from './bytes.ts';
import type { ObjectShape, Shape } from './shape.ts';

export type RegistryType = 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_BINARY' | 'REG_DWORD' | 'REG_MULTI_SZ' | 'REG_QWORD';

export interface ScenarioKey {
  /** As it is written: "Parameters", "\Registry\Machine\Software\Echo", or "." for the service key itself. */
  readonly path: string;
  readonly values: readonly ScenarioValue[];
}

export interface ScenarioValue {
  readonly name: string;
  readonly type: RegistryType;
  /** As the registry holds them: text is UTF-16 with its terminating zero, numbers are little-endian. */
  readonly bytes: Uint8Array;
}

interface RawFields {
  readonly dword?: number;
  readonly qword?: number;
  readonly text?: string;
  readonly expand?: string;
  readonly multi?: readonly string[];
  readonly hex?: string;
}

export type RawRegistry = Readonly<Record<string, Readonly<Record<string, string | number | RawFields>>>>;

const valueShape: ObjectShape = {
  kind: 'object',
  exactlyOne: ['dword', 'qword', 'text', 'expand', 'multi', 'hex'],
  fields: {
    dword: { shape: { kind: 'number', min: 0, max: 0xffff_ffff, isInteger: true }, about: 'A REG_DWORD.' },
    qword: { shape: { kind: 'number', min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true }, about: 'A REG_QWORD.' },
    text: { shape: { kind: 'text' }, about: 'A REG_SZ.' },
    expand: { shape: { kind: 'text' }, about: 'A REG_EXPAND_SZ.' },
    multi: { shape: { kind: 'list', of: { kind: 'text' } }, about: 'A REG_MULTI_SZ, of these texts.' },
    hex: { shape: hexShape, about: 'A REG_BINARY, as pairs of hexadecimal digits.' },
  },
};

export const registryShape: Shape = {
  kind: 'map',
  of: {
    kind: 'map',
    of: {
      kind: 'text-or-object',
      object: valueShape,
      number: { kind: 'number', min: 0, max: 0xffff_ffff, isInteger: true },
    },
  },
};

export function registryOf(raw: RawRegistry): ScenarioKey[] {
  return Object.entries(raw).map(([path, values]) => ({
    path,
    values: Object.entries(values ?? {}).map(([name, value]) => ({ name, ...registryValue(value) })),
  }));
}

/** Under which the place of a value is kept: no path has a zero in it. */
export function registryPlace(path: string, value: string): string {
  return `${path}\0${value}`;
}

function registryValue(raw: string | number | RawFields): Omit<ScenarioValue, 'name'> {
  if (typeof raw === 'number') return { type: 'REG_DWORD', bytes: little(raw, 4) };
  if (typeof raw === 'string') return { type: 'REG_SZ', bytes: utf16(`${raw}\0`) };
  if (raw.dword !== undefined) return { type: 'REG_DWORD', bytes: little(raw.dword, 4) };
  if (raw.qword !== undefined) return { type: 'REG_QWORD', bytes: little(raw.qword, 8) };
  if (raw.text !== undefined) return { type: 'REG_SZ', bytes: utf16(`${raw.text}\0`) };
  if (raw.expand !== undefined) return { type: 'REG_EXPAND_SZ', bytes: utf16(`${raw.expand}\0`) };
  if (raw.multi !== undefined) {
    return { type: 'REG_MULTI_SZ', bytes: utf16(`${raw.multi.map((text) => `${text}\0`).join('')}\0`) };
  }
  return { type: 'REG_BINARY', bytes: hexBytes(raw.hex ?? '') };
}

function little(value: number, size: number): Uint8Array {
  let rest = value;
  return Uint8Array.from({ length: size }, () => {
    const byte = rest % 256;
    rest = Math.floor(rest / 256);
    return byte;
  });
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) & 0xff;
    bytes[2 * i + 1] = text.charCodeAt(i) >> 8;
  }
  return bytes;
}
