/**
 * `__declspec(…)`, `__attribute__((…))`, `[[…]]`, `_Alignas(…)` and SAL words: what stands around declarations without
 * being part of their type. What changes layout, sections, linking and flow is kept; the rest is read over. A GNU
 * attribute that would change what the program does, and that is not kept, is a problem and not silence.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { alignOf } from '../../types/layout.ts';
import type { Annotation } from '../ast.ts';
import { constantValue } from '../expressions/constants.ts';
import { errorAt, expect, report } from '../mistakes/problems.ts';
import { skipArguments, skipBalanced } from '../mistakes/recovery.ts';
import { accept, advance, at, atEnd, type Parser, peek } from '../state.ts';
import { takesArguments } from './annotations.ts';
import { atAnnotation, startsTypeName } from './type-start.ts';

/** Largest alignment that Microsoft's compiler takes. */
const alignmentMax = 8192;

/** What attributes say; filled in as they are read. */
export interface Attributes {
  /** Bytes; 0 where none is given. */
  alignment: number;
  isPacked: boolean;
  isNoReturn: boolean;
  /** `__declspec(thread)`, `_Thread_local`. */
  isThreadLocal: boolean;
  isSelectAny: boolean;
  /** What is to be said of its use; empty where no text is given. */
  deprecated: string | undefined;
  /** Of code_seg for functions, of allocate for variables. */
  section: string | undefined;
}

export function noAttributes(): Attributes {
  return {
    alignment: 0,
    isPacked: false,
    isNoReturn: false,
    isThreadLocal: false,
    isSelectAny: false,
    deprecated: undefined,
    section: undefined,
  };
}

/** All that stand around a tag, a body or an enumerator: what `into` does not keep is read over. */
export function tagAttributes(p: Parser, into: Attributes): void {
  for (;;) {
    if (at(p, '__declspec') || at(p, '_declspec')) declspec(p, into);
    else if (at(p, '__attribute__')) gnuAttribute(p, into);
    else if (atBracketAttribute(p)) bracketAttribute(p, into);
    else if (atAnnotation(p)) annotation(p);
    else return;
  }
}

/** annotation: word [ "(" balanced tokens ")" ] */
export function annotation(p: Parser): Annotation {
  const first = advance(p);
  const found: Token[][] = [];
  if (at(p, '(') && takesArguments(first.text)) {
    const start = p.index + 1;
    const open = p.token;
    if (!skipArguments(p)) expect(p, ')', `after the arguments of ${first.text}`, open);
    const end = p.previous.text === ')' ? p.index - 1 : p.index;
    splitArguments(p, start, end, found);
  }
  return { name: first.text, arguments: found, first, last: p.previous };
}

/** Skips annotations whose place in the tree has no room for them. */
export function skipAnnotations(p: Parser): void {
  while (atAnnotation(p)) annotation(p);
}

/** "__declspec" "(" { word [ "(" … ")" ] } ")" */
export function declspec(p: Parser, into: Attributes): void {
  advance(p);
  const open = p.token;
  if (!expect(p, '(', 'after __declspec')) return;
  while (!at(p, ')') && !atEnd(p) && p.token.kind === 'identifier') {
    const word = advance(p).text;
    if (word === 'align') {
      if (at(p, '(')) readAlignment(p, into);
      else report(p, 'error', 'bad-alignment', "'align' wants its number: __declspec(align(16)).", place(p.previous));
    } else {
      if (!declspecWords.has(word)) {
        report(
          p,
          'warning',
          'unknown-attribute',
          `Microsoft's compiler has no __declspec(${word}).`,
          place(p.previous),
        );
      }
      attributeWord(p, word, into);
    }
    accept(p, ',');
  }
  expect(p, ')', 'after __declspec(…', open);
}

/** What Microsoft's compiler takes, in C or in C++. */
const declspecWords: ReadonlySet<string> = new Set(
  (
    'align allocate allocator appdomain code_seg deprecated dllexport dllimport empty_bases guard hybrid_patchable ' +
    'intrin_type jitintrinsic naked no_init_all no_sanitize_address noalias noinline noreturn nothrow novtable process ' +
    'property restrict safebuffers selectany spectre thread uuid'
  ).split(' '),
);

