/** What the client can do with an edit that a quick fix makes, from its capabilities; without a word, nothing of it. */
import type { ClientCapabilities } from 'vscode-languageserver';

export interface EditAbilities {
  /** It edits files that are not open, and makes new ones. */
  readonly createsFiles: boolean;
  /** It puts the cursor where an edit says. */
  readonly placesCursor: boolean;
}

export const noAbilities: EditAbilities = { createsFiles: false, placesCursor: false };

export function editAbilities({ workspace }: ClientCapabilities): EditAbilities {
  const edit = workspace?.workspaceEdit;
  const changes = edit?.documentChanges === true;
  return {
    createsFiles: changes && edit.resourceOperations?.includes('create') === true,
    placesCursor: changes && edit.snippetEditSupport === true,
  };
}
