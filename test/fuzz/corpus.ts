/**
 * C texts to mutate: our own (samples, headers, conformance programs, code of the rules' pages), the code blocks of the
 * documentation where it lies beside the checkout, and folders that the caller names.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface CorpusText {
  readonly name: string;
  readonly text: string;
}

export type CorpusGroup = readonly CorpusText[];

/** Longer files are cut: a mutant of a long text says no more than one of a short one, and takes longer. */
const lengthMax = 60_000;

/** Groups of texts; each group is mutated as often as any other. Empty groups are left out. */
export function corpusGroups(root: string, folders: readonly string[]): readonly CorpusGroup[] {
  const docs = join(root, '../shared/docs-corpus');
  return [
    [...filesOf(root, join(root, 'samples')), ...pagesOf(root, join(root, 'server/lint/rules'))],
    filesOf(root, join(root, 'test/c')),
    filesOf(root, join(root, 'catalog/headers')),
    existsSync(docs) ? pagesOf(docs, docs) : [],
    ...folders.map((folder) => filesOf(folder, folder)),
  ].filter((group) => group.length > 0);
}

/** The C files below a folder. Names are relative, so that a seed picks the same file on every machine. */
function filesOf(base: string, folder: string): readonly CorpusText[] {
  return below(folder, /\.(c|h)$/i).map((path) => ({
    name: relative(base, path),
    text: readFileSync(path, 'latin1').slice(0, lengthMax),
  }));
}

/** What pages leave out. */
const includes = '#include <ntddk.h>\n#include <wsk.h>\n';

function pagesOf(base: string, folder: string): readonly CorpusText[] {
  return below(folder, /\.(md|txt)$/).flatMap((path) => {
    const blocks = readFileSync(path, 'utf8').match(/^```[^\n]*\n[\s\S]*?^```/gm) ?? [];
    return blocks
      .map((block) => block.replace(/^```.*\n|^```/gm, ''))
      .filter((text) => /[;{(]/.test(text))
      .map((text, index) => ({ name: `${relative(base, path)}#${index}`, text: `${includes}${text}` }));
  });
}

function below(folder: string, wanted: RegExp): readonly string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const status = statSync(path, { throwIfNoEntry: false });
      if (status?.isDirectory() === true) return name === '.git' || name === 'node_modules' ? [] : below(path, wanted);
      return status?.isFile() === true && wanted.test(name) ? [path] : [];
    });
}
