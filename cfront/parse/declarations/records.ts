/**
 * struct-or-union-specifier: the tag, the body, and the layout that follows from it.
 *
 * A member without a declarator whose type is a record is an unnamed member: C11's form, and Microsoft's with a tag or
 * a typedef's name. Lines of dots and members that cannot be read cost themselves.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { layOutRecord, type MemberPlan, sizeOf } from '../../types/layout.ts';
import { ERROR, recordType } from '../../types/make.ts';
import { isComplete, isInteger } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType, RecordDefinition } from '../../types/types.ts';
import { constantValue } from '../expressions/constants.ts';
import { RESERVED, STATIC_ASSERT_WORDS } from '../keywords.ts';
import { inFirstColumn, startsLine } from '../mistakes/layout.ts';
import { errorAt, expect, report, reportDepth, syntaxError, tokenText } from '../mistakes/problems.ts';
import { atElision, atLimit, elision } from '../mistakes/recovery.ts';
import { declareTag, lookUpTag, tagScope } from '../scopes.ts';
import { mayChange } from '../sharing/shared.ts';
import { accept, advance, at, DEPTH_MAX, type Parser, peek } from '../state.ts';
import { keptPlace, noteChange } from '../trail.ts';
import { type Attributes, noAttributes, tagAttributes } from './attributes.ts';
import { declarator } from './declarators.ts';
import { declarationSpecifiers, type Specifiers } from './specifiers.ts';
import { reportOtherTag, reportSecondBody } from './tags.ts';
import { atAnnotation, startsTypeName } from './type-start.ts';

/** `outer`: the attributes of the declaration around; those of a definition count for the record itself. */
export function structOrUnionSpecifier(p: Parser, outer: Attributes): CType {
  const first = advance(p);
  const isUnion = first.text === 'union';
  const own = noAttributes();
  tagAttributes(p, own);
  const isNamed = p.token.kind === 'identifier' && !RESERVED.has(p.token.text);
  const nameToken = isNamed ? advance(p) : undefined;
  tagAttributes(p, own);
  if (!at(p, '{')) {
    if (nameToken === undefined) {
      syntaxError(p, 'expected-token', `Expected a tag or '{' after '${first.text}', found ${tokenText(p.token)}.`);
      return ERROR;
    }
    return recordType(referTo(p, nameToken, isUnion));
  }
  const record = define(p, nameToken, first, isUnion);
  const { pack } = p.pragma;
  p.openRecords.add(record);
  const members = structDeclarationList(p, record, first);
  p.openRecords.delete(record);
  tagAttributes(p, own);
  const alignment = Math.max(own.alignment, outer.alignment);
  outer.alignment = 0;
  if (members.length === 0 && p.previous.text === '}') {
    const text = `Microsoft's compiler wants a member in every struct and union; this one has none.`;
    report(p, 'warning', 'empty-record', text, record.span);
  }
  checkFlexible(p, members, isUnion);
  layOutRecord(record, members, { pack: own.isPacked ? 1 : pack, alignment });
  p.sink.push({ kind: 'tag-declaration', first, last: p.previous, definition: { kind: 'record', record }, nameToken });
  return recordType(record);
}

/** An array without a length takes what follows the structure, so nothing stands behind it. */
function checkFlexible(p: Parser, members: readonly MemberPlan[], isUnion: boolean): void {
  if (isUnion) return;
  for (const { name, type, span } of members.slice(0, -1)) {
    if (type.kind !== 'array' || type.length !== undefined) continue;
    const text = `The array '${name ?? ''}' has no length, so it must be the last member.`;
    report(p, 'error', 'flexible-array', text, span);
  }
}

function newRecord(p: Parser, tag: string | undefined, isUnion: boolean, at0: Token): RecordDefinition {
  return { tag, isUnion, fields: undefined, size: 0, alignment: 1, span: keptPlace(p, place(at0)) };
}

/** Names a record; one that is not declared yet is declared here. `struct X;` declares it in this very scope. */
function referTo(p: Parser, nameToken: Token, isUnion: boolean): RecordDefinition {
  const tag = at(p, ';') ? tagScope(p.scope).tags?.get(nameToken.text) : lookUpTag(p.scope, nameToken.text);
  if (tag?.kind === 'record' && tag.record.isUnion === isUnion) return tag.record;
  if (tag !== undefined) reportOtherTag(p, nameToken, isUnion ? 'union' : 'struct', tag);
  const record = newRecord(p, nameToken.text, isUnion, nameToken);
  declareTag(p.scope, nameToken.text, { kind: 'record', record });
  return record;
}

