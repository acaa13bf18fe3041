/**
 * Reads and computes a C expression in one go, over the types of the program and the values of a frame.
 *
 * Recursive descent by precedence, as C has it. The first thing that can't be computed ends it with a message.
 */

import { precedences } from '../../cfront/precedences.ts';
import { readCharacter, readInteger } from '../../cfront/tokenize/literals.ts';
import { commonType, promoted, wrap } from '../../cfront/types/arithmetic.ts';
import { fieldNamed } from '../../cfront/types/fields.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import { CHAR, INT, LONG_LONG, pointerTo, SIZE_T, UNSIGNED_LONG_LONG } from '../../cfront/types/make.ts';
import { comparisonResult, integerResult } from '../../cfront/types/operations.ts';
import { typeText } from '../../cfront/types/text.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { RunContext } from '../run/context.ts';
import { callFunction } from './calls.ts';
import { accept, computed, constantOperand, type ExpressionReader, fail, peek, wordsOf } from './expression-reader.ts';
import type { FoundFrame } from './frames.ts';
import { expandMacros } from './macros.ts';
import { nameOperand, unitsFor } from './names.ts';
import { at, type Home, isUnset, loadBits, type Operand } from './operand.ts';
import { readTypeName } from './type-name.ts';

export function readExpression(
  context: RunContext,
  found: FoundFrame | undefined,
  text: string,
): Operand | { readonly error: string } {
  const reader: ExpressionReader = {
    context,
    found,
    tokens: [],
    position: 0,
    error: undefined,
    isPlaceOnly: false,
    isPassedOver: false,
  };
  const units = [...unitsFor(reader), context.kernel.parts.tables.headers()];
  const { tokens } = Object.assign(reader, {
    tokens: expandMacros(
      { units, hasCode: (name) => context.kernel.machine.lookUpFunction(name) !== undefined },
      wordsOf(text),
    ),
  });
  if (tokens.length === 0) return { error: 'an expression is missing' };
  const result = conditional(reader);
  if (reader.error === undefined && reader.position < tokens.length) {
    // Where an operand is wanted, as behind a half-typed `a ==`, it assigns nothing.
    const token = tokens[reader.position] ?? '';
    fail(reader, token === '=' ? changesNothing : unexpected(token));
  }
  if (reader.error !== undefined) return { error: reader.error };
  return result ?? { error: `${text} has no value` };
}

const changesNothing = 'an expression changes nothing here; set the value instead';

function unexpected(token: string): string {
  if (token === '++' || token === '--') return changesNothing;
  if (token.startsWith('"')) return 'text in quotes stands nowhere in memory; compare its characters';
  return `"${token}" is not expected here`;
}

function conditional(reader: ExpressionReader): Operand | undefined {
  const condition = binary(reader, 1);
  if (condition === undefined || !accept(reader, '?')) return condition;
  const value = scalar(reader, condition);
  const yes = passingOver(reader, value === 0n, conditional);
  if (!accept(reader, ':')) return fail(reader, '":" is missing');
  const no = passingOver(reader, value !== 0n, conditional);
  return value === undefined ? undefined : value !== 0n ? yes : no;
}

/** Reads what C would not compute where `isPassedOver`. */
function passingOver(
  reader: ExpressionReader,
  isPassedOver: boolean,
  read: (reader: ExpressionReader) => Operand | undefined,
): Operand | undefined {
  const outer = reader.isPassedOver;
  reader.isPassedOver = outer || isPassedOver;
  const operand = read(reader);
  reader.isPassedOver = outer;
  return operand;
}

/** Operators that bind at least as tightly as `least`. */
function binary(reader: ExpressionReader, least: number): Operand | undefined {
  let left = unary(reader);
  for (;;) {
    const operator = peek(reader);
    const precedence = operator === undefined ? undefined : precedences.get(operator);
    if (left === undefined || operator === undefined || precedence === undefined || precedence < least) return left;
    reader.position++;
    const isDecided = (operator === '&&' || operator === '||') && isTrue(reader, left) === (operator === '||');
    const right = passingOver(reader, isDecided, (inner) => binary(inner, precedence + 1));
    left =
      right === undefined ? undefined : isDecided ? truth(operator === '||') : combine(reader, operator, left, right);
  }
}

