/** `wsk lint --show-config`: what holds for each file, and which source said it. */
import { showConfiguration } from '../../host/index.ts';
import { displayPath } from '../finding-output.ts';
import { writeLine } from '../output.ts';
import { readSources, reportConfigProblems, type SourceReader } from '../sources.ts';
import type { Group } from './plan.ts';

export function showConfig(groups: readonly Group[], reader: SourceReader, format: 'text' | 'json'): void {
  const files = groups.flatMap(({ names, configurations }) =>
    readSources(names, reader, configurations, 'lint').map((file) => ({
      file: file.path,
      configuration: configurations.of(file.path),
    })),
  );
  if (format === 'json') {
    const shown = files.map(({ file, configuration }) => ({
      file: displayPath(file),
      from: configuration.layers.map((layer) => (layer.file === undefined ? layer.origin : displayPath(layer.file))),
      include: configuration.includePath.map(displayPath),
      forcedInclude: configuration.forcedIncludes.map(({ name }) => name),
      defines: configuration.defines,
      undefines: configuration.undefines,
      std: configuration.standard,
    }));
    writeLine(JSON.stringify({ files: shown }, undefined, 1));
  } else {
    for (const { file, configuration } of files) writeLine(showConfiguration(file, configuration, displayPath));
  }
  reportConfigProblems(
    groups.map(({ configurations }) => configurations),
    { withNotes: true },
  );
}
