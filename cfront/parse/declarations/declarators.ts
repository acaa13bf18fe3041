/**
 * declarator: pointers, the name, arrays and parameter lists around it.
 *
 * A declarator reads inside out, so its parts are collected in the order in which they apply to the base type (those
 * next to the name last) and applied at the end. `(` is a group or a parameter list by the token behind it.
 */

import { place, type Token } from '../../tokenize/token.ts';
import { arrayOf, ERROR, functionReturning, pointerTo } from '../../types/make.ts';
import { isComplete } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType, FunctionParameter, PointerType } from '../../types/types.ts';
import type { Annotation, Expression, VariableSymbol } from '../ast.ts';
import { ASM_WORDS, RESERVED, SPECIFIERS } from '../keywords.ts';
import { startsLine } from '../mistakes/layout.ts';
import { expect, report, reportDepth, syntaxError, tokenText } from '../mistakes/problems.ts';
import { skipBalanced } from '../mistakes/recovery.ts';
import { reportUnknown } from '../mistakes/unknown-names.ts';
import { lookUp, type Scope } from '../scopes.ts';
import { advance, at, DEPTH_MAX, type Parser, peek } from '../state.ts';
import { arraySuffix, reportVariableLength } from './array-suffix.ts';
import {
  type Attributes,
  annotation,
  atBracketAttribute,
  basedModifier,
  bracketAttribute,
  declspec,
  gnuAttribute,
} from './attributes.ts';
import { atAnnotation, atAnnotationAfterType, isAnnotationToken, startsTypeName } from './type-start.ts';

export interface Declarator {
  readonly first: Token;
  readonly last: Token;
  readonly nameToken: Token | undefined;
  readonly type: CType;
  readonly annotations: readonly Annotation[];
  /** The parameter list next to the name: that of the function, if the declarator declares one. */
  readonly parameters: ParameterList | undefined;
}

export interface ParameterList {
  readonly parameters: FunctionParameter[];
  readonly symbols: VariableSymbol[];
  /** Names of an old-style list, whose types follow after the parenthesis. */
  readonly identifiers: readonly Token[];
  readonly isVariadic: boolean;
  readonly hasPrototype: boolean;
  /** Holds the parameters; a definition's body goes on in it. */
  readonly scope: Scope;
}

/** `named` must have a name, `abstract` (a type name) cannot, `either` is a parameter's. */
export type DeclaratorForm = 'named' | 'abstract' | 'either';

export type Part =
  | { readonly kind: 'pointer'; readonly isConst: boolean; readonly isVolatile: boolean; readonly is32: boolean }
  | {
      readonly kind: 'array';
      readonly length: number | undefined;
      /** What stands for the length without being a constant. */
      readonly variable: Expression | 'star' | 'unreadable' | undefined;
      readonly at: Token;
    }
  | { readonly kind: 'function'; readonly list: ParameterList; readonly at: Token };

/** What the recursion fills in. */
interface Draft {
  nameToken: Token | undefined;
  readonly annotations: Annotation[];
  readonly attributes: Attributes;
  readonly form: DeclaratorForm;
}

export function declarator(p: Parser, base: CType, form: DeclaratorForm, attributes: Attributes): Declarator {
  const first = p.token;
  const draft: Draft = { nameToken: undefined, annotations: [], attributes, form };
  const parts = declaratorParts(p, draft);
  if (draft.nameToken === undefined && form === 'named') {
    syntaxError(p, 'expected-name', `Expected a name to declare, found ${tokenText(p.token)}.`);
  }
  let type = base;
  parts.forEach((part, i) => {
    // A parameter's own array is a pointer, so its length says nothing (C11 6.7.6.3p7).
    const isAdjusted = form === 'either' && i === parts.length - 1;
    if (part.kind === 'array' && part.variable !== undefined && !isAdjusted) reportVariableLength(p, part);
    type = applyPart(p, type, part, draft);
  });
  const nearest = parts[parts.length - 1];
  return {
    first,
    last: p.previous,
    nameToken: draft.nameToken,
    type,
    annotations: draft.annotations,
    parameters: nearest?.kind === 'function' ? nearest.list : undefined,
  };
}

