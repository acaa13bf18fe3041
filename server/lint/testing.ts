/**
 * For tests only: C texts in, findings out as short lines, with the bundled catalog and headers.
 */
import assert from 'node:assert/strict';
import type { Finding, Fix } from '../../base/finding.ts';
import { positionAt, sourceFile } from '../../base/source.ts';
import { bundledHeader, catalog, withHeaders } from '../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { type LintResult, lint } from './lint.ts';

export { catalog, root } from '../../catalog/testing/reading.ts';

/** Reads a C text; what `own` names is included from there, everything else from the bundled headers. */
export function parse(
  path: string,
  text: string,
  own: Readonly<Record<string, string>> = {},
  defines: Readonly<Record<string, string>> = {},
): TranslationUnit {
  return parseTranslationUnit(sourceFile(path, text), {
    ...withHeaders,
    defines,
    include: ({ name }) => {
      if (own[name] !== undefined) return { kind: 'found', file: sourceFile(name, own[name]), isSystem: false };
      return bundledHeader(name.endsWith('.tmh') ? 'wsk_tmh_stub.h' : name);
    },
  });
}

/** The two includes that every driver here begins with, on one line each. */
export const INCLUDES = '#include <ntddk.h>\n#include <wsk.h>\n';

/** Lints texts given together; each gets the includes in front. */
export function lintTexts(...texts: readonly string[]): LintResult {
  return lint(
    texts.map((text, index) => parse(`file${index}.c`, INCLUDES + text)),
    catalog,
  );
}

/** `12 rule-id`, the line counted from 1 in the text without the includes. */
export function shown({ span, rule }: Finding): string {
  return `${positionAt(span.file, span.start).line - 1} ${rule}`;
}

/** The findings that a text says it has: `// error: rule-id` on their line, or `// info: …` and so on. */
export function expectedIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const marks = [...line.matchAll(/\/\/ (?:error|warning|info|hint): ([a-z0-9-]+)/g)];
    return marks.map((mark) => `${index + 1} ${mark[1]}`);
  });
}

/**
 * Applies each fix of the findings of one text by itself: the text is C as before, what the fix was offered for is gone,
 * and no rule speaks more often than it did. Gives how many there were.
 */
export function checkFixes(findings: readonly Finding[]): number {
  let applied = 0;
  for (const finding of findings) {
    for (const fix of finding.fixes ?? []) {
      applied++;
      const unit = parse(finding.span.file.path, fixed(finding, fix));
      const said = `${shown(finding)}: ${fix.title}\n${unit.file.text}`;
      assert.deepEqual(unit.problems, [], said);
      const left = lint([unit], catalog).findings;
      const count = (all: readonly Finding[], rule: string): number => all.filter((one) => one.rule === rule).length;
      assert.ok(count(left, finding.rule) < count(findings, finding.rule), `is still there: ${said}`);
      for (const { rule } of left) assert.ok(count(left, rule) <= count(findings, rule), `${rule} is new: ${said}`);
    }
  }
  return applied;
}

/** A finding's text with one of its fixes applied. */
function fixed({ span }: Finding, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((text, edit) => text.slice(0, edit.span.start) + edit.newText + text.slice(edit.span.end), span.file.text);
}

/** Rules whose findings have one right answer, and so a fix; no other offers one (rules/pages.test.ts). */
export const fixable: readonly string[] = [
  'address-info-free',
  'basic-socket-dispatch',
  'client-dispatch-reserved',
  'completion-invoke-all',
  'completion-keeps-irp',
  'control-request-type',
  'deprecated-pool-function',
  'disconnect-buffer',
  'irp-freed-in-flight',
  'irp-not-reused',
  'irp-packet-size',
  'irp-stack-size',
  'option-size',
  'output-size-returned',
  'reserved-flags',
  'user-mode-wait-on-stack-object',
];