function isTrue(reader: ExpressionReader, operand: Operand): boolean | undefined {
  const value = scalar(reader, operand);
  return value === undefined ? undefined : value !== 0n;
}

function combine(reader: ExpressionReader, operator: string, left: Operand, right: Operand): Operand | undefined {
  const a = scalar(reader, left);
  const b = scalar(reader, right);
  if (a === undefined || b === undefined) return undefined;
  const leftType = decayed(left.type);
  const rightType = decayed(right.type);
  if (operator === '||') return truth(a !== 0n || b !== 0n);
  if (operator === '&&') return truth(a !== 0n && b !== 0n);
  const hasPointer = leftType.kind === 'pointer' || rightType.kind === 'pointer';
  if (hasPointer && (operator === '+' || operator === '-')) {
    return pointerArithmetic(operator, leftType, a, rightType, b);
  }
  const type = hasPointer ? UNSIGNED_LONG_LONG : commonType(leftType, rightType);
  const x = wrap(a, type);
  const y = wrap(b, type);
  const comparison = comparisonResult(operator, x, y);
  if (comparison !== undefined) return computed(comparison, INT);
  // The result of a shift has its left operand's type.
  const isShift = operator === '<<' || operator === '>>';
  const own = isShift ? promoted(leftType) : type;
  const value = integerResult(operator, isShift ? wrap(a, own) : x, isShift ? b : y, own);
  if (value !== undefined) return computed(value, own);
  if (operator === '/' || operator === '%') {
    if (reader.isPassedOver) return computed(0n, own);
    return fail(reader, y === 0n ? 'a division by zero' : 'a division whose result does not fit');
  }
  return fail(reader, unexpected(operator));
}

function pointerArithmetic(operator: '+' | '-', leftType: CType, a: bigint, rightType: CType, b: bigint): Operand {
  const step = (type: CType): bigint => (type.kind === 'pointer' ? BigInt(Math.max(1, sizeOf(type.target))) : 1n);
  if (leftType.kind === 'pointer' && rightType.kind === 'pointer') return computed((a - b) / step(leftType), LONG_LONG);
  if (leftType.kind === 'pointer') {
    const distance = b * step(leftType);
    return computed(operator === '+' ? a + distance : a - distance, leftType);
  }
  return computed(a * step(rightType) + b, rightType);
}

function unary(reader: ExpressionReader): Operand | undefined {
  const token = peek(reader);
  switch (token) {
    case '*': {
      reader.position++;
      return dereference(reader, unary(reader));
    }
    case '&': {
      reader.position++;
      const operand = placeOnly(reader, unary);
      if (operand === undefined) return undefined;
      if (operand.home.kind !== 'memory') return fail(reader, 'it has no address: it is kept in a register');
      return computed(operand.home.address, pointerTo(operand.type));
    }
    case '-':
    case '+':
    case '~': {
      reader.position++;
      const operand = unary(reader);
      const value = operand === undefined ? undefined : scalar(reader, operand);
      if (operand === undefined || value === undefined) return undefined;
      const type = promoted(decayed(operand.type));
      return computed(token === '-' ? -value : token === '~' ? ~value : value, type);
    }
    case '!': {
      reader.position++;
      const operand = unary(reader);
      const value = operand === undefined ? undefined : scalar(reader, operand);
      return value === undefined ? undefined : truth(value === 0n);
    }
    case 'sizeof':
      reader.position++;
      return sizeOfOperand(reader);
    case '(': {
      const type = typeInParentheses(reader);
      if (type === undefined) return postfix(reader);
      const operand = unary(reader);
      const value = operand === undefined ? undefined : scalar(reader, operand);
      return value === undefined ? undefined : computed(wrap(value, type), type);
    }
    default:
      return postfix(reader);
  }
}

