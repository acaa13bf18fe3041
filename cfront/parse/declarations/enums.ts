/** enum-specifier: "enum" [ tag ] [ ":" type ] [ "{" enumerators "}" ]. Every enumeration is an int. */
import { place, type Token } from '../../tokenize/token.ts';
import { sizeOf } from '../../types/layout.ts';
import { ERROR, enumType, INT } from '../../types/make.ts';
import type { CType, EnumDefinition } from '../../types/types.ts';
import type { EnumConstantSymbol } from '../ast.ts';
import { constantValue, whyNotConstant } from '../expressions/constants.ts';
import { RESERVED } from '../keywords.ts';
import { inFirstColumn, startsLine } from '../mistakes/layout.ts';
import { errorAt, expect, report, syntaxError, tokenText, warningAt } from '../mistakes/problems.ts';
import { atElision, atLimit, elision } from '../mistakes/recovery.ts';
import { declareName, declareTag, lookUpTag, tagScope } from '../scopes.ts';
import { mayChange } from '../sharing/shared.ts';
import { accept, advance, at, type Parser, peek } from '../state.ts';
import { keptPlace, noteChange } from '../trail.ts';
import { hasError } from '../walk.ts';
import { noAttributes, tagAttributes } from './attributes.ts';
import { reportOtherTag, reportSecondBody } from './tags.ts';
import { startsTypeName } from './type-start.ts';

export function enumSpecifier(p: Parser): CType {
  const first = advance(p);
  tagAttributes(p, noAttributes());
  const isNamed = p.token.kind === 'identifier' && !RESERVED.has(p.token.text);
  const nameToken = isNamed ? advance(p) : undefined;
  // `enum E : 3;` in a struct is an unnamed bit-field.
  if (at(p, ':') && startsTypeName(p, peek(p, 1))) underlyingType(p);
  if (!at(p, '{')) {
    if (nameToken !== undefined) return enumType(referTo(p, nameToken));
    syntaxError(p, 'expected-token', `Expected a tag or '{' after 'enum', found ${tokenText(p.token)}.`);
    return ERROR;
  }
  const definition = define(p, nameToken, first);
  enumerators(p, definition);
  p.sink.push({
    kind: 'tag-declaration',
    first,
    last: p.previous,
    definition: { kind: 'enum', enumeration: definition },
    nameToken,
  });
  return enumType(definition);
}

/** Names an enumeration; one that is not declared yet is declared here. */
function referTo(p: Parser, nameToken: Token): EnumDefinition {
  const tag = lookUpTag(p.scope, nameToken.text);
  if (tag?.kind === 'enum') return tag.enumeration;
  if (tag !== undefined) reportOtherTag(p, nameToken, 'enum', tag);
  const definition: EnumDefinition = {
    tag: nameToken.text,
    constants: undefined,
    span: keptPlace(p, place(nameToken)),
  };
  declareTag(p.scope, nameToken.text, { kind: 'enum', enumeration: definition });
  return definition;
}

/** The definition that a body at the cursor fills. */
function define(p: Parser, nameToken: Token | undefined, first: Token): EnumDefinition {
  const span = keptPlace(p, place(nameToken ?? first));
  const fresh: EnumDefinition = { tag: nameToken?.text, constants: undefined, span };
  if (nameToken === undefined) return fresh;
  const tag = tagScope(p.scope).tags?.get(nameToken.text);
  if (tag?.kind === 'enum') {
    if (tag.enumeration.constants === undefined) {
      if (!mayChange(p, tag.enumeration)) return fresh;
      noteChange(p, tag.enumeration);
      tag.enumeration.span = fresh.span;
      return tag.enumeration;
    }
    reportSecondBody(p, nameToken, 'enum', tag);
    return fresh;
  }
  if (tag !== undefined) reportOtherTag(p, nameToken, 'enum', tag);
  declareTag(p.scope, nameToken.text, { kind: 'enum', enumeration: fresh });
  return fresh;
}