/** The parts in order of application: this level's pointers, its suffixes from right to left, then the inner group. */
function declaratorParts(p: Parser, draft: Draft): Part[] {
  const parts: Part[] = [];
  if (p.depth >= DEPTH_MAX) {
    reportDepth(p);
    return parts;
  }
  p.depth++;
  pointers(p, draft, parts);
  let inner: Part[] | undefined;
  if (at(p, '(') && draft.nameToken === undefined && opensGroup(p, draft.form)) {
    const open = advance(p);
    inner = declaratorParts(p, draft);
    expect(p, ')', 'in the declarator', open);
  } else if (p.token.kind === 'identifier' && draft.form !== 'abstract' && !RESERVED.has(p.token.text)) {
    if (isUnknownModifier(p)) unknownModifier(p);
    draft.nameToken = advance(p);
  }
  const suffixStart = parts.length;
  suffixes(p, draft, parts);
  reverseFrom(parts, suffixStart);
  if (inner !== undefined) parts.push(...inner);
  p.depth--;
  return parts;
}

/** { "*" { qualifier } }, with whatever else may stand among them */
function pointers(p: Parser, draft: Draft, parts: Part[]): void {
  let isConst = false;
  let isVolatile = false;
  let is32 = false;
  let hasStar = false;
  const close = (): void => {
    if (hasStar) parts.push({ kind: 'pointer', isConst, isVolatile, is32 });
    isConst = false;
    isVolatile = false;
    is32 = false;
  };
  for (;;) {
    const { token } = p;
    if (token.text === '*' || (token.text === '^' && !hasStar)) {
      close();
      if (parts.length >= DEPTH_MAX) {
        reportDepth(p);
        return;
      }
      hasStar = true;
      advance(p);
      continue;
    }
    if (hasStar && atBracketAttribute(p)) {
      bracketAttribute(p, draft.attributes);
      continue;
    }
    if (token.kind !== 'identifier') break;
    const word = SPECIFIERS.get(token.text);
    if (word === 'ptr32') is32 = true;
    if (word === 'const') isConst = true;
    else if (word === 'volatile') isVolatile = true;
    else if (!readNeutralWord(p, draft)) break;
    if (word === 'const' || word === 'volatile') advance(p);
  }
  close();
}

/** Words that say nothing about the type: calling conventions, attributes, annotations. */
function readNeutralWord(p: Parser, draft: Draft): boolean {
  const word = SPECIFIERS.get(p.token.text);
  if (word === 'calling-convention' || word === 'ignored' || word === 'ptr32' || word === 'atomic') advance(p);
  else if (word === 'based') basedModifier(p);
  else if (word === 'declspec') declspec(p, draft.attributes);
  else if (word === 'attribute') gnuAttribute(p, draft.attributes);
  else if (word === undefined && isNeutralAnnotation(p, draft)) draft.annotations.push(annotation(p));
  else if (word === undefined && peek(p, 1).text === '*' && !RESERVED.has(p.token.text)) return unknownModifier(p);
  else return false;
  return true;
}

/** An annotation among the parts; before the name it might be the name. */
function isNeutralAnnotation(p: Parser, draft: Draft): boolean {
  return draft.nameToken === undefined && draft.form !== 'abstract' ? atAnnotationAfterType(p) : atAnnotation(p);
}

/** A word that stands among pointers or before the name, and is no name itself: a macro that is missing. */
function unknownModifier(p: Parser): boolean {
  if (lookUp(p.scope, p.token.text) !== undefined) return false;
  reportUnknown(p, p.token, 'macro');
  advance(p);
  return true;
}

/** { "[" … "]" | "(" parameter-type-list ")" } and what stands after them */
function suffixes(p: Parser, draft: Draft, parts: Part[]): void {
  for (;;) {
    if (atBracketAttribute(p)) {
      bracketAttribute(p, draft.attributes);
    } else if (at(p, '[')) {
      parts.push(arraySuffix(p));
    } else if (at(p, '(')) {
      const opener = p.token;
      parts.push({ kind: 'function', list: p.rules.parameterTypeList(p), at: opener });
    } else if (p.token.kind === 'identifier') {
      if (ASM_WORDS.has(p.token.text) && peek(p, 1).text === '(') {
        advance(p);
        skipBalanced(p);
      } else if (startsLine(p, p.token) && draft.form === 'named' && parts.length === 0) {
        // The next line's attributes belong to the next declaration, as far as nothing was read yet here.
        return;
      } else if (!readNeutralWord(p, draft)) {
        return;
      }
    } else {
      return;
    }
    if (parts.length > DEPTH_MAX) return;
  }
}

