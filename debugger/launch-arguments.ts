/**
 * Checks what launch.json says. Anything may come in: the file is written by hand. Out come values of known types with
 * absolute paths, or every problem at once, each naming the setting and what to write instead.
 */

import path from 'node:path';
import { readDefine } from '../host/index.ts';

export interface LaunchSettings {
  readonly programs: readonly string[];
  readonly scenario: string | undefined;
  readonly cwd: string;
  readonly includePath: readonly string[];
  readonly defines: Readonly<Record<string, string>>;
  readonly seed: number | undefined;
  readonly stopsOnEntry: boolean;
  readonly entry: string;
  readonly isDebugged: boolean;
}

export type SettingsReading =
  | { readonly kind: 'settings'; readonly settings: LaunchSettings }
  | { readonly kind: 'problems'; readonly messages: readonly string[] };

export function readLaunchSettings(given: unknown, folder: string): SettingsReading {
  const messages: string[] = [];
  const values = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  /** The value if it has the right form; `fallback` and perhaps a message if not. */
  const read = <T>(name: string, fallback: T, isRight: (value: unknown) => boolean, form: string): T => {
    const value = values[name];
    if (value === undefined || value === null) return fallback;
    // `isRight` has looked at it.
    if (isRight(value)) return value as T;
    messages.push(`"${name}" in launch.json is ${show(value)}; write ${form}.`);
    return fallback;
  };

  const cwd = path.resolve(folder, read('cwd', '.', isText, 'the path of a folder'));
  const absolute = (name: string): string => path.resolve(cwd, name);
  const program = read<string | readonly string[]>(
    'program',
    [],
    (value) => isText(value) || isTexts(value),
    'a C file, a list of C files, or a pattern such as "*.c"',
  );
  const scenario = read<string | undefined>('scenario', undefined, isText, 'the path of a *.wsk.yaml file');
  const programs = typeof program === 'string' ? [program] : program;
  if (programs.length === 0 && scenario === undefined && messages.length === 0) {
    messages.push('launch.json names no "program"; write a C file, for example "program": "driver.c".');
  }
  const settings: LaunchSettings = {
    programs: programs.map(absolute),
    scenario: scenario === undefined ? undefined : absolute(scenario),
    cwd,
    includePath: read<readonly string[]>('includePath', [], isTexts, 'a list of folders').map(absolute),
    defines: readDefines(read<readonly string[]>('defines', [], isTexts, 'a list such as ["DBG=1"]'), messages),
    seed: read<number | undefined>('seed', undefined, isSeed, 'a whole number from 0, for example 7'),
    stopsOnEntry: read('stopOnEntry', false, isFlag, 'true or false'),
    entry: read('entry', 'DriverEntry', isName, 'the name of a function, for example "DriverEntry"'),
    isDebugged: values.noDebug !== true,
  };
  return messages.length > 0 ? { kind: 'problems', messages } : { kind: 'settings', settings };
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isSeed = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isName = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z_$][\w$]*$/.test(value);

function readDefines(defines: readonly string[], messages: string[]): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const define of defines) {
    const read = readDefine(define);
    if (read === undefined) messages.push(`"defines" in launch.json has "${define}"; write "NAME" or "NAME=VALUE".`);
    else result[read[0]] = read[1];
  }
  return result;
}

/** The value as launch.json has it, not too long. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
