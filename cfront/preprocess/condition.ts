/**
 * The conditions of `#if` and `#elif` (C11 6.10.1), in 64-bit arithmetic.
 *
 * In: the raw tokens of the line. Out: whether the condition holds; a condition that cannot be read does not hold. It
 * ends because each step takes a token; how deep parts may stand inside each other is limited.
 */

import type { Fix } from '../../base/finding.ts';
import { precedences } from '../precedences.ts';
import { readCharacter, readInteger } from '../tokenize/literals.ts';
import { place, spellingPlace, type Token } from '../tokenize/token.ts';
import { expandLine } from './expand.ts';
import { limits } from './limits.ts';
import { report, type State } from './state.ts';

interface Value {
  readonly value: bigint;
  readonly isUnsigned: boolean;
}

interface Reader {
  readonly state: State;
  readonly tokens: readonly Token[];
  /** Where a problem stands that has no token of its own: the directive's name. */
  readonly directive: Token;
  i: number;
  depth: number;
  /** More than 0 in operands that do not count: behind `0 &&`, `1 ||` and in the other branch of `?:`. */
  unevaluated: number;
  hasFailed: boolean;
}

const zero: Value = { value: 0n, isUnsigned: false };

export function holds(state: State, raw: readonly Token[], directive: Token): boolean {
  state.isInCondition = true;
  const tokens = expandLine(state, raw);
  state.isInCondition = false;
  const reader: Reader = { state, tokens, directive, i: 0, depth: 0, unevaluated: 0, hasFailed: false };
  if (tokens.length === 0) {
    fail(
      reader,
      raw.length === 0
        ? `#${directive.text} needs a condition after it.`
        : 'The macros of this condition expand to nothing, so there is no value.',
    );
    return false;
  }
  const { value } = conditional(reader);
  if (reader.i < tokens.length) failAtRest(reader);
  return !reader.hasFailed && value !== 0n;
}

/** Reports the first thing that is wrong, at the token that stands next. */
function fail(reader: Reader, message: string, fix?: Fix): Value {
  if (!reader.hasFailed) {
    const token = reader.tokens[reader.i];
    const span = token === undefined ? spellingPlace(reader.directive) : place(token);
    report(reader.state, {
      code: 'bad-condition',
      severity: 'error',
      message,
      span,
      ...(fix === undefined ? {} : { fix }),
    });
  }
  reader.hasFailed = true;
  reader.i = reader.tokens.length;
  return zero;
}

/** Something stands behind a whole condition. */
function failAtRest(reader: Reader): void {
  const token = reader.tokens[reader.i] as Token;
  const text = token.text.slice(0, 40);
  const replace = (newText: string): Fix => ({
    title: newText === '' ? `Remove '${text}'` : `Replace '${text}' by '${newText}'`,
    edits: [{ span: place(token), newText }],
  });
  if (text === '=') fail(reader, "'=' cannot stand in a condition of #if; '==' compares.", replace('=='));
  else if (text === ')') fail(reader, "There is no '(' for this ')'.", replace(''));
  else fail(reader, `'${text}' cannot follow here; an operator is missing before it.`);
}

/** Inserts a `)` behind the last token of the condition. */
function closing(reader: Reader): Fix | undefined {
  const last = reader.tokens[reader.tokens.length - 1];
  if (last === undefined) return undefined;
  const { file, end } = place(last);
  return { title: "Insert ')'", edits: [{ span: { file, start: end, end }, newText: ')' }] };
}

function nextText(reader: Reader): string | undefined {
  const token = reader.tokens[reader.i];
  return token?.kind === 'punctuator' ? token.text : undefined;
}

/** Reads `part` one level deeper, or fails where that is too deep. */
function nested(reader: Reader, part: (reader: Reader) => Value): Value {
  if (reader.depth >= limits.conditionDepth)
    return fail(reader, `This condition is nested more than ${limits.conditionDepth} levels deep.`);
  reader.depth++;
  const value = part(reader);
  reader.depth--;
  return value;
}

/** Reads `part` without minding divisions by zero unless `counts`. */
function evaluatedIf(reader: Reader, counts: boolean, part: () => Value): Value {
  if (!counts) reader.unevaluated++;
  const value = part();
  if (!counts) reader.unevaluated--;
  return value;
}

function conditional(reader: Reader): Value {
  const condition = binary(reader, 1);
  if (nextText(reader) !== '?') return condition;
  reader.i++;
  const isTrue = condition.value !== 0n;
  const then = evaluatedIf(reader, isTrue, () => nested(reader, comma));
  if (nextText(reader) !== ':') return fail(reader, "The '?' of this condition has no ':'.");
  reader.i++;
  const otherwise = evaluatedIf(reader, !isTrue, () => nested(reader, conditional));
  return wrap((isTrue ? then : otherwise).value, then.isUnsigned || otherwise.isUnsigned);
}

