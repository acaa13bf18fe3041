/**
 * For tests only: a marked fixture in, the analysis of its first file and the cursor out, with the bundled catalog.
 *
 * Other files of the fixture are the driver's own headers.
 */
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { bundledHeader, catalog, withHeaders } from '../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { type MarkedFile, parseMarkers } from '../../test/support/markers.ts';
import type { Analysis } from './analysis.ts';

export { catalog, root } from '../../catalog/testing/reading.ts';

/** What almost every fixture begins with. */
export const INCLUDES = '#include <ntddk.h>\n#include <wsk.h>\n';

export interface Marked {
  readonly analysis: Analysis;
  /** Offset of the only or first cursor. */
  readonly offset: number;
  readonly main: MarkedFile;
}

export function analyse(fixture: string): Marked {
  const [main, ...others] = parseMarkers(fixture);
  if (main === undefined) throw new Error('the fixture is empty');
  const own = new Map<string, SourceFile>(others.map((o) => [o.name, sourceFile(o.name, o.text)]));
  const unit = parseTranslationUnit(sourceFile(main.name, main.text), {
    ...withHeaders,
    include: ({ name }) => {
      const ours = own.get(name);
      return ours === undefined ? bundledHeader(name) : { kind: 'found', file: ours, isSystem: false };
    },
  });
  return { analysis: { unit, catalog }, offset: [...main.cursors.values()][0] ?? 0, main };
}

/** The same with the includes of a driver in front. */
export function analyseDriver(fixture: string): Marked {
  return analyse(INCLUDES + fixture);
}