/** The definition that a body at the cursor fills. */
function define(p: Parser, nameToken: Token | undefined, first: Token, isUnion: boolean): RecordDefinition {
  const fresh = newRecord(p, nameToken?.text, isUnion, nameToken ?? first);
  if (nameToken === undefined) return fresh;
  const tag = tagScope(p.scope).tags?.get(nameToken.text);
  if (tag?.kind === 'record' && tag.record.isUnion === isUnion) {
    if (tag.record.fields === undefined && !p.openRecords.has(tag.record)) {
      if (!mayChange(p, tag.record)) return fresh;
      noteChange(p, tag.record);
      tag.record.span = fresh.span;
      return tag.record;
    }
    reportSecondBody(p, nameToken, isUnion ? 'union' : 'struct', tag);
    return fresh;
  }
  if (tag !== undefined) reportOtherTag(p, nameToken, isUnion ? 'union' : 'struct', tag);
  declareTag(p.scope, nameToken.text, { kind: 'record', record: fresh });
  return fresh;
}

/** "{" { struct-declaration } "}" */
function structDeclarationList(p: Parser, record: RecordDefinition, keyword: Token): MemberPlan[] {
  const open = advance(p);
  const members: MemberPlan[] = [];
  if (p.depth >= DEPTH_MAX) {
    reportDepth(p);
    return members;
  }
  p.depth++;
  const names = new Set<string>();
  let isFlat = !inFirstColumn(p, keyword) && columnIsFirst(p);
  while (!at(p, '}') && !atLimit(p)) {
    if (inFirstColumn(p, p.token) && p.token.kind === 'identifier') {
      // A declaration in column 0 after indented members: this body was never closed.
      if (members.length > 0 && !isFlat) break;
      isFlat = true;
    }
    const start = p.index;
    if (accept(p, ';')) continue;
    if (STATIC_ASSERT_WORDS.has(p.token.text) && peek(p, 1).text === '(') p.rules.staticAssert(p);
    else if (atElision(p)) elision(p);
    else structDeclaration(p, record, members, names);
    if (p.index === start) advance(p);
  }
  p.depth--;
  expect(p, '}', `after the members of ${record.isUnion ? 'the union' : 'the struct'}`, open);
  return members;
}

function columnIsFirst(p: Parser): boolean {
  return inFirstColumn(p, p.token);
}

/** specifier-qualifier-list [ struct-declarator { "," struct-declarator } ] ";" */
function structDeclaration(p: Parser, record: RecordDefinition, members: MemberPlan[], names: Set<string>): void {
  const first = p.token;
  const specifiers = declarationSpecifiers(p, 'member');
  if (!specifiers.hasType) {
    syntaxError(p, 'expected-type', `Expected a member's type or '}', found ${tokenText(p.token)}.`);
    skipMember(p);
    return;
  }
  if (at(p, ';') || at(p, '}')) {
    unnamedMember(p, record, specifiers, members, names);
  } else {
    do {
      if (at(p, ';')) break;
      structDeclarator(p, specifiers, members, names);
    } while (accept(p, ','));
  }
  if (accept(p, ';')) return;
  const isBroken = p.errorIndex === p.index;
  expect(p, ';', "after the member's declaration");
  const isNext =
    startsLine(p, p.token) && p.token !== first && (startsTypeName(p, p.token) || atAnnotation(p) || atElision(p));
  if (at(p, '}') || (isNext && !isBroken)) return;
  skipMember(p);
}