function sizeOfOperand(reader: ExpressionReader): Operand | undefined {
  const type = peek(reader) === '(' ? typeInParentheses(reader) : undefined;
  if (type !== undefined) return computed(BigInt(sizeOf(type)), SIZE_T);
  const operand = placeOnly(reader, unary);
  return operand === undefined ? undefined : computed(BigInt(sizeOf(operand.type)), SIZE_T);
}

/** Reads what only the place or the type of is wanted: nothing need lie there, as in `&((SESSION *)0)->Link`. */
function placeOnly(
  reader: ExpressionReader,
  read: (reader: ExpressionReader) => Operand | undefined,
): Operand | undefined {
  const outer = reader.isPlaceOnly;
  reader.isPlaceOnly = true;
  const operand = read(reader);
  reader.isPlaceOnly = outer;
  return operand;
}

/** `(PIRP)`: the type, or undefined with nothing taken where an expression begins. */
function typeInParentheses(reader: ExpressionReader): CType | undefined {
  const start = reader.position;
  reader.position++;
  const type = readTypeName(reader);
  if (type !== undefined && accept(reader, ')')) return type;
  reader.position = start;
  return undefined;
}

function postfix(reader: ExpressionReader): Operand | undefined {
  let operand = primary(reader);
  for (;;) {
    if (operand === undefined) return undefined;
    if (accept(reader, '[')) {
      const index = conditional(reader);
      if (!accept(reader, ']')) return fail(reader, '"]" is missing');
      const sum = index === undefined ? undefined : combine(reader, '+', operand, index);
      operand = dereference(reader, sum);
    } else if (accept(reader, '(')) operand = called(reader, operand);
    else if (accept(reader, '.')) operand = member(reader, operand);
    else if (accept(reader, '->')) {
      const target: Operand | undefined = dereference(reader, operand);
      operand = target === undefined ? undefined : member(reader, target);
    } else return operand;
  }
}

/** `f(a, b)`, behind the parenthesis that opens. */
function called(reader: ExpressionReader, operand: Operand): Operand | undefined {
  const given: Operand[] = [];
  while (!accept(reader, ')')) {
    if (given.length > 0 && !accept(reader, ',')) return fail(reader, '")" is missing');
    const argument = conditional(reader);
    if (argument === undefined) return undefined;
    given.push(argument);
  }
  const type = decayed(operand.type);
  if (type.kind !== 'pointer' || type.target.kind !== 'function')
    return fail(reader, `${typeText(type)} is no function`);
  const { result, parameters, isVariadic, hasPrototype } = type.target;
  if (hasPrototype && (given.length < parameters.length || (given.length > parameters.length && !isVariadic))) {
    const wanted = `${parameters.length} ${parameters.length === 1 ? 'argument' : 'arguments'}`;
    return fail(reader, `the function takes ${wanted}, and ${given.length} ${given.length === 1 ? 'is' : 'are'} given`);
  }
  const address = scalar(reader, operand);
  const values = given.map((argument, i) => {
    const value = scalar(reader, argument);
    return value === undefined ? undefined : wrap(value, parameters[i]?.type ?? promoted(decayed(argument.type)));
  });
  if (address === undefined || !values.every((value) => value !== undefined)) return undefined;
  if (reader.isPassedOver) return computed(0n, result);
  if (result.kind === 'record') return fail(reader, 'a function that returns a structure can not be called from here');
  const outcome = callFunction(reader.context, reader.found, address as GuestAddress, values);
  return 'error' in outcome ? fail(reader, outcome.error) : computed(wrap(outcome.value, result), result);
}

function member(reader: ExpressionReader, operand: Operand): Operand | undefined {
  const name = peek(reader);
  if (name === undefined || !/^[A-Za-z_$]/.test(name)) return fail(reader, 'the name of a member is missing');
  reader.position++;
  if (operand.type.kind !== 'record') return fail(reader, `${typeText(operand.type)} has no members`);
  const field = fieldNamed(operand.type.definition, name);
  if (field === undefined) return fail(reader, `${typeText(operand.type)} has no member "${name}"`);
  if (operand.home.kind !== 'memory') return fail(reader, 'it is not in memory');
  const address = (operand.home.address + BigInt(field.offset)) as GuestAddress;
  const home: Home = { kind: 'memory', address, bits: field.field.bits };
  return { type: field.type, home };
}

