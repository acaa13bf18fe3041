/**
 * What a value typed at an offset is for: an argument, a result, the other side of an assignment or comparison, a part
 * of an initializer. Read from the characters before the word, then joined with the tree for types.
 */

import type { Expression, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { findPath, nodePlace, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { roleParameter } from '../driver/roles.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { beginsStatement, lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { type ArgumentPlace, callAt, typeOfCallee } from '../places/call-at.ts';
import { initializerAt, itemMember, itemType, recordOf } from '../places/initializer-at.ts';
import { handedOn, macroArgumentType } from '../places/macro-argument.ts';
import { macroOperand } from '../places/macro-operand.ts';
import { memberOfText, pathMember, pathType, typeOfText } from '../places/path-type.ts';
import { functionAt, variableNamed } from '../places/scope.ts';
import { castType } from './casts.ts';

export type Expected =
  | { readonly kind: 'argument'; readonly argument: ArgumentPlace; readonly type: CType | undefined }
  | { readonly kind: 'result'; readonly type: CType }
  /** What is cast to the type. */
  | { readonly kind: 'cast'; readonly type: CType }
  /** `member` is what a value is stored in or compared with, where that is a member of a structure. */
  | {
      readonly kind: 'case' | 'value' | 'comparison' | 'index';
      readonly type: CType;
      readonly member?: MemberPlace | undefined;
    };

export interface MemberPlace {
  readonly record: RecordDefinition | undefined;
  readonly name: string;
  /** The index, as written, where the member is an array: `IRP_MJ_READ`. */
  readonly index?: string;
  /** What it may be, where it is no member but the parameter of a callback. */
  readonly values?: readonly string[];
}

/** `wordStart` is where the word begins that is being typed. Undefined where nothing is known of the place. */
export function expectedAt(analysis: Analysis, wordStart: number): Expected | undefined {
  const { text } = analysis.unit.file;
  if (beginsStatement(text, wordStart)) return undefined;
  const at = behindOperands(text, lastCodeBefore(text, wordStart));
  switch (text[at]) {
    case '=':
      return assigned(analysis, at);
    case '~':
    case '&':
      return masked(analysis, text[at] === '~' ? lastCodeBefore(text, at) : at);
    case '(':
    case ',':
      return argument(analysis, wordStart) ?? listItem(analysis, wordStart);
    case '{':
      return listItem(analysis, wordStart);
    case '[':
      return indexed(analysis, at);
    case ')': {
      const type = castType(analysis, at);
      return type === undefined ? undefined : { kind: 'cast', type };
    }
    case '?':
    case ':':
      return chosen(analysis, at);
    default:
      return afterWord(analysis, wordBefore(text, at + 1), at);
  }
}

/** Goes back over `A | B |`, and over parentheses that only group. Ends because each round is further left. */
function behindOperands(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (text[at] === '|' && text[at - 1] !== '|') {
      const operand = /[\w$.>\-\s]*$/.exec(text.slice(Math.max(0, at - 200), at))?.[0] ?? '';
      const next = lastCodeBefore(text, at - operand.length);
      if (next >= at) return at;
      at = next;
      // `return A | B`: the word is part of what the expression above took.
      if (/^\s*return\b/.test(operand)) return text.indexOf('return', at + 1) + 5;
    } else if (text[at] === '(' && isGrouping(text, at)) at = lastCodeBefore(text, at);
    else return at;
  }
}

/** Parentheses that belong to no call. */
export function isGrouping(text: string, open: number): boolean {
  const before = lastCodeBefore(text, open);
  const word = wordBefore(text, before + 1);
  return word === 'return' || (word === '' && !/[)\]]/.test(text.charAt(before)));
}

/** Behind `=`, `==`, `!=` or a compound assignment. */
function assigned(analysis: Analysis, at: number): Expected | undefined {
  const { unit } = analysis;
  const { text } = unit.file;
  const path = findPath(unit, at).toReversed();
  if (/[=!]/.test(text.charAt(at - 1))) {
    for (const node of path) {
      if (node.kind !== 'binary' || nodePlace(node.left).end > at) continue;
      const left = stripConversions(node.left);
      return { kind: 'comparison', type: left.type, member: memberOf(left, text) };
    }
    return written(analysis, at - 1, 'comparison');
  }
  if (/[<>]/.test(text.charAt(at - 1)) && text[at - 2] !== text[at - 1]) return undefined;
  for (const node of path) {
    if (node.kind === 'assign' && nodePlace(node.target).end <= at) {
      return { kind: 'value', type: node.target.type, member: memberOf(node.target, text) };
    }
    if (node.kind === 'variable-declaration' && place(node.nameToken).end <= at) {
      return listItem(analysis, at + 1) ?? { kind: 'value', type: node.symbol.type };
    }
  }
  const operator = /(?:<<|>>|[-+*/%&|^])?=$/.exec(text.slice(Math.max(0, at - 2), at + 1))?.[0].length ?? 1;
  return listItem(analysis, at + 1) ?? written(analysis, at + 1 - operator, 'value');
}

