/**
 * The files of a run as the client knows them: driver files by their path, bundled headers (which no disk has) by a
 * number with which the client asks for their text.
 */
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { SourceFile } from '../base/source.ts';
import { bundledPrefix } from '../host/index.ts';
import { type Client, pathFor, pathFrom, pathKey } from './client.ts';

export interface Sources {
  /** The file that a client's path or number names, if it is part of the run. */
  find(source: DebugProtocol.Source): SourceFile | undefined;
  describe(file: SourceFile): DebugProtocol.Source;
  textOf(reference: number): string | undefined;
  all(): readonly SourceFile[];
}

/** `files` may grow: it is asked each time. */
export function createSources(client: Client, files: () => readonly SourceFile[]): Sources {
  const references: string[] = [];
  const fileOf = (key: string): SourceFile | undefined => files().find((file) => pathKey(file.path) === key);
  return {
    all: files,
    find(source) {
      const label = source.sourceReference ? references[source.sourceReference - 1] : undefined;
      const wanted = label ?? source.path;
      return wanted === undefined ? undefined : fileOf(pathKey(pathFrom(wanted)));
    },
    describe(file) {
      if (!file.path.startsWith(bundledPrefix)) {
        return { name: path.basename(file.path), path: pathFor(client, file.path) };
      }
      if (!references.includes(file.path)) references.push(file.path);
      return {
        name: file.path.slice(bundledPrefix.length),
        path: file.path,
        sourceReference: references.indexOf(file.path) + 1,
        origin: 'header of WSK Workbench',
        presentationHint: 'deemphasize',
      };
    },
    textOf(reference) {
      const label = references[reference - 1];
      return label === undefined ? undefined : fileOf(pathKey(label))?.text;
    },
  };
}
