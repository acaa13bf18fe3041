/** Expressions that look like calls and are none: the compiler's own functions, _Generic, annotations as statements. */

import type { Token } from '../tokenize/token.ts';
import { compatibleUnqualified } from '../types/compatible.ts';
import { ERROR, INT, pointerTo, recordType, unqualified, VOID } from '../types/make.ts';
import type { CType } from '../types/types.ts';
import { isAssumption, takesArguments } from './annotations.ts';
import type { Expression } from './ast.ts';
import { BUILTINS, type Builtin } from './builtins.ts';
import { constantValue } from './constants.ts';
import { decayed, promoteArgument } from './conversions.ts';
import { offsetOf } from './offsetof.ts';
import { errorExpression } from './operators.ts';
import { expect, syntaxError } from './problems.ts';
import { skipArguments } from './recovery.ts';
import { lookUpTag } from './scopes.ts';
import { accept, advance, at, type Parser } from './state.ts';

export function builtinForm(p: Parser): Expression | undefined {
  switch (p.token.text) {
    case 'va_arg':
    case '__builtin_va_arg':
    case '__crt_va_arg':
      return vaArg(p);
    case 'offsetof':
    case '__builtin_offsetof':
      return offsetOf(p);
    case '__builtin_types_compatible_p':
      return typesCompatible(p);
    case '__builtin_choose_expr':
      return chooseExpression(p);
    case '__builtin_constant_p': {
      const { first, parts } = builtinArguments(p);
      const value = parts[0] !== undefined && constantValue(parts[0]) !== undefined ? 1n : 0n;
      return { kind: 'integer', first, last: p.previous, type: INT, value };
    }
    default: {
      const builtin = BUILTINS.get(p.token.text);
      return builtin === undefined ? undefined : builtinCall(p, builtin);
    }
  }
}

/** "_Generic" "(" expression { "," ( type-name | "default" ) ":" expression } ")" */
export function genericSelection(p: Parser): Expression {
  const first = advance(p);
  const open = p.token;
  if (!expect(p, '(', 'after _Generic')) return errorExpression(first, first);
  const control = unqualified(decayed(p.rules.assignmentExpression(p)).type);
  let chosen: Expression | undefined;
  let otherwise: Expression | undefined;
  while (accept(p, ',')) {
    const isDefault = accept(p, 'default');
    const type = isDefault ? ERROR : p.rules.typeName(p);
    expect(p, ':', 'after the type');
    const e = p.rules.assignmentExpression(p);
    if (isDefault) otherwise = e;
    else if (chosen === undefined && type.kind !== 'error' && compatibleUnqualified(control, type)) chosen = e;
  }
  expect(p, ')', 'after _Generic(…', open);
  const result = chosen ?? otherwise;
  if (result === undefined) {
    if (control.kind !== 'error')
      syntaxError(p, 'no-generic-match', 'No association of this _Generic fits, and it has no default.');
    return errorExpression(first, p.previous);
  }
  return { ...result, first, last: p.previous };
}

/** `_Analysis_assume_(expression)` and other annotations that stand as statements. */
export function annotationExpression(p: Parser): Expression {
  const first = advance(p);
  const parts: Expression[] = [];
  if (at(p, '(') && takesArguments(first.text)) {
    if (isAssumption(first.text)) {
      const open = advance(p);
      if (!at(p, ')')) parts.push(p.rules.expression(p));
      expect(p, ')', `after ${first.text}(…`, open);
    } else {
      skipArguments(p);
    }
  }
  return { kind: 'builtin', first, last: p.previous, type: VOID, name: first.text, arguments: parts };
}

function builtinCall(p: Parser, builtin: Builtin): Expression {
  const { first, parts } = builtinArguments(p);
  const args = builtin.name.startsWith('va_') ? parts : parts.map(promoteArgument);
  return {
    kind: 'builtin',
    first,
    last: p.previous,
    type: builtinType(p, builtin),
    name: builtin.name,
    arguments: args,
  };
}

/** `_exception_info()` gives a pointer to a struct that only the headers know. */
function builtinType(p: Parser, builtin: Builtin): CType {
  if (builtin.name !== '_exception_info') return builtin.result;
  const tag = lookUpTag(p.scope, '_EXCEPTION_POINTERS');
  return tag?.kind === 'record' ? pointerTo(recordType(tag.record)) : builtin.result;
}

/** name "(" [ expression { "," expression } ] ")" */
function builtinArguments(p: Parser): { readonly first: Token; readonly parts: Expression[] } {
  const first = advance(p);
  const open = advance(p);
  const parts: Expression[] = [];
  while (!at(p, ')') && parts.length < 256) {
    const start = p.index;
    parts.push(p.rules.assignmentExpression(p));
    if (!accept(p, ',') || p.index === start) break;
  }
  expect(p, ')', `after the arguments of ${first.text}`, open);
  return { first, parts };
}

/** va_arg "(" expression "," type-name ")" */
function vaArg(p: Parser): Expression {
  const first = advance(p);
  const open = advance(p);
  const list = p.rules.assignmentExpression(p);
  expect(p, ',', 'after the list of va_arg');
  const type = unqualified(p.rules.typeName(p));
  expect(p, ')', 'after va_arg(…', open);
  return { kind: 'va-arg', first, last: p.previous, type, list };
}

function typesCompatible(p: Parser): Expression {
  const first = advance(p);
  const open = advance(p);
  const a = p.rules.typeName(p);
  expect(p, ',', 'between the types');
  const b = p.rules.typeName(p);
  expect(p, ')', 'after the types', open);
  return { kind: 'integer', first, last: p.previous, type: INT, value: compatibleUnqualified(a, b) ? 1n : 0n };
}

function chooseExpression(p: Parser): Expression {
  const { first, parts } = builtinArguments(p);
  const [test, a, b] = parts;
  const value = test === undefined ? undefined : constantValue(test);
  const chosen = value === 0n ? b : a;
  if (value === undefined || chosen === undefined) return errorExpression(first, p.previous, parts);
  return { ...chosen, first, last: p.previous };
}
