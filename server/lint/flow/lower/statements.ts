/**
 * Statements to blocks. Lowering follows the tree, so it ends; an unread statement becomes `anything`.
 *
 * Loops: the head is the block that evaluates the condition (the body's first for `do`). Where the condition asks
 * memory that others can write, it begins with `poll`: such a loop may be the driver's way to wait.
 */
import type { Span } from '../../../../base/source.ts';
import type {
  CaseStatement,
  CompoundStatement,
  DeclarationNode,
  Expression,
  IfStatement,
  Statement,
  SwitchStatement,
  TryExceptStatement,
  TryFinallyStatement,
} from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { touchesMemory } from '../calls/apis.ts';
import { type Builder, emit, endBlock, jumpTo, make, newBlock } from './builder.ts';
import { namedFunction } from './call.ts';
import { branchOn, initialise, lowerValue } from './expressions.ts';
import type { Block, SwitchCase, Temporary } from './ir.ts';
import { goTo, jumpOut, labelBlock, lowerFinally, raise, returnFrom } from './jumps.ts';
import { isUnshared } from './liveness.ts';

export function lowerStatement(b: Builder, statement: Statement): void {
  switch (statement.kind) {
    case 'compound':
      for (const item of statement.items) lowerStatement(b, item);
      endScope(b, statement);
      return;
    case 'expression':
      if (!saysNothing(statement, b.lacksHeaders)) lowerValue(b, statement.expression);
      return;
    case 'declaration':
      for (const declaration of statement.declarations) declare(b, declaration);
      return;
    case 'if': {
      const [then, otherwise, after] = [newBlock(b), newBlock(b), newBlock(b)];
      branchOn(b, statement.condition, then, otherwise);
      b.open = then;
      lowerStatement(b, statement.then);
      if (isAssertion(statement)) endBlock(b, { kind: 'stop' }, otherwise);
      else jumpTo(b, after, otherwise);
      if (statement.otherwise !== undefined) lowerStatement(b, statement.otherwise);
      jumpTo(b, after, after);
      return;
    }
    case 'while':
      loop(b, { condition: statement.condition, step: undefined, body: statement.body, isTestedFirst: true });
      return;
    case 'do':
      loop(b, { condition: statement.condition, step: undefined, body: statement.body, isTestedFirst: false });
      return;
    case 'for': {
      if (statement.initial !== undefined) lowerStatement(b, statement.initial);
      const { condition, step, body } = statement;
      loop(b, { condition, step, body, isTestedFirst: true });
      return;
    }
    case 'switch':
      lowerSwitch(b, statement);
      return;
    case 'case':
      jumpTo(b, caseBlock(b, statement), caseBlock(b, statement));
      lowerStatement(b, statement.body);
      return;
    case 'label': {
      const block = labelBlock(b, statement.name);
      jumpTo(b, block, block);
      lowerStatement(b, statement.body);
      return;
    }
    case 'goto':
      goTo(b, statement.label);
      return;
    case 'break':
    case 'continue':
    case 'leave':
      jumpOut(b, statement.kind);
      return;
    case 'return': {
      const value = statement.value === undefined ? undefined : lowerValue(b, statement.value);
      returnFrom(b, value, statement);
      return;
    }
    case 'try-except':
      tryExcept(b, statement);
      return;
    case 'try-finally':
      tryFinally(b, statement);
      return;
    case 'empty':
      return;
    case 'error':
      emit(b, { op: 'anything', node: statement });
      return;
  }
}

/** A macro of the driver's own asserts what it is given: as with RtlAssert, that holds as far as lint is concerned. */
function isAssertion({ first, condition, otherwise }: IfStatement): boolean {
  if (otherwise !== undefined) return false;
  for (let from = first.expansion; from !== undefined; from = from.outer) {
    const { macro, invocation } = from;
    if (/assert/i.test(macro) && someNode(condition, (node) => isWrittenIn(node, invocation))) return true;
  }
  return false;
}

/** It is an argument of the macro, and not of its body. */
function isWrittenIn({ first: { file, start, end } }: TreeNode, invocation: Span): boolean {
  return file === invocation.file && start >= invocation.start && end <= invocation.end;
}

