/** Expressions that look like calls and are none: the compiler's own functions, _Generic, annotations as statements. */
import { place, type Token } from '../../tokenize/token.ts';
import { compatibleUnqualified } from '../../types/compatible.ts';
import {
  DOUBLE,
  ERROR,
  FLOAT,
  functionReturning,
  INT,
  pointerTo,
  recordType,
  SIZE_T,
  unqualified,
  VOID,
  VOID_POINTER,
} from '../../types/make.ts';
import type { CType } from '../../types/types.ts';
import type { Expression, FunctionSymbol } from '../ast.ts';
import { isAssumption, takesArguments } from '../declarations/annotations.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { expect, syntaxError } from '../mistakes/problems.ts';
import { skipArguments } from '../mistakes/recovery.ts';
import { lookUp, lookUpTag } from '../scopes.ts';
import { accept, advance, at, type Parser } from '../state.ts';
import { checkPlace } from '../statements/exceptions.ts';
import { keptPlace } from '../trail.ts';
import { builtinConstant } from './builtin-constants.ts';
import { BUILTINS, type Builtin, LIBRARY_BUILTINS } from './builtins.ts';
import { constantValue } from './constants.ts';
import { convertForAssignment, convertTo, decayed, promoteArgument } from './conversions.ts';
import { offsetOf } from './offsetof.ts';

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
      return builtin === undefined ? gnuForm(p) : builtinCall(p, builtin);
    }
  }
}

/** GNU's functions that are an ordinary expression in other words; a name that is unknown here is refused by it. */
function gnuForm(p: Parser): Expression | undefined {
  const { text } = p.token;
  const name = text.startsWith('__builtin_') ? text.slice(10) : undefined;
  switch (name) {
    case undefined:
      return /^__(?:sync|atomic)_/.test(text) ? refusedForm(p) : undefined;
    case 'prefetch':
    case 'assume_aligned': {
      const { first, parts } = builtinArguments(p);
      const [operand] = parts.map(decayed);
      const type = name === 'prefetch' ? VOID : VOID_POINTER;
      return operand === undefined
        ? errorExpression(first, p.previous)
        : { kind: 'cast', first, last: p.previous, type, operand };
    }
    case 'object_size':
    case 'dynamic_object_size': {
      // The answer for what is not known: Microsoft's compiler has no such question.
      const { first } = builtinArguments(p);
      return { kind: 'integer', first, last: p.previous, type: SIZE_T, value: 0xffff_ffff_ffff_ffffn };
    }
    case 'inf':
    case 'huge_val':
    case 'inff':
    case 'huge_valf':
    case 'nan':
    case 'nanf': {
      const { first } = builtinArguments(p);
      const type = /(?:inf|val|nan)f$/.test(name) ? FLOAT : DOUBLE;
      const value = name.startsWith('nan') ? Number.NaN : Number.POSITIVE_INFINITY;
      return { kind: 'float', first, last: p.previous, type, value };
    }
    default:
      return libraryFunction(p, name) ?? refusedForm(p);
  }
}

/** `__builtin_memcpy` is the function `memcpy`, declared or not; the call is read as any other. */
function libraryFunction(p: Parser, name: string): Expression | undefined {
  const signature = LIBRARY_BUILTINS.get(name);
  const known = lookUp(p.file, name) ?? p.linked.get(name);
  if (known?.kind !== 'function' && signature === undefined) return undefined;
  const token = advance(p);
  const [result, parameters] = signature ?? [INT, []];
  const symbol = compilersFunction(p, name, result, parameters, token);
  return { kind: 'name', first: token, last: token, type: symbol.type, symbol };
}

/** The function of this name: as a header declares it, or with the type that the compiler knows. */
function compilersFunction(
  p: Parser,
  name: string,
  result: CType,
  parameters: readonly CType[],
  token: Token,
): FunctionSymbol {
  const known = lookUp(p.file, name) ?? p.linked.get(name);
  if (known?.kind === 'function') return known;
  const span = keptPlace(p, place(token));
  const symbol: FunctionSymbol = {
    kind: 'function',
    name,
    declarations: [],
    type: functionReturning(
      result,
      parameters.map((type) => ({ name: undefined, type, annotations: [], span })),
      { isVariadic: false, hasPrototype: true },
    ),
    linkage: 'external',
    definition: undefined,
    annotations: [],
    roleType: undefined,
    isInline: false,
    isNoReturn: name === 'abort',
  };
  p.linked.set(name, symbol);
  return symbol;
}

function refusedForm(p: Parser): Expression {
  const { text } = p.token;
  syntaxError(p, 'not-supported', `'${text}' is GNU's own and not supported; Microsoft's compiler does not have it.`);
  const { first, parts } = builtinArguments(p);
  return errorExpression(first, p.previous, parts);
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
  checkPlace(p, first, builtin.name);
  const args = builtin.name.startsWith('va_')
    ? parts
    : parts.map((part, i) => {
        const parameter = builtin.parameters?.[i];
        const destination = { role: 'argument', position: i + 1, callee: first.text } as const;
        return parameter === undefined ? promoteArgument(part) : convertForAssignment(p, part, parameter, destination);
      });
  if (builtin.intrinsic !== undefined) return intrinsicCall(p, builtin, builtin.intrinsic, first, args);
  return {
    kind: 'builtin',
    first,
    last: p.previous,
    type: builtinType(p, builtin),
    name: builtin.name,
    arguments: args,
  };
}

/** A call of Microsoft's intrinsic for GNU's, or its value where the argument is a constant. */
function intrinsicCall(
  p: Parser,
  builtin: Builtin,
  intrinsic: string,
  first: Token,
  args: readonly Expression[],
): Expression {
  const last = p.previous;
  const value = builtinConstant(builtin.name, args.map(constantValue));
  const { result: type } = builtin;
  if (value !== undefined && type.kind === 'integer') return { kind: 'integer', first, last, type, value };
  const symbol = compilersFunction(p, intrinsic, type, builtin.parameters ?? [], first);
  const callee = decayed({ kind: 'name', first, last: first, type: symbol.type, symbol });
  return convertTo(
    { kind: 'call', first, last, type: symbol.type.result, callee, arguments: args, closed: true },
    type,
  );
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
