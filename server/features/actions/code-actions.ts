/**
 * Quick fixes: from the findings at the cursor to edits that a person can choose.
 *
 * In: the findings that are asked about, and all of the document. Out: one action for each different fix, the preferred
 * one where a finding has no other, and one that mends every like mistake of the document where that is safe.
 */
import type { Finding, Fix } from '../../../base/finding.ts';
import type { Span } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

export type Edit = Fix['edits'][number];

export interface CodeAction {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Where to go on typing: an offset in the new text of the only edit. */
  readonly cursor?: number;
  /** The editor may apply it without asking. */
  readonly isPreferred: boolean;
  /** What it mends. */
  readonly findings: readonly Finding[];
}

export function codeActions(wanted: readonly Finding[], all: readonly Finding[]): readonly CodeAction[] {
  const actions: CodeAction[] = [];
  for (const finding of wanted) {
    const fixes = finding.fixes ?? [];
    for (const fix of fixes) {
      const same = actions.findIndex((action) => action.title === fix.title && sameEdits(action.edits, fix.edits));
      const known = actions[same];
      if (known !== undefined) actions[same] = { ...known, findings: [...known.findings, finding] };
      else actions.push({ ...fix, isPreferred: fixes.length === 1, findings: [finding] });
    }
  }
  return [...actions, ...actions.flatMap((action) => allLike(action, all) ?? [])];
}

/**
 * Fixes that may be applied to every finding at once: what is missing or misspelt is the same everywhere. A cast, an `&`
 * or a brace is looked at one by one, and `=` in a condition may be meant.
 */
const safeTitle =
  /^(?:Insert '(?:[;:,)\]]|#include .*)'|Replace '(?!=')[^']*' by .*|Replace by .*|Make it a comment|Remove the spaces)$/;

/** The action for all findings that have a fix of the same name; undefined where there is nothing more to mend. */
function allLike({ title, edits }: CodeAction, all: readonly Finding[]): CodeAction | undefined {
  if (!safeTitle.test(title)) return undefined;
  const { taken, findings } = together(all, ({ fixes = [] }) => fixes.find((candidate) => candidate.title === title));
  if (taken.length <= edits.length) return undefined;
  return { title: `${title}: all ${findings.length} in this file`, edits: taken, isPreferred: false, findings };
}

/**
 * What an editor may write when a file is saved: the fixes of the file's own text that are the only ones and certain.
 * Where the text does not read as C nothing is.
 */
export function certainEdits(all: readonly Finding[], { file, problems }: TranslationUnit): readonly Edit[] {
  if (problems.some(({ severity }) => severity === 'error')) return [];
  return together(all, ({ fixes = [] }) => {
    const [fix] = fixes;
    const isMeant = fix?.isCertain === true && fixes.length === 1 && fix.edits.every(({ span }) => span.file === file);
    return isMeant ? fix : undefined;
  }).taken;
}

/** The edits of one fix for each finding, those left out that would touch an earlier one's. */
function together(
  all: readonly Finding[],
  fixOf: (finding: Finding) => Fix | undefined,
): { readonly taken: readonly Edit[]; readonly findings: readonly Finding[] } {
  const taken: Edit[] = [];
  const findings: Finding[] = [];
  for (const finding of all) {
    const fix = fixOf(finding);
    if (fix === undefined) continue;
    const fresh = fix.edits.filter((edit) => !taken.some((other) => sameEdit(edit, other)));
    if (fresh.some((edit) => taken.some((other) => overlaps(edit.span, other.span)))) continue;
    taken.push(...fresh);
    findings.push(finding);
  }
  return { taken, findings };
}

function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
  return a.length === b.length && a.every((edit, i) => sameEdit(edit, b[i] as Edit));
}

function sameEdit(a: Edit, b: Edit): boolean {
  return (
    a.newText === b.newText && a.span.file === b.span.file && a.span.start === b.span.start && a.span.end === b.span.end
  );
}

/** Two insertions at one place do too: which comes first would be chance. */
function overlaps(a: Span, b: Span): boolean {
  if (a.file !== b.file) return false;
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}
