/**
 * Paths as configuration files write them, made into paths of this machine: `%NAME%` and `${env:NAME}` filled in,
 * backslashes turned where the machine has none, relative ones resolved.
 */
import type nodePath from 'node:path';

export interface PathContext {
  readonly path: nodePath.PlatformPath;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A Windows folder, and the folder of this machine that it has become. */
  readonly moved?: { readonly from: string; readonly to: string } | undefined;
}

/** Absolute path of a name; undefined where it names an environment variable that is not set. */
export function resolvePath(name: string, directory: string, context: PathContext): string | undefined {
  const filled = fillVariables(name, context.environment);
  if (filled === undefined) return undefined;
  const native = nativePath(filled.replace(/^"(.*)"$/s, '$1'), context.path);
  // A Windows path has no meaning elsewhere, and must not be glued to a folder of this machine.
  return isWindowsAbsolute(native)
    ? (placeOfMoved(native, context) ?? native)
    : context.path.resolve(directory, native);
}

/** The place here of a path in a folder that was moved; undefined for paths elsewhere. */
function placeOfMoved(windowsPath: string, context: PathContext): string | undefined {
  const { moved, path } = context;
  if (moved === undefined) return undefined;
  const plain = windowsPath.replace(/[\\/]+/g, '\\');
  const isInside = plain.toLowerCase().startsWith(`${moved.from.toLowerCase()}\\`);
  if (!isInside) return plain.toLowerCase() === moved.from.toLowerCase() ? moved.to : undefined;
  return path.join(moved.to, nativePath(plain.slice(moved.from.length + 1), path));
}

export function nativePath(name: string, path: nodePath.PlatformPath): string {
  if (path.sep === '\\') return name.replaceAll('/', '\\');
  return isWindowsAbsolute(name) ? name : name.replaceAll('\\', '/');
}

/** `C:\x`, `c:/x`, `\\server\share`. */
export function isWindowsAbsolute(name: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(name);
}

/** What a file is known by: Windows' paths have no case. */
export function fileKey(file: string, path: nodePath.PlatformPath): string {
  return path.sep === '\\' ? path.normalize(file).toLowerCase() : path.normalize(file);
}

function fillVariables(text: string, environment: PathContext['environment']): string | undefined {
  let isKnown = true;
  const filled = text.replace(/%([A-Za-z_][\w()]*)%|\$\{env:(\w+)\}/g, (whole, windows?: string, code?: string) => {
    const value = variable(environment, windows ?? code ?? '');
    if (value === undefined) isKnown = false;
    return value ?? whole;
  });
  return isKnown ? filled : undefined;
}

/** Windows' names of variables have no case. */
export function variable(environment: PathContext['environment'], name: string): string | undefined {
  if (environment[name] !== undefined) return environment[name];
  const lower = name.toLowerCase();
  const found = Object.keys(environment).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : environment[found];
}
