/**
 * primary-expression: literals, names, parentheses, and the built-in forms that look like calls.
 *
 * What is none of these gives an error node and consumes nothing, but for tokens that can belong to nothing else.
 */

import { place, type Token } from '../../tokenize/token.ts';
import { arrayOf, ERROR, functionReturning, INT, unqualified, VOID } from '../../types/make.ts';
import { typeText } from '../../types/text.ts';
import type { Expression, FunctionSymbol, TypedefSymbol, VariableSymbol } from '../ast.ts';
import { isAnnotationToken, startsTypeName } from '../declarations/type-start.ts';
import { ASM_MESSAGE, ASM_WORDS, RESERVED } from '../keywords.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { startsLine } from '../mistakes/layout.ts';
import { mayLackName, noteUnknown } from '../mistakes/name-sources.ts';
import { expect, report, syntaxError, tokenText } from '../mistakes/problems.ts';
import { atElision, elision, skipBalanced, skipToCloseParen } from '../mistakes/recovery.ts';
import { isReported, reportUnknown } from '../mistakes/unknown-names.ts';
import { lookUp } from '../scopes.ts';
import { advance, at, type Parser, peek } from '../state.ts';
import { annotationExpression, builtinForm, genericSelection } from './builtin-forms.ts';
import { DECLARED_BUILTINS, FUNCTION_NAME_WORDS } from './builtins.ts';
import { decayed } from './conversions.ts';
import { warnOfEscapes } from './escapes.ts';
import { elementType, readCharacter, readNumber, stringUnits } from './literals.ts';

export function primaryExpression(p: Parser): Expression {
  const { token } = p;
  switch (token.kind) {
    case 'identifier':
      return identifierExpression(p);
    case 'number':
      return numberExpression(p);
    case 'char': {
      advance(p);
      const { value, type, message } = readCharacter(token.text, token.file.codePage);
      if (message !== undefined) report(p, 'error', 'bad-literal', message, place(token));
      warnOfEscapes(p, token);
      return { kind: 'integer', first: token, last: token, type, value };
    }
    case 'string':
      return stringExpression(p);
    case 'punctuator':
      if (token.text === '(') return parenthesized(p);
      if (atElision(p)) {
        elision(p);
        return errorExpression(token, p.previous);
      }
      return expectedExpression(p);
    case 'unknown':
      // The tokenizer has reported it.
      p.errorIndex = p.index + 1;
      advance(p);
      return errorExpression(token, token);
    case 'part':
    case 'define':
    case 'pragma':
    case 'end':
      return expectedExpression(p);
  }
}

/** The next token begins no expression: one problem, and a node that stands for what is missing. */
function expectedExpression(p: Parser): Expression {
  syntaxError(p, 'expected-expression', `Expected an expression, found ${tokenText(p.token)}.`);
  return errorExpression(p.token, p.token);
}

/** "(" expression ")", or GNU's "(" compound-statement ")" */
function parenthesized(p: Parser): Expression {
  const open = advance(p);
  if (at(p, '{') && p.function !== undefined) {
    const body = p.rules.compoundStatement(p);
    expect(p, ')', "after the statement expression's '}'", open);
    const value = body.items[body.items.length - 1];
    const type = value?.kind === 'expression' ? unqualified(decayed(value.expression).type) : VOID;
    return { kind: 'statement-expression', first: open, last: p.previous, type, body };
  }
  const e = p.rules.expression(p);
  if (!expect(p, ')', 'to close the parenthesis', open) && !startsLine(p, p.token) && p.token.text !== ';')
    skipToCloseParen(p);
  // The node keeps its own tokens; only its place grows by the parentheses.
  return { ...e, first: open, last: p.previous };
}

function numberExpression(p: Parser): Expression {
  const token = advance(p);
  const read = readNumber(token.text);
  if (read.kind === 'bad') {
    report(p, 'error', 'bad-literal', read.message, place(token));
    return errorExpression(token, token);
  }
  if (read.kind === 'integer')
    return { kind: 'integer', first: token, last: token, type: read.type, value: read.value };
  return { kind: 'float', first: token, last: token, type: read.type, value: read.value };
}

