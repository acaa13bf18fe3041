/** What the client can do, as it says when it starts the server; without a word, nothing of it. */
import type { InitializeParams } from 'vscode-languageserver';
import type { ListAbilities } from '../requests/completion-list.ts';

export interface ClientAbilities {
  /** It shows documents of the scheme `wsk-headers:`; it asks for their text with `wsk/headerText`. */
  readonly showsHeaders: boolean;
  /** It knows our commands and shows the rules' pages (`wsk-rule:`), whose text `wsk/ruleText` gives. */
  readonly hasCommands: boolean;
  /** It strikes out and greys text that a diagnostic is about. */
  readonly showsTags: boolean;
  /** It edits files that are not open, and makes new ones. */
  readonly createsFiles: boolean;
  /** It puts the cursor where an edit says. */
  readonly placesCursor: boolean;
  readonly list: ListAbilities;
}

export const noAbilities: ClientAbilities = {
  showsHeaders: false,
  hasCommands: false,
  showsTags: false,
  createsFiles: false,
  placesCursor: false,
  list: { snippets: false, defaultData: false, tags: false },
};

type InitializeWords = Pick<InitializeParams, 'capabilities' | 'initializationOptions'>;

export function clientAbilities({ capabilities, initializationOptions }: InitializeWords): ClientAbilities {
  const { textDocument, workspace } = capabilities;
  const edit = workspace?.workspaceEdit;
  const changes = edit?.documentChanges === true;
  const completion = textDocument?.completion;
  return {
    showsHeaders: initializationOptions?.showsHeaders === true,
    hasCommands: initializationOptions?.hasCommands === true,
    showsTags: textDocument?.publishDiagnostics?.tagSupport !== undefined,
    createsFiles: changes && edit.resourceOperations?.includes('create') === true,
    placesCursor: changes && edit.snippetEditSupport === true,
    list: {
      snippets: completion?.completionItem?.snippetSupport === true,
      defaultData: completion?.completionList?.itemDefaults?.includes('data') === true,
      tags: completion?.completionItem?.tagSupport !== undefined,
    },
  };
}
