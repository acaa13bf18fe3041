/**
 * The value of an integer expression given as tokens: a header's constant macro, or the condition of an annotation
 * (`_When_((Flags & POOL_FLAG_PAGED) != 0, …)`). Names are asked for; a cast to a type is skipped, because all that
 * matters here fits 64 bits. Anything else, a member access above all, gives undefined: it can't be told.
 */
import { precedences } from '../../cfront/precedences.ts';
import { readInteger } from '../../cfront/tokenize/literals.ts';
import type { Token } from '../../cfront/tokenize/token.ts';
import { comparisonResult } from '../../cfront/types/operations.ts';

/** A value, `type` for a type's name, or undefined for what is unknown. */
export type NameMeaning = bigint | 'type' | undefined;

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly meaning: (name: string) => NameMeaning;
}

export function tokenExpressionValue(
  tokens: readonly Token[],
  meaning: (name: string) => NameMeaning,
): bigint | undefined {
  const reader: Reader = { tokens, at: 0, meaning };
  const value = binary(reader, 1);
  return reader.at === tokens.length ? value : undefined;
}

/** Operators that bind at least as tightly as `least`. */
function binary(reader: Reader, least: number): bigint | undefined {
  let left = unary(reader);
  for (;;) {
    const operator = reader.tokens[reader.at]?.text;
    const precedence = operator === undefined ? undefined : precedences.get(operator);
    if (operator === undefined || precedence === undefined || precedence < least) return left;
    reader.at++;
    const right = binary(reader, precedence + 1);
    left = left === undefined || right === undefined ? undefined : apply(operator, left, right);
  }
}

function unary(reader: Reader): bigint | undefined {
  const token = reader.tokens[reader.at];
  if (token === undefined) return undefined;
  reader.at++;
  if (token.kind === 'number') return readInteger(token.text)?.value;
  if (token.kind === 'identifier') {
    const value = reader.meaning(token.text);
    return typeof value === 'bigint' ? value : undefined;
  }
  switch (token.text) {
    case '-':
      return negated(unary(reader), (v) => -v);
    case '~':
      return negated(unary(reader), (v) => ~v);
    case '!':
      return negated(unary(reader), (v) => (v === 0n ? 1n : 0n));
    case '+':
      return unary(reader);
    case '(':
      return parenthesised(reader);
    default:
      return undefined;
  }
}

/** `(expression)`, or a cast, whose operand is the value. */
function parenthesised(reader: Reader): bigint | undefined {
  const first = reader.tokens[reader.at];
  if (first?.kind === 'identifier' && reader.meaning(first.text) === 'type') {
    while (reader.at < reader.tokens.length && reader.tokens[reader.at]?.text !== ')') reader.at++;
    reader.at++;
    return unary(reader);
  }
  const value = binary(reader, 1);
  if (reader.tokens[reader.at]?.text !== ')') return undefined;
  reader.at++;
  return value;
}

function negated(value: bigint | undefined, operation: (value: bigint) => bigint): bigint | undefined {
  return value === undefined ? undefined : operation(value);
}

function apply(operator: string, a: bigint, b: bigint): bigint | undefined {
  const truth = (value: boolean): bigint => (value ? 1n : 0n);
  switch (operator) {
    case '||':
      return truth(a !== 0n || b !== 0n);
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '<<':
      return b >= 0n && b < 64n ? a << b : undefined;
    case '>>':
      return b >= 0n && b < 64n ? a >> b : undefined;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    default:
      return comparisonResult(operator, a, b);
  }
}
