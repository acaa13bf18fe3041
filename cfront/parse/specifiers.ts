/**
 * declaration-specifiers: storage class, function words, attributes, qualifiers and the type itself, in any order.
 *
 * What comes out is one `Specifiers` record; its type is the error type where none could be read. A name that nothing
 * declares is taken for a missing type, or for a missing macro, by what stands after it, and reported once.
 */

import { place, type Token } from '../tokenize/token.ts';
import * as t from '../types/make.ts';
import type { CType } from '../types/types.ts';
import type { Annotation } from './ast.ts';
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
import { RESERVED, SPECIFIERS, type SpecifierWord } from './keywords.ts';
import { expect, report, syntaxError } from './problems.ts';
import { mayBeginNextStatement } from './recovery.ts';
import { lookUp } from './scopes.ts';
import { advance, at, type Parser, peek } from './state.ts';
import { atAnnotationAfterType, isAnnotationToken, startsTypeName } from './type-start.ts';
import { reportUnknown } from './unknown-names.ts';

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

/** Where specifiers are read: how bold a guess about an unknown name may be. */
export type SpecifierPlace = 'file' | 'block' | 'member' | 'parameter' | 'type-name';

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
  const words: BasicWords = { counts: 0, longs: 0, base: undefined, sign: undefined, isShort: false, isWrong: false };
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
        if (s.hasType && token.startsLine && s.definesTag) break;
        storageClass(p, s, word);
        continue;
      case 'const':
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
        if (s.hasType && (s.definesTag || words.counts === 0) && token.startsLine) break;
        typeSpecifier(p, s, words, word);
        continue;
    }
    break;
  }
  if (words.counts > 0) s.type = basicType(p, words);
  if (s.hasType && (isConst || isVolatile)) s.type = t.qualified(s.type, isConst, isVolatile);
  else if (!s.hasType && (isConst || isVolatile)) s.type = t.qualified(t.INT, isConst, isVolatile);
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

/** A word that is not supported, once in a file. */
function reportOnce(p: Parser, token: Token, severity: 'error' | 'warning', text: string): void {
  if (p.unknown.has(token.text)) return;
  p.unknown.add(token.text);
  report(p, severity, 'not-supported', text, place(token));
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
  if (token.startsLine || (next.startsLine && p.function !== undefined)) return false;
  const span = place(token);
  const fix = { title: `Remove '${token.text}'`, edits: [{ span, newText: '' }] };
  syntaxError(p, 'conflicting-specifiers', `A declaration has one type; '${token.text}' is a second.`, { fix });
  advance(p);
  return true;
}

/** What a name that nothing declares is, where a type may stand. */
function guessUnknownName(p: Parser, where: SpecifierPlace): 'type' | 'macro' | 'declarator' {
  const next = peek(p, 1);
  const after = peek(p, 2);
  if (next.kind === 'identifier') {
    if (where === 'block' && mayBeginNextStatement(p, next)) return 'declarator';
    if (startsTypeName(p, next) || SPECIFIERS.has(next.text)) {
      // `FOO const *p` and `FOO const x` name a type, `FOO ULONG x` and `FOO const ULONG x` a macro.
      const word = SPECIFIERS.get(next.text);
      const isMore = after.kind === 'identifier' && !RESERVED.has(after.text);
      if ((word === 'const' || word === 'volatile') && isMore) {
        const { kind, text } = peek(p, 3);
        if (kind === 'identifier' || text === '*') return 'macro';
      }
      return word === 'const' || word === 'volatile' || word === 'calling-convention' || word === 'ignored'
        ? 'type'
        : 'macro';
    }
    if (RESERVED.has(next.text)) return 'declarator';
    // `IN OUT PULONG Length` without the header of any of them: the last word but the name is the type.
    const isMore = after.kind === 'identifier' || after.text === '*';
    if (where === 'parameter' && isMore && lookUp(p.scope, next.text) === undefined && !isAnnotationToken(p, next)) {
      return 'macro';
    }
    // `FOO_API PAGEDX _IRQL_requires_max_(…) VOID Name(…)` without the header of the first two.
    if (after.kind === 'identifier' && where === 'file' && isAnnotationToken(p, after)) return 'macro';
    if (where !== 'block') return 'type';
    return after.text === ';' || after.text === '=' || after.text === ',' || after.text === '[' ? 'type' : 'declarator';
  }
  if (next.text === '*') {
    if (where !== 'block') return 'type';
    let i = 1;
    while (peek(p, i).text === '*') i++;
    const end = peek(p, i + 1).text;
    const isName = peek(p, i).kind === 'identifier' && lookUp(p.scope, peek(p, i).text) === undefined;
    return isName && (end === ';' || end === '=' || end === ',' || end === '[') ? 'type' : 'declarator';
  }
  if (where === 'parameter') return next.text === ',' || next.text === ')' || next.text === '(' ? 'type' : 'declarator';
  if (where === 'type-name') return 'type';
  if (where === 'member') return next.text === '(' && after.text === '*' ? 'type' : 'declarator';
  if (where !== 'file' || next.text !== '(') return 'declarator';
  // `DWORD (*Name)(…)`, and `DWORD (WINAPI NAME)(…)` without the header of either.
  if (after.text === '*') return 'type';
  const isGroup = after.kind === 'identifier' && peek(p, 3).kind === 'identifier' && peek(p, 4).text === ')';
  return isGroup && peek(p, 5).text === '(' ? 'type' : 'declarator';
}