/** declarator [ ":" constant-expression ] | ":" constant-expression */
function structDeclarator(p: Parser, specifiers: Specifiers, members: MemberPlan[], names: Set<string>): void {
  const start = p.token;
  if (at(p, ':')) {
    advance(p);
    const width = bitWidth(p, specifiers.type, undefined);
    const annotations = specifiers.annotations;
    if (width === undefined) return;
    members.push({
      name: undefined,
      type: specifiers.type,
      width,
      alignment: 0,
      annotations,
      span: keptPlace(p, place(start)),
    });
    return;
  }
  const own: Attributes = { ...noAttributes(), alignment: specifiers.alignment };
  const d = declarator(p, specifiers.type, 'named', own);
  if (d.nameToken === undefined) return;
  const name = d.nameToken.text;
  const span = keptPlace(p, place(d.nameToken));
  if (names.has(name)) report(p, 'error', 'redefinition', `There are two members called '${name}'.`, span);
  names.add(name);
  const annotations =
    d.annotations.length === 0 ? specifiers.annotations : [...specifiers.annotations, ...d.annotations];
  let width: number | undefined;
  if (accept(p, ':')) width = bitWidth(p, d.type, name);
  tagAttributes(p, own);
  const type = memberType(p, d.type, name, span);
  const isPacked = own.isPacked || specifiers.isPacked;
  members.push({ name, type, width, alignment: own.alignment, isPacked, annotations, span });
}

/** A member must have a size; only an array may leave its length open. */
function memberType(p: Parser, type: CType, name: string, span: MemberPlan['span']): CType {
  if (type.kind === 'error' || (type.kind === 'array' && type.element.kind === 'error')) return type;
  if (type.kind === 'array' && type.length === undefined && isComplete(type.element)) return type;
  if (isComplete(type)) return type;
  const text =
    type.kind === 'function'
      ? `The member '${name}' is declared as a function; a pointer to one is meant.`
      : `The member '${name}' has the type '${typeText(type)}', whose size is not known.`;
  report(p, 'error', 'incomplete-type', text, span);
  return ERROR;
}

function bitWidth(p: Parser, type: CType, name: string | undefined): number | undefined {
  const e = p.rules.constantExpression(p);
  const value = constantValue(e);
  if (e.type.kind === 'error' || type.kind === 'error') return undefined;
  if (!isInteger(type)) {
    errorAt(p, 'bad-bit-field', `A bit-field must be an integer, not '${typeText(type)}'.`, e);
    return undefined;
  }
  const bits = sizeOf(type) * 8;
  if (value === undefined || value < 0n || value > BigInt(bits) || (value === 0n && name !== undefined)) {
    errorAt(
      p,
      'bad-bit-field',
      `The width of a bit-field of '${typeText(type)}' must be a constant from 1 to ${bits}.`,
      e,
    );
    return undefined;
  }
  return Number(value);
}

/** A type alone: an unnamed member if it is a record, else nothing. */
function unnamedMember(
  p: Parser,
  record: RecordDefinition,
  specifiers: Specifiers,
  members: MemberPlan[],
  names: Set<string>,
): void {
  const { type, annotations, alignment, first } = specifiers;
  const span = keptPlace(p, place(first));
  if (type.kind === 'error') return;
  if (type.kind !== 'record') {
    if (!specifiers.definesTag) report(p, 'warning', 'declares-nothing', 'This member has no name.', span);
    return;
  }
  // `struct X;` inside a struct only declares the tag.
  if (type.definition.fields === undefined) {
    if (type.definition === record)
      report(
        p,
        'error',
        'incomplete-type',
        'A struct cannot contain itself; it can contain a pointer to itself.',
        span,
      );
    return;
  }
  for (const field of type.definition.fields) {
    if (field.name === undefined) continue;
    if (names.has(field.name))
      report(p, 'error', 'redefinition', `There are two members called '${field.name}'.`, span);
    names.add(field.name);
  }
  members.push({ name: undefined, type, width: undefined, alignment, annotations, span });
}

/** Leaves a broken member: with its `;`, or up to a `}` or a line that begins with a type. */
function skipMember(p: Parser): void {
  let depth = 0;
  let isFirst = true;
  while (!atLimit(p)) {
    const { text } = p.token;
    if (depth === 0 && text === '}') return;
    if (
      !isFirst &&
      startsLine(p, p.token) &&
      depth === 0 &&
      (startsTypeName(p, p.token) || atElision(p) || inFirstColumn(p, p.token))
    )
      return;
    isFirst = false;
    if (text === '{' || text === '(' || text === '[') depth++;
    else if (text === '}' || text === ')' || text === ']') depth--;
    advance(p);
    if (text === ';' && depth <= 0) return;
    if (depth < 0) return;
  }
}
