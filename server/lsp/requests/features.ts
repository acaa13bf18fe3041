/** Binds LSP's requests to the features, by concept: what each group needs stands in its own file. */
import type { Connection } from 'vscode-languageserver';
import type { Docs } from '../docs/docs.ts';
import type { LintLevels } from '../documents/lint-levels.ts';
import type { Scenarios } from '../documents/scenarios.ts';
import type { Guard } from '../serving/guard.ts';
import type { Workspace } from '../workspace.ts';
import { registerActions } from './actions.ts';
import { registerAnswers } from './answers.ts';
import { registerCalls } from './calls.ts';
import { registerDecorations } from './decorations.ts';
import { registerNavigation } from './navigation.ts';
import { registerReferences } from './references.ts';
import { registerSelection } from './selection.ts';
import { createSymbolSearch } from './symbol-search.ts';

/** What the handlers of every group need. */
export interface Features {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly scenarios: Scenarios;
  readonly lintLevels: LintLevels;
  readonly guard: Guard;
  readonly docs: Docs;
  /** Text of a lint rule's page by the rule's id; undefined where there is none. */
  readonly rulePage: (id: string) => string | undefined;
}

export function registerFeatures(features: Features): void {
  registerAnswers(features);
  registerNavigation(features, createSymbolSearch(features.workspace));
  registerReferences(features);
  registerCalls(features);
  registerDecorations(features);
  registerSelection(features);
  registerActions(features);
}