function storageClass(p: Parser, s: Specifiers, word: Storage): void {
  const token = advance(p);
  if (s.storage !== undefined && s.storage !== word) {
    report(p, 'error', 'conflicting-specifiers', `'${word}' and '${s.storage}' cannot stand together.`, place(token));
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

// ---- the basic types: words that are counted, then looked up ----

interface BasicWords {
  counts: number;
  longs: number;
  base:
    | 'void'
    | 'bool'
    | 'char'
    | 'int'
    | 'float'
    | 'double'
    | 'int8'
    | 'int16'
    | 'int32'
    | 'int64'
    | 'wide'
    | 'unsupported'
    | undefined;
  sign: 'signed' | 'unsigned' | undefined;
  isShort: boolean;
  /** What does not fit together was reported. */
  isWrong: boolean;
}

function countWord(p: Parser, words: BasicWords, word: SpecifierWord, token: Token): void {
  words.counts++;
  switch (word) {
    case 'complex':
      reportOnce(p, token, 'error', `'${token.text}' is not supported: Microsoft's compiler has no complex types in C.`);
      words.base = 'unsupported';
      return;
    case 'int128':
      reportOnce(p, token, 'error', `'${token.text}' is not supported: Microsoft's compiler has no 128-bit integers.`);
      words.base = 'unsupported';
      return;
    case 'long':
      words.longs++;
      return;
    case 'short':
      words.isShort = true;
      return;
    case 'signed':
    case 'unsigned':
      if (words.sign !== undefined && words.sign !== word) {
        report(p, 'error', 'conflicting-specifiers', `'signed' and 'unsigned' cannot stand together.`, place(token));
      }
      words.sign = word;
      return;
    case 'void':
    case 'bool':
    case 'char':
    case 'int':
    case 'float':
    case 'double':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'wide':
      if (words.base === 'unsupported') return;
      if (words.base !== undefined) {
        const text = `'${token.text}' cannot be joined with '${words.base}'.`;
        if (words.base !== word) report(p, 'error', 'conflicting-specifiers', text, place(token));
        words.isWrong ||= words.base !== word;
        return;
      }
      words.base = word;
      return;
    default:
      return;
  }
}

function basicType(p: Parser, words: BasicWords): CType {
  const isUnsigned = words.sign === 'unsigned';
  const wrong = wrongWord(words);
  if (wrong !== undefined && !words.isWrong) {
    const text = `'${wrong}' cannot be joined with '${words.base ?? 'int'}'.`;
    report(p, 'error', 'conflicting-specifiers', text, place(p.previous));
  }
  switch (words.base) {
    case 'unsupported':
      return t.ERROR;
    case 'wide':
      return t.WCHAR_T;
    case 'void':
      return t.VOID;
    case 'bool':
      return t.BOOL;
    case 'char':
      return isUnsigned ? t.UNSIGNED_CHAR : words.sign === 'signed' ? t.SIGNED_CHAR : t.CHAR;
    case 'float':
      return t.FLOAT;
    case 'double':
      return words.longs > 0 ? t.LONG_DOUBLE : t.DOUBLE;
    case 'int8':
      return isUnsigned ? t.UNSIGNED_CHAR : t.CHAR;
    case 'int16':
      return isUnsigned ? t.UNSIGNED_SHORT : t.SHORT;
    case 'int64':
      return isUnsigned ? t.UNSIGNED_LONG_LONG : t.LONG_LONG;
    default:
      break;
  }
  if (words.isShort) return isUnsigned ? t.UNSIGNED_SHORT : t.SHORT;
  if (words.longs >= 2) return isUnsigned ? t.UNSIGNED_LONG_LONG : t.LONG_LONG;
  if (words.longs === 1) return isUnsigned ? t.UNSIGNED_LONG : t.LONG;
  return isUnsigned ? t.UNSIGNED_INT : t.INT;
}

/** A word that the base type cannot have: `unsigned float`, `short double`, three `long`s. */
function wrongWord({ base, sign, isShort, longs }: BasicWords): string | undefined {
  if (base === 'unsupported') return undefined;
  if (isShort && longs > 0) return 'long short';
  const isInt = base === undefined || base === 'int';
  if (isShort && !isInt) return 'short';
  if (longs > 0 && !isInt && !(base === 'double' && longs === 1)) return 'long';
  if (longs > 2) return 'long long long';
  const hasNoSign = base === 'void' || base === 'bool' || base === 'float' || base === 'double' || base === 'wide';
  return hasNoSign ? sign : undefined;
}