/** A word that several forms share, with its arguments if it has any. */
function attributeWord(p: Parser, word: string, into: Attributes): void {
  switch (word) {
    case 'noreturn':
    case '_Noreturn':
      into.isNoReturn = true;
      break;
    case 'thread':
      into.isThreadLocal = true;
      break;
    case 'selectany':
      into.isSelectAny = true;
      break;
    case 'deprecated':
      into.deprecated = at(p, '(') ? stringArgument(p) : '';
      break;
    case 'code_seg':
    case 'allocate':
    case 'section':
      if (at(p, '(')) into.section = stringArgument(p);
      break;
  }
  if (at(p, '(')) skipBalanced(p);
}

/** The text of the strings behind the parenthesis at the cursor; consumes nothing. */
function stringArgument(p: Parser): string {
  let text = '';
  for (let i = 1; peek(p, i).kind === 'string'; i++) text += peek(p, i).text.slice(1, -1);
  return text;
}

/** GNU attributes that change what a program does in a way that nothing here follows. */
const refused: ReadonlySet<string> = new Set([
  'alias',
  'cleanup',
  'constructor',
  'destructor',
  'ifunc',
  'mode',
  'vector_size',
]);

/** "__attribute__" "(" "(" { word [ "(" … ")" ] "," } ")" ")" */
export function gnuAttribute(p: Parser, into: Attributes): void {
  advance(p);
  if (!at(p, '(') || peek(p, 1).text !== '(') return;
  const open = advance(p);
  advance(p);
  while (!at(p, ')') && !atEnd(p)) {
    const start = p.index;
    if (accept(p, ',')) continue;
    const name = advance(p);
    const word = name.text.replace(/^__|__$/g, '');
    if (word === 'packed') into.isPacked = true;
    if (word === 'aligned') {
      if (at(p, '(')) readAlignment(p, into);
      else into.alignment = Math.max(into.alignment, 16);
    } else {
      if (refused.has(word)) {
        report(p, 'error', 'not-supported', `The attribute '${word}' is not supported.`, place(name));
      }
      attributeWord(p, word, into);
    }
    if (p.index === start) break;
  }
  if (expect(p, ')', 'after the attributes', open)) expect(p, ')', 'after the attributes', open);
}

/** The cursor stands at C23's `[[`, which begins no expression and no array. */
export function atBracketAttribute(p: Parser): boolean {
  return at(p, '[') && peek(p, 1).text === '[';
}

/** "[" "[" { [ prefix "::" ] word [ "(" … ")" ] "," } "]" "]" */
export function bracketAttribute(p: Parser, into: Attributes): void {
  const open = advance(p);
  advance(p);
  while (!at(p, ']') && !atEnd(p)) {
    if (p.token.kind !== 'identifier' && !at(p, ',') && !at(p, ':') && !at(p, '::')) break;
    const { kind, text } = advance(p);
    if (kind === 'identifier') attributeWord(p, text.replace(/^__|__$/g, ''), into);
  }
  if (expect(p, ']', 'after the attributes', open)) expect(p, ']', 'after the attributes', open);
}

/** `__based(pointer)`: 64-bit code has no based pointers and ignores it, as it does for Microsoft's compiler. */
export function basedModifier(p: Parser): void {
  advance(p);
  if (at(p, '(')) skipBalanced(p);
}

/** "_Alignas" "(" type-name | constant-expression ")" */
export function alignas(p: Parser, into: Attributes): void {
  advance(p);
  if (at(p, '(')) readAlignment(p, into);
}

function readAlignment(p: Parser, into: Attributes): void {
  const open = advance(p);
  if (startsTypeName(p, p.token)) {
    into.alignment = Math.max(into.alignment, alignOf(p.rules.typeName(p)));
  } else {
    const e = p.rules.assignmentExpression(p);
    const value = constantValue(e);
    const isPower = value !== undefined && value > 0n && (value & (value - 1n)) === 0n;
    if (isPower && value <= BigInt(alignmentMax)) into.alignment = Math.max(into.alignment, Number(value));
    else if (value !== 0n && e.type.kind !== 'error') {
      errorAt(p, 'bad-alignment', `An alignment must be a power of two, at most ${alignmentMax}.`, e);
    }
  }
  expect(p, ')', 'after the alignment', open);
}

/** Cuts the tokens from `start` to `end` at the commas of the outermost level. */
function splitArguments(p: Parser, start: number, end: number, into: Token[][]): void {
  let current: Token[] = [];
  let depth = 0;
  for (let i = start; i < end; i++) {
    const token = p.tokens[i] as Token;
    if (token.text === ',' && depth === 0) {
      into.push(current);
      current = [];
      continue;
    }
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    current.push(token);
  }
  if (current.length > 0 || into.length > 0) into.push(current);
}
