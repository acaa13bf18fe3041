/** The `[length]` of a declarator, fixed or of variable length. */
import { place } from '../../tokenize/token.ts';
import { constantValue, whyNotConstant } from '../expressions/constants.ts';
import { SPECIFIERS } from '../keywords.ts';
import { errorAt, expect, report } from '../mistakes/problems.ts';
import { atElision } from '../mistakes/recovery.ts';
import { advance, at, type Parser, peek } from '../state.ts';
import { hasError } from '../walk.ts';
import type { Part } from './declarators.ts';

/** Elements; beyond this an array cannot be laid out. */
const arrayLengthMax = 0x7fff_ffff;

/** "[" [ "static" ] { qualifier } [ constant-expression | "*" ] "]" */
export function arraySuffix(p: Parser): Part {
  const open = advance(p);
  while (p.token.kind === 'identifier') {
    const word = SPECIFIERS.get(p.token.text);
    if (word !== 'static' && word !== 'const' && word !== 'volatile' && word !== 'ignored') break;
    advance(p);
  }
  let length: ReturnType<typeof arrayLength> = { length: undefined, variable: undefined };
  if (at(p, '*') && peek(p, 1).text === ']') {
    advance(p);
    length = { length: undefined, variable: 'star' };
  } else if (atElision(p)) advance(p);
  else if (!at(p, ']')) length = arrayLength(p);
  expect(p, ']', 'after the array length', open);
  return { kind: 'array', ...length, at: open };
}

export function reportVariableLength(p: Parser, part: Part & { kind: 'array' }): void {
  const { variable } = part;
  if (variable === 'unreadable') return;
  if (variable === 'star' || variable === undefined) {
    const text = "'[*]' stands for an array of variable length, which Microsoft's compiler does not have either.";
    report(p, 'error', 'not-supported', text, place(part.at));
    return;
  }
  const text = "An array length must be a constant; Microsoft's compiler has no arrays of variable length either.";
  errorAt(p, 'not-supported', whyNotConstant(variable) ?? text, variable);
}

/** What could not be read or is no length was reported; one element keeps the array usable. */
const oneElement = { length: 1, variable: undefined };

function arrayLength(p: Parser): Pick<Part & { kind: 'array' }, 'length' | 'variable'> {
  const e = p.rules.assignmentExpression(p);
  const value = constantValue(e);
  if (value === undefined) {
    return { length: 1, variable: hasError(e) ? 'unreadable' : e };
  }
  if (value < 0n) {
    errorAt(
      p,
      'negative-array-length',
      `The array length is ${value}; an assertion that fails looks like this too.`,
      e,
    );
    return oneElement;
  }
  if (value > BigInt(arrayLengthMax)) {
    errorAt(p, 'array-too-large', `An array of ${value} elements is too large.`, e);
    return oneElement;
  }
  return { length: Number(value), variable: undefined };
}
