/**
 * Paths as URIs. In: an absolute path of either flavour, and the folder that names are relative to. Out: a relative
 * reference where the file lies below it, else a `file:` URI; every character that a URI can't have is escaped.
 */
import type nodePath from 'node:path';

export interface FileReference {
  readonly uri: string;
  /** Relative to the folder. */
  readonly isRelative: boolean;
}

export function fileReference(file: string, folder: string, path: nodePath.PlatformPath): FileReference {
  const relative = path.relative(folder, file);
  const isInside = relative !== '' && !/^\.\.(?:[\\/]|$)/.test(relative) && !path.isAbsolute(relative);
  if (isInside && path.isAbsolute(file)) return { uri: escaped(slashed(relative, path)), isRelative: true };
  return { uri: fileUri(file, path), isRelative: false };
}

/** `C:\a b.c` is `file:///C:/a%20b.c`; `\\server\share\x` is `file://server/share/x`. A label that is no path stays one. */
function fileUri(file: string, path: nodePath.PlatformPath): string {
  if (!path.isAbsolute(file)) {
    const scheme = /^[a-z][a-z-]+:/.exec(file)?.[0] ?? '';
    return scheme + escaped(file.slice(scheme.length).replaceAll('\\', '/'));
  }
  const plain = slashed(
    file.replace(/^\\\\\?\\(UNC\\)?/i, (_, unc?: string) => (unc === undefined ? '' : '\\\\')),
    path,
  );
  if (plain.startsWith('//')) return `file:${escaped(plain)}`;
  return `file://${escaped(plain.startsWith('/') ? plain : `/${plain}`)}`;
}

/** A folder ends with a slash, so that references are resolved below it. */
export function folderUri(folder: string, path: nodePath.PlatformPath): string {
  const uri = fileUri(folder, path);
  return uri.endsWith('/') ? uri : `${uri}/`;
}

function slashed(file: string, path: nodePath.PlatformPath): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}

function escaped(text: string): string {
  return text
    .split('/')
    .map((part) => (/^[A-Za-z]:$/.test(part) ? part : encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))))
    .join('/');
}