/** What stands before an operator, read from its text: a statement that is half typed may have no node. */
function written(analysis: Analysis, operator: number, kind: 'value' | 'comparison'): Expected | undefined {
  const end = lastCodeBefore(analysis.unit.file.text, operator) + 1;
  const type = pathType(analysis, end);
  return type === undefined ? undefined : { kind, type, member: pathMember(analysis, end) };
}

/** Behind `member &`, `member &=` or `member & ~`: a flag. */
function masked(analysis: Analysis, at: number): Expected | undefined {
  const { text } = analysis.unit.file;
  if (text[at] === '=' && text[at - 1] === '&') return assigned(analysis, at);
  if (text[at] !== '&' || text[at - 1] === '&') return undefined;
  for (const node of findPath(analysis.unit, at).toReversed()) {
    if (node.kind !== 'binary' || node.operator !== '&' || nodePlace(node.left).end > at) continue;
    const left = stripConversions(node.left);
    const member = memberOf(left, text) ?? parameterOf(analysis, left, at);
    return member === undefined ? undefined : { kind: 'comparison', type: left.type, member };
  }
  return undefined;
}

/** The flags that a callback is given. */
function parameterOf(analysis: Analysis, expression: Expression, at: number): MemberPlace | undefined {
  if (expression.kind !== 'name' || expression.symbol.kind !== 'variable') return undefined;
  return parameterPlace(analysis, expression.symbol, at);
}

function parameterPlace(analysis: Analysis, symbol: VariableSymbol, at: number): MemberPlace | undefined {
  const around = functionAt(analysis, at);
  const fact = around === undefined ? undefined : roleParameter(analysis, around, symbol)?.fact;
  return fact?.values === undefined ? undefined : { record: undefined, name: fact.name, values: fact.values };
}

