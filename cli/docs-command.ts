/**
 * `wsk docs`: tells what is known of a name, from the catalog that comes along or from a folder of documentation pages;
 * without a name, reports on such a folder.
 */
import path from 'node:path';
import { buildDocIndex } from '../catalog/docs/index.ts';
import type { DocPage } from '../catalog/docs/page.ts';
import { readDocPage } from '../catalog/docs/read.ts';
import { describeName, docsReport } from '../catalog/docs/report.ts';
import { docsReportText, nameReportText } from '../catalog/docs/report-text.ts';
import { diskError, realDisk } from '../host/docs/disk.ts';
import { walkPages } from '../host/docs/walk.ts';
import { loadCatalog } from '../host/index.ts';
import { isReference, referenceOf } from '../server/features/markdown/reference.ts';
import { displayPath } from './finding-output.ts';
import { InputError, readFormat, readOptions } from './input.ts';
import { wantsColour, writeError, writeLine } from './output.ts';
import { terminalText } from './terminal-markdown.ts';

export function docsCommand(args: readonly string[]): number {
  const { names, values } = readOptions('docs', args, { format: 'text' });
  const format = readFormat(values.format);
  const [folder, name, ...more] = names;
  if (folder === undefined || more.length > 0) {
    throw new InputError(
      '`wsk docs` takes a name, a folder of pages, or a folder and a name.',
      'For example: `wsk docs WskSocket`, or `wsk docs windows-driver-docs-ddi WskSocket`.',
    );
  }
  if (name === undefined && isReference(folder) && statusOf(folder) === undefined) return tellOfName(folder, format);
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

/** What the bundled catalog and headers know. */
function tellOfName(asked: string, format: 'text' | 'json'): number {
  const reference = referenceOf(loadCatalog(__dirname), asked);
  if (reference.kind === 'unknown') {
    const { near } = reference;
    throw new InputError(
      `Nothing is known of ${asked}${near === undefined ? ', and no folder is called so.' : `; is ${near} meant?`}`,
      near === undefined
        ? 'Name a function, type, constant or status of WSK, Dot4 or the kernel, or a checkout of the driver docs.'
        : `For example: \`wsk docs ${near}\`.`,
    );
  }
  const { name, markdown } = reference;
  writeLine(
    format === 'json'
      ? JSON.stringify({ name, markdown }, undefined, 1)
      : terminalText(markdown, wantsColour(), process.stdout.columns),
  );
  return 0;
}

interface Reading {
  readonly pages: readonly DocPage[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
}

/** Every page below a folder, in a fixed order; what can't be read costs itself only. */
function readPages(folder: string): Reading {
  if (statusOf(folder) !== 'folder')
    throw new InputError(
      `${folder} is no folder.`,
      'Name the folder of a checkout of the driver docs, or only a name: `wsk docs WskSocket`.',
    );
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
