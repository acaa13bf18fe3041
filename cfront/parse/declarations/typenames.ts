/** type-name: a type without a name, as in casts, sizeof and va_arg. */
import type { Token } from '../../tokenize/token.ts';
import { ERROR } from '../../types/make.ts';
import type { CType } from '../../types/types.ts';
import { RESERVED, SPECIFIERS } from '../keywords.ts';
import { mayBeginNextStatement } from '../mistakes/layout.ts';
import { reportDepth, syntaxError, tokenText } from '../mistakes/problems.ts';
import { lookUp } from '../scopes.ts';
import { DEPTH_MAX, type Parser, peek } from '../state.ts';
import { declarator } from './declarators.ts';
import { declarationSpecifiers } from './specifiers.ts';
import { startsTypeName } from './type-start.ts';

/** specifier-qualifier-list [ abstract-declarator ] */
export function typeName(p: Parser): CType {
  if (p.depth >= DEPTH_MAX) {
    reportDepth(p);
    return ERROR;
  }
  p.depth++;
  const type = specifiedType(p);
  p.depth--;
  return type;
}

function specifiedType(p: Parser): CType {
  const specifiers = declarationSpecifiers(p, 'type-name');
  if (!specifiers.hasType && p.token === specifiers.first) {
    syntaxError(p, 'expected-type', `Expected a type, found ${tokenText(p.token)}.`);
    return ERROR;
  }
  return declarator(p, specifiers.type, 'abstract', specifiers).type;
}

function isQualifier(token: Token): boolean {
  const word = SPECIFIERS.get(token.text);
  return word === 'const' || word === 'volatile' || word === 'ignored' || word === 'ptr32';
}

/** The cursor stands at `(`, and what it encloses is a type name: `(PIRP)`, or an unknown name used like one. */
export function atParenthesizedType(p: Parser): boolean {
  const inner = peek(p, 1);
  if (inner.kind !== 'identifier') return false;
  if (startsTypeName(p, inner)) return true;
  if (RESERVED.has(inner.text) || lookUp(p.scope, inner.text) !== undefined) return false;
  let i = 2;
  while (peek(p, i).text === '*' || isQualifier(peek(p, i))) i++;
  // Two names in a row are no expression: `(ULONG UNALIGNED *)` without the headers of both.
  if (i === 2 && peek(p, 2).kind === 'identifier' && !RESERVED.has(peek(p, 2).text)) {
    i = 3;
    while (peek(p, i).text === '*') i++;
  }
  if (peek(p, i).text !== ')') return false;
  if (i > 2) return true;
  // `(Unknown)x`: a cast if an operand follows that cannot follow a value.
  const after = peek(p, 3);
  if (p.unknown.has(inner.text) || (after.text === '(' && startsTypeName(p, peek(p, 4)))) return true;
  const operand = peek(p, 4);
  if (after.text === '{' && operand.text === '.' && peek(p, 5).kind === 'identifier') return true;
  // `(Unknown)&x` is written so, and `(Unknown) & x` with spaces on both sides.
  if (after.text === '&' && operand.kind === 'identifier' && !operand.afterSpace && !operand.startsLine) return true;
  const isOperand =
    after.kind === 'identifier' || after.kind === 'number' || after.kind === 'string' || after.kind === 'char';
  return isOperand && !mayBeginNextStatement(p, after) && !RESERVED.has(after.text);
}
