/**
 * declaration-specifiers: storage class, function words, attributes, qualifiers and the type itself, in any order.
 *
 * What comes out is one `Specifiers` record; its type is the error type where none could be read. A name that nothing
 * declares is taken for a missing type, or for a missing macro, by what stands after it, and reported once.
 */

import { place, type Token } from '../../tokenize/token.ts';
import * as t from '../../types/make.ts';
import type { CType } from '../../types/types.ts';
import type { Annotation } from '../ast.ts';
import { RESERVED, SPECIFIERS, type SpecifierWord } from '../keywords.ts';
import { mayBeginNextStatement, startsLine } from '../mistakes/layout.ts';
import { expect, report, syntaxError } from '../mistakes/problems.ts';
import { reportUnknown } from '../mistakes/unknown-names.ts';
import { guessUnknownName, type SpecifierPlace } from '../mistakes/unknown-specifiers.ts';
import { lookUp } from '../scopes.ts';
import { advance, at, type Parser, peek } from '../state.ts';
import {
  type Attributes,
  alignas,
  annotation,
  atBracketAttribute,
  basedModifier,
  bracketAttribute,
  declspec,
  gnuAttribute,
  noAttributes,
} from './attributes.ts';
import { type BasicWords, basicType, countWord, noWords, reportOnce } from './basic-types.ts';
import { atAnnotationAfterType, isAnnotationToken, startsTypeName } from './type-start.ts';

export type Storage = 'typedef' | 'extern' | 'static' | 'auto' | 'register';

export interface Specifiers extends Attributes {
  readonly first: Token;
  type: CType;
  /** A type was written, known or not. */
  hasType: boolean;
  /** A struct, union or enum with its body was written here. */
  definesTag: boolean;
  /** A struct, union or enum was written here, by its keyword. */
  namesTag: boolean;
  storage: Storage | undefined;
  isInline: boolean;
  /** `__auto_type`: the initializer has the type. */
  isAutoType: boolean;
  readonly annotations: Annotation[];
}

/** declaration-specifiers, or specifier-qualifier-list where `where` is a member or a type name. */
export function declarationSpecifiers(p: Parser, where: SpecifierPlace): Specifiers {
  const s: Specifiers = {
    first: p.token,
    type: t.INT,
    hasType: false,
    definesTag: false,
    namesTag: false,
    storage: undefined,
    isInline: false,
    isAutoType: false,
    annotations: [],
    ...noAttributes(),
  };
  const words = noWords();
  let isConst = false;
  let isVolatile = false;
  for (;;) {
    const token = p.token;
    if (token.kind !== 'identifier') {
      if (!atBracketAttribute(p)) break;
      bracketAttribute(p, s);
      continue;
    }
    const word = SPECIFIERS.get(token.text);
    if (word === undefined) {
      if (!specifierName(p, s, words, where)) break;
      continue;
    }
    switch (word) {
      case 'typedef':
      case 'extern':
      case 'static':
      case 'auto':
      case 'register':
        if (s.hasType && startsLine(p, token) && s.definesTag) break;
        storageClass(p, s, word);
        continue;
      case 'const':
        // A type alone on its line, and the next declaration below it.
        if (s.hasType && where === 'block' && mayBeginNextStatement(p, token) && startsTypeName(p, peek(p, 1))) break;
        isConst = true;
        advance(p);
        continue;
      case 'volatile':
        isVolatile = true;
        advance(p);
        continue;
      case 'inline':
        s.isInline = true;
        advance(p);
        continue;
      case 'noreturn':
        s.isNoReturn = true;
        advance(p);
        continue;
      case 'ignored':
      case 'ptr32':
      case 'calling-convention':
        advance(p);
        continue;
      case 'based':
        basedModifier(p);
        continue;
      case 'declspec':
        declspec(p, s);
        continue;
      case 'attribute':
        gnuAttribute(p, s);
        continue;
      case 'alignas':
        alignas(p, s);
        continue;
      case 'thread':
        s.isThreadLocal = true;
        advance(p);
        continue;
      case 'atomic':
        atomic(p, s, words);
        continue;
      case 'auto-type':
        s.isAutoType = true;
        s.hasType = true;
        s.type = t.ERROR;
        advance(p);
        continue;
      default:
        // `struct X { … }` without its `;`, and the next declaration begins: leave that to the caller.
        if (s.hasType && (s.definesTag || words.counts === 0) && startsLine(p, token)) break;
        typeSpecifier(p, s, words, word);
        continue;
    }
    break;
  }
  if (words.counts > 0) s.type = basicType(p, words);
  if (s.hasType && (isConst || isVolatile)) s.type = t.qualified(s.type, { isConst, isVolatile });
  else if (!s.hasType && (isConst || isVolatile)) s.type = t.qualified(t.INT, { isConst, isVolatile });
  return s;
}

