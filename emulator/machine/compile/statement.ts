/**
 * Statements to instructions.
 *
 * Every statement, loop condition and loop step begins with STMT: the unit in which a run is counted, paused and
 * stepped. Loops test at their bottom, so that an iteration costs one jump.
 */
import { assert, unreachable } from '../../../base/assert.ts';
import type { Expression, Statement, VariableDeclaration } from '../../../cfront/parse/ast.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { READ_ONLY, UNINITIALISED } from '../memory/shadow.ts';
import { emit, type Label, newLabel, placeLabel } from './assembly.ts';
import { classOf } from './classes.ts';
import { beginLife, endLives, type FunctionContext, innermostBlock, markSlot, type Place } from './context.ts';
import { convert } from './convert.ts';
import { compileTryExcept, compileTryFinally, leaveScopes, leaveTry } from './exceptions.ts';
import { addressOf } from './place.ts';
import { spanBetween } from './spans.ts';
import { compileSwitch } from './switch.ts';

export function statement(c: FunctionContext, s: Statement): void {
  switch (s.kind) {
    case 'compound':
      block(c, s, undefined);
      return;
    case 'expression':
      beginStatement(c, s.first, s.last);
      c.parts.effect(c, s.expression);
      return;
    case 'declaration':
      for (const declaration of s.declarations) {
        if (declaration.kind === 'variable-declaration') declareVariable(c, declaration);
      }
      return;
    case 'if':
      compileIf(c, s);
      return;
    case 'while':
    case 'do':
    case 'for':
      compileLoop(c, s);
      return;
    case 'switch':
      beginStatement(c, s.first, s.condition.last);
      compileSwitch(c, s);
      return;
    case 'case': {
      placeCase(c, s);
      statement(c, s.body);
      return;
    }
    case 'label': {
      const target = c.labels.get(s.name);
      if (target !== undefined) placeLabel(c.code, target.label);
      statement(c, s.body);
      return;
    }
    case 'goto':
    case 'break':
    case 'continue':
    case 'leave':
      beginStatement(c, s.first, s.last);
      compileJump(c, s);
      return;
    case 'return':
      beginStatement(c, s.first, s.last);
      compileReturn(c, s.value);
      return;
    case 'try-except':
      compileTryExcept(c, s);
      return;
    case 'try-finally':
      compileTryFinally(c, s);
      return;
    case 'empty':
      beginStatement(c, s.first, s.last);
      return;
    case 'error':
      beginStatement(c, s.first, s.last);
      emit(c.code, 'TRAP', c.link.addTrap('unsupported', 'a statement with a syntax error'));
      return;
    default:
      unreachable(s);
  }
}

/** A new statement starts here; its number stands in every instruction until the next. */
function beginStatement(c: FunctionContext, first: Token, last: Token): void {
  c.code.statement = c.link.addStatement(spanBetween(first, last), c.functionName);
  c.code.node = { first, last };
  emit(c.code, 'STMT', c.code.statement);
}

/** The statements of a block in a scope of their own. With `last`, that stands in for the last statement. */
export function block(c: FunctionContext, s: Statement & { kind: 'compound' }, last: (() => void) | undefined): void {
  const firstVariable = c.variables.length;
  const end = newLabel(c.code);
  const objects = c.enteredBlocks.has(s) ? undefined : [];
  const scope = { kind: 'block', statement: s, objects } as const;
  c.depth++;
  c.scopes.push(scope);
  for (const [i, item] of s.items.entries()) {
    if (last !== undefined && i === s.items.length - 1) last();
    else statement(c, item);
  }
  c.scopes.pop();
  c.depth--;
  endLives(c, scope);
  placeLabel(c.code, end);
  endVariables(c, firstVariable, end);
}

function declareVariable(c: FunctionContext, declaration: VariableDeclaration): void {
  const { symbol, initializer } = declaration;
  const start = newLabel(c.code);
  placeLabel(c.code, start);
  c.variables.push({ symbol, start, end: -1, depth: c.depth });
  const home = c.homes.get(symbol);
  if (home === undefined || home.kind === 'global') return;
  const place: Place = home.kind === 'register' ? { ...home, name: symbol.name } : home;
  const isConstant = home.kind === 'frame' && initializer !== undefined && isConstantType(symbol.type);
  if (home.kind === 'frame') {
    // On entry to the function all objects are new; a declaration that runs again makes a new one each time.
    if (innermostBlock(c)?.objects !== undefined) beginLife(c, home.offset);
    else if (isConstant || (mayRunTwice(c) && initializer === undefined)) markSlot(c, home.offset, UNINITIALISED);
  }
  if (initializer !== undefined) {
    beginStatement(c, declaration.first, declaration.last);
    c.parts.initialize(c, place, symbol.type, initializer);
    if (isConstant) markSlot(c, home.offset, READ_ONLY);
  } else if (home.kind === 'register') {
    emit(c.code, 'FORGET', home.register);
  }
}

function isConstantType(type: CType): boolean {
  return type.kind === 'array' ? type.isConst || isConstantType(type.element) : type.isConst && !type.isVolatile;
}

/** A statement here may be executed more than once in one call of the function. */
function mayRunTwice(c: FunctionContext): boolean {
  return c.labels.size > 0 || c.scopes.some((scope) => scope.kind === 'loop');
}