/** { string-literal }, joined; `__FUNCTION__` counts as one. */
function stringExpression(p: Parser): Expression {
  const first = p.token;
  const parts: Token[] = [];
  let prefix = '';
  while (isStringToken(p, p.token)) {
    const token = advance(p);
    if (isPrefixAlone(p, token)) {
      prefix = 'L';
      continue;
    }
    parts.push(token);
    warnOfEscapes(p, token);
    const own =
      token.kind === 'string'
        ? token.text.slice(0, token.text.indexOf('"')).replace('R', '')
        : FUNCTION_NAME_WORDS.get(token.text)
          ? 'L'
          : '';
    if (own !== '') {
      if (prefix !== '' && prefix !== own)
        report(
          p,
          'error',
          'bad-literal',
          'Strings with different prefixes (L, u, U) cannot be joined to one.',
          place(token),
        );
      prefix = own;
    }
  }
  const element = elementType(prefix);
  const units: number[] = [];
  for (const token of parts) {
    if (token.kind === 'string') {
      for (const unit of stringUnits(token.text, element, token.file.codePage)) units.push(unit);
    } else {
      for (const unit of stringUnits(`"${nameOfFunction(p, token)}"`, element)) units.push(unit);
    }
  }
  units.push(0);
  return { kind: 'string', first, last: p.previous, type: arrayOf(element, units.length), units };
}

/** `__FUNCSIG__` has the types too, as Microsoft's compiler writes them. */
function nameOfFunction(p: Parser, token: Token): string {
  const symbol = p.function?.symbol;
  if (symbol === undefined || token.text !== '__FUNCSIG__') return symbol?.name ?? '';
  const { parameters, isVariadic, result } = symbol.type;
  const types = parameters.map((parameter) => typeText(parameter.type));
  if (isVariadic) types.push('...');
  return `${typeText(result)} __cdecl ${symbol.name}(${types.length === 0 ? 'void' : types.join(',')})`;
}

/**
 * An L that a macro stands for: Microsoft's preprocessor writes it before the string that follows, and reads both as one.
 */
function isPrefixAlone(p: Parser, token: Token): boolean {
  return token.text === 'L' && token.expansion !== undefined && lookUp(p.scope, token.text) === undefined;
}

function isFunctionName(p: Parser, token: Token): boolean {
  return (
    token.kind === 'identifier' && FUNCTION_NAME_WORDS.has(token.text) && lookUp(p.scope, token.text) === undefined
  );
}

function identifierExpression(p: Parser): Expression {
  const { token } = p;
  const symbol = lookUp(p.scope, token.text);
  if (symbol === undefined) return undeclared(p);
  switch (symbol.kind) {
    case 'function':
      // A function by a guess alone: it may be a macro of a header that was not found.
      if (symbol.declarations.length === 0 && !symbol.type.hasPrototype && mayLackName(p.names, token.text))
        noteUnknown(p.names, p.index, place(token));
      if (isDeclaredBuiltin(p, symbol)) return builtinForm(p) ?? expectedExpression(p);
      warnOfDeprecated(p, symbol);
      advance(p);
      return { kind: 'name', first: token, last: token, type: symbol.isHeadBroken ? ERROR : symbol.type, symbol };
    case 'variable':
      warnOfDeprecated(p, symbol);
      advance(p);
      return { kind: 'name', first: token, last: token, type: symbol.type, symbol };
    case 'enum-constant':
      advance(p);
      return { kind: 'enum-constant', first: token, last: token, type: symbol.type, symbol };
    case 'typedef':
      return typeInExpression(p, symbol);
  }
}

/** A call of what a header declares and the compiler itself does. */
function isDeclaredBuiltin(p: Parser, symbol: FunctionSymbol): boolean {
  return symbol.definition === undefined && DECLARED_BUILTINS.has(symbol.name) && peek(p, 1).text === '(';
}

