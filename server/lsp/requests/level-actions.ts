/**
 * "Turn <rule> off in this folder" and "Show <rule> as a hint …": an edit of the `.wsklint.yaml` that speaks first for the
 * file, or a new one beside the file. The editor must be able to edit and create files that are not open.
 */
import nodePath from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodeActionKind, type Diagnostic, type CodeAction as LspCodeAction } from 'vscode-languageserver';
import type { Finding } from '../../../base/finding.ts';
import { sourceFile } from '../../../base/source.ts';
import { levelEdit, lintConfigName } from '../../../host/index.ts';
import { range } from '../convert.ts';
import type { Workspace } from '../workspace.ts';

export function levelActions(
  workspace: Workspace,
  wanted: readonly Finding[],
  shown: readonly Diagnostic[],
): LspCodeAction[] {
  if (!workspace.client().createsFiles) return [];
  const byRule = new Map(wanted.map((finding) => [finding.rule, finding]));
  return [...byRule.values()].flatMap((finding) => [
    ...levelAction(workspace, finding, 'off', shown),
    ...(finding.severity === 'hint' ? [] : levelAction(workspace, finding, 'hint', shown)),
  ]);
}

function levelAction(
  workspace: Workspace,
  { rule, span }: Finding,
  level: 'off' | 'hint',
  shown: readonly Diagnostic[],
): LspCodeAction[] {
  // A text that was never saved is in no folder.
  if (!nodePath.isAbsolute(span.file.path)) return [];
  const folder = nodePath.dirname(span.file.path);
  const known = workspace.lintConfigs().nearest(span.file.path);
  const file = known ?? sourceFile(nodePath.join(folder, lintConfigName), '');
  const edit = levelEdit(file.text, rule, level);
  if (edit === undefined) return [];
  const above = nodePath.dirname(file.path);
  const where = nodePath.relative(above, folder) === '' ? 'this folder' : `'${nodePath.basename(above)}' and below`;
  const uri = workspace.uriOf(file) ?? pathToFileURL(file.path).href;
  const creation = { kind: 'create' as const, uri, options: { ignoreIfExists: true } };
  const change = {
    textDocument: { uri, version: null },
    edits: [{ range: range({ file, start: edit.start, end: edit.end }), newText: edit.newText }],
  };
  return [
    {
      title: level === 'off' ? `Turn ${rule} off in ${where}` : `Show ${rule} as a hint in ${where}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: shown.filter(({ code }) => code === rule),
      edit: { documentChanges: known === undefined ? [creation, change] : [change] },
    },
  ];
}