/**
 * An empty statement, or an unknown name alone. One with a semicolon may be a macro of a header that is missing; without
 * one it is being typed.
 */
export function saysNothing(statement: Statement, lacksHeaders: boolean): boolean {
  if (statement.kind === 'empty') return true;
  if (statement.kind !== 'expression' || statement.expression.kind !== 'error') return false;
  const { expression, last } = statement;
  return expression.isUnknownName === true && (last === expression.last || !lacksHeaders);
}

/** The block's own objects are gone after it: what is known of them would only be carried along. */
function endScope(b: Builder, { items, ...node }: CompoundStatement): void {
  for (const item of items) {
    if (item.kind !== 'declaration') continue;
    for (const declaration of item.declarations) {
      if (declaration.kind !== 'variable-declaration') continue;
      const { symbol } = declaration;
      if (symbol.duration === 'automatic' && !isUnshared(symbol))
        emit(b, { op: 'declare', symbol, isZeroed: false, node });
    }
  }
}

/** The statements of `({ … })`, and the temporary with the value of the last one. */
export function lowerItems(b: Builder, body: CompoundStatement): Temporary | undefined {
  let result: Temporary | undefined;
  for (const item of body.items) {
    result = undefined;
    if (item.kind === 'expression') result = lowerValue(b, item.expression);
    else lowerStatement(b, item);
  }
  return result;
}

function declare(b: Builder, declaration: DeclarationNode): void {
  if (declaration.kind === 'error-declaration') emit(b, { op: 'anything', node: declaration });
  if (declaration.kind !== 'variable-declaration') return;
  const { symbol, initializer } = declaration;
  // A static local is set before the driver starts.
  if (symbol.duration === 'static') return;
  if (initializer === undefined) emit(b, { op: 'declare', symbol, isZeroed: false, node: declaration });
  else initialise(b, symbol, initializer, declaration);
}

interface Loop {
  readonly condition: Expression | undefined;
  readonly step: Expression | undefined;
  readonly body: Statement;
  readonly isTestedFirst: boolean;
}

function loop(b: Builder, { condition, step, body, isTestedFirst }: Loop): void {
  const [test, start, next, after] = [newBlock(b), newBlock(b), newBlock(b), newBlock(b)];
  jumpTo(b, isTestedFirst ? test : start, start);
  const outside = b.contexts;
  b.contexts = [...outside, { kind: 'loop', breakTo: after, continueTo: isTestedFirst ? next : test }];
  lowerStatement(b, body);
  b.contexts = outside;
  jumpTo(b, isTestedFirst ? next : test, test);
  const asks = step === undefined && (condition === undefined || mayPoll(condition));
  if (asks) emit(b, { op: 'poll', node: condition ?? body });
  if (condition === undefined || isAlways(condition)) jumpTo(b, isTestedFirst ? start : next, next);
  else {
    branchOn(b, condition, isTestedFirst ? start : next, after);
    b.open = next;
  }
  if (step !== undefined) lowerValue(b, step);
  jumpTo(b, isTestedFirst ? test : start, after);
}

function isAlways(condition: Expression): boolean {
  const value = constantValue(condition);
  return value !== undefined && value !== 0n;
}

/** The condition depends on more than the function's own unshared locals. */
function mayPoll(condition: Expression): boolean {
  let result = isAlways(condition);
  walk(condition, (node) => {
    if (node.kind === 'call' || node.kind === 'dereference' || node.kind === 'member' || node.kind === 'index')
      result = true;
    if (node.kind === 'name' && node.symbol.kind === 'variable') {
      const { duration, isAddressTaken, type } = node.symbol;
      if (duration === 'static' || isAddressTaken || type.isVolatile) result = true;
    }
    return !result;
  });
  return result;
}