function comma(reader: Reader): Value {
  let value = conditional(reader);
  while (nextText(reader) === ',') {
    reader.i++;
    value = conditional(reader);
  }
  return value;
}

/** Operators that bind at least as tightly as `least`, from left to right. */
function binary(reader: Reader, least: number): Value {
  let left = unary(reader);
  for (;;) {
    const operator = nextText(reader);
    const precedence = operator === undefined ? undefined : precedences.get(operator);
    if (operator === undefined || precedence === undefined || precedence < least) return left;
    const at = reader.i++;
    const before = left;
    const counts = operator === '&&' ? before.value !== 0n : operator === '||' ? before.value === 0n : true;
    const right = evaluatedIf(reader, counts, () => binary(reader, precedence + 1));
    left = operate(reader, operator, before, right, at);
  }
}

function unary(reader: Reader): Value {
  const operator = nextText(reader);
  switch (operator) {
    case '+':
    case '-':
    case '~':
    case '!': {
      reader.i++;
      const { value, isUnsigned } = nested(reader, unary);
      if (operator === '!') return truth(value === 0n);
      return wrap(operator === '-' ? -value : operator === '~' ? ~value : value, isUnsigned);
    }
    case '(': {
      reader.i++;
      const value = nested(reader, comma);
      if (nextText(reader) !== ')') {
        const fix = reader.i >= reader.tokens.length ? closing(reader) : undefined;
        return fail(reader, "This condition has a '(' without its ')'.", fix);
      }
      reader.i++;
      return value;
    }
    default:
      return operand(reader);
  }
}

function operand(reader: Reader): Value {
  const token = reader.tokens[reader.i];
  if (token === undefined) return fail(reader, 'This condition ends where a value is expected.');
  switch (token.kind) {
    case 'number': {
      const constant = readInteger(token.text);
      if (constant === undefined)
        return fail(reader, `'${token.text.slice(0, 40)}' is not an integer; #if computes with integers only.`);
      reader.i++;
      return wrap(constant.value, constant.isUnsigned || constant.value >= 1n << 63n);
    }
    case 'char': {
      const constant = readCharacter(token.text);
      if (constant === undefined) return fail(reader, `'${token.text.slice(0, 40)}' is not a character constant.`);
      reader.i++;
      return wrap(constant.value, constant.literal.width !== 1);
    }
    case 'identifier': {
      /* A name that is no macro is 0. */
      const isCall = reader.tokens[reader.i + 1]?.text === '(';
      if (isCall) return fail(reader, callMessage(token.text.slice(0, 40)));
      reader.i++;
      return zero;
    }
    default:
      return fail(
        reader,
        `'${token.text.slice(0, 40)}' is not a value that #if can compute with; it takes integers and macros.`,
      );
  }
}

/** `f(1)` where `f` is no macro. */
function callMessage(name: string): string {
  if (name === 'sizeof') return 'sizeof does not exist in #if, because types are not known there; use a C_ASSERT.';
  return `The macro '${name}' is not defined here, so it takes no arguments; is the header that defines it included?`;
}

function operate(reader: Reader, operator: string, left: Value, right: Value, at: number): Value {
  const isUnsigned = left.isUnsigned || right.isUnsigned;
  const a = wrap(left.value, isUnsigned).value;
  const b = wrap(right.value, isUnsigned).value;
  switch (operator) {
    case '||':
      return truth(left.value !== 0n || right.value !== 0n);
    case '&&':
      return truth(left.value !== 0n && right.value !== 0n);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '>':
      return truth(a > b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '<<':
      return shift(left, right.value);
    case '>>':
      return shift(left, -right.value);
    case '|':
      return wrap(a | b, isUnsigned);
    case '^':
      return wrap(a ^ b, isUnsigned);
    case '&':
      return wrap(a & b, isUnsigned);
    case '+':
      return wrap(a + b, isUnsigned);
    case '-':
      return wrap(a - b, isUnsigned);
    case '*':
      return wrap(a * b, isUnsigned);
    default: {
      if (b !== 0n) return wrap(operator === '/' ? a / b : a % b, isUnsigned);
      if (reader.unevaluated > 0 || reader.hasFailed) return zero;
      reader.i = at;
      return fail(reader, 'This condition divides by zero.');
    }
  }
}

/** Left by `count` bits, right where it is negative. All bits are gone after 64, so bigger counts need no more work. */
function shift({ value, isUnsigned }: Value, count: bigint): Value {
  const bits = count > 64n ? 64n : count < -64n ? -64n : count;
  return wrap(bits >= 0n ? value << bits : value >> -bits, isUnsigned);
}

function truth(isTrue: boolean): Value {
  return { value: isTrue ? 1n : 0n, isUnsigned: false };
}

/** The value in 64 bits. */
function wrap(value: bigint, isUnsigned: boolean): Value {
  return { value: isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value), isUnsigned };
}
