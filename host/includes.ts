/**
 * Finds what `#include` names: beside the including file (quoted form), in the folders of the configuration, then
 * among the bundled headers. The user's folders come before ours, so that a real WDK can be used where there is one.
 */
import nodePath from 'node:path';
import { bundledPrefix, type Catalog } from '../catalog/catalog.ts';
import type { IncludeRequest, ParseOptions } from '../cfront/unit.ts';
import type { FileStore } from './files.ts';

export { bundledPrefix } from '../catalog/catalog.ts';

export interface IncludeSettings {
  readonly catalog: Catalog;
  readonly files: FileStore;
  /** Folders of `-I` and `wsk.includePath`, absolute. */
  readonly includePath: readonly string[];
  /** For tests of the other path flavour. */
  readonly path?: nodePath.PlatformPath;
}

export function createIncluder(settings: IncludeSettings): ParseOptions['include'] {
  const path = settings.path ?? nodePath;
  return (request) => {
    const searched: string[] = [];
    for (const folder of foldersFor(request, settings.includePath, path)) {
      const reading = settings.files.read(path.join(folder, nativeSlashes(request.name, path)));
      if (reading.kind === 'file') return { kind: 'found', file: reading.file, isSystem: false };
      searched.push(folder);
    }
    const bundled = settings.catalog.headerFile(request.name);
    return bundled === undefined ? { kind: 'missing', searched } : { kind: 'found', file: bundled, isSystem: true };
  };
}

function foldersFor(request: IncludeRequest, includePath: readonly string[], path: nodePath.PlatformPath): string[] {
  const beside = request.from.path.startsWith(bundledPrefix) ? [] : [path.dirname(request.from.path)];
  return [...new Set(request.form === 'quoted' ? [...beside, ...includePath] : includePath)];
}

/** Drivers write `..\inc\x.h` and `sys/x.h` alike; Windows takes both. */
function nativeSlashes(name: string, path: nodePath.PlatformPath): string {
  return path.sep === '/' ? name.replaceAll('\\', '/') : name;
}