/** Behind `condition ?` and the `:` that belongs to it: what the whole is for. Ends because each step is further left. */
function chosen(analysis: Analysis, at: number): Expected | undefined {
  const { text } = analysis.unit.file;
  let depth = 0;
  let missing = text[at] === ':' ? 1 : 0;
  for (let i = at - 1; i >= 0 && !/[;{}"']/.test(text.charAt(i)); i--) {
    const c = text.charAt(i);
    if (c === ')' || c === ']') depth++;
    else if (depth > 0) depth -= Number(c === '(' || c === '[');
    else if (c === '?') missing--;
    else if (c === ':') missing++;
    else if (/[(,]/.test(c) || isAssignment(text, i)) return missing > 0 ? undefined : expectedAt(analysis, i + 1);
    else if (/\breturn$/.test(text.slice(i - 6, i + 1)) && /\W/.test(text.charAt(i + 1)))
      return missing > 0 ? undefined : afterWord(analysis, 'return', at);
  }
  return undefined;
}

function isAssignment(text: string, at: number): boolean {
  return (
    text[at] === '=' &&
    text[at + 1] !== '=' &&
    (!/[=!<>]/.test(text.charAt(at - 1)) || /<<|>>/.test(text.slice(at - 2, at)))
  );
}

function argument(analysis: Analysis, offset: number): Expected | undefined {
  const found = callAt(analysis, offset);
  if (found === undefined) return undefined;
  if (found.callee.kind !== 'macro') {
    return { kind: 'argument', argument: found, type: typeOfCallee(found.callee)?.parameters[found.index]?.type };
  }
  // What the catalog says of the macro's own parameters comes before what it says of those of the function behind it.
  const isKnown = (analysis.catalog.byName(found.callee.macro.name)[0]?.parameters?.length ?? 0) > 0;
  const behind = isKnown ? undefined : handedOn(analysis, found);
  const operand = isKnown || behind !== undefined ? undefined : joined(analysis, found, offset);
  if (operand !== undefined) return operand;
  return { kind: 'argument', argument: behind ?? found, type: macroArgumentType(analysis, found) };
}

/** An argument that a macro compares with another one, stores in it or looks for in it. */
function joined(analysis: Analysis, place: ArgumentPlace, offset: number): Expected | undefined {
  const found = macroOperand(analysis, place);
  // `(Irp->Flags)`: the parentheses are the macro's.
  const other = found?.other.replace(/^\((.*)\)$/, '$1') ?? '';
  const type = typeOfText(analysis, other, offset);
  if (found === undefined || type === undefined) return undefined;
  const variable = variableNamed(analysis, other, offset);
  const member =
    memberOfText(analysis, other, offset) ??
    (variable === undefined ? undefined : parameterPlace(analysis, variable, offset));
  if (found.kind !== 'mask') return { kind: found.kind, type, member };
  return member === undefined ? undefined : { kind: 'comparison', type, member };
}

function listItem(analysis: Analysis, offset: number): Expected | undefined {
  const found = initializerAt(analysis, offset);
  const type = found === undefined ? undefined : itemType(found);
  if (found === undefined || type === undefined) return undefined;
  const name = itemMember(found);
  return { kind: 'value', type, member: name === undefined ? undefined : { record: recordOf(found.type), name } };
}

/** Behind the `[` of an array member. */
function indexed(analysis: Analysis, open: number): Expected | undefined {
  const { text } = analysis.unit.file;
  const name = wordBefore(text, lastCodeBefore(text, open) + 1);
  if (name !== 'MajorFunction') return undefined;
  const type: CType = { kind: 'error', isConst: false, isVolatile: false };
  return { kind: 'index', type, member: { record: undefined, name } };
}

function memberOf(expression: Expression, text: string): MemberPlace | undefined {
  const inner = stripConversions(expression);
  if (inner.kind === 'index') {
    const outer = memberOf(inner.base, text);
    const { start, end } = nodePlace(inner.index);
    return outer === undefined ? undefined : { ...outer, index: text.slice(start, end) };
  }
  if (inner.kind !== 'member') return undefined;
  const { type } = inner.object;
  return { record: recordOf(type.kind === 'pointer' ? type.target : type), name: inner.name };
}

function afterWord(analysis: Analysis, word: string, at: number): Expected | undefined {
  if (word === 'return') {
    const result = functionAt(analysis, at)?.symbol.type.result;
    return result === undefined || result.kind === 'void' ? undefined : { kind: 'result', type: result };
  }
  if (word !== 'case') return undefined;
  const around = findPath(analysis.unit, at).findLast((node) => node.kind === 'switch');
  if (around === undefined) return undefined;
  const condition = stripConversions(around.condition);
  const { text } = analysis.unit.file;
  return { kind: 'case', type: condition.type, member: memberOf(condition, text) ?? heldBy(analysis, condition, at) };
}

/** The member that a variable has the value of, or what a callback calls its parameter. */
function heldBy(analysis: Analysis, expression: Expression, at: number): MemberPlace | undefined {
  const around = functionAt(analysis, at);
  if (expression.kind !== 'name' || expression.symbol.kind !== 'variable' || around === undefined) return undefined;
  const { symbol } = expression;
  const index = around.parameters.indexOf(symbol);
  if (index >= 0) {
    const type = analysis.unit.symbols.get(around.symbol.roleType ?? '')?.type;
    const name = type === undefined ? symbol.name : functionTypeOf(type)?.parameters[index]?.name;
    return parameterOf(analysis, expression, at) ?? { record: undefined, name: name ?? symbol.name };
  }
  const { text } = analysis.unit.file;
  let found: MemberPlace | undefined;
  walk(around.body, (node) => {
    const value = node.kind === 'assign' && isNamed(node.target, symbol) ? node.value : initial(node, symbol);
    found ??= value === undefined ? undefined : memberOf(value, text);
    return true;
  });
  return found;
}

function isNamed(target: Expression, symbol: VariableSymbol): boolean {
  return target.kind === 'name' && target.symbol === symbol;
}

function initial(node: TreeNode, symbol: VariableSymbol): Expression | undefined {
  const isOwn = node.kind === 'variable-declaration' && node.symbol === symbol;
  return isOwn && node.initializer?.kind === 'expression' ? node.initializer.value : undefined;
}
