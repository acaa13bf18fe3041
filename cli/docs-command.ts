/** `wsk docs`: reads a folder of documentation pages; reports on it, or tells everything known of one name. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildDocIndex } from '../catalog/docs/index.ts';
import { readDocPage } from '../catalog/docs/read.ts';
import { describeName, docsReport } from '../catalog/docs/report.ts';
import { docsReportText, nameReportText } from '../catalog/docs/report-text.ts';
import { displayPath } from './finding-output.ts';
import { InputError, readFormat, readOptions } from './input.ts';
import { writeError, writeLine } from './output.ts';

export function docsCommand(args: readonly string[]): number {
  const { names, values } = readOptions('docs', args, { format: 'text' });
  const format = readFormat(values.format);
  const [folder, name, ...more] = names;
  if (folder === undefined || more.length > 0) {
    throw new InputError(
      '`wsk docs` takes a folder and at most one name.',
      'For example: `wsk docs windows-driver-docs-ddi WskSocket`.',
    );
  }
  const started = performance.now();
  const pages = pagePaths(folder).map((file) => readDocPage(displayPath(file), readFileSync(file)));
  const ms = Math.round(performance.now() - started);
  if (name === undefined) {
    const report = { ...docsReport(pages), ms };
    writeLine(format === 'json' ? JSON.stringify(report, undefined, 1) : `${docsReportText(report)}\nread in ${ms} ms`);
    return 0;
  }
  const report = describeName(buildDocIndex(pages), name);
  writeLine(format === 'json' ? JSON.stringify(report, undefined, 1) : nameReportText(report));
  if (report.found) return 0;
  writeError(`wsk: none of the ${pages.length} pages below ${folder} tells about ${name}.`);
  return 2;
}

/** Every page below a folder, in a fixed order. */
function pagePaths(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError(`${folder} is no folder.`, 'Name the folder of a checkout of the driver docs.');
  }
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(md|txt)$/i.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  if (paths.length === 0)
    throw new InputError(`${folder} has no .md or .txt file.`, 'Name the folder of a checkout of the driver docs.');
  return paths;
}
