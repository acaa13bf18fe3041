/**
 * The basic types: their words, in any order, are counted first and looked up at the end. What does not fit together
 * is reported once, and the rest of it counts.
 */
import { place, type Token } from '../../tokenize/token.ts';
import * as t from '../../types/make.ts';
import type { CType } from '../../types/types.ts';
import type { SpecifierWord } from '../keywords.ts';
import { report } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';

export function noWords(): BasicWords {
  return { counts: 0, longs: 0, base: undefined, sign: undefined, isShort: false, isWrong: false };
}

export interface BasicWords {
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

export function countWord(p: Parser, words: BasicWords, word: SpecifierWord, token: Token): void {
  words.counts++;
  switch (word) {
    case 'complex':
      reportOnce(
        p,
        token,
        'error',
        `'${token.text}' is not supported: Microsoft's compiler has no complex types in C.`,
      );
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
        report(p, 'error', 'conflicting-specifiers', `'signed' and 'unsigned' cannot be used together.`, place(token));
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
        const text =
          words.base === word
            ? `There are two '${token.text}' here; one is too many.`
            : `'${token.text}' cannot be joined with '${words.base}'.`;
        report(p, 'error', 'conflicting-specifiers', text, place(token));
        words.isWrong = true;
        return;
      }
      words.base = word;
      return;
    default:
      return;
  }
}

export function basicType(p: Parser, words: BasicWords): CType {
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

/** A word that is not supported, once in a file. */
export function reportOnce(p: Parser, token: Token, severity: 'error' | 'warning', text: string): void {
  if (p.unknown.has(token.text)) return;
  p.unknown.add(token.text);
  report(p, severity, 'not-supported', text, place(token));
}