function applyPart(p: Parser, type: CType, part: Part, draft: Draft): CType {
  switch (part.kind) {
    case 'pointer': {
      const pointer: PointerType = pointerTo(type);
      const { isConst, isVolatile, is32 } = part;
      if (!isConst && !isVolatile && !is32) return pointer;
      return is32 ? { ...pointer, isConst, isVolatile, is32 } : { ...pointer, isConst, isVolatile };
    }
    case 'array':
      if (type.kind === 'error') return arrayOf(ERROR, part.length);
      if (!isComplete(type)) {
        const name = draft.nameToken === undefined ? '' : ` '${draft.nameToken.text}'`;
        const text = `The elements of the array${name} have the type '${typeText(type)}', whose size is not known.`;
        report(p, 'error', 'incomplete-type', text, place(draft.nameToken ?? part.at));
        return arrayOf(ERROR, part.length);
      }
      return part.variable === undefined
        ? arrayOf(type, part.length)
        : { ...arrayOf(type, part.length), isGuess: true };
    case 'function': {
      let result = type;
      if (type.kind === 'array' || type.kind === 'function') {
        const text = `A function cannot return ${type.kind === 'array' ? 'an array' : 'a function'}.`;
        report(p, 'error', 'bad-result-type', text, place(draft.nameToken ?? part.at));
        result = ERROR;
      }
      const { parameters, isVariadic, hasPrototype } = part.list;
      return functionReturning(result, parameters, { isVariadic, hasPrototype });
    }
  }
}

/** Whether the `(` at the cursor encloses a declarator rather than parameters. */
function opensGroup(p: Parser, form: DeclaratorForm): boolean {
  let i = 1;
  while (isAnnotationToken(p, peek(p, i))) {
    i++;
    if (peek(p, i).text === '(') i = afterGroup(p, i);
  }
  const next = peek(p, i);
  if (next.text === '*' || next.text === '(' || next.text === '^' || next.text === '[') return true;
  if (next.kind !== 'identifier') return false;
  const word = SPECIFIERS.get(next.text);
  if (word !== undefined) return word === 'calling-convention' || word === 'attribute' || word === 'based';
  const after = peek(p, i + 1);
  // `int (T) = 4;` declares T though a typedef has the name; only in a parameter is it a type (C11 6.7.6.3p11).
  if (startsTypeName(p, next)) return form === 'named' && word === undefined && after.text === ')';
  if (after.text === '*') {
    // `(NTAPI *Name)(…)` with NTAPI unknown, against `(Unknown *parameter)`.
    const name = peek(p, i + 2);
    const close = name.kind === 'identifier' ? peek(p, i + 3) : name;
    return close.text === ')' || close.text === '[';
  }
  return form !== 'abstract' && lookUp(p.scope, next.text)?.kind !== 'typedef';
}

/** Distance of the token after the bracketed group that begins `distance` tokens ahead. */
function afterGroup(p: Parser, distance: number): number {
  let depth = 0;
  let i = distance;
  do {
    const token = peek(p, i++);
    if (token === p.end) return i;
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
  } while (depth > 0);
  return i;
}

/** An undeclared word right before the name: `NTSTATUS FOO_API Name(…)` with FOO_API missing. */
function isUnknownModifier(p: Parser): boolean {
  const next = peek(p, 1);
  if (next.kind !== 'identifier' || RESERVED.has(next.text)) return false;
  // `VOID CALLBACK` at a line's end and `Name(` below.
  if (startsLine(p, next) && (p.function !== undefined || peek(p, 2).text !== '(')) return false;
  if (isAnnotationToken(p, next) || lookUp(p.scope, p.token.text) !== undefined) return false;
  // `PIRP irp IoAllocateIrp(…)` in a function: a '=' is missing, and nothing new is declared.
  if (p.function !== undefined && lookUp(p.scope, next.text) !== undefined) return false;
  const { text } = peek(p, 2);
  return text === '(' || text === ';' || text === '=' || text === ',' || text === '[' || text === ')';
}

function reverseFrom(parts: Part[], start: number): void {
  for (let i = start, j = parts.length - 1; i < j; i++, j--) {
    const part = parts[i] as Part;
    parts[i] = parts[j] as Part;
    parts[j] = part;
  }
}
