/**
 * Names of NTSTATUS values, from the headers' STATUS_ macros. Nearly all of them stand in one header as a number in a cast,
 * and are read off its text; macros are evaluated only for a value that is not there, because a run's first status must
 * not wait for a thousand of them.
 */
import { memo } from '../../base/memo.ts';
import type { SourceFile } from '../../base/source.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { constantValue } from './constant-value.ts';
import type { Kernel } from './kernel-types.ts';

type Names = ReadonlyMap<number, string>;

/** Ranges and aliases would hide the name that people expect. */
const hiding = /^STATUS_(WAIT|ABANDONED|SEVERITY|USER_APC)/;
const definition = /^#define (STATUS_\w+)[ \t]+\(\(NTSTATUS\)(0x[0-9A-Fa-f]{1,8})L?\)/gm;

/** "STATUS_PENDING", or the number in hexadecimal where the headers have no name for it. */
export function statusText(kernel: Kernel, status: number): string {
  const { statusTexts } = kernel.parts.tables;
  const known = statusTexts.get(status);
  if (known !== undefined) return known;
  const name = statusName(kernel.parts.tables.headers(), status);
  if (name === undefined) return `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
  statusTexts.set(status, name);
  return name;
}

/** The first name that a unit's headers give to the value. */
export function statusName(headers: TranslationUnit, status: number): string | undefined {
  const file = headers.macros.get('STATUS_SUCCESS')?.span?.file;
  const written = file === undefined || !headers.isSystemFile(file) ? undefined : namesIn(file).get(status | 0);
  return written ?? namesOf(headers).get(status | 0);
}

const namesIn = memo((file: SourceFile): Names => {
  const names = new Map<number, string>();
  for (const [, name = '', digits] of file.text.matchAll(definition)) add(names, name, Number(digits));
  return names;
});

const namesOf = memo((unit: TranslationUnit): Names => {
  const names = new Map<number, string>();
  for (const name of unit.macros.keys()) {
    if (!name.startsWith('STATUS_')) continue;
    const value = constantValue([unit], name);
    if (value !== undefined) add(names, name, Number(BigInt.asIntN(32, value)));
  }
  return names;
});

function add(names: Map<number, string>, name: string, value: number): void {
  if (!hiding.test(name) && !names.has(value | 0)) names.set(value | 0, name);
}
