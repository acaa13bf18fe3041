/**
 * For tests only: everything that a translation unit says, as text. Two units have the same text exactly if no reader
 * can tell them apart: what is one object in one of them is one object in the other.
 *
 * Symbols, nodes, records and enums get numbers in the order in which they are met; all else is a value.
 */
import type { SourceFile } from '../../base/source.ts';
import type { TranslationUnit } from '../unit.ts';

/** Tokens and macros of headers are the same objects in many units. */
const known = new WeakMap<object, string>();

export function unitText(unit: TranslationUnit): string {
  const { file: _, isSystemFile, whole, ...others } = unit;
  const rest = { ...others, ...whole() };
  const numbers = new Map<object, number>();
  const pending: object[] = [];
  const lines: string[] = [];
  const write = (value: unknown): string => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
    if (isFile(value)) {
      return value.path === unit.file.path && value !== unit.file ? `${value.path} (another one)` : value.path;
    }
    if (isTokenOrMacro(value)) return writeOnce(value);
    if (!isNumbered(value)) return writeFields(value);
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
      pending.push(value);
    }
    return `#${number}`;
  };
  const writeOnce = (value: object): string => {
    /* What a macro of a header made stands where the file invokes it; a file's own macros move with its text. */
    const isMade = 'expansion' in value && value.expansion !== undefined;
    const at = ('span' in value ? value.span : value) as { readonly file?: SourceFile } | undefined;
    const isOwn = isMade || at?.file?.path === unit.file.path;
    const text = known.get(value) ?? writeFields(value);
    if (!isOwn) known.set(value, text);
    return text;
  };
  const writeFields = (value: object): string => {
    if (Array.isArray(value)) return `[${value.map(write).join(' ')}]`;
    if (isMap(value)) return `{${[...value].map(([key, item]) => `${key}: ${write(item)}`).join('\n')}}`;
    /* What a macro of a bundled header is made of is found when somebody asks. */
    const isLate = (key: string): boolean => key === 'tokens' && 'nameStart' in value;
    const entries = Object.entries(value).filter(([key, item]) => item !== undefined && !isLate(key));
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${key} ${write(item)}`).join(', ')}}`;
  };
  for (const [key, value] of Object.entries(rest)) lines.push(`${key}: ${write(value)}`);
  /* The list grows while it is gone through. */
  for (const next of pending) lines.push(`#${numbers.get(next)} ${writeFields(next)}`);
  const files = unit.includes.flatMap(({ file }) => file ?? []);
  lines.push(
    `system: ${files
      .filter(isSystemFile)
      .map(({ path }) => path)
      .join()}`,
  );
  return lines.join('\n');
}

/** Told by their fields, and not by which object they are. */
export function isTokenOrMacro(value: object): boolean {
  return 'startsLine' in value || ('isVariadic' in value && 'body' in value);
}

export function isFile(value: object): value is SourceFile {
  return 'lineStarts' in value;
}

export function isMap(value: object): value is ReadonlyMap<string, unknown> {
  return 'entries' in value && 'get' in value && typeof value.get === 'function';
}

/** Nodes have a first and a last token, symbols their declarations, records and enums their members. */
export function isNumbered(value: object): boolean {
  return ('first' in value && 'last' in value) || 'declarations' in value || 'fields' in value || 'constants' in value;
}
