/**
 * Functions that the user's headers define (`static inline`): each file that includes the header has a copy of its own, and
 * few files use theirs. A copy to which nothing in its file leads says what the same one in any other file says, so the
 * first of them stands for all.
 *
 * In: the files of a driver. Out: the functions of each that count. Copies are the same where the header was parsed once
 * for their files (cfront/parse/sharing): they share the type, as the object that it is, and the tokens, and only symbols
 * are each file's own.
 */
import type { DeclarationNode, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { walk } from '../../../../cfront/parse/walk.ts';
import { place } from '../../../../cfront/tokenize/token.ts';
import type { FunctionType } from '../../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../../cfront/unit.ts';
import { functionNamesIn } from '../../body/nodes.ts';

export function withoutIdleCopies(units: readonly TranslationUnit[]): readonly (readonly FunctionDefinition[])[] {
  if (units.length === 1) return units.map(({ functions }) => functions);
  const counts = new Map<FunctionType, number>();
  for (const unit of units)
    for (const { symbol } of headerFunctions(unit)) counts.set(symbol.type, (counts.get(symbol.type) ?? 0) + 1);
  const stoodFor = new Map<FunctionType, Set<string>>();
  return units.map((unit) => {
    const copies = headerFunctions(unit).filter(({ symbol }) => (counts.get(symbol.type) ?? 0) > 1);
    if (copies.length === 0) return unit.functions;
    const lacksHeaders = unit.includes.some(({ file }) => file === undefined);
    const idle = new Map(copies.map((copy) => [copy.symbol.name, copy]));
    for (const node of unit.declarations) if (!isIn(idle, node)) wake(idle, node);
    for (const copy of copies) {
      if (!isIn(idle, copy)) continue;
      const { type } = copy.symbol;
      const told = stoodFor.get(type) ?? new Set();
      stoodFor.set(type, told);
      const surroundings = `${lacksHeaders} ${declaredAs(copy)}`;
      if (told.has(surroundings)) continue;
      told.add(surroundings);
      idle.delete(copy.symbol.name);
      wake(idle, copy);
    }
    return unit.functions.filter((definition) => !isIn(idle, definition));
  });
}

/** No other file can call them by their names. */
function headerFunctions({ file, functions, isSystemFile }: TranslationUnit): readonly FunctionDefinition[] {
  return functions.filter(({ symbol, nameToken }) => {
    const from = place(nameToken).file;
    return symbol.linkage === 'internal' && from !== file && !isSystemFile(from);
  });
}

function isIn(idle: ReadonlyMap<string, FunctionDefinition>, node: DeclarationNode): boolean {
  return node.kind === 'function-definition' && idle.get(node.symbol.name) === node;
}

/** Takes from the idle ones those to which a declaration leads, directly or by way of others of them. */
function wake(idle: Map<string, FunctionDefinition>, from: DeclarationNode): void {
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const name of namedIn(node)) {
      const copy = idle.get(name);
      if (copy === undefined) continue;
      idle.delete(name);
      open.push(copy);
    }
}

function namedIn(node: DeclarationNode): readonly string[] {
  if (node.kind === 'function-definition') return functionNamesIn(node).map(({ symbol }) => symbol.name);
  const names: string[] = [];
  if (node.kind === 'variable-declaration')
    walk(node, (below) => {
      if (below.kind === 'name' && below.symbol.kind === 'function') names.push(below.symbol.name);
    });
  return names;
}

/** What a file adds to a copy that nothing leads to: how else it is declared there. */
function declaredAs({ symbol, section }: FunctionDefinition): string {
  return `${symbol.name} ${symbol.declarations.length} ${symbol.roleType} ${section}`;
}
