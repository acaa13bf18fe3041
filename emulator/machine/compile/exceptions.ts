/**
 * Structured exception handling: `__try` with `__except` or `__finally`, `__leave`, and jumps that leave a `__try`.
 *
 * A `__finally` block is compiled once and entered like a subroutine (GOSUB) from wherever its `__try` is left; its
 * two registers hold where to go on, and whether it was left abnormally. When an exception unwinds, the machine
 * enters it in the same way with "go on unwinding" as the way back.
 */

import { defined } from '../../../base/assert.ts';
import type { TryExceptStatement, TryFinallyStatement } from '../../../cfront/parse/ast.ts';
import { emit, newLabel, placeLabel } from './assembly.ts';
import { endLives, type FunctionContext, type Scope, temporary } from './context.ts';

type LeftScope = Scope & { readonly kind: 'try' | 'block' };

export function compileTryExcept(c: FunctionContext, s: TryExceptStatement): void {
  const register = defined(c.tryRegisters.get(s), 'the register of a __try');
  const start = newLabel(c.code);
  const end = newLabel(c.code);
  const filter = newLabel(c.code);
  const handler = newLabel(c.code);
  const after = newLabel(c.code);
  c.scopes.push({ kind: 'try', statement: s, leaveLabel: after, finalizer: undefined });
  placeLabel(c.code, start);
  c.parts.statement(c, s.body);
  placeLabel(c.code, end);
  c.scopes.pop();
  emit(c.code, 'JMP', after);

  c.scopes.push({ kind: 'handler', of: 'except', register });
  placeLabel(c.code, filter);
  const mark = c.nextTemporary;
  const result = temporary(c);
  c.parts.value(c, s.filter, result);
  emit(c.code, 'ENDFILTER', result);
  c.nextTemporary = mark;
  placeLabel(c.code, handler);
  c.parts.statement(c, s.handler);
  c.scopes.pop();
  placeLabel(c.code, after);
  c.tries.push({ kind: 'except', start, end, filter, handler, handlerEnd: after, register });
}

export function compileTryFinally(c: FunctionContext, s: TryFinallyStatement): void {
  const register = defined(c.tryRegisters.get(s), 'the registers of a __try');
  const start = newLabel(c.code);
  const end = newLabel(c.code);
  const handler = newLabel(c.code);
  const after = newLabel(c.code);
  const leaveLabel = newLabel(c.code);
  c.scopes.push({ kind: 'try', statement: s, leaveLabel, finalizer: { label: handler, register } });
  placeLabel(c.code, start);
  c.parts.statement(c, s.body);
  placeLabel(c.code, end);
  placeLabel(c.code, leaveLabel);
  c.scopes.pop();
  enterFinally(c, { label: handler, register }, 'reached');
  emit(c.code, 'JMP', after);
  c.scopes.push({ kind: 'handler', of: 'finally', register });
  placeLabel(c.code, handler);
  c.parts.statement(c, s.handler);
  c.scopes.pop();
  emit(c.code, 'ENDSUB', register);
  placeLabel(c.code, after);
  c.tries.push({ kind: 'finally', start, end, filter: undefined, handler, handlerEnd: after, register });
}

/**
 * Ends the objects of the blocks and runs the finalizers of the tries that a jump leaves, innermost first; `isKept`
 * tells those it stays in.
 */
export function leaveScopes(c: FunctionContext, isKept: (scope: LeftScope) => boolean): void {
  for (let i = c.scopes.length - 1; i >= 0; i--) {
    const scope = c.scopes[i];
    if (scope === undefined || (scope.kind !== 'try' && scope.kind !== 'block') || isKept(scope)) continue;
    if (scope.kind === 'block') endLives(c, scope);
    else if (scope.finalizer !== undefined) enterFinally(c, scope.finalizer, 'jumped out of');
  }
}

/** `__leave`: to the end of the innermost `__try` body, which is a normal end of it. */
export function leaveTry(c: FunctionContext): void {
  for (let i = c.scopes.length - 1; i >= 0; i--) {
    const scope = c.scopes[i];
    if (scope?.kind === 'block') endLives(c, scope);
    if (scope?.kind !== 'try') continue;
    emit(c.code, 'JMP', scope.leaveLabel);
    return;
  }
  emit(c.code, 'TRAP', c.link.addTrap('unsupported', '`__leave` outside a `__try`'));
}

/** Runs the `__finally`, which asks with AbnormalTermination how its body came to an end. */
function enterFinally(
  c: FunctionContext,
  finalizer: { readonly label: number; readonly register: number },
  end: 'reached' | 'jumped out of',
): void {
  emit(c.code, 'LDI', finalizer.register + 1, end === 'reached' ? 0 : 1);
  emit(c.code, 'GOSUB', finalizer.register, finalizer.label);
}
