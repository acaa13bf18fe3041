/**
 * What the word at an offset names: a symbol, a member, a macro, a record, a label. Uses are found in the tree;
 * declarations by their name token; members of structures by their declared place. One answer for hover, definition
 * and highlights, so that they agree.
 */
import { lowerBound } from '../../../base/lower-bound.ts';
import type { CSymbol, FunctionDeclaration, FunctionDefinition, MemberExpression } from '../../../cfront/parse/ast.ts';
import { findPath, mainDeclarations, nodePlace, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { place, type Token } from '../../../cfront/tokenize/token.ts';
import { fieldNamed } from '../../../cfront/types/fields.ts';
import type { EnumDefinition, Field, FunctionParameter, RecordDefinition } from '../../../cfront/types/types.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';
import { type Analysis, wordAt } from '../analysis.ts';
import { lastCodeBefore } from './brackets.ts';
import { designatedRecord, initializerAt, recordOf } from './initializer-at.ts';
import { logicalLineStart } from './lexical-place.ts';
import { memberArgumentAt } from './member-argument.ts';
import { functionAt } from './scope.ts';

export type NameAt =
  | { readonly kind: 'symbol'; readonly symbol: CSymbol }
  /** `record` is the structure through which the member is named; `offset` counts from its start. */
  | {
      readonly kind: 'member';
      readonly field: Field;
      readonly offset: number;
      readonly record: RecordDefinition;
      readonly use: MemberExpression | undefined;
    }
  | { readonly kind: 'parameter'; readonly parameter: FunctionParameter }
  | { readonly kind: 'macro'; readonly macro: MacroDefinition; readonly isUse: boolean }
  | { readonly kind: 'record'; readonly record: RecordDefinition }
  | { readonly kind: 'enum'; readonly definition: EnumDefinition }
  | { readonly kind: 'label'; readonly name: string; readonly function: FunctionDefinition };

export function nameAt(analysis: Analysis, offset: number): NameAt | undefined {
  const { unit } = analysis;
  const word = wordAt(unit, offset);
  if (word === undefined) return undefined;
  const name = word.text;
  const used = macroUsedAt(unit, word.span.start);
  if (used?.name === name) return { kind: 'macro', macro: used, isUse: true };
  return (
    inTree(analysis, offset, name) ??
    inDeclarations(unit, offset, name) ??
    inSal(unit, word.span.start, name) ??
    designated(analysis, offset, name) ??
    macroMember(analysis, offset, name) ??
    (isMacroParameter(unit, offset, name) ? undefined : inTables(unit, name))
  );
}

function macroUsedAt({ macroUses }: TranslationUnit, start: number): MacroDefinition | undefined {
  const use = macroUses[lowerBound(macroUses.length, (i) => (macroUses[i]?.span.start ?? 0) < start)];
  return use?.span.start === start ? use.macro : undefined;
}

/** The innermost name, member, label or declared name under the offset that is spelt like the word. */
function inTree(analysis: Analysis, offset: number, name: string): NameAt | undefined {
  for (const node of findPath(analysis.unit, offset).toReversed()) {
    const found = named(analysis, node, offset, name) ?? inExpansion(analysis, node, offset, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A name alone in the parentheses of a macro's body begins with these, so that it has the place of the whole invocation,
 * as all around it: `RtlCopyMemory(a, b, n)` is `memcpy((a), (b), (n))`.
 */
function inExpansion(analysis: Analysis, node: TreeNode, offset: number, name: string): NameAt | undefined {
  if (node.first.expansion === undefined) return undefined;
  let found: NameAt | undefined;
  walk(node, (below) => {
    if (below.kind === 'name' || below.kind === 'enum-constant') found ??= named(analysis, below, offset, name);
    return found === undefined;
  });
  return found;
}

function named(analysis: Analysis, node: TreeNode, offset: number, name: string): NameAt | undefined {
  switch (node.kind) {
    case 'name':
    case 'enum-constant':
      return node.symbol.name === name ? { kind: 'symbol', symbol: node.symbol } : undefined;
    case 'member': {
      const record = recordOf(node.object.type.kind === 'pointer' ? node.object.type.target : node.object.type);
      if (node.name !== name || node.field === undefined || record === undefined || !holds(node.nameToken, offset))
        return undefined;
      return { kind: 'member', field: node.field, offset: node.offset, record, use: node };
    }
    case 'variable-declaration':
    case 'function-definition':
    case 'function-declaration':
    case 'typedef-declaration':
    case 'enum-constant-declaration':
      return holds(node.nameToken, offset) ? { kind: 'symbol', symbol: node.symbol } : undefined;
    case 'label':
    case 'goto': {
      const around = functionAt(analysis, offset);
      const isName = (node.kind === 'goto' ? node.label : node.name) === name;
      if (!isName || around === undefined || (node.kind === 'label' && !holds(node.first, offset))) return undefined;
      return { kind: 'label', name, function: around };
    }
    default:
      return undefined;
  }
}

/** Declarations share their first token, so the path has only the smallest of them; here all are asked. */
function inDeclarations(unit: TranslationUnit, offset: number, name: string): NameAt | undefined {
  for (const node of mainDeclarations(unit)) {
    switch (node.kind) {
      case 'variable-declaration':
      case 'typedef-declaration':
      case 'enum-constant-declaration':
        if (holds(node.nameToken, offset)) return { kind: 'symbol', symbol: node.symbol };
        break;
      case 'function-declaration':
      case 'function-definition': {
        if (holds(node.nameToken, offset)) return { kind: 'symbol', symbol: node.symbol };
        const parameter = parameterNamed(node, name);
        if (parameter === undefined) break;
        // A function that is declared more than once has the places of one declaration only.
        const isHere = node.kind === 'function-declaration' && isIn(nodePlace(node), unit, offset);
        if (isHere || isIn(parameter.span, unit, offset)) return { kind: 'parameter', parameter };
        break;
      }
      case 'tag-declaration': {
        if (node.definition.kind !== 'record') break;
        const found = fieldAt(node.definition.record, unit, offset, name);
        if (found !== undefined) return found;
        break;
      }
      case 'static-assert':
      case 'error-declaration':
        break;
    }
  }
  return undefined;
}

/** A member by its own declaration; structures inside structures end, because they cannot hold themselves. */
function fieldAt(record: RecordDefinition, unit: TranslationUnit, offset: number, name: string): NameAt | undefined {
  for (const field of record.fields ?? []) {
    if (field.name === name && isIn(field.span, unit, offset)) {
      return { kind: 'member', field, offset: field.offset, record, use: undefined };
    }
    const inner = recordOf(field.type.kind === 'array' ? field.type.element : field.type);
    if (inner === undefined || inner.span.file !== unit.file || field.type.alias !== undefined) continue;
    const found = fieldAt(inner, unit, offset, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A parameter, or a member of the same structure, that a word of SAL names: `_In_reads_(Count)`. */
function inSal(unit: TranslationUnit, start: number, name: string): NameAt | undefined {
  if (!/\b_[A-Z]\w*_\s*\([^()]*$/.test(unit.file.text.slice(Math.max(0, start - 200), start))) return undefined;
  for (const node of mainDeclarations(unit)) {
    if (!isIn(nodePlace(node), unit, start)) continue;
    if (node.kind === 'function-declaration' || node.kind === 'function-definition') {
      const parameter = parameterNamed(node, name);
      if (parameter !== undefined) return { kind: 'parameter', parameter };
    } else if (node.kind === 'tag-declaration' && node.definition.kind === 'record') {
      const { record } = node.definition;
      const field = record.fields?.find((one) => one.name === name);
      if (field !== undefined) return { kind: 'member', field, offset: field.offset, record, use: undefined };
    }
  }
  return undefined;
}

function parameterNamed(
  { symbol }: FunctionDeclaration | FunctionDefinition,
  name: string,
): FunctionParameter | undefined {
  return symbol.type.parameters.find((parameter) => parameter.name === name);
}

/** `.name =` in a list. */
function designated(analysis: Analysis, offset: number, name: string): NameAt | undefined {
  const word = wordAt(analysis.unit, offset);
  if (word === undefined) return undefined;
  const { text } = analysis.unit.file;
  // Brackets are only looked for where a list may be.
  if (text[lastCodeBefore(text, word.span.start)] !== '.') return undefined;
  const list = initializerAt(analysis, word.span.start);
  const record = list === undefined ? undefined : designatedRecord(list);
  const path = record === undefined ? undefined : fieldNamed(record, name);
  if (record === undefined || path === undefined) return undefined;
  return { kind: 'member', field: path.field, offset: path.offset, record, use: undefined };
}

/** The member's name in FIELD_OFFSET and its like. */
function macroMember(analysis: Analysis, offset: number, name: string): NameAt | undefined {
  const word = wordAt(analysis.unit, offset);
  const record = word === undefined ? undefined : memberArgumentAt(analysis, word.span.start);
  const path = record === undefined ? undefined : fieldNamed(record, name);
  if (record === undefined || path === undefined) return undefined;
  return { kind: 'member', field: path.field, offset: path.offset, record, use: undefined };
}

/** Whether the word is one of its `#define`'s own parameters, which hide what has the same name elsewhere. */
export function isMacroParameter({ file: { text } }: TranslationUnit, offset: number, name: string): boolean {
  const line = text.slice(logicalLineStart(text, offset), offset + name.length);
  const parameters = /^[ \t]*#[ \t]*define[ \t]+\w+\(([^)]*)/.exec(line)?.[1];
  return parameters?.split(',').some((one) => one.trim() === name) === true;
}

/** Names that need no place: macros, tags and what is declared at file scope. */
function inTables(unit: TranslationUnit, name: string): NameAt | undefined {
  const macro = unit.macros.get(name);
  if (macro !== undefined) return { kind: 'macro', macro, isUse: false };
  const symbol = unit.symbols.get(name);
  if (symbol !== undefined) return { kind: 'symbol', symbol };
  const record = unit.records.get(name);
  if (record !== undefined) return { kind: 'record', record };
  const definition = unit.enums.get(name);
  return definition === undefined ? undefined : { kind: 'enum', definition };
}

function holds(token: Token | undefined, offset: number): boolean {
  if (token === undefined) return false;
  const span = place(token);
  return offset >= span.start && offset <= span.end;
}

function isIn(span: FunctionParameter['span'], unit: TranslationUnit, offset: number): boolean {
  return span.file === unit.file && offset >= span.start && offset <= span.end;
}
