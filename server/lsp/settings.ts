/** The user's settings (`wsk.…`), read tolerantly: a wrong value counts as not given. */
import { readDefine } from '../../host/index.ts';

export interface Settings {
  readonly includePath: readonly string[];
  /** "NAME" or "NAME=VALUE", as after `-D`. */
  readonly defines: readonly string[];
  readonly lintEnabled: boolean;
}

export function readSettings(raw: unknown): Settings {
  const section = isRecord(raw) ? raw : {};
  const lint = isRecord(section.lint) ? section.lint : {};
  return {
    includePath: texts(section.includePath),
    defines: texts(section.defines),
    lintEnabled: lint.enabled !== false,
  };
}

/** `-D` texts as a table; what names no macro is left out. */
export function definesOf(defines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    defines.flatMap((define) => {
      const read = readDefine(define);
      return read === undefined ? [] : [read];
    }),
  );
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string' && v !== '') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