/** `__declspec(deprecated)` and `#pragma deprecated`. */
function warnOfDeprecated(p: Parser, symbol: FunctionSymbol | VariableSymbol): void {
  const isNamed = p.pragma.deprecated.has(symbol.name);
  if (symbol.deprecated === undefined && !isNamed) return;
  const why = symbol.deprecated ? `: ${symbol.deprecated}` : '';
  report(p, 'warning', 'deprecated', `'${symbol.name}' is declared deprecated${why}.`, place(p.token));
}

/** A type where a value must stand: consumed with its stars, as `TYPE *`. */
function typeInExpression(p: Parser, symbol: TypedefSymbol): Expression {
  const first = p.token;
  syntaxError(p, 'unexpected-type', `'${symbol.name}' is a type; an expression is expected here.`);
  advance(p);
  while (at(p, '*') && (peek(p, 1).text === '*' || peek(p, 1).text === ',' || peek(p, 1).text === ')')) advance(p);
  p.errorIndex = p.index;
  return errorExpression(first, p.previous);
}

function undeclared(p: Parser): Expression {
  const { token } = p;
  const { text } = token;
  if (text === '_Generic') return genericSelection(p);
  if (ASM_WORDS.has(text) && RESERVED.has(text)) {
    syntaxError(p, 'not-supported', ASM_MESSAGE);
    advance(p);
    if (at(p, '(')) skipBalanced(p);
    return errorExpression(token, p.previous);
  }
  if (RESERVED.has(text)) return startsTypeName(p, token) ? keywordType(p) : expectedExpression(p);
  const isPrefix = isPrefixAlone(p, token) && peek(p, 1).kind === 'string';
  if (isPrefix || FUNCTION_NAME_WORDS.has(text)) return stringExpression(p);
  const isCall = peek(p, 1).text === '(';
  if (isCall) {
    const form = builtinForm(p);
    if (form !== undefined) return form;
  }
  // `#define TRACE __noop`, and `TRACE;`
  if (text === '__noop') {
    advance(p);
    return { kind: 'integer', first: token, last: token, type: INT, value: 0n };
  }
  if (isAnnotationToken(p, token)) return annotationExpression(p);
  if (isCall && !isReported(p, text)) return implicitFunction(p);
  advance(p);
  reportUnknown(p, token, 'name');
  return { ...errorExpression(token, token), isUnknownName: true };
}

/** `int` or `struct X *` where a value must stand. */
function keywordType(p: Parser): Expression {
  const first = p.token;
  syntaxError(p, 'unexpected-type', `${tokenText(first)} is a type; an expression is expected here.`);
  p.rules.typeName(p);
  if (p.token === first) advance(p);
  p.errorIndex = p.index;
  return errorExpression(first, p.previous);
}

/** A call of a function that nothing declares: C90's `int f()`, declared from here on. */
function implicitFunction(p: Parser): Expression {
  const token = advance(p);
  const name = token.text;
  reportUnknown(p, token, 'function');
  const known = p.linked.get(name);
  const symbol = known?.kind === 'function' ? known : (p.trail?.formerImplicit.get(name) ?? functionByCall(name));
  if (known === undefined) {
    p.linked.set(name, symbol);
    p.trail?.implicit.push(symbol);
  }
  p.file.names.set(name, symbol);
  return { kind: 'name', first: token, last: token, type: symbol.type, symbol };
}

function functionByCall(name: string): FunctionSymbol {
  return {
    kind: 'function',
    name,
    declarations: [],
    type: functionReturning(INT, [], { isVariadic: false, hasPrototype: false }),
    linkage: 'external',
    definition: undefined,
    annotations: [],
    roleType: undefined,
    isInline: false,
    isNoReturn: false,
  };
}

/** The token is a string, or a word that stands for one: what a character array may be set to. */
export function isStringToken(p: Parser, token: Token): boolean {
  return token.kind === 'string' || isFunctionName(p, token) || isPrefixAlone(p, token);
}
