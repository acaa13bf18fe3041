/** References, highlights and rename, in open files and in the C files that belong with them. */
import {
  DocumentHighlightKind,
  type Location,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { unreachable } from '../../../base/assert.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { highlights, referencesByMacros, referencesIn } from '../../features/names/references.ts';
import { prepareRename, type Refused, rename } from '../../features/names/rename.ts';
import type { Role } from '../../features/names/tree-names.ts';
import { range } from '../convert.ts';
import { locate, readingsFor } from '../documents/readings.ts';
import type { Features } from './features.ts';
import { location } from './navigation.ts';

/** Half of what a C++ file names is unknown to us, so that a rename would miss places. */
const inCpp: Refused = {
  kind: 'refused',
  reason: 'WSK Workbench renames names in C files only: a C++ extension knows all of their uses.',
};
const noReferences = 'WSK Workbench finds references in C files only: a C++ extension knows all uses of a name.';

export function registerReferences({ connection, workspace, guard }: Features): void {
  connection.onReferences(({ textDocument: { uri }, position, context }, token) => {
    if (workspace.isCpp(uri)) return refusal(noReferences);
    return guard.read('references', [], { uri, token }, async () => {
      const located = await locate(workspace, uri, workspace.offset(uri, position), token);
      if (located === undefined) return [];
      const found = new Map<string, Location>();
      for await (const { unit } of readingsFor(workspace, uri, located, token)) {
        for (const { span, role } of referencesIn(unit, located.target)) {
          if (!context.includeDeclaration && (role === 'declaration' || role === 'definition')) continue;
          const at = location(workspace, span);
          if (at !== undefined) found.set(`${at.uri}:${span.start}`, at);
        }
        for (const span of referencesByMacros(unit, located.target)) {
          const at = location(workspace, span);
          if (at !== undefined) found.set(`${at.uri}:${span.start}`, at);
        }
      }
      return [...found.values()];
    });
  });

  connection.onDocumentHighlight(({ textDocument: { uri }, position }, token) =>
    guard.late('highlights', [], { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return [];
      return highlights(analysis, workspace.offset(uri, position)).map(({ span, role }) => ({
        range: range(span),
        kind: highlightKind(role),
      }));
    }),
  );

  connection.onPrepareRename(async ({ textDocument: { uri }, position }, token) => {
    const answer = await guard.read('rename', undefined, { uri, token }, async () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return undefined;
      if (workspace.isCpp(uri)) return inCpp;
      const offset = workspace.offset(uri, position);
      const located = await locate(workspace, uri, offset, token);
      const { unit } = located?.analysis ?? analysis;
      return prepareRename(unit, offset, workspace.isOwn, located?.target.span.file);
    });
    if (answer === undefined) return null;
    if (answer.kind === 'refused') return refusal(answer.reason);
    return { range: range(answer.target.span), placeholder: answer.target.name };
  });

  connection.onRenameRequest(async ({ textDocument: { uri }, position, newName }, token) => {
    const answer = await guard.read('rename', undefined, { uri, token }, async () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return undefined;
      if (workspace.isCpp(uri)) return inCpp;
      const offset = workspace.offset(uri, position);
      const located = await locate(workspace, uri, offset, token);
      const start = prepareRename(
        located?.analysis.unit ?? analysis.unit,
        offset,
        workspace.isOwn,
        located?.target.span.file,
      );
      if (start.kind === 'refused' || located === undefined) return start;
      const units: TranslationUnit[] = [];
      for await (const { unit } of readingsFor(workspace, uri, located, token, [newName])) units.push(unit);
      return token.isCancellationRequested ? undefined : rename(units, located.target, newName, workspace.isOwn);
    });
    if (answer === undefined || answer.kind === 'name') return null;
    if (answer.kind === 'refused') return refusal(answer.reason);
    const changes: Record<string, TextEdit[]> = {};
    for (const span of answer.spans) {
      const target = workspace.uriOf(span.file);
      if (target !== undefined) (changes[target] ??= []).push({ range: range(span), newText: newName });
    }
    const edit: WorkspaceEdit = { changes };
    return edit;
  });
}

/** Editors show the message of a failed rename; an empty answer would say nothing. */
function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

function highlightKind(role: Role): DocumentHighlightKind {
  switch (role) {
    case 'write':
      return DocumentHighlightKind.Write;
    case 'read':
      return DocumentHighlightKind.Read;
    case 'declaration':
    case 'definition':
      return DocumentHighlightKind.Text;
    default:
      return unreachable(role);
  }
}