function dereference(reader: ExpressionReader, operand: Operand | undefined): Operand | undefined {
  if (operand === undefined) return undefined;
  const type = decayed(operand.type);
  const address = scalar(reader, operand);
  if (address === undefined) return undefined;
  if (type.kind !== 'pointer') return fail(reader, `${typeText(operand.type)} is no pointer`);
  if (type.target.kind === 'void') return fail(reader, 'a pointer to void says nothing of what it points to; cast it');
  if (reader.isPassedOver) return at(address, type.target);
  if (isUnset(reader.context, operand)) return fail(reader, 'the pointer has no value');
  if (reader.isPlaceOnly) return at(address, type.target);
  if (address === 0n) return fail(reader, 'the pointer is NULL');
  const size = Math.max(1, sizeOf(type.target));
  if (
    type.target.kind !== 'function' &&
    reader.context.kernel.memory.peek(address as GuestAddress, size) === undefined
  ) {
    return fail(reader, `there is no memory at 0x${BigInt.asUintN(64, address).toString(16).toUpperCase()}`);
  }
  return at(address, type.target);
}

function primary(reader: ExpressionReader): Operand | undefined {
  const token = peek(reader);
  if (token === undefined) return fail(reader, 'the expression is not complete');
  reader.position++;
  if (token === '(') {
    const operand = conditional(reader);
    return accept(reader, ')') ? operand : fail(reader, '")" is missing');
  }
  if (/^\d/.test(token)) return number(reader, token);
  if (/^L?'/.test(token)) {
    const character = readCharacter(token);
    return character === undefined ? fail(reader, `${token} is no character`) : characterOperand(character);
  }
  if (/^[A-Za-z_$]/.test(token)) return nameOperand(reader, token);
  return fail(reader, unexpected(token));
}

/** One character is shown as a character; several, as in a pool tag, are a number. */
function characterOperand({ value, literal }: NonNullable<ReturnType<typeof readCharacter>>): Operand {
  return computed(value, literal.units.length === 1 && literal.width === 1 ? CHAR : INT);
}

/** A number of C, or an address as debuggers write it: 0xFFFF8000`00012340. */
function number(reader: ExpressionReader, token: string): Operand | undefined {
  if (peek(reader) === '`') {
    const low = reader.tokens[reader.position + 1];
    if (low !== undefined && /^[0-9A-Fa-f]{8}$/.test(low)) {
      reader.position += 2;
      return computed(BigInt(`${token}${low}`), UNSIGNED_LONG_LONG);
    }
  }
  const constant = readInteger(token);
  if (constant === undefined) return fail(reader, `${token} is no integer`);
  return constant.isUnsigned ? computed(constant.value, UNSIGNED_LONG_LONG) : constantOperand(constant.value);
}

/** A scalar's value in its type's range; arrays and functions are their addresses. */
function scalar(reader: ExpressionReader, operand: Operand): bigint | undefined {
  const { type, home } = operand;
  if (type.kind === 'array' || type.kind === 'function') {
    return home.kind === 'memory' ? home.address : fail(reader, 'it has no address');
  }
  if (type.kind === 'record') return fail(reader, `${typeText(type)} is a structure, not a number`);
  const bits = reader.isPassedOver ? 0n : loadBits(reader.context, operand);
  return bits === undefined ? fail(reader, 'it has no value here') : wrap(bits, type);
}

function decayed(type: CType): CType {
  if (type.kind === 'array') return pointerTo(type.element);
  return type.kind === 'function' ? pointerTo(type) : type;
}

function truth(value: boolean): Operand {
  return computed(value ? 1n : 0n, INT);
}
