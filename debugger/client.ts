/**
 * How the client counts and names: lines and columns from 0 or 1, paths or file URIs, as `initialize` says. The engines
 * speak of spans alone; every place that comes in or goes out passes through here.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Line0, positionAt, type Span } from '../base/source.ts';

export interface Client {
  readonly lineBase: 0 | 1;
  readonly columnBase: 0 | 1;
  readonly pathsAreUris: boolean;
  readonly understandsInvalidated: boolean;
  readonly understandsMemory: boolean;
}

/** What the protocol says of a client that says nothing. */
export const defaultClient: Client = {
  lineBase: 1,
  columnBase: 1,
  pathsAreUris: false,
  understandsInvalidated: false,
  understandsMemory: false,
};

export function clientOf(args: DebugProtocol.InitializeRequestArguments): Client {
  return {
    lineBase: args.linesStartAt1 === false ? 0 : 1,
    columnBase: args.columnsStartAt1 === false ? 0 : 1,
    pathsAreUris: args.pathFormat === 'uri',
    understandsInvalidated: args.supportsInvalidatedEvent === true,
    understandsMemory: args.supportsMemoryEvent === true,
  };
}

export interface ClientRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function rangeFor(client: Client, span: Span): ClientRange {
  const start = positionAt(span.file, span.start);
  const end = positionAt(span.file, span.end);
  return {
    line: start.line + client.lineBase,
    column: start.column + client.columnBase,
    endLine: end.line + client.lineBase,
    endColumn: end.column + client.columnBase,
  };
}

/** A client's line as ours; what is no line becomes the first. */
export function lineFrom(client: Client, line: number): Line0 {
  return Math.max(0, Math.trunc(line) - client.lineBase) as Line0;
}

/** A path of the disk as the client writes it; labels of bundled headers stay as they are. */
export function pathFor(client: Client, file: string): string {
  return client.pathsAreUris && path.isAbsolute(file) ? pathToFileURL(file).href : file;
}

/** A client's path as the disk's. Some clients send URIs whatever they have announced. */
export function pathFrom(given: string): string {
  if (!/^file:/i.test(given)) return given;
  try {
    return fileURLToPath(given);
  } catch {
    return given;
  }
}

/** Equal for two spellings of the same file: on Windows case, slashes and the drive letter's case do not count. */
export function pathKey(file: string, flavour: path.PlatformPath = path): string {
  const normal = flavour.normalize(file);
  return flavour.sep === '\\' ? normal.toLowerCase() : normal;
}
