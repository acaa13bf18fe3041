/**
 * Finds what `#include` names: beside the including file (quoted form), in the folders of the configuration, then
 * among the bundled headers. The user's folders come before ours, so that a real WDK can be used where there is one.
 */
import nodePath from 'node:path';
import { type SourceFile, sourceFile } from '../base/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { IncludeRequest, IncludeResult, ParseOptions } from '../cfront/unit.ts';
import type { FileStore } from './files.ts';

export interface IncludeSettings {
  readonly catalog: Catalog;
  readonly files: FileStore;
  /** Folders of `-I` and `wsk.includePath`, absolute. */
  readonly includePath: readonly string[];
  /** For tests of the other path flavour. */
  readonly path?: nodePath.PlatformPath;
}

/** Label of a bundled header's path: no file of the disk has it, and a person sees where it comes from. */
export const bundledPrefix = 'wsk-headers:';

export function createIncluder(settings: IncludeSettings): ParseOptions['include'] {
  const path = settings.path ?? nodePath;
  return (request) => {
    const searched: string[] = [];
    for (const folder of foldersFor(request, settings.includePath, path)) {
      const reading = settings.files.read(path.join(folder, nativeSlashes(request.name, path)));
      if (reading.kind === 'file') return { kind: 'found', file: reading.file, isSystem: false };
      searched.push(folder);
    }
    return bundledHeader(settings.catalog, request.name) ?? { kind: 'missing', searched };
  };
}

function foldersFor(request: IncludeRequest, includePath: readonly string[], path: nodePath.PlatformPath): string[] {
  const beside = request.from.path.startsWith(bundledPrefix) ? [] : [path.dirname(request.from.path)];
  return request.form === 'quoted' ? [...beside, ...includePath] : [...includePath];
}

/** Drivers write `..\inc\x.h` and `sys/x.h` alike; Windows takes both. */
function nativeSlashes(name: string, path: nodePath.PlatformPath): string {
  return path.sep === '/' ? name.replaceAll('\\', '/') : name;
}

/** One SourceFile for each bundled header and catalog, for the front end's sharing. */
const bundledFiles = new WeakMap<Catalog, Map<string, SourceFile>>();

function bundledHeader(catalog: Catalog, name: string): IncludeResult | undefined {
  const text = catalog.header(name);
  if (text === undefined) return undefined;
  const label = bundledPrefix + name.replace(/^.*[\\/]/, '').toLowerCase();
  const known = bundledFiles.get(catalog) ?? new Map<string, SourceFile>();
  bundledFiles.set(catalog, known);
  const file = known.get(label) ?? sourceFile(label, text);
  known.set(label, file);
  return { kind: 'found', file, isSystem: true };
}
