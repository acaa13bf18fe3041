/**
 * Names that two files of a driver declare with different types: no linker of C sees it, and the run goes wrong far away
 * from the mistake. Each becomes one warning with both places.
 *
 * Only the driver's own declarations are looked at: the bundled headers are the same for every file.
 */

import type { Span } from '../../../base/source.ts';
import { knownValues } from '../../../cfront/layer-views.ts';
import type { CSymbol, FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { LinkProblem } from '../machine-types.ts';
import { isSameType, type KnownPairs } from './same-type.ts';

type Declared = { readonly symbol: VariableSymbol | FunctionSymbol; readonly span: Span };

export function conflictingTypes(units: readonly TranslationUnit[]): LinkProblem[] {
  if (units.length < 2) return [];
  const first = new Map<string, Declared>();
  const known: KnownPairs = new Map();
  const problems: LinkProblem[] = [];
  for (const unit of units) {
    for (const symbol of knownValues(unit.symbols)) {
      const declared = externalDeclaration(unit, symbol);
      if (declared === undefined) continue;
      const before = first.get(symbol.name);
      if (before === undefined) {
        first.set(symbol.name, declared);
        continue;
      }
      // A function that is also a variable elsewhere is a duplicate symbol where both are defined.
      if (isSameType(before.symbol.type, declared.symbol.type, known)) {
        // The definition is what everybody else must agree with.
        if (before.symbol.definition === undefined && declared.symbol.definition !== undefined)
          first.set(symbol.name, declared);
        continue;
      }
      problems.push(conflict(before, declared));
    }
  }
  return problems;
}

function externalDeclaration(unit: TranslationUnit, symbol: CSymbol): Declared | undefined {
  if ((symbol.kind !== 'variable' && symbol.kind !== 'function') || symbol.linkage !== 'external') return undefined;
  const declaration = symbol.definition ?? symbol.declarations[0];
  if (declaration?.kind !== 'variable-declaration' && declaration?.kind !== 'function-declaration') {
    if (declaration?.kind !== 'function-definition') return undefined;
  }
  const span = place(declaration.nameToken);
  return unit.isSystemFile(span.file) ? undefined : { symbol, span };
}

function conflict(before: Declared, declared: Declared): LinkProblem {
  const { name } = declared.symbol;
  const [text, other] = [declarationText(declared.symbol.type, name), declarationText(before.symbol.type, name)];
  const difference =
    text === other ? 'the types that it names differ between the two files' : `the other file has \`${other}\``;
  return {
    code: 'conflicting-types',
    severity: 'warning',
    message: `\`${text}\` here, but ${difference}. Declare it once, in a header that both files include.`,
    span: declared.span,
    related: [{ span: before.span, message: `\`${name}\` is declared differently here.` }],
  };
}