function lowerSwitch(b: Builder, statement: SwitchStatement): void {
  const value = lowerValue(b, statement.condition);
  const after = newBlock(b);
  // Who names every constant of an enumeration has no other value in mind.
  let otherwise = namesAll(statement) ? newBlock(b) : after;
  const cases: SwitchCase[] = [];
  for (const entry of statement.cases) {
    const block = caseBlock(b, entry);
    if (entry.value === undefined) otherwise = block;
    else cases.push({ low: entry.value.low, high: entry.value.high, block });
  }
  endBlock(b, { kind: 'switch', value, type: statement.condition.type, cases, otherwise }, newBlock(b));
  const outside = b.contexts;
  b.contexts = [...outside, { kind: 'switch', breakTo: after }];
  lowerStatement(b, statement.body);
  b.contexts = outside;
  jumpTo(b, after, after);
}

function namesAll({ condition, cases }: SwitchStatement): boolean {
  let asked = condition;
  while (asked.kind === 'convert') asked = asked.operand;
  const { type } = asked;
  const constants = type.kind === 'enum' ? (type.definition.constants ?? []) : [];
  return (
    constants.length > 0 &&
    constants.every(({ value: constant }) =>
      cases.some(({ value }) => value !== undefined && value.low <= BigInt(constant) && BigInt(constant) <= value.high),
    )
  );
}

function caseBlock(b: Builder, statement: CaseStatement): Block {
  const known = b.cases.get(statement);
  if (known !== undefined) return known;
  const block = newBlock(b);
  b.cases.set(statement, block);
  return block;
}

function tryExcept(b: Builder, statement: TryExceptStatement): void {
  const [filter, handler, after] = [newBlock(b), newBlock(b), newBlock(b)];
  const outside = b.contexts;
  b.contexts = [...outside, { kind: 'except', leaveTo: after, filter, node: statement }];
  // Memory may fault anywhere in the body; the edge at its start stands for that.
  const inner = enteredFirst(b, statement.body);
  if (inner === undefined) raise(b);
  else b.faulting.add(inner);
  lowerStatement(b, statement.body);
  b.contexts = outside;
  jumpTo(b, after, filter);
  const value = lowerValue(b, statement.filter);
  const zero = make(b, (to) => ({ op: 'integer', to, value: 0n, node: statement.filter }));
  const condition = make(b, (to) => ({
    op: 'binary',
    to,
    operator: '>',
    left: value,
    right: zero,
    type: statement.filter.type,
    node: statement.filter,
  }));
  const passedOn = newBlock(b);
  endBlock(b, { kind: 'branch', condition, then: handler, otherwise: passedOn }, passedOn);
  raise(b);
  endBlock(b, { kind: 'stop' }, handler);
  lowerStatement(b, statement.handler);
  jumpTo(b, after, after);
}

/** The `__try` with a `__finally` that a body begins with, but for what touches no memory: a fault is one in there. */
function enteredFirst(b: Builder, body: Statement): TryFinallyStatement | undefined {
  const items = body.kind === 'compound' ? body.items : [body];
  const first = items.find((item) => item.kind !== 'empty' && mayFault(b, item));
  return first?.kind === 'try-finally' ? (enteredFirst(b, first.body) ?? first) : undefined;
}

/** False for calls of functions that raise nothing, with numbers and locals. */
function mayFault(b: Builder, item: Statement): boolean {
  if (item.kind !== 'expression' && item.kind !== 'declaration') return true;
  return someNode(item, (node) => {
    if (node.kind === 'dereference' || node.kind === 'index' || node.kind === 'statement-expression') return true;
    if (node.kind !== 'call') return node.kind === 'error';
    const callee = namedFunction(node.callee);
    return b.mayRaise(callee) || (callee !== undefined && touchesMemory(callee.name));
  });
}

function tryFinally(b: Builder, statement: TryFinallyStatement): void {
  const after = newBlock(b);
  const outside = b.contexts;
  b.contexts = [...outside, { kind: 'finally', leaveTo: after, handler: statement.handler, node: statement }];
  if (b.faulting.has(statement)) raise(b);
  lowerStatement(b, statement.body);
  b.contexts = outside;
  jumpTo(b, after, after);
  lowerFinally(b, statement.handler, { isAbnormal: false });
}
