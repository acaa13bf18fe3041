/** Visits every statement of a function, those inside statement expressions too. */
import type { Expression, Initializer, Statement } from '../../../cfront/parse/ast.ts';

type Visit = (s: Statement, tries: readonly Statement[]) => void;

/** `tries` are the `__try` statements around a statement, outermost first. */
export function forEachStatement(s: Statement, tries: readonly Statement[], visit: Visit): void {
  visit(s, tries);
  for (const e of expressionsOf(s)) forEachInExpression(e, tries, visit);
  switch (s.kind) {
    case 'compound':
      for (const item of s.items) forEachStatement(item, tries, visit);
      return;
    case 'if':
      forEachStatement(s.then, tries, visit);
      if (s.otherwise !== undefined) forEachStatement(s.otherwise, tries, visit);
      return;
    case 'for':
      if (s.initial !== undefined) forEachStatement(s.initial, tries, visit);
      forEachStatement(s.body, tries, visit);
      return;
    case 'while':
    case 'do':
    case 'switch':
    case 'case':
    case 'label':
      forEachStatement(s.body, tries, visit);
      return;
    case 'try-except':
    case 'try-finally':
      forEachStatement(s.body, [...tries, s], visit);
      forEachStatement(s.handler, tries, visit);
      return;
    default:
      return;
  }
}

function forEachInExpression(e: Expression, tries: readonly Statement[], visit: Visit): void {
  if (e.kind === 'statement-expression') forEachStatement(e.body, tries, visit);
  for (const part of partsOf(e)) forEachInExpression(part, tries, visit);
}

function expressionsOf(s: Statement): readonly Expression[] {
  switch (s.kind) {
    case 'expression':
      return [s.expression];
    case 'declaration':
      return s.declarations.flatMap((declaration) =>
        declaration.kind === 'variable-declaration' ? initializerParts(declaration.initializer) : [],
      );
    case 'if':
    case 'while':
    case 'do':
    case 'switch':
      return [s.condition];
    case 'for':
      return [s.condition, s.step].filter((e) => e !== undefined);
    case 'return':
      return s.value === undefined ? [] : [s.value];
    case 'try-except':
      return [s.filter];
    default:
      return [];
  }
}

/** The sub-expressions that are evaluated with an expression. */
function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'unary':
    case 'address-of':
    case 'dereference':
    case 'increment':
    case 'cast':
    case 'convert':
    case 'decay':
      return [e.operand];
    case 'binary':
    case 'logical':
    case 'comma':
      return [e.left, e.right];
    case 'assign':
      return [e.target, e.value];
    case 'conditional':
      return e.then === undefined ? [e.condition, e.otherwise] : [e.condition, e.then, e.otherwise];
    case 'call':
      return [e.callee, ...e.arguments];
    case 'member':
      return [e.object];
    case 'index':
      return [e.base, e.index];
    case 'compound-literal':
      return initializerParts(e.initializer);
    case 'va-arg':
      return [e.list];
    case 'builtin':
      return e.arguments;
    default:
      return [];
  }
}

function initializerParts(initializer: Initializer | undefined): readonly Expression[] {
  if (initializer === undefined) return [];
  return initializer.kind === 'expression' ? [initializer.value] : initializer.entries.map((entry) => entry.value);
}
