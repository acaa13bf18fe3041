/** Designators of initializers: `.member`, `[index]`, GNU's `[low ... high]` and old `member:`. */

import { place, type Token } from '../../tokenize/token.ts';
import { fieldNamed } from '../../types/fields.ts';
import { sizeOf } from '../../types/layout.ts';
import { isAggregate } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { InitializerEntry } from '../ast.ts';
import { constantValue } from '../expressions/constants.ts';
import { errorAt, expect, report, syntaxError, tokenText } from '../mistakes/problems.ts';
import { accept, advance, at, DEPTH_MAX, type Parser } from '../state.ts';
import { add, type Cursor, clear, designatedPart, enter, type List, type Place } from './initializer-places.ts';

/** Elements that a GNU range `[0 ... n]` may fill; each one becomes an entry. */
const rangeMax = 65536;

/** What a designation leads to. */
export interface Designated {
  /** Undefined where it names nothing; that is reported already. */
  readonly part: Place | undefined;
  /** Of `[low ... high]`: how many further elements of `cursor` are set, each `stride` bytes behind the one before. */
  readonly range: { readonly cursor: Cursor; readonly times: number; readonly stride: number } | undefined;
}

/**
 * { "[" constant [ "..." constant ] "]" | "." name } "=", or GNU's old `name:`. Leaves on the stack a cursor for each
 * object entered: those around the innermost stand behind the part that was entered.
 */
export function designation(p: Parser, stack: Cursor[], list: List): Designated {
  stack.length = 1;
  let top = stack[0] as Cursor;
  let range: Designated['range'];
  for (let count = 0; count < DEPTH_MAX; count++) {
    if (count > 0) {
      if (!at(p, '[') && !at(p, '.')) break;
      top = enter(list, stack, top);
    }
    if (at(p, '[')) {
      const times = arrayDesignator(p, top);
      if (times > 0 && top.place.type.kind === 'array')
        range = { cursor: top, times, stride: sizeOf(top.place.type.element) };
    } else {
      top = memberDesignator(p, list, stack, top);
    }
    if (p.previous.text === ':') return { part: designatedPart(top), range };
  }
  if (!accept(p, '=') && !at(p, '{')) expect(p, '=', 'after the designator');
  return { part: designatedPart(top), range };
}

function arrayDesignator(p: Parser, top: Cursor): number {
  const open = advance(p);
  const low = designatorIndex(p);
  const high = accept(p, '...') ? designatorIndex(p) : low;
  expect(p, ']', 'after the index', open);
  const { type } = top.place;
  if (type.kind !== 'array') {
    if (type.kind !== 'error')
      report(
        p,
        'error',
        'bad-designator',
        `'${typeText(type)}' is not an array, so it has no element of that index.`,
        place(open),
      );
    top.index = -1;
    return 0;
  }
  if (low === undefined || high === undefined) {
    top.index = -1;
    return 0;
  }
  if (low < 0 || high < low || (type.length !== undefined && high >= type.length) || high - low >= rangeMax) {
    report(p, 'error', 'bad-designator', `The index is outside of '${typeText(type)}'.`, place(open));
    top.index = -1;
    return 0;
  }
  top.index = low;
  return high - low;
}

function designatorIndex(p: Parser): number | undefined {
  const e = p.rules.constantExpression(p);
  const value = constantValue(e);
  if (value === undefined) {
    if (e.type.kind !== 'error')
      errorAt(p, 'not-constant', 'The index of a designator must be an integer constant.', e);
    return undefined;
  }
  return value < -1n || value > 0x7fff_ffffn ? -1 : Number(value);
}

/** A member through unnamed ones pushes a cursor for each; gives the innermost. */
function memberDesignator(p: Parser, list: List, stack: Cursor[], top: Cursor): Cursor {
  if (!at(p, '.')) return oldDesignator(p, list, stack, top);
  advance(p);
  const name: Token = p.token;
  if (name.kind !== 'identifier') {
    syntaxError(p, 'expected-name', `Expected the name of a member after '.', found ${tokenText(name)}.`);
    top.index = -1;
    return top;
  }
  advance(p);
  return enterMember(p, list, stack, top, name);
}

function oldDesignator(p: Parser, list: List, stack: Cursor[], top: Cursor): Cursor {
  const name = advance(p);
  advance(p);
  return enterMember(p, list, stack, top, name);
}

function enterMember(p: Parser, list: List, stack: Cursor[], top: Cursor, name: Token): Cursor {
  const { type } = top.place;
  const path = type.kind === 'record' ? fieldNamed(type.definition, name.text) : undefined;
  if (path === undefined) {
    if (type.kind !== 'error')
      report(p, 'error', 'no-such-member', `'${typeText(type)}' has no member '${name.text}'.`, place(name));
    top.index = -1;
    return top;
  }
  let cursor = top;
  path.indices.forEach((index, i) => {
    cursor.index = index;
    if (i < path.indices.length - 1) cursor = enter(list, stack, cursor);
  });
  return cursor;
}

/** Copies the entries that were not there `before` for each further element of a range. */
export function repeat(
  p: Parser,
  list: List,
  before: ReadonlySet<InitializerEntry>,
  { cursor, times, stride }: NonNullable<Designated['range']>,
  part: Place,
): void {
  cursor.index += times;
  const pattern = list.entries.filter((entry) => !before.has(entry));
  if (pattern.length * times > rangeMax) {
    syntaxError(p, 'array-too-large', `A range may fill at most ${rangeMax} elements.`);
    return;
  }
  const isWhole = sizeOf(part.type) === stride && isAggregate(part.type);
  for (let i = 1; i <= times; i++) {
    if (isWhole) clear(list, part.offset + i * stride, stride);
    for (const entry of pattern) add(list, { ...entry, offset: entry.offset + i * stride });
  }
}
