/** Names of NTSTATUS values, read from the headers' STATUS_ macros once for each program. */
import type { TranslationUnit } from '../../cfront/unit.ts';
import { constantValue } from './guest-types.ts';
import type { Kernel } from './kernel-types.ts';

const namesByUnit = new WeakMap<TranslationUnit, ReadonlyMap<number, string>>();

/** "STATUS_PENDING", or the number in hexadecimal where the headers have no name for it. */
export function statusText(kernel: Kernel, status: number): string {
  return (
    statusName(kernel.parts.tables.headers(), status) ??
    `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`
  );
}

/** The first name that a unit's headers give to the value. */
export function statusName(headers: TranslationUnit, status: number): string | undefined {
  return namesOf(headers).get(status | 0);
}

function namesOf(unit: TranslationUnit): ReadonlyMap<number, string> {
  const known = namesByUnit.get(unit);
  if (known !== undefined) return known;
  const names = new Map<number, string>();
  for (const name of unit.macros.keys()) {
    // Ranges and aliases would hide the name that people expect.
    if (!name.startsWith('STATUS_') || /^STATUS_(WAIT|ABANDONED|SEVERITY|USER_APC)/.test(name)) continue;
    const value = constantValue([unit], name);
    if (value === undefined) continue;
    const status = Number(BigInt.asIntN(32, value));
    if (!names.has(status)) names.set(status, name);
  }
  namesByUnit.set(unit, names);
  return names;
}
