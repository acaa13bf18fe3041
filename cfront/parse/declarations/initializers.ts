/**
 * initializer: one expression, or a braced list flattened to entries of (offset, type, value).
 *
 * A list is walked with a stack of cursors: the object in braces and, where braces were left out, the subobjects
 * entered on the way down (C11 6.7.9p20). A designator resets the stack. Every turn of the loop reads at least one
 * token or leaves.
 */

import { place, type Token } from '../../tokenize/token.ts';
import { compatibleUnqualified } from '../../types/compatible.ts';
import { sizeOf } from '../../types/layout.ts';
import { ERROR } from '../../types/make.ts';
import { isAggregate, isCharacter, isComplete, isGuess } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { ArrayType, CType } from '../../types/types.ts';
import type { Expression, Initializer } from '../ast.ts';
import { convertForAssignment, INITIALIZER } from '../expressions/conversions.ts';
import { elementType } from '../expressions/literals.ts';
import { isStringToken } from '../expressions/primary.ts';
import { inFirstColumn, startsLine } from '../mistakes/layout.ts';
import { errorAt, expect, report, reportDepth, syntaxError, tokenText } from '../mistakes/problems.ts';
import { atElision, atLimit, elision } from '../mistakes/recovery.ts';
import { accept, advance, at, DEPTH_MAX, type Parser, peek } from '../state.ts';
import { designation, repeat } from './designators.ts';
import {
  activate,
  add,
  type Cursor,
  clear,
  type List,
  nextPart,
  nowhere,
  type Place,
  partAt,
  skipUnnamed,
} from './initializer-places.ts';

/** Reads the initializer of an object; an array without length gets its length from it. */
export function initializer(p: Parser, type: CType): { readonly initializer: Initializer; readonly type: CType } {
  if (at(p, '{')) {
    const first = p.token;
    const list: List = { entries: [], high: 0, active: new Map() };
    const length = braced(p, { type, offset: 0, bits: undefined }, list);
    const isOpen = type.kind === 'array' && (type.length === undefined || type.isGuess === true);
    const known = isOpen ? { ...type, length } : type;
    return { initializer: { kind: 'list', first, last: p.previous, entries: list.entries }, type: known };
  }
  const value = p.rules.assignmentExpression(p);
  if (type.kind === 'array') return stringInitializer(p, type, value);
  const converted = convertForAssignment(p, value, type, INITIALIZER);
  return { initializer: { kind: 'expression', value: converted }, type };
}

/** `char s[] = "…"`: the only expression that an array may be set to. */
function stringInitializer(p: Parser, type: ArrayType, value: Expression): { initializer: Initializer; type: CType } {
  const isFit = value.kind === 'string' && fitsString(type.element, value);
  if (!isFit) {
    if (value.type.kind !== 'error' && type.element.kind !== 'error') {
      errorAt(p, 'bad-initializer', `An array must be initialised by a list in braces or a string.`, value);
    }
    return { initializer: { kind: 'expression', value }, type: { ...type, length: type.length ?? 1 } };
  }
  const isOpen = type.length === undefined || type.isGuess === true;
  const known = isOpen ? { ...type, length: value.units.length } : type;
  checkStringLength(p, known, value);
  return { initializer: { kind: 'expression', value }, type: known };
}

/** The terminator may be left out where there is no room for it; nothing else may (C11 6.7.9p14). */
function checkStringLength(p: Parser, type: ArrayType, value: Expression & { kind: 'string' }): void {
  const characters = value.units.length - 1;
  if (type.length === undefined || type.isGuess === true || characters <= type.length) return;
  const text = `This string has ${characters} characters; '${typeText(type)}' holds ${type.length}.`;
  errorAt(p, 'too-many-initializers', text, value);
}

function fitsString(element: CType, value: Expression): boolean {
  if (value.type.kind !== 'array') return false;
  if (isCharacter(value.type.element)) return isCharacter(element);
  return element.kind === 'integer' && sizeOf(element) === sizeOf(value.type.element);
}

/** "{" [ item { "," item } [ "," ] ] "}"; gives the number of elements that an array has by it. */
function braced(p: Parser, place0: Place, list: List): number {
  const open = advance(p);
  if (p.depth >= DEPTH_MAX) {
    reportDepth(p);
    return 0;
  }
  p.depth++;
  if (isAggregate(place0.type)) clear(list, place0.offset, sizeOf(place0.type));
  const length = isAggregate(place0.type) ? bracedAggregate(p, place0, list) : bracedScalar(p, place0, list);
  p.depth--;
  if (!at(p, '}')) leaveList(p);
  expect(p, '}', 'after the initializers', open);
  return length;
}

/** `{ value }` around a scalar. */
function bracedScalar(p: Parser, place0: Place, list: List): number {
  for (let count = 0; !at(p, '}') && !atLimit(p); count++) {
    const start = p.index;
    if (at(p, '{')) {
      braced(p, count === 0 ? place0 : { ...place0, type: ERROR }, list);
    } else if (atElision(p)) {
      elision(p);
    } else {
      if (place0.type.kind === 'error') skipDesignation(p);
      if (at(p, '{')) {
        braced(p, place0, list);
        if (accept(p, ',')) continue;
        break;
      }
      const value = p.rules.assignmentExpression(p);
      if (count === 0) setScalar(p, place0, value, list);
      else if (count === 1 && place0.type.kind !== 'error')
        errorAt(p, 'too-many-initializers', 'There are more initializers here than there is to initialise.', value);
    }
    if (!accept(p, ',') || p.index === start) break;
  }
  return 1;
}

