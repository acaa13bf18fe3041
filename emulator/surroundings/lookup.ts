/** Names of a scenario by value: control codes from the driver's macros and headers, statuses from ntstatus.h. */
import type { Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { codeNames, namedValue } from '../kernel/driver-macros.ts';
import { methods } from '../kernel/io/request-codes.ts';
import type { ScenarioCode } from '../scenario/callers.ts';
import type { DataFiles } from './bytes.ts';
import { statusValue } from './faults.ts';

/** What names are looked up in. */
export interface ScenarioSource {
  readonly units: readonly TranslationUnit[];
  readonly catalog: Catalog;
  readonly dataFiles: DataFiles;
}

export interface ScenarioComplaint {
  readonly message: string;
  readonly span: Span | undefined;
}

const codeAccess = { any: 0, read: 1, write: 2, 'read-write': 3 } as const;

/** A name that nothing defines. */
export class Unknown {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

export function codeOf(code: ScenarioCode, { units }: ScenarioSource): number | Unknown {
  if (code.kind === 'name') {
    const value = namedValue(units, code.text);
    if (value !== undefined) return Number(BigInt.asUintN(32, value));
    const names = codeNames(units).slice(0, 8);
    const known = names.length === 0 ? '' : `; there are ${names.join(', ')}`;
    return new Unknown(`no macro ${code.text} in the driver or its headers${known}`);
  }
  const device = namedValue(units, code.device);
  const number = namedValue(units, code.function);
  if (device === undefined) return new Unknown(`no macro ${code.device} in the driver or its headers`);
  if (number === undefined) return new Unknown(`no macro ${code.function} in the driver or its headers`);
  const value = (Number(device) << 16) | (codeAccess[code.access] << 14) | (Number(number) << 2) | methods[code.method];
  return value >>> 0;
}

/** "IOCTL_ECHO", or the code in hex where it is made of parts. */
export function codeText(given: ScenarioCode, code: number): string {
  return given.kind === 'name' ? given.text : `control code 0x${code.toString(16).toUpperCase()}`;
}

export function statusOf(text: string, { catalog }: ScenarioSource): number | Unknown {
  if (text.startsWith('0x')) return Number(BigInt.asIntN(32, BigInt(text)));
  return statusValue(catalog, text) ?? new Unknown(`no status ${text} in ntstatus.h`);
}

export function bigOf(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}
