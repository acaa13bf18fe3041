/**
 * The call whose argument list holds an offset, and which argument it is. Brackets and commas come from the text,
 * because an argument that is being typed has no node yet; what is called comes from the tree where it has the call,
 * and else from the name before the parenthesis: macros have no node, and a call in a broken statement may have none.
 */
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import type { CallExpression, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { findPath, nodePlace } from '../../../cfront/parse/walk.ts';
import type { FunctionType } from '../../../cfront/types/types.ts';
import type { MacroDefinition } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { apiOfCall, functionTypeOf } from './api-at.ts';
import { type Bracket, bracketsAt, lastCodeBefore, wordBefore } from './brackets.ts';
import { literalEnd } from './lexical-place.ts';

export type Callee =
  | { readonly kind: 'call'; readonly call: CallExpression }
  | { readonly kind: 'function'; readonly symbol: FunctionSymbol }
  | { readonly kind: 'macro'; readonly macro: MacroDefinition }
  /** Known by its name alone, because what stands before it was not understood: C++, an unknown structure. */
  | { readonly kind: 'unresolved'; readonly name: string; readonly type: FunctionType | undefined };

export interface ArgumentPlace {
  readonly callee: Callee;
  /** From 0. */
  readonly index: number;
  /** Texts of the arguments before this one, without blanks around them. */
  readonly before: readonly string[];
  /** Those of the arguments behind it; none while the call is not closed. */
  readonly after: readonly string[];
}

const noCallees: ReadonlySet<string> = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  '_Alignof',
  'case',
]);

/** The innermost call around the offset with the offset between its parentheses; a list in braces ends the search. */
export function callAt(analysis: Analysis, offset: number): ArgumentPlace | undefined {
  const { text } = analysis.unit.file;
  const brackets = bracketsAt(text, offset);
  // Outside of braces stand declarations: what is in their parentheses are parameters, unless a macro is used.
  const isOutside = brackets.every(({ open }) => open !== '{');
  for (const bracket of brackets.toReversed()) {
    if (bracket.open === '{') return undefined;
    if (bracket.open === '[') continue;
    const callee = calleeBefore(analysis, bracket);
    if (isOutside && callee?.kind !== 'macro') continue;
    if (callee !== undefined) {
      const { commas } = bracket;
      return {
        callee,
        index: commas.length,
        before: argumentTexts(text, bracket),
        after: laterArguments(text, offset),
      };
    }
  }
  return undefined;
}

function calleeBefore(analysis: Analysis, bracket: Bracket): Callee | undefined {
  const { unit } = analysis;
  const { text } = unit.file;
  const end = lastCodeBefore(text, bracket.at) + 1;
  const word = wordBefore(text, end);
  if (noCallees.has(word)) return undefined;
  // First, because a macro whose `)` is missing is read as a call of something unknown.
  const macro = unit.macros.get(word);
  if (macro?.parameters !== undefined) return { kind: 'macro', macro };
  const call = findPath(unit, bracket.at).findLast((node): node is CallExpression => {
    return node.kind === 'call' && nodePlace(node.callee).end <= bracket.at && nodePlace(node.callee).end >= end;
  });
  if (call !== undefined && functionTypeOf(call.callee.type)?.hasPrototype === true) return { kind: 'call', call };
  const symbol = unit.symbols.get(word);
  if (symbol?.kind === 'function' && !isMember(text, end - word.length)) return { kind: 'function', symbol };
  return unresolved(analysis, word) ?? (call === undefined ? undefined : { kind: 'call', call });
}

/** What a name means that is called in the body of a macro, where there is no tree. */
export function calleeNamed(analysis: Analysis, name: string): Callee | undefined {
  const { unit } = analysis;
  const macro = unit.macros.get(name);
  if (macro?.parameters !== undefined) return { kind: 'macro', macro };
  const symbol = unit.symbols.get(name);
  return symbol?.kind === 'function' ? { kind: 'function', symbol } : unresolved(analysis, name);
}

function isMember(text: string, start: number): boolean {
  const before = lastCodeBefore(text, start);
  return text[before] === '.' || (text[before] === '>' && text[before - 1] === '-');
}

/** A function of WSK or the kernel goes by a name that nothing else has. */
function unresolved({ unit, catalog }: Analysis, name: string): Callee | undefined {
  const facts = catalog.byName(name).find(({ kind }) => kind === 'table-function' || kind === 'function');
  if (facts === undefined)
    return /^WdfIoTarget\w+$/.test(name) ? { kind: 'unresolved', name, type: undefined } : undefined;
  const symbol = unit.symbols.get(facts.typeName ?? name);
  return { kind: 'unresolved', name, type: symbol === undefined ? undefined : functionTypeOf(symbol.type) };
}

function argumentTexts(text: string, { at, commas }: Bracket): readonly string[] {
  return commas.map((comma, i) => text.slice((commas[i - 1] ?? at) + 1, comma).trim());
}

/** Ends with the parenthesis that closes the call; at a `;` or brace the call was never closed. */
function laterArguments(text: string, offset: number): readonly string[] {
  const commas: number[] = [];
  let depth = 0;
  for (let i = offset; i < Math.min(text.length, offset + laterMax); i++) {
    const c = text.charAt(i);
    if (c === '"' || c === "'") i = literalEnd(text, i).at - 1;
    else if (c === '(' || c === '[') depth++;
    else if (c === ';' || c === '{' || c === '}') return [];
    else if (c === ',' && depth === 0) commas.push(i);
    else if ((c === ')' || c === ']') && depth-- === 0)
      return commas.map((comma, k) => text.slice(comma + 1, commas[k + 1] ?? i).trim());
  }
  return [];
}

/** Characters of the longest argument list that is looked through. */
const laterMax = 2000;

export function apiOfCallee(callee: Callee, catalog: Catalog): ApiFacts | undefined {
  switch (callee.kind) {
    case 'call':
      return apiOfCall(callee.call, catalog);
    case 'function':
      return catalog.byName(callee.symbol.name)[0];
    case 'macro':
      return catalog.byName(callee.macro.name)[0];
    case 'unresolved':
      return catalog.byName(callee.name)[0];
  }
}

/** Undefined for a macro, and for what the front end could not make out. */
export function typeOfCallee(callee: Callee): FunctionType | undefined {
  switch (callee.kind) {
    case 'call':
      return functionTypeOf(callee.call.callee.type);
    case 'function':
      return callee.symbol.type;
    case 'unresolved':
      return callee.type;
    case 'macro':
      return undefined;
  }
}
