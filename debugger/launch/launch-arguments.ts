/**
 * Checks what launch.json says. Anything may come in: the file is written by hand. Out come values of known types with
 * absolute paths, or every problem at once, each naming the setting and what to write instead.
 */

import path from 'node:path';
import type { CStandard } from '../../cfront/unit.ts';
import {
  isScenarioPath,
  type MacroSetting,
  readMacro,
  readStandard,
  resolvePath,
  standardNames,
} from '../../host/index.ts';

export interface LaunchSettings {
  readonly programs: readonly string[];
  /** The only program is one file of the driver: the others are looked for. */
  readonly wholeDriver: boolean;
  readonly scenario: string | undefined;
  readonly cwd: string;
  readonly includePath: readonly string[];
  readonly macros: readonly MacroSetting[];
  readonly standard: CStandard | undefined;
  /** Files that stand in for what the driver's files leave undefined. */
  readonly stubs: readonly string[];
  /** A .vcxproj whose settings hold for all files; otherwise it is looked for. */
  readonly project: string | undefined;
  readonly compileCommands: string | undefined;
  /** "Debug|x64" of the project. */
  readonly configuration: string | undefined;
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
  // A variable that is not set stays as it is: the message that the folder is not there then names it.
  const absolute = (name: string): string =>
    resolvePath(name, cwd, { path, environment: process.env }) ?? path.resolve(cwd, name);
  /** An empty text is what the settings of the editor give for "not set". */
  const optional = (name: string, form: string): string | undefined => {
    const value = read<string>(name, '', isString, form);
    return value.trim() === '' ? undefined : absolute(value);
  };
  const program = read<string | readonly string[]>(
    'program',
    [],
    (value) => isText(value) || isTexts(value),
    'a C file, a list of C files, or a pattern such as "*.c"',
  );
  const named = typeof program === 'string' ? [program] : program;
  const programs = named.filter((name) => !isScenarioPath(name));
  // A scenario may stand where the driver's file does, as it may on the command line.
  const [among, ...others] = named.filter(isScenarioPath);
  const scenario = read<string | undefined>('scenario', among, isText, 'the path of a *.wsk.yaml file');
  if (among !== undefined && (others.length > 0 || scenario !== among))
    messages.push(
      `"program" in launch.json names ${show(others[0] ?? among)}, but a run has one scenario; leave one out.`,
    );
  if (programs.length === 0 && scenario === undefined && messages.length === 0) {
    messages.push('launch.json names no "program"; write a C file, for example "program": "driver.c".');
  }
  const settings: LaunchSettings = {
    programs: programs.map(absolute),
    wholeDriver: programs.length === 1 && values.wholeDriver === true,
    scenario: scenario === undefined ? undefined : absolute(scenario),
    cwd,
    includePath: read<readonly string[]>('includePath', [], isTexts, 'a list of folders').map(absolute),
    macros: [
      ...readDefines(read<readonly string[]>('defines', [], isTexts, 'a list such as ["DBG=1"]'), messages),
      ...read<readonly string[]>('undefines', [], isTexts, 'a list such as ["DBG"]').map(
        (name): MacroSetting => ({ kind: 'undefine', name }),
      ),
    ],
    standard: readStandard(read('std', '', isStandard, `one of ${standardNames.join(', ')}`)),
    stubs: read<readonly string[]>('stubs', [], isTexts, 'a list of C files').map(absolute),
    project: optional('project', 'the path of a .vcxproj file'),
    compileCommands: optional('compileCommands', 'the path of compile_commands.json, or of its folder'),
    configuration: read<string | undefined>('configuration', undefined, isConfiguration, 'for example "Release|x64"'),
    seed: read<number | undefined>('seed', undefined, isSeed, 'a whole number from 0, for example 7'),
    stopsOnEntry: read('stopOnEntry', false, isFlag, 'true or false'),
    entry: read('entry', 'DriverEntry', isName, 'the name of a function, for example "DriverEntry"'),
    isDebugged: values.noDebug !== true,
  };
  return messages.length > 0 ? { kind: 'problems', messages } : { kind: 'settings', settings };
}

const isString = (value: unknown): boolean => typeof value === 'string';
const isStandard = (value: unknown): boolean =>
  value === '' || (isString(value) && readStandard(String(value)) !== undefined);
const isConfiguration = (value: unknown): boolean => isString(value) && /^[^|]+\|[^|]+$/.test(String(value));
const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isSeed = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isName = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z_$][\w$]*$/.test(value);

function readDefines(defines: readonly string[], messages: string[]): readonly MacroSetting[] {
  return defines.flatMap((define) => {
    const macro = readMacro(define);
    if (macro !== undefined) return [macro];
    messages.push(`"defines" in launch.json has "${define}"; write "NAME" or "NAME=VALUE".`);
    return [];
  });
}

/** The value as launch.json has it, not too long. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
