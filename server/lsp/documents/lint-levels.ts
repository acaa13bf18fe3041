/**
 * Open `.wsklint.yaml` documents: what is typed there counts at once, before it is saved, and names of rules and levels are
 * completed. They are no documents of the workspace: nothing in them is C.
 */

import type {
  TextDocumentContentChangeEvent,
  TextDocumentItem,
  VersionedTextDocumentIdentifier,
} from 'vscode-languageserver';
import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lintConfigName } from '../../../host/index.ts';
import { describedRules } from '../../lint/described.ts';
import type { Workspace } from '../workspace.ts';

export interface LintLevels {
  has(uri: string): boolean;
  open(item: TextDocumentItem): void;
  change(id: VersionedTextDocumentIdentifier, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  /**
   * The file is gone from the disk. An editor may hold its document for a while, or for as long as a tab shows it: what
   * that says counts no more, until it is typed in or its file is there again.
   */
  forget(uri: string): boolean;
  remember(uri: string): void;
  completion(uri: string, position: Position): CompletionItem[];
}

/** Whether a document that is opened sets levels. */
export function isLintLevels(uri: string): boolean {
  return uri.startsWith('file:') && uri.endsWith(`/${lintConfigName}`);
}

export function createLintLevels(workspace: Pick<Workspace, 'setLintLevels'>): LintLevels {
  const documents = new Map<string, TextDocument>();
  const store = (document: TextDocument): void => {
    documents.set(document.uri, document);
    workspace.setLintLevels(document.uri, document.getText());
  };
  return {
    has: (uri) => documents.has(uri),
    open: (item) => store(TextDocument.create(item.uri, item.languageId, item.version, item.text)),
    change(id, changes) {
      const document = documents.get(id.uri);
      if (document !== undefined) store(TextDocument.update(document, [...changes], id.version));
    },
    close(uri) {
      documents.delete(uri);
      workspace.setLintLevels(uri, undefined);
    },
    forget(uri) {
      const gone = [...documents.keys()].filter((open) => open === uri || open.startsWith(`${uri}/`));
      for (const open of gone) workspace.setLintLevels(open, undefined);
      return gone.length > 0;
    },
    remember(uri) {
      const document = documents.get(uri);
      if (document !== undefined) store(document);
    },
    completion(uri, position) {
      const document = documents.get(uri);
      return document === undefined ? [] : completeLevels(document.getText(), document.offsetAt(position));
    },
  };
}

const sections = [
  { label: 'rules', detail: 'severity of rules in this folder and below' },
  { label: 'exclude', detail: 'files whose findings are not shown' },
  { label: 'root', detail: 'true: files of the folders above do not count' },
];

const levelNotes = [
  { label: 'off', detail: 'what the rule finds is not shown' },
  { label: 'hint', detail: 'three dots in the editor' },
  { label: 'info', detail: 'told, and no reason to fail' },
  { label: 'warning', detail: 'wsk lint ends with status 1' },
  { label: 'error', detail: 'wsk lint ends with status 1' },
];

/** By the line up to the cursor and the section that it is in. */
export function completeLevels(text: string, offset: number): CompletionItem[] {
  const before = text.slice(0, offset).split(/\r?\n/);
  const line = before.at(-1) ?? '';
  if (/^\s+[\w-]+:\s+\w*$/.test(line)) {
    return levelNotes.map(({ label, detail }) => ({ label, detail, kind: CompletionItemKind.EnumMember }));
  }
  if (/^\w*$/.test(line)) {
    return sections.map(({ label, detail }) => ({
      label,
      detail,
      kind: CompletionItemKind.Property,
      insertText: label === 'root' ? 'root: true' : `${label}:\n  `,
    }));
  }
  const section = before.findLast((one) => /^\w+:/.test(one)) ?? '';
  if (!/^\s+[\w-]*$/.test(line) || !section.startsWith('rules:')) return [];
  return describedRules.map(({ id, severity, summary }) => ({
    label: id,
    detail: severity,
    documentation: summary,
    kind: CompletionItemKind.Property,
    insertText: `${id}: `,
  }));
}
