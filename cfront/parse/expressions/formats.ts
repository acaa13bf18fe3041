/**
 * Calls of printf's kind: whether the arguments are those that a constant format wants.
 *
 * In: a call of a function with a parameter that SAL calls a format (`_Printf_format_string_`), its arguments promoted.
 * Out: warnings, as Microsoft's compiler gives them at /W4. It is silent where it does not know: a format that is no
 * literal, a conversion of other compilers, an argument of a type that was not understood. Sizes are compared, not
 * signs: on x64 each argument takes eight bytes, of which the function reads as many as the conversion has.
 */
import { typeText } from '../../types/text.ts';
import type { CType, FunctionType } from '../../types/types.ts';
import type { Expression } from '../ast.ts';
import { warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { isImplicitCall } from './constants.ts';
import { isBitField } from './conversions.ts';

export function checkFormat(
  p: Parser,
  name: string | undefined,
  type: FunctionType,
  args: readonly Expression[],
): void {
  if (!type.isVariadic) return;
  const at = type.parameters.length - 1;
  const parameter = type.parameters[at];
  if (parameter?.annotations.some((word) => word.name === '_Printf_format_string_') !== true) return;
  const format = literalOf(args[at]);
  if (format === undefined || args.length <= at) return;
  const text = String.fromCodePoint(...format.units.slice(0, -1));
  const wanted = conversionsOf(text, unitSize(format.type) === 2);
  if (wanted === undefined) return;
  const given = args.slice(at + 1);
  for (const [i, conversion] of wanted.entries()) {
    const argument = given[i];
    if (argument === undefined) {
      const count = `${wanted.length} ${wanted.length === 1 ? 'argument' : 'arguments'}`;
      const has =
        given.length === 0 ? 'none follows' : `only ${given.length} ${given.length === 1 ? 'follows' : 'follow'}`;
      warningAt(p, code, `The format of ${name ?? 'this call'} wants ${count}, ${has}.`, format);
      return;
    }
    // What a function gives that nobody has declared is not known, whatever C takes it for.
    const isKnown = !isImplicitCall(argument) && !isLongBitField(argument);
    const mismatch = isKnown ? mismatchOf(conversion, argument.type) : undefined;
    if (mismatch !== undefined) {
      warningAt(
        p,
        code,
        `'${conversion.text}' wants ${mismatch}; this is '${typeText(shownType(argument))}'.`,
        argument,
      );
    }
  }
  const extra = given[wanted.length];
  if (extra !== undefined && !hasUnknown(given)) {
    const used = wanted.length === 0 ? 'no argument' : `only ${wanted.length} of ${given.length} arguments`;
    warningAt(p, code, `The format of ${name ?? 'this call'} uses ${used}.`, extra);
  }
}

const code = 'format-arguments';

/** What one conversion, or a `*`, takes. */
type Wanted =
  | { readonly kind: 'integer'; readonly text: string; readonly size: 4 | 8 }
  | { readonly kind: 'float' | 'pointer'; readonly text: string }
  /** Characters of so many bytes. */
  | { readonly kind: 'text'; readonly text: string; readonly unit: 1 | 2 }
  /** A counted string, by pointer. */
  | { readonly kind: 'counted'; readonly text: string; readonly record: string | undefined };

const conversion = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(hh|h|ll|l|I64|I32|I|j|z|t|L|w)?([A-Za-z]))/g;

/** Undefined where the format has something that is not known. */
function conversionsOf(format: string, isWide: boolean): readonly Wanted[] | undefined {
  const wanted: Wanted[] = [];
  let at = 0;
  for (;;) {
    at = format.indexOf('%', at);
    if (at < 0) return wanted;
    conversion.lastIndex = at;
    const match = conversion.exec(format);
    if (match === null || match.index !== at) return undefined;
    const [text, , width, precision, size = '', letter] = match;
    at += text.length;
    if (letter === undefined) continue;
    for (const star of [width, precision]) if (star === '*') wanted.push({ kind: 'integer', text: '*', size: 4 });
    const one = wantedBy(text, size, letter, isWide);
    if (one === undefined) return undefined;
    wanted.push(one);
  }
}

