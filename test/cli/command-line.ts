/** The built `wsk` in a folder of its own, for tests: writes files there, runs commands there. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program } from '../support/program.ts';

export interface Answer {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandLine {
  readonly folder: string;
  /** The bundle. */
  readonly program: string;
  wsk(...args: readonly string[]): Answer;
  /** Runs in a folder below, or with other variables of the environment. */
  wskWith(
    options: { readonly in?: string; readonly env?: Readonly<Record<string, string>> },
    ...args: readonly string[]
  ): Answer;
  /** Writes a file, with its folders; gives its name. */
  file(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function startCommandLine(): CommandLine {
  const cli = program('cli');
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wsk cli ')));
  const wskWith: CommandLine['wskWith'] = (options, ...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      cwd: path.join(folder, options.in ?? '.'),
      env: { ...process.env, ...options.env },
      // Against a program that hangs; a busy machine must not decide.
      timeout: 180_000,
    });
    return { status, out: stdout, err: stderr };
  };
  return {
    folder,
    program: cli,
    wskWith,
    wsk: (...args) => wskWith({}, ...args),
    file: (name, content) => {
      const full = path.join(folder, name);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, content);
      return name;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A driver whose DriverEntry has this body, with `before` above it. */
export const driver = (body: string, before = ''): string => `#include <ntddk.h>
${before}
DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { UNREFERENCED_PARAMETER(r); d->DriverUnload = Unload;
${body}
return STATUS_SUCCESS; }
`;