/** "{" enumerator { "," enumerator } [ "," ] "}" */
function enumerators(p: Parser, definition: EnumDefinition): void {
  const open = advance(p);
  const constants: { name: string; value: number; span: EnumDefinition['span'] }[] = [];
  let next = 0n;
  while (!at(p, '}') && !atLimit(p)) {
    const start = p.index;
    if (atElision(p)) {
      elision(p);
      accept(p, ',');
      continue;
    }
    if (p.token.kind !== 'identifier' || RESERVED.has(p.token.text)) {
      syntaxError(p, 'expected-name', `Expected the name of a constant, found ${tokenText(p.token)}.`);
      if (!skipEnumerator(p)) break;
      continue;
    }
    const nameToken = advance(p);
    tagAttributes(p, noAttributes());
    if (accept(p, '=')) next = enumeratorValue(p, next);
    const value = BigInt.asIntN(32, next);
    constants.push({ name: nameToken.text, value: Number(value), span: keptPlace(p, place(nameToken)) });
    declareConstant(p, definition, nameToken, value);
    next = value + 1n;
    if (accept(p, ',')) continue;
    if (at(p, '}') || p.index === start) break;
    expect(p, ',', 'between constants');
    if (p.token.kind === 'identifier' && startsLine(p, p.token) && !inFirstColumn(p, p.token)) continue;
    if (!skipEnumerator(p)) break;
  }
  definition.constants = constants;
  expect(p, '}', 'after the constants', open);
}

function enumeratorValue(p: Parser, otherwise: bigint): bigint {
  const e = p.rules.constantExpression(p);
  const value = constantValue(e);
  if (value === undefined && !hasError(e)) {
    const text = 'The value of an enumeration constant must be an integer constant.';
    errorAt(p, 'not-constant', whyNotConstant(e) ?? text, e);
  }
  if (value !== undefined && (value < -0x8000_0000n || value > 0xffff_ffffn)) {
    const text = `An enumeration constant is an int; of ${value} it keeps ${BigInt.asIntN(32, value)}.`;
    warningAt(p, 'enum-constant-range', text, e);
  }
  return value ?? otherwise;
}

function declareConstant(p: Parser, enumeration: EnumDefinition, nameToken: Token, value: bigint): void {
  const symbol: EnumConstantSymbol = {
    kind: 'enum-constant',
    name: nameToken.text,
    declarations: [],
    value,
    type: INT,
  };
  const outer = tagScope(p.scope);
  // Of an enumeration among parameters the constants reach the function's body; those that hide others end with the list.
  const scope = outer.names?.get(symbol.name) === undefined ? outer : p.scope;
  const previous = scope.names?.get(symbol.name);
  if (previous !== undefined) {
    const node = previous.declarations[0];
    const related = node === undefined ? [] : [{ span: place(node.first), message: 'It is declared here first.' }];
    report(p, 'error', 'redefinition', `'${symbol.name}' is declared already.`, place(nameToken), { related });
  }
  const last = p.previous;
  const node = { kind: 'enum-constant-declaration', first: nameToken, last, symbol, nameToken, enumeration } as const;
  symbol.declarations.push(node);
  p.sink.push(node);
  declareName(scope, symbol);
}

/** ":" type-name; only types as large as int keep the layout. */
function underlyingType(p: Parser): void {
  const colon = advance(p);
  const type = p.rules.typeName(p);
  if (type.kind !== 'error' && sizeOf(type) !== 4) {
    report(p, 'error', 'not-supported', 'An enumeration of another size than int is not supported.', place(colon));
  }
}

/** Leaves a broken enumerator: true at the next one. */
function skipEnumerator(p: Parser): boolean {
  while (!atLimit(p) && !at(p, '}') && !at(p, ';') && !at(p, '{')) {
    if (inFirstColumn(p, p.token)) return false;
    if (advance(p).text === ',') return true;
  }
  return false;
}
