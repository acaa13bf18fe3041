/** What the user's own files declare at file scope, headers of theirs included: many rules go through it at each key. */
import { memo } from '../../../base/memo.ts';
import type { DeclarationNode } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

export const ownDeclarations = memo((unit: TranslationUnit): readonly DeclarationNode[] =>
  unit.declarations.filter(({ first }) => !unit.isSystemFile(place(first).file)),
);
