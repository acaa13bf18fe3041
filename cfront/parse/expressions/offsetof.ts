/** offsetof "(" type-name "," member-designator ")": the compiler's own form; FIELD_OFFSET is ordinary arithmetic. */
import { fieldNamed } from '../../types/fields.ts';
import { sizeOf } from '../../types/layout.ts';
import { ERROR, SIZE_T } from '../../types/make.ts';
import { typeText } from '../../types/text.ts';
import type { CType } from '../../types/types.ts';
import type { Expression } from '../ast.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { expect, syntaxError, tokenText } from '../mistakes/problems.ts';
import { accept, advance, at, type Parser } from '../state.ts';
import { constantValue } from './constants.ts';

export function offsetOf(p: Parser): Expression {
  const first = advance(p);
  const open = advance(p);
  const ofType = p.rules.typeName(p);
  expect(p, ',', 'after the type of offsetof');
  let type: CType = ofType;
  let offset: bigint | undefined = 0n;
  let isFirst = true;
  while (isFirst || at(p, '.') || at(p, '[') || at(p, '->')) {
    if (!isFirst && accept(p, '[')) {
      const index = constantValue(p.rules.expression(p));
      expect(p, ']', 'after the index');
      if (type.kind !== 'array' || index === undefined) offset = undefined;
      else {
        type = type.element;
        offset = offset === undefined ? undefined : offset + index * BigInt(sizeOf(type));
      }
      continue;
    }
    if (!isFirst) advance(p);
    isFirst = false;
    if (p.token.kind !== 'identifier') {
      syntaxError(p, 'expected-name', `Expected the name of a member, found ${tokenText(p.token)}.`);
      offset = undefined;
      break;
    }
    const path = type.kind === 'record' ? fieldNamed(type.definition, p.token.text) : undefined;
    if (path === undefined) {
      if (type.kind !== 'error')
        syntaxError(p, 'no-such-member', `'${typeText(type)}' has no member '${p.token.text}'.`);
      offset = undefined;
      type = ERROR;
    } else {
      type = path.type;
      offset = offset === undefined ? undefined : offset + BigInt(path.offset);
    }
    advance(p);
  }
  expect(p, ')', 'after offsetof(…', open);
  if (offset === undefined) return errorExpression(first, p.previous);
  return {
    kind: 'sizeof',
    first,
    last: p.previous,
    type: SIZE_T,
    operator: 'offsetof',
    ofType,
    operand: undefined,
    value: offset,
  };
}
