/** unary-expression and cast-expression. */
import { place, type Token } from '../../tokenize/token.ts';
import { sameUnqualified } from '../../types/compatible.ts';
import { alignOf, sizeOf } from '../../types/layout.ts';
import { SIZE_T, unqualified } from '../../types/make.ts';
import { isArithmetic, isComplete, isPointer, isScalar } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType } from '../../types/types.ts';
import type { Expression, SizeofExpression, VariableSymbol } from '../ast.ts';
import { atParenthesizedType } from '../declarations/typenames.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { wideCastFix, withFix } from '../mistakes/fixes.ts';
import { errorAt, expect, report, reportDepth, syntaxError, warningAt } from '../mistakes/problems.ts';
import { advance, at, DEPTH_MAX, type Parser } from '../state.ts';
import { constantValue } from './constants.ts';
import { decayed } from './conversions.ts';
import { addressOf, dereference, increment, unary } from './operators.ts';
import { postfixExpression, postfixOperators } from './postfix.ts';

/** "(" type-name ")" cast-expression | unary-expression */
export function castExpression(p: Parser): Expression {
  if (p.depth >= DEPTH_MAX) return tooDeep(p);
  p.depth++;
  const e = at(p, '(') && atParenthesizedType(p) ? castOrCompoundLiteral(p) : unaryExpression(p);
  p.depth--;
  return e;
}

/** The nesting limit is reached: one problem; what follows is left to recovery. */
export function tooDeep(p: Parser): Expression {
  reportDepth(p);
  return errorExpression(p.token, p.token);
}

function castOrCompoundLiteral(p: Parser): Expression {
  const open = advance(p);
  const type = p.rules.typeName(p);
  expect(p, ')', 'after the type', open);
  if (at(p, '{')) return postfixOperators(p, compoundLiteral(p, type, open));
  return cast(p, open, type, castExpression(p));
}

/** "(" type-name ")" "{" … "}": an unnamed object. */
function compoundLiteral(p: Parser, written: CType, open: Token): Expression {
  const { initializer, type } = p.rules.initializer(p, written);
  const symbol: VariableSymbol = {
    kind: 'variable',
    name: '',
    declarations: [],
    type,
    linkage: 'none',
    duration: p.function === undefined ? 'static' : 'automatic',
    isParameter: false,
    definition: undefined,
    isAddressTaken: true,
    annotations: [],
  };
  p.function?.locals.push(symbol);
  return { kind: 'compound-literal', first: open, last: p.previous, type, initializer, symbol };
}

function cast(p: Parser, first: Token, written: CType, operandIn: Expression): Expression {
  const operand = decayed(operandIn);
  const type = unqualified(written);
  const from = operand.type;
  const node: Expression = { kind: 'cast', first, last: operandIn.last, type, operand };
  if (type.kind === 'void' || type.kind === 'error' || from.kind === 'error' || sameUnqualified(type, from))
    return node;
  const isFloatToPointer = (from.kind === 'float' && isPointer(type)) || (isPointer(from) && type.kind === 'float');
  if (!isScalar(type) || !isScalar(from) || isFloatToPointer) {
    errorAt(p, 'bad-cast', `'${typeText(from)}' cannot be cast to '${typeText(type)}'.`, node);
    return errorExpression(first, operandIn.last, [operand]);
  }
  if (
    isPointer(from) &&
    isArithmetic(type) &&
    sizeOf(type) < 8 &&
    !isBoolType(type) &&
    constantValue(operand) === undefined
  ) {
    const text = `The pointer '${typeText(from)}' has 64 bits and '${typeText(type)}' only ${sizeOf(type) * 8}: the address is cut off.`;
    const isUnsigned = type.kind === 'integer' && !type.isSigned;
    warningAt(p, 'pointer-truncation', text, node, withFix(wideCastFix(first, isUnsigned)));
  }
  return node;
}

function isBoolType(type: CType): boolean {
  return type.kind === 'integer' && type.name === '_Bool';
}

function unaryExpression(p: Parser): Expression {
  const { token } = p;
  if (token.kind === 'punctuator') {
    switch (token.text) {
      case '&':
        advance(p);
        return addressOf(p, token, castExpression(p));
      case '*':
        advance(p);
        return dereference(p, token, castExpression(p));
      case '+':
      case '-':
      case '~':
      case '!':
        advance(p);
        return unary(p, token.text, token, castExpression(p));
      case '++':
      case '--': {
        advance(p);
        const operand = castExpression(p);
        return increment(p, token.text, operand, { first: token, last: operand.last, isPrefix: true });
      }
      case '&&':
        syntaxError(p, 'not-supported', "The address of a label is GNU's; Microsoft's compiler does not have it.");
        advance(p);
        if (p.token.kind === 'identifier') advance(p);
        return errorExpression(token, p.previous);
    }
  } else if (token.kind === 'identifier') {
    switch (token.text) {
      case 'sizeof':
        return sizeofExpression(p, 'sizeof');
      case '_Alignof':
      case '__alignof':
      case '__alignof__':
      case '_alignof':
        return sizeofExpression(p, '_Alignof');
      case '__extension__':
        advance(p);
        return castExpression(p);
    }
  }
  return postfixExpression(p);
}

/** ( "sizeof" | "_Alignof" ) ( unary-expression | "(" type-name ")" ) */
function sizeofExpression(p: Parser, operator: '_Alignof' | 'sizeof'): Expression {
  const first = advance(p);
  let ofType: CType;
  let operand: Expression | undefined;
  if (at(p, '(') && atParenthesizedType(p)) {
    const open = advance(p);
    ofType = p.rules.typeName(p);
    expect(p, ')', 'after the type', open);
    if (at(p, '{')) {
      operand = postfixOperators(p, compoundLiteral(p, ofType, open));
      ofType = operand.type;
    }
  } else {
    operand = p.depth >= DEPTH_MAX ? tooDeep(p) : unaryOperand(p);
    ofType = operand.type;
  }
  const last = p.previous;
  if (ofType.kind === 'error')
    return { ...errorExpression(first, last, operand === undefined ? [] : [operand]), isUnknownSize: true };
  if (!isComplete(ofType)) {
    const text = `The size of '${typeText(ofType)}' is not known.`;
    report(p, 'error', 'incomplete-type', text, operand === undefined ? place(first) : place(operand.first));
    return errorExpression(first, last, operand === undefined ? [] : [operand]);
  }
  if (operator === 'sizeof' && operand?.kind === 'member' && operand.field?.bits !== undefined) {
    errorAt(p, 'bad-operands', `'${operand.name}' is a bit-field; it has no size in bytes.`, operand);
  }
  const value = BigInt(operator === 'sizeof' ? sizeOf(ofType) : alignmentOf(ofType, operand));
  const node: SizeofExpression = { kind: 'sizeof', first, last, type: SIZE_T, operator, ofType, operand, value };
  return node;
}

/** Of a variable, what was asked for at it counts. */
function alignmentOf(type: CType, operand: Expression | undefined): number {
  if (operand?.kind !== 'name' || operand.symbol.kind !== 'variable') return alignOf(type);
  return Math.max(alignOf(type), operand.symbol.alignment ?? 0);
}

function unaryOperand(p: Parser): Expression {
  p.depth++;
  const operand = unaryExpression(p);
  p.depth--;
  return operand;
}
