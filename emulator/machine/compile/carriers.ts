/**
 * Variables that only carry bytes from one element to another: `t = a[i]; a[i] = b[i]; b[i] = t;`.
 *
 * In: a function. Out: its locals of an integer type whose every mention takes an element's content or puts it into
 * another. They live in the frame, where the state of the bytes goes with them, so that a record is copied or exchanged
 * with its padding and with members that were never written; the finding comes where a value is computed with, tested
 * or given away. A variable that is used for anything else lives in a register, and what it takes is read there.
 */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { isBool } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { classOf, isFloating } from './classes.ts';

interface Mentions {
  readonly takes: Set<VariableSymbol>;
  readonly gives: Set<VariableSymbol>;
  readonly uses: Set<VariableSymbol>;
}

export function carriers(definition: FunctionDefinition): ReadonlySet<VariableSymbol> {
  const mentions: Mentions = { takes: new Set(), gives: new Set(), uses: new Set() };
  visit(definition.body, mentions);
  const { takes, gives, uses } = mentions;
  const isCarrier = (symbol: VariableSymbol): boolean =>
    gives.has(symbol) && !uses.has(symbol) && symbol.type.kind === 'integer' && !isBool(symbol.type);
  return new Set(definition.locals.filter((symbol) => takes.has(symbol) && isCarrier(symbol)));
}

/**
 * The element that an assignment to `type` only copies: `d[i] = s[i]`, `*d++ = *s++`. Such loops copy records with their
 * padding, which may never have been written.
 */
export function copiedElement(e: Expression, type: CType): Expression | undefined {
  const source = copied(e, type);
  return source !== undefined && isElement(source) ? source : undefined;
}

/** The variable whose bytes an assignment to `type` only copies. */
export function copiedVariable(e: Expression, type: CType): VariableSymbol | undefined {
  const source = copied(e, type);
  return source?.kind === 'name' && source.symbol.kind === 'variable' ? source.symbol : undefined;
}

/** What is copied as it is, through conversions that change no byte. */
function copied(e: Expression, type: CType): Expression | undefined {
  if (classOf(type) === 'record' || isBool(type) || !isSameBytes(e.type, type)) return undefined;
  return e.kind === 'cast' || e.kind === 'convert' ? copied(e.operand, type) : e;
}

function isSameBytes(from: CType, to: CType): boolean {
  return sizeOf(from) === sizeOf(to) && isFloating(classOf(from)) === isFloating(classOf(to)) && !isBool(from);
}

function isElement(e: Expression): boolean {
  const isIndirect = e.kind === 'index' || e.kind === 'dereference';
  return isIndirect && classOf(e.type) !== 'record' && e.type.kind !== 'array' && e.type.kind !== 'function';
}

function visit(node: TreeNode, mentions: Mentions): void {
  if (node.kind === 'assign' && node.operator === undefined) {
    visitCopy(node.target, node.value, mentions);
    return;
  }
  if (node.kind === 'variable-declaration' && node.initializer?.kind === 'expression') {
    if (copiedElement(node.initializer.value, node.symbol.type) !== undefined) mentions.takes.add(node.symbol);
  }
  if (node.kind === 'name' && node.symbol.kind === 'variable') mentions.uses.add(node.symbol);
  for (const child of children(node)) visit(child, mentions);
}

function visitCopy(target: Expression, value: Expression, mentions: Mentions): void {
  const isToVariable = target.kind === 'name' && target.symbol.kind === 'variable';
  if (isToVariable && copiedElement(value, target.type) !== undefined) mentions.takes.add(target.symbol);
  if (!isToVariable) visit(target, mentions);
  const given = isElement(target) ? copiedVariable(value, target.type) : undefined;
  if (given === undefined) visit(value, mentions);
  else mentions.gives.add(given);
}
