/** `wsk docs`: reads a folder of documentation pages; reports on it, or tells everything known of one name. */
import path from 'node:path';
import { buildDocIndex } from '../catalog/docs/index.ts';
import type { DocPage } from '../catalog/docs/page.ts';
import { readDocPage } from '../catalog/docs/read.ts';
import { describeName, docsReport } from '../catalog/docs/report.ts';
import { docsReportText, nameReportText } from '../catalog/docs/report-text.ts';
import { diskError, realDisk } from '../host/docs/disk.ts';
import { walkPages } from '../host/docs/walk.ts';
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
  const { pages, unreadable } = readPages(folder);
  const ms = Math.round(performance.now() - started);
  if (name === undefined) {
    const report = { ...docsReport(pages, unreadable), ms };
    writeLine(format === 'json' ? JSON.stringify(report, undefined, 1) : `${docsReportText(report)}\nread in ${ms} ms`);
    return 0;
  }
  const report = describeName(buildDocIndex(pages), name);
  writeLine(format === 'json' ? JSON.stringify(report, undefined, 1) : nameReportText(report));
  if (report.found) return 0;
  writeError(`wsk: none of the ${pages.length} pages below ${folder} tells about ${name}.`);
  return 2;
}

interface Reading {
  readonly pages: readonly DocPage[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
}

/** Every page below a folder, in a fixed order; what can't be read costs itself only. */
function readPages(folder: string): Reading {
  if (statusOf(folder) !== 'folder')
    throw new InputError(`${folder} is no folder.`, 'Name the folder of a checkout of the driver docs.');
  const pages: DocPage[] = [];
  const unreadable: { readonly file: string; readonly why: string }[] = [];
  for (const step of walkPages(realDisk, folder, { extension: /\.(?:md|txt)$/i })) {
    if (step.kind === 'folder') continue;
    const file = path.join(folder, step.path);
    if (step.kind === 'problem') unreadable.push({ file: displayPath(file), why: step.message });
    else {
      try {
        pages.push(readDocPage(displayPath(file), realDisk.read(file)));
      } catch (error) {
        unreadable.push({ file: displayPath(file), why: diskError(error) });
      }
    }
  }
  if (pages.length + unreadable.length === 0)
    throw new InputError(`${folder} has no .md or .txt file.`, 'Name the folder of a checkout of the driver docs.');
  return { pages, unreadable };
}

function statusOf(folder: string): string | undefined {
  try {
    return realDisk.status(folder)?.kind;
  } catch {
    return undefined;
  }
}
