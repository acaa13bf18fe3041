/**
 * "Write <name> (<callback>)": from a name that nothing declares, where a callback is wanted, to the callback's stub
 * above the declaration in which the name stands, as completion writes it for a name of its own.
 */
import type { Finding } from '../../../base/finding.ts';
import { SYNTAX_RULE } from '../../lint/syntax.ts';
import type { Analysis } from '../analysis.ts';
import { aboveDeclaration, stubText } from '../completion/callback-stub.ts';
import { expectedCallback } from '../completion/callbacks.ts';
import { expectedAt } from '../completion/expected-at.ts';
import type { CodeAction } from './code-actions.ts';

export function callbackAction(finding: Finding, analysis: Analysis): CodeAction | undefined {
  const { rule, span } = finding;
  const { file, symbols } = analysis.unit;
  if (rule !== SYNTAX_RULE || span.file !== file) return undefined;
  const name = file.text.slice(span.start, span.end);
  if (!/^[A-Za-z_]\w*$/.test(name) || symbols.has(name)) return undefined;
  const expected = expectedAt(analysis, span.start);
  const callback = expected === undefined ? undefined : expectedCallback(analysis, expected);
  if (callback === undefined) return undefined;
  const { facts, callable } = callback;
  return {
    title: `Write '${name}', a ${facts.name}`,
    edits: [aboveDeclaration(analysis, span.start, stubText(analysis, name, callable, facts))],
    isPreferred: false,
    findings: [finding],
  };
}
