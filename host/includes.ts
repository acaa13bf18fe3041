/**
 * Finds what `#include` names: beside the including file and the files that include it (quoted form, as Microsoft's
 * compiler does), in the folders of the configuration, then among the bundled headers. The user's folders come before
 * ours, so that a real WDK can be used where there is one. Only what a bundled header includes is bundled, too, where it
 * can be: how ours include one another is not how Microsoft's do, and a `stddef.h` of the driver's own is not meant.
 * What is nowhere there is looked for in the folders above, where no configuration says where headers lie.
 */
import nodePath from 'node:path';
import type { SourceFile } from '../base/source.ts';
import { bundledPrefix, type Catalog } from '../catalog/catalog.ts';
import type { IncludeRequest, IncludeResult, ParseOptions } from '../cfront/unit.ts';
import type { ActualPath } from './actual-path.ts';
import { nativePath } from './config/paths.ts';
import type { FileStore } from './files.ts';

export { bundledPrefix } from '../catalog/catalog.ts';

export interface IncludeSettings {
  readonly catalog: Catalog;
  readonly files: FileStore;
  /** Folders of `-I` and `wsk.includePath`, absolute. */
  readonly includePath: readonly string[];
  /** The disk's spelling of a path: where a header is not found as it is written, its case may be another one. */
  readonly actual?: ActualPath;
  /** For tests of the other path flavour. */
  readonly path?: nodePath.PlatformPath;
}

export function createIncluder(settings: IncludeSettings): ParseOptions['include'] {
  const path = settings.path ?? nodePath;
  const includePath = new Set(settings.includePath);
  return (request) => {
    const name = nativePath(request.name, path);
    const isAbsolute = path.isAbsolute(name);
    const bundled = settings.catalog.headerFile(request.name);
    if (bundled !== undefined && isBundled(request.from)) return foundBundled(bundled, settings.catalog);
    for (const folder of isAbsolute ? [path.dirname(name)] : foldersFor(request, includePath, path)) {
      const file = readHeader(isAbsolute ? name : path.join(folder, name), settings);
      if (file !== undefined) return { kind: 'found', file, isSystem: false };
    }
    if (bundled !== undefined) return foundBundled(bundled, settings.catalog);
    const near = isAbsolute ? undefined : readNearby(name, request, settings, path);
    if (near !== undefined) return { kind: 'found', file: near, isSystem: false };
    // The same whoever includes the header around it, so that it is told of once.
    const around = { name: request.name, form: request.form, from: request.from };
    return {
      kind: 'missing',
      searched: isAbsolute ? [path.dirname(name)] : [...foldersFor(around, includePath, path)],
    };
  };
}

function foundBundled(file: SourceFile, catalog: Catalog): IncludeResult {
  return { kind: 'found', file, isSystem: true, outline: catalog.outlineOf(file) };
}

function isBundled(file: SourceFile): boolean {
  return file.path.startsWith(bundledPrefix);
}

/** Folders above a source in which headers are looked for that are nowhere else. */
const levelsMax = 4;
/** What folders with the headers of several sources are called, there. */
const sharedFolders = ['', 'include', 'inc', 'common', 'shared'];

/**
 * A header where drivers keep what their projects name and nobody told us of: in a folder above, up to the root of the
 * repository (`sys/driver.h` from `src/sys`), or in a folder for headers there.
 */
function readNearby(
  name: string,
  { from }: IncludeRequest,
  settings: IncludeSettings,
  path: nodePath.PlatformPath,
): SourceFile | undefined {
  if (isBundled(from) || !path.isAbsolute(from.path)) return undefined;
  let folder = path.dirname(from.path);
  for (let level = 1; level <= levelsMax; level++) {
    const isRoot = settings.files.read(path.join(folder, '.git')).kind !== 'missing';
    if (isRoot || path.dirname(folder) === folder) return undefined;
    folder = path.dirname(folder);
    for (const inner of sharedFolders) {
      const file = readHeader(path.join(folder, inner, name), settings);
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

/** Each folder once, when it is its turn: most headers lie in the first, and projects name hundreds. */
function* foldersFor(
  { form, openers, from }: IncludeRequest,
  includePath: ReadonlySet<string>,
  path: nodePath.PlatformPath,
): Generator<string> {
  const beside = new Set<string>();
  if (form === 'quoted')
    for (const file of [...(openers ?? []), from.path].reverse()) {
      const folder = path.dirname(file);
      if (file.startsWith(bundledPrefix) || beside.has(folder)) continue;
      beside.add(folder);
      yield folder;
    }
  for (const folder of includePath) if (!beside.has(folder)) yield folder;
}

function readHeader(name: string, { files, actual }: IncludeSettings): SourceFile | undefined {
  const reading = files.read(name);
  if (reading.kind === 'file') return reading.file;
  const spelt = actual?.(name);
  const other = spelt === undefined || spelt === name ? undefined : files.read(spelt);
  return other?.kind === 'file' ? other.file : undefined;
}