/** `.member =` and `[index] =` in what has no known type. */
function skipDesignation(p: Parser): void {
  const start = p.index;
  while (at(p, '.') || at(p, '[')) {
    if (advance(p).text === '.') {
      if (p.token.kind === 'identifier') advance(p);
    } else {
      p.rules.constantExpression(p);
      accept(p, ']');
    }
  }
  if (p.index > start) accept(p, '=');
}

function bracedAggregate(p: Parser, outer: Place, list: List): number {
  if (outer.type.kind === 'array' && isStringAlone(p) && isStringFor(outer.type.element, p.token)) {
    return bracedString(p, outer, outer.type, list);
  }
  const stack: Cursor[] = [{ place: outer, index: 0 }];
  const bottom = stack[0] as Cursor;
  let length = 0;
  let isExcessReported = false;
  while (!at(p, '}') && !atLimit(p)) {
    const start = p.index;
    if (atElision(p) && peek(p, 1).kind !== 'identifier') {
      elision(p);
      accept(p, ',');
      continue;
    }
    const isDesignated = at(p, '[') || at(p, '.') || (p.token.kind === 'identifier' && peek(p, 1).text === ':');
    const named = isDesignated ? designation(p, stack, list) : undefined;
    const part = named === undefined ? nextPart(stack) : named.part;
    if (part === undefined) {
      if (!isExcessReported && named === undefined && isComplete(outer.type) && !isGuess(outer.type)) {
        isExcessReported = true;
        report(
          p,
          'error',
          'too-many-initializers',
          `There are more initializers than '${typeText(outer.type)}' has parts.`,
          place(p.token),
        );
      }
      item(p, [{ place: nowhere, index: 0 }], nowhere, list);
    } else {
      activate(list, stack[stack.length - 1] as Cursor);
      const before = named?.range === undefined ? undefined : new Set(list.entries);
      item(p, stack, part, list);
      if (before !== undefined && named?.range !== undefined) repeat(p, list, before, named.range, part);
    }
    length = Math.max(length, bottom.index);
    if (accept(p, ',')) continue;
    if (at(p, '}') || p.index === start) break;
    if (!startsLine(p, p.token) || inFirstColumn(p, p.token) || p.errorIndex === p.index) break;
    expect(p, ',', 'between initializers');
    if (at(p, ';')) break;
  }
  return length;
}

/** `char s[] = { "…" }`: braces around a string say nothing. */
function bracedString(p: Parser, outer: Place, type: ArrayType, list: List): number {
  const value = p.rules.assignmentExpression(p);
  accept(p, ',');
  if (value.kind !== 'string') return 0;
  const length = type.length ?? value.units.length;
  checkStringLength(p, { ...type, length }, value);
  add(list, { offset: outer.offset, type: { ...type, length }, value });
  return length;
}

/** A string that is the whole item: not the `"abc"` of `{ "abc"[1], 'd' }`. */
function isStringAlone(p: Parser): boolean {
  if (!isStringToken(p, p.token)) return false;
  let behind = 1;
  while (isStringToken(p, peek(p, behind))) behind++;
  return peek(p, behind).text !== '[';
}

/** A string with this token's prefix is made of such elements. */
function isStringFor(element: CType, token: Token): boolean {
  const quote = token.text.indexOf('"');
  const wanted = elementType(quote < 0 ? '' : token.text.slice(0, quote));
  return wanted.size === 1 ? isCharacter(element) : element.kind === 'integer' && element.size === wanted.size;
}

/** Sets `part`, the next part of the top cursor, going down into it where its braces were left out. */
function item(p: Parser, stack: Cursor[], part: Place, list: List): void {
  (stack[stack.length - 1] as Cursor).index++;
  let target = part;
  if (at(p, '{')) {
    braced(p, target, list);
    return;
  }
  const isString = isStringToken(p, p.token);
  const value = p.rules.assignmentExpression(p);
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    if (!isAggregate(target.type)) break;
    if (target.type.kind === 'record' && compatibleUnqualified(target.type, value.type)) break;
    if (isString && target.type.kind === 'array' && value.kind === 'string' && fitsString(target.type.element, value))
      break;
    const inner: Cursor = { place: target, index: 0 };
    skipUnnamed(inner);
    const firstPart = partAt(target, inner.index);
    if (firstPart === undefined) break;
    activate(list, inner);
    inner.index++;
    stack.push(inner);
    target = firstPart;
  }
  setScalar(p, target, value, list);
}

function setScalar(p: Parser, target: Place, value: Expression, list: List): void {
  const { type, offset, bits } = target;
  if (type.kind === 'error') return;
  if (type.kind === 'array' || (type.kind === 'record' && type.definition.fields?.length === 0)) {
    if (value.kind === 'string' && type.kind === 'array') {
      checkStringLength(p, type, value);
      add(list, { offset, type, value });
    }
    return;
  }
  const converted = convertForAssignment(p, value, type, INITIALIZER);
  add(list, bits === undefined ? { offset, type, value: converted } : { offset, type, bits, value: converted });
}

/** After a broken item: goes to the `}` of this list, or to where it cannot be any more. */
function leaveList(p: Parser): void {
  syntaxError(p, 'expected-token', `Expected ',' or '}' in the initializers, found ${tokenText(p.token)}.`);
  let depth = 0;
  while (!atLimit(p)) {
    const { text } = p.token;
    if (text === ';' || (text === '}' && depth === 0)) return;
    if (inFirstColumn(p, p.token) && p.token.kind === 'identifier') return;
    if (text === '{') depth++;
    else if (text === '}') depth--;
    advance(p);
  }
}