function compileIf(c: FunctionContext, s: Statement & { kind: 'if' }): void {
  const otherwise = newLabel(c.code);
  beginStatement(c, s.first, s.condition.last);
  c.parts.branch(c, s.condition, otherwise, false);
  statement(c, s.then);
  if (s.otherwise === undefined) {
    placeLabel(c.code, otherwise);
    return;
  }
  const end = newLabel(c.code);
  emit(c.code, 'JMP', end);
  placeLabel(c.code, otherwise);
  statement(c, s.otherwise);
  placeLabel(c.code, end);
}

function compileLoop(c: FunctionContext, s: Statement & { kind: 'while' | 'do' | 'for' }): void {
  const body = newLabel(c.code);
  const test = newLabel(c.code);
  const breakLabel = newLabel(c.code);
  const continueLabel = newLabel(c.code);
  const firstVariable = c.variables.length;
  c.depth++;
  if (s.kind === 'for' && s.initial !== undefined) statement(c, s.initial);
  const isTestedFirst = s.kind !== 'do' && s.condition !== undefined;
  if (isTestedFirst) emit(c.code, 'JMP', test);
  c.scopes.push({ kind: 'loop', breakLabel, continueLabel });
  placeLabel(c.code, body);
  // A loop without condition and step must still be countable.
  if (s.kind === 'for' && s.condition === undefined && s.step === undefined) beginStatement(c, s.first, s.first);
  statement(c, s.body);
  placeLabel(c.code, continueLabel);
  if (s.kind === 'for' && s.step !== undefined) {
    beginStatement(c, s.step.first, s.step.last);
    c.parts.effect(c, s.step);
  }
  placeLabel(c.code, test);
  compileLoopTest(c, s.condition, body);
  c.scopes.pop();
  placeLabel(c.code, breakLabel);
  c.depth--;
  endVariables(c, firstVariable, breakLabel);
}

function compileLoopTest(c: FunctionContext, condition: Expression | undefined, body: Label): void {
  if (condition === undefined) {
    emit(c.code, 'JMP', body);
    return;
  }
  beginStatement(c, condition.first, condition.last);
  c.parts.branch(c, condition, body, true);
}

function endVariables(c: FunctionContext, from: number, end: Label): void {
  for (let i = from; i < c.variables.length; i++) {
    const variable = c.variables[i];
    if (variable !== undefined && variable.end < 0) c.variables[i] = { ...variable, end };
  }
}

function placeCase(c: FunctionContext, s: Statement & { kind: 'case' }): void {
  for (let i = c.scopes.length - 1; i >= 0; i--) {
    const scope = c.scopes[i];
    const label = scope?.kind === 'switch' ? scope.cases.get(s) : undefined;
    if (label !== undefined) {
      placeLabel(c.code, label);
      return;
    }
  }
}

function compileJump(c: FunctionContext, s: Statement & { kind: 'goto' | 'break' | 'continue' | 'leave' }): void {
  if (s.kind === 'goto') {
    const target = c.labels.get(s.label);
    if (target === undefined) {
      emit(c.code, 'TRAP', c.link.addTrap('unsupported', `goto without a label \`${s.label}\``));
      return;
    }
    leaveScopes(c, (scope) => (scope.kind === 'try' ? target.tries : target.blocks).includes(scope.statement));
    emit(c.code, 'JMP', target.label);
    return;
  }
  if (s.kind === 'leave') {
    leaveTry(c);
    return;
  }
  for (let i = c.scopes.length - 1; i >= 0; i--) {
    const scope = c.scopes[i];
    assert(scope !== undefined, 'scopes are dense');
    const label = jumpTarget(scope, s.kind);
    if (label === undefined) continue;
    const inside = c.scopes.slice(0, i);
    leaveScopes(c, (left) => inside.includes(left));
    emit(c.code, 'JMP', label);
    return;
  }
  emit(c.code, 'TRAP', c.link.addTrap('unsupported', `\`${s.kind}\` outside a loop`));
}

function jumpTarget(scope: FunctionContext['scopes'][number], kind: 'break' | 'continue'): Label | undefined {
  if (scope.kind === 'loop') return kind === 'break' ? scope.breakLabel : scope.continueLabel;
  return scope.kind === 'switch' && kind === 'break' ? scope.breakLabel : undefined;
}

function compileReturn(c: FunctionContext, e: Expression | undefined): void {
  const mark = c.nextTemporary;
  const resultClass = classOf(c.resultType);
  if (e === undefined || classOf(e.type) === 'void') {
    if (e !== undefined) c.parts.effect(c, e);
    leaveScopes(c, (scope) => scope.kind === 'block');
    emit(c.code, resultClass === 'void' ? 'RETV' : 'RETNONE');
  } else if (resultClass === 'void') {
    c.parts.effect(c, e);
    leaveScopes(c, (scope) => scope.kind === 'block');
    emit(c.code, 'RETV');
  } else {
    // While a `__finally` runs, the result waits in a register that the finalizer does not use.
    const hasFinally = c.scopes.some((scope) => scope.kind === 'try' && scope.finalizer !== undefined);
    const computed = c.parts.value(c, e, hasFinally ? c.resultRegister : undefined);
    const result = resultClass === 'record' ? computed : convert(c, computed, e.type, c.resultType);
    if (resultClass === 'record') copyResult(c, result);
    leaveScopes(c, (scope) => scope.kind === 'block');
    emit(c.code, 'RET', resultClass === 'record' ? 0 : result);
  }
  c.nextTemporary = mark;
}

/** A record goes where the caller's hidden argument, the first register, points. */
function copyResult(c: FunctionContext, from: number): void {
  const type = c.resultType;
  const size = type.kind === 'record' ? type.definition.size : 0;
  emit(c.code, 'COPY', addressOf(c, { kind: 'pointer', base: 0, offset: 0 }), from, size);
}