function wantedBy(text: string, size: string, letter: string, isWide: boolean): Wanted | undefined {
  switch (letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return size === 'w' ? undefined : { kind: 'integer', text, size: /^(ll|I64|I|j|z|t)$/.test(size) ? 8 : 4 };
    case 'c':
    case 'C':
      return { kind: 'integer', text, size: 4 };
    case 'p':
      return { kind: 'pointer', text };
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      return { kind: 'float', text };
    case 's':
    case 'S': {
      if (size.startsWith('h')) return { kind: 'text', text, unit: 1 };
      if (size === 'l' || size === 'w') return { kind: 'text', text, unit: 2 };
      return { kind: 'text', text, unit: isWide === (letter === 's') ? 2 : 1 };
    }
    case 'Z': {
      // Without a size, a wide function takes either by the version of the library.
      const record = /^[wl]$/.test(size) ? '_UNICODE_STRING' : isWide ? undefined : '_STRING';
      return { kind: 'counted', text, record };
    }
    default:
      return undefined;
  }
}

/** What is wanted, in words, where the type is not that. */
function mismatchOf(wanted: Wanted, type: CType): string | undefined {
  if (type.kind === 'error') return undefined;
  const pointsTo = type.kind === 'pointer' ? type.target : undefined;
  // Code for other compilers passes a union of eight bytes as the number that is in it.
  const bytes = type.kind === 'pointer' ? 8 : type.kind === 'integer' || type.kind === 'enum' ? sizeOfNumber(type) : 0;
  switch (wanted.kind) {
    case 'integer':
      if (type.kind === 'record') return undefined;
      return bytes === wanted.size ? undefined : `an integer of ${wanted.size} bytes`;
    case 'float':
      return type.kind === 'float' || type.kind === 'record' ? undefined : 'a floating-point number';
    case 'pointer':
      return bytes === 8 || type.kind === 'record' ? undefined : 'a pointer';
    case 'text': {
      const what = `a pointer to characters of ${wanted.unit === 1 ? '1 byte' : '2 bytes'}`;
      if (pointsTo === undefined) return type.kind === 'integer' && bytes === 8 ? undefined : what;
      if (pointsTo.kind === 'record') return what;
      const unit = unitSize(pointsTo);
      return (unit === 1 || unit === 2) && unit !== wanted.unit ? what : undefined;
    }
    case 'counted': {
      const name = (wanted.record ?? '_UNICODE_STRING').slice(1);
      if (pointsTo === undefined) return type.kind === 'integer' && bytes === 8 ? undefined : `a pointer to ${name}`;
      if (pointsTo.kind !== 'record') return unitSize(pointsTo) === undefined ? undefined : `a pointer to ${name}`;
      const { tag } = pointsTo.definition;
      const isOther = wanted.record !== undefined && tag !== wanted.record && /^_(UNICODE_)?STRING$/.test(tag ?? '');
      return isOther ? `a pointer to ${name}` : undefined;
    }
  }
}

function sizeOfNumber(type: Extract<CType, { kind: 'integer' | 'enum' }>): number {
  return type.kind === 'enum' ? 4 : Math.max(type.size, 4);
}

/** Bytes of an integer type, as of a character; undefined for any other type. */
function unitSize(type: CType): number | undefined {
  const element = type.kind === 'array' ? type.element : type;
  return element.kind === 'integer' ? element.size : undefined;
}

function literalOf(argument: Expression | undefined) {
  let e = argument;
  while (e !== undefined && (e.kind === 'convert' || e.kind === 'decay')) e = e.operand;
  return e?.kind === 'string' ? e : undefined;
}

/** The type that the driver wrote, not what promotion made of it. */
function shownType(argument: Expression): CType {
  return argument.kind === 'convert' ? argument.operand.type : argument.type;
}

/** A few bits of a 64-bit type are an int by the standard and stay 64 bits for Microsoft's compiler. */
function isLongBitField(argument: Expression): boolean {
  const type = shownType(argument);
  return type.kind === 'integer' && type.size === 8 && argument.kind === 'convert' && isBitField(argument.operand);
}

function hasUnknown(args: readonly Expression[]): boolean {
  return args.some(({ type }) => type.kind === 'error');
}