/** "_Atomic" [ "(" type-name ")" ] */
function atomic(p: Parser, s: Specifiers, words: BasicWords): void {
  const token = advance(p);
  const text = `Microsoft's compiler has no '_Atomic'; it is read over here. Use the Interlocked functions.`;
  reportOnce(p, token, 'warning', text);
  if (!at(p, '(') || s.hasType || words.counts > 0) return;
  const open = advance(p);
  s.type = t.unqualified(p.rules.typeName(p));
  s.hasType = true;
  expect(p, ')', 'after the type', open);
}

/** An identifier among specifiers: annotation, typedef's name, unknown name. False: it belongs to the declarator. */
function specifierName(p: Parser, s: Specifiers, words: BasicWords, where: SpecifierPlace): boolean {
  const { token } = p;
  const symbol = lookUp(p.scope, token.text);
  const hasType = s.hasType || words.counts > 0;
  if (symbol === undefined && (hasType ? atAnnotationAfterType(p) : isAnnotationToken(p, token))) {
    s.annotations.push(annotation(p));
    return true;
  }
  if (hasType) return symbol?.kind === 'typedef' && secondType(p);
  if (symbol?.kind === 'typedef') {
    s.type = symbol.type;
    s.hasType = true;
    advance(p);
    return true;
  }
  if (symbol !== undefined || RESERVED.has(token.text)) return false;
  switch (guessUnknownName(p, where)) {
    case 'type':
      reportUnknown(p, token, 'type');
      // Without its header, `f(VOID)` still takes no arguments.
      s.type = token.text === 'VOID' ? t.VOID : t.ERROR;
      s.hasType = true;
      advance(p);
      return true;
    case 'macro':
      reportUnknown(p, token, 'macro');
      advance(p);
      return true;
    case 'declarator':
      return false;
  }
}

/** `NTSTATUS NTSTATUS f(…)`: the name of a type behind a type, and the name to declare behind it. */
function secondType(p: Parser): boolean {
  const { token } = p;
  const next = peek(p, 1);
  if (next.kind !== 'identifier' || RESERVED.has(next.text) || isAnnotationToken(p, next)) return false;
  if (startsLine(p, token) || (startsLine(p, next) && p.function !== undefined)) return false;
  const span = place(token);
  const fix = { title: `Remove '${token.text}'`, edits: [{ span, newText: '' }] };
  syntaxError(p, 'conflicting-specifiers', `A declaration has one type; '${token.text}' is a second.`, { fix });
  advance(p);
  return true;
}

function storageClass(p: Parser, s: Specifiers, word: Storage): void {
  const token = advance(p);
  if (s.storage !== undefined && s.storage !== word) {
    report(p, 'error', 'conflicting-specifiers', `'${word}' and '${s.storage}' cannot be used together.`, place(token));
    return;
  }
  s.storage = word;
}

function typeSpecifier(p: Parser, s: Specifiers, words: BasicWords, word: SpecifierWord): void {
  const token = p.token;
  if (word === 'struct' || word === 'union' || word === 'enum' || word === 'typeof' || word === 'va-list') {
    const isSecond = s.hasType || words.counts > 0;
    if (isSecond)
      syntaxError(p, 'conflicting-specifiers', `A declaration has one type; '${token.text}' begins a second.`);
    const type = otherType(p, s, word);
    if (!isSecond) s.type = type;
    s.hasType = true;
    return;
  }
  if (s.hasType && words.counts === 0) {
    syntaxError(p, 'conflicting-specifiers', `A declaration has one type; '${token.text}' begins a second.`);
    advance(p);
    return;
  }
  s.hasType = true;
  advance(p);
  countWord(p, words, word, token);
}

function otherType(p: Parser, s: Specifiers, word: SpecifierWord): CType {
  switch (word) {
    case 'enum': {
      s.namesTag = true;
      const type = p.rules.enumSpecifier(p);
      if (p.previous.text === '}') s.definesTag = true;
      return type;
    }
    case 'typeof':
      return typeofSpecifier(p);
    case 'va-list':
      advance(p);
      return t.VA_LIST;
    default: {
      s.namesTag = true;
      const type = p.rules.structOrUnionSpecifier(p, s);
      if (p.previous.text === '}') s.definesTag = true;
      return type;
    }
  }
}

/** "typeof" "(" type-name | expression ")" */
function typeofSpecifier(p: Parser): CType {
  const word = advance(p);
  const open = p.token;
  if (!expect(p, '(', 'after typeof')) return t.ERROR;
  const type = startsTypeName(p, p.token) ? p.rules.typeName(p) : p.rules.expression(p).type;
  expect(p, ')', 'after the operand of typeof', open);
  return word.text.includes('unqual') ? t.unqualified(type) : type;
}
