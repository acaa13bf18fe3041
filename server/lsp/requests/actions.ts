/** Code actions: quick fixes of diagnostics, and the page of the rule that one breaks. */
import {
  type CancellationToken,
  CodeActionKind,
  CodeActionTriggerKind,
  type Diagnostic,
  type CodeAction as LspCodeAction,
  type Position,
  type TextEdit,
} from 'vscode-languageserver';
import type { Finding } from '../../../base/finding.ts';
import { bundledPrefix } from '../../../catalog/catalog.ts';
import { allowAction } from '../../features/actions/allow-action.ts';
import { bodyAction } from '../../features/actions/body-action.ts';
import { callbackAction } from '../../features/actions/callback-action.ts';
import { type CodeAction, certainEdits, codeActions } from '../../features/actions/code-actions.ts';
import { range } from '../convert.ts';
import { diagnosticSource, findingsIn } from '../documents/diagnostics.ts';
import { togetherWith } from '../documents/readings.ts';
import type { Workspace } from '../workspace.ts';
import type { Features } from './features.ts';
import { levelActions } from './level-actions.ts';
import { hasPage } from './rule-pages.ts';

export function registerActions({ connection, workspace, guard }: Features): void {
  connection.onCodeAction(({ textDocument: { uri }, range: at, context }, token) =>
    guard.late('code action', [], { uri, token }, async () => {
      const { only } = context;
      if (only?.some((kind) => isWithin(fixAllKind, kind)) === true) return fixAll(workspace, uri);
      if (only !== undefined && !only.some((kind) => isWithin(CodeActionKind.QuickFix, kind))) return [];
      const written =
        context.triggerKind === CodeActionTriggerKind.Automatic ? [] : await bodies(workspace, uri, at.start, token);
      // An editor asks wherever the cursor goes; what is said of this place would be among what it shows.
      if (context.diagnostics.every(({ source }) => (source ?? diagnosticSource) !== diagnosticSource)) return written;
      const all = findingsIn(workspace, uri);
      const wanted = all.filter((finding) => context.diagnostics.some((shown) => isShownAs(finding, shown)));
      const fixes = codeActions(wanted, all).flatMap((action) => {
        const diagnostics = context.diagnostics.filter((shown) => action.findings.some((f) => isShownAs(f, shown)));
        return lspAction(workspace, action, diagnostics) ?? [];
      });
      return [
        ...fixes,
        ...callbacks(workspace, uri, wanted, context.diagnostics),
        ...written,
        ...allowances(workspace, uri, wanted, context.diagnostics),
        ...levelActions(workspace, wanted, context.diagnostics),
        ...explanations(workspace, wanted, context.diagnostics),
      ];
    }),
  );
}

/** For `editor.codeActionsOnSave`, where it may be named with or without its last word. */
export const fixAllKind = 'source.fixAll.wsk';

function isWithin(kind: string, asked: string): boolean {
  return kind === asked || kind.startsWith(`${asked}.`) || asked === '';
}

function fixAll(workspace: Workspace, uri: string): LspCodeAction[] {
  const unit = workspace.analysis(uri)?.unit;
  if (unit === undefined) return [];
  const edits = certainEdits(findingsIn(workspace, uri), unit);
  if (edits.length === 0) return [];
  const changes = { [uri]: edits.map(({ span, newText }) => ({ range: range(span), newText })) };
  return [{ title: 'Fix all that WSK lint is certain of', kind: fixAllKind, edit: { changes } }];
}

/** Stubs for callbacks that are named and not there yet. */
function callbacks(
  workspace: Workspace,
  uri: string,
  wanted: readonly Finding[],
  shown: readonly Diagnostic[],
): LspCodeAction[] {
  const analysis = workspace.analysis(uri);
  if (analysis === undefined) return [];
  return wanted.flatMap((finding) => {
    const action = callbackAction(finding, analysis);
    const diagnostics = shown.filter((one) => isShownAs(finding, one));
    return action === undefined ? [] : (lspAction(workspace, action, diagnostics) ?? []);
  });
}

/** The body of a function that is declared and not defined; only for a person who asks, because no finding is there. */
async function bodies(
  workspace: Workspace,
  uri: string,
  at: Position,
  token: CancellationToken,
): Promise<LspCodeAction[]> {
  const together = await togetherWith(workspace, uri, token);
  const own = workspace.analysis(uri);
  if (own === undefined) return [];
  const units = together.flatMap((one) => (one === own ? [] : [one.unit]));
  const action = bodyAction(own, workspace.offset(uri, at), units);
  const lsp = action === undefined ? undefined : lspAction(workspace, action, []);
  return lsp === undefined ? [] : [lsp];
}

/** Comments that allow what is found. A header's findings are looked at through an open file that includes it. */
function allowances(
  workspace: Workspace,
  uri: string,
  wanted: readonly Finding[],
  shown: readonly Diagnostic[],
): LspCodeAction[] {
  const reader = workspace.includersOf(uri)[0] ?? uri;
  const analysis = workspace.analysis(reader);
  if (analysis === undefined) return [];
  return wanted.flatMap((finding) => {
    const action = allowAction(finding, analysis.unit);
    const diagnostics = shown.filter((one) => isShownAs(finding, one));
    return action === undefined ? [] : (lspAction(workspace, action, diagnostics) ?? []);
  });
}

/** Opens the page of a rule: what is wrong, why, and how it is right. */
const explainRuleCommand = 'wsk.explainRule';

function explanations(workspace: Workspace, wanted: readonly Finding[], shown: readonly Diagnostic[]): LspCodeAction[] {
  if (!workspace.client().hasCommands) return [];
  const rules = [...new Set(wanted.map(({ rule }) => rule))].filter(hasPage);
  return rules.map((rule) => {
    const title = `Explain ${rule}`;
    return {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: shown.filter(({ code }) => code === rule),
      command: { title, command: explainRuleCommand, arguments: [rule] },
    };
  });
}

/** A diagnostic that the editor sends back is this finding's. */
function isShownAs(finding: Finding, { code, range: at, message }: Diagnostic): boolean {
  const { start } = range(finding.span);
  const isHere = start.line === at.start.line && start.character === at.start.character;
  return isHere && code === finding.rule && (message === undefined || message === finding.message);
}

/** Undefined where an edit lies in a file that the editor cannot change. */
function lspAction(
  workspace: Workspace,
  { title, edits, isPreferred, cursor }: CodeAction,
  diagnostics: Diagnostic[],
): LspCodeAction | undefined {
  const action = { title, kind: CodeActionKind.QuickFix, isPreferred, diagnostics };
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, newText } of edits) {
    const uri = workspace.uriOf(span.file);
    if (uri === undefined || uri.startsWith(bundledPrefix)) return undefined;
    if (cursor !== undefined && workspace.client().placesCursor) {
      const snippet = { kind: 'snippet' as const, value: withCursor(newText, cursor) };
      const version = workspace.version(uri) ?? null;
      const change = { textDocument: { uri, version }, edits: [{ range: range(span), snippet }] };
      return { ...action, edit: { documentChanges: [change] } };
    }
    (changes[uri] ??= []).push({ range: range(span), newText });
  }
  return { ...action, edit: { changes } };
}

/** Text as a snippet, whose signs of its own are escaped. */
function withCursor(text: string, at: number): string {
  const plain = (part: string): string => part.replace(/[\\$}]/g, '\\$&');
  return `${plain(text.slice(0, at))}$0${plain(text.slice(at))}`;
}
